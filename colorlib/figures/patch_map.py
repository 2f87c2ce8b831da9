"""The discriminator's logits map, laid over the photograph.

The map is smaller than the photograph, and each logit's patch is much larger
than the cell of the map. So each cell is drawn in the middle of its patch.
Chapter 09 draws the first, chapter 10 follows a training with them.
"""

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.colors import to_rgb
from torch import Tensor

from colorlib.color.arrays import without_color
from colorlib.figures.charts import BLUE, VERMILION
from colorlib.models.patchgan import PatchDiscriminator, patch_span
from colorlib.shapes import RGBArray

LogitMap = Float[Tensor, "rows columns"]

# At its surest an answer hides this much of the photograph below it.
STRENGTH = 0.6


def patch_map(
    pixels: RGBArray, logits: LogitMap, D: PatchDiscriminator
) -> RGBArray:
    """Tint a photograph by what the discriminator says of its patches.

    Args:
        pixels: the photograph that D was given, sRGB bytes.
        logits: the map, one row of patches below the other: `D(L, ab)[0, 0]`.
        D: the discriminator that they come from; it says where a patch lies.

    Returns:
        The photograph in gray: blue where a patch is called photographed,
        orange where generated, and the stronger the surer. Near the border
        there is no tint: no patch has its middle there.

    Raises:
        ValueError: if the logits don't belong to a photograph of that size.

    Reference:
        Isola et al., Image-to-Image Translation with Conditional Adversarial
        Networks, CVPR 2017, section 3.2.2. Chapter 09.
    """
    height, width = pixels.shape[:2]
    rows, columns = (_cells(D, count) for count in logits.shape)
    step = rows[1] - rows[0]
    # As much is left free at the end as at the beginning, and less than a
    # step more if the size is no multiple of it.
    free = height - rows[-1] - rows[0], width - columns[-1] - columns[0]
    if not all(0 <= more < step for more in free):
        raise ValueError(
            f"{' x '.join(map(str, logits.shape))} logits don't belong to"
            f" {height} x {width} pixels; give the photograph at the size"
            " that D was given"
        )
    sure = 2 * torch.sigmoid(logits.detach().cpu()).numpy() - 1  # -1 to 1
    sure = sure.repeat(step, axis=0).repeat(step, axis=1)[..., None]
    ink = np.where(sure > 0, to_rgb(BLUE), to_rgb(VERMILION)) * 255
    share = STRENGTH * np.abs(sure)

    tinted = without_color(pixels).astype(float)
    inside = np.s_[rows[0] : rows[-1], columns[0] : columns[-1]]
    tinted[inside] += share * (ink - tinted[inside])
    return tinted.round().astype(np.uint8)


def _cells(D: PatchDiscriminator, count: int) -> list[int]:
    """Where the cells of a map begin, and where the last of them ends.

    A cell is as wide as the step from one patch to the next, and lies in the
    middle of its patch.
    """
    step = 2 ** D.config["n_down"]
    starts = []
    for i in range(count + 1):
        start, stop = patch_span(D, i)
        starts.append((start + stop - step) // 2)
    return starts
