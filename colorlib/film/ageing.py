"""What time does to a print: silver fades, gelatin and paper turn yellow.

Both are said in density, and act on the light that comes back. Chapter 14.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from colorlib.film.curve import DARKEST, EachPhoto, per_photo
from colorlib.film.emulsions import Light

# Points of the coarse grid that a stain is drawn on, along each side.
STAIN_POINTS = 4


def fade(light: Light, lost: EachPhoto) -> Light:
    """Take away a share of the silver.

    Args:
        light: the print's, linear, 1 for its paper.
        lost: share of the density that is gone, [0, 1): the paper stays
            white, and black turns gray.

    Returns:
        Linear light.

    See Also:
        Chapter 14. That all tones lose the same share is ours.
    """
    return light.clamp(min=DARKEST) ** (1 - per_photo(lost, light))


def stain(
    light: Light,
    density: EachPhoto,
    where: Float[Tensor, "*batch 1 height width"],
) -> Light:
    """Let a print turn yellow, here more and there less.

    Yellow takes away blue light. A scan in gray keeps how much darker that
    is, and of this the density speaks.

    Args:
        light: the print's, linear.
        density: of the stain where it is strongest, in gray.
        where: how strong it is, [0, 1]: see `stain_field`.

    Returns:
        Linear light.

    See Also:
        Chapter 14. A yellow that is even in all tones is ours.
    """
    darker = per_photo(density, light) * where
    return light * torch.exp(darker * -math.log(10))


def stain_field(
    batch: int, height: int, width: int, generator: torch.Generator
) -> Float[Tensor, "batch 1 height width"]:
    """Draw where stains are: smooth, over the whole print.

    Args:
        batch: how many.
        height: in pixels.
        width: in pixels.
        generator: on whose device it is drawn.

    Returns:
        Values from 0 to 1.

    See Also:
        `stain`. The coarse grid is ours.
    """
    coarse = torch.rand(
        (batch, 1, STAIN_POINTS, STAIN_POINTS),
        generator=generator,
        device=generator.device,
    )
    smooth = F.interpolate(coarse, (height, width), mode="bicubic")
    return smooth.clamp(0, 1)
