"""How far a picture's colors are from the true ones, in CIE L*a*b*.

Chapter 06.
"""

import math

import numpy as np
import torch
from jaxtyping import Float
from skimage.color import deltaE_ciede2000
from torch import Tensor

from colorlib.color.arrays import as_lab
from colorlib.shapes import Lab, RGBArray

ColorError = Float[Tensor, "*batch height width"]  # one number a pixel
PerPhoto = Float[Tensor, "*batch"]  # one number a photograph
ErrorMap = Float[np.ndarray, "_ _"]  # CIEDE2000, as an array

# Below this chroma a pixel has no hue. Bytes with R = G = B come to 0.003 at
# most, and the least that three bytes can differ to more than 0.1.
NO_HUE = 0.05
# What a guess is off by on average, in degrees: anything from 0 to 180.
CHANCE = 90.0


def ab_mae(lab: Lab, true_lab: Lab) -> PerPhoto:
    """Mean absolute error of a* and b*, over pixels and both channels.

    Fooled by: timidity and wrong hues. It is the L1 loss of training, so the
    median of all likely colors, brown, does best. And turning a hue by 60
    degrees moves a color exactly as far as removing it (2 sin 30 = 1), so
    that a photograph in all the wrong colors often beats gray.

    Args:
        lab: the picture, CIE L*a*b*.
        true_lab: the photograph it should be, of the same shape.

    Returns:
        In units of a* and b*: 0 is perfect. What gray gets on a set of
        photographs, `colorlib evaluate` prints beside the model.

    Raises:
        ValueError: if the shapes differ.

    See Also:
        Chapter 06.
    """
    check_same_shape(lab, true_lab)
    return (lab - true_lab)[..., 1:, :, :].abs().mean(dim=(-3, -2, -1))


def ciede2000(lab: Lab, true_lab: Lab) -> ColorError:
    """Color difference as people see it, pixel by pixel.

    Take the mean over the pixels for one number a photograph.

    Fooled by: timidity. A small error everywhere beats the right color in
    most places, and half the true saturation is a small error. Its weights
    come from pairs of plain patches that differ by less than 5 units; at 10
    and above it ranks, it does not measure. It sees no objects: a green face
    costs as much as a lawn of its size in the wrong green.

    Args:
        lab: the picture, CIE L*a*b*.
        true_lab: the photograph it should be, of the same shape.

    Returns:
        The difference at each pixel: 0 is equal, 1 just visible.

    Raises:
        ValueError: if the shapes differ.

    Reference:
        Sharma, Wu, Dalal, The CIEDE2000 Color-Difference Formula, Color
        Research and Application 30(1), 2005; computed by scikit-image.
        Chapter 06.

    Example:
        >>> lab = torch.tensor([50.0, 2.6772, -79.7751]).view(3, 1, 1)
        >>> true_lab = torch.tensor([50.0, 0.0, -82.7485]).view(3, 1, 1)
        >>> f"{ciede2000(lab, true_lab).mean().item():.4f}"  # the paper's first
        '2.0425'
    """
    check_same_shape(lab, true_lab)
    here, there = lab.detach().cpu().numpy(), true_lab.detach().cpu().numpy()
    return torch.from_numpy(deltaE_ciede2000(here, there, channel_axis=-3))


def hue_error(lab: Lab, true_lab: Lab) -> PerPhoto:
    """Mean angle between hue and true hue, weighted by the true chroma.

    A pixel counts as much as it is colorful in truth: the hue of a gray wall
    is noise. Where the picture is gray itself, it has no hue to compare, and
    is taken for a guess: 90 degrees.

    Fooled by: timidity. A trace of the right hue is as good as all of it, so
    that it can't tell half the true saturation from the truth. And hues that
    are all 60 degrees off beat gray, because 60 is less than chance.

    Args:
        lab: the picture, CIE L*a*b*.
        true_lab: the photograph it should be, of the same shape.

    Returns:
        In degrees, 0 to 180: 0 is perfect, gray gets 90, all hues turned
        around 180. 0 where the truth has no hue to miss.

    Raises:
        ValueError: if the shapes differ.

    See Also:
        Chapter 06.
    """
    check_same_shape(lab, true_lab)
    a, b = lab[..., 1, :, :], lab[..., 2, :, :]
    true_a, true_b = true_lab[..., 1, :, :], true_lab[..., 2, :, :]
    sine, cosine = a * true_b - b * true_a, a * true_a + b * true_b
    angle = torch.atan2(sine.abs(), cosine) * (180 / math.pi)
    angle = torch.where(torch.hypot(a, b) < NO_HUE, CHANCE, angle)
    weight = torch.hypot(true_a, true_b)
    total = weight.sum(dim=(-2, -1))
    missed = (angle * weight).sum(dim=(-2, -1)) / total
    return torch.where(total == 0, 0.0, missed)


def check_same_shape(picture: Tensor, truth: Tensor) -> None:
    """Refuse to measure a picture against a truth of another size."""
    if picture.shape != truth.shape:
        raise ValueError(
            f"the picture is {tuple(picture.shape)} and the truth"
            f" {tuple(truth.shape)}; measure at one size"
        )


def color_error(picture: RGBArray, true: RGBArray) -> ErrorMap:
    """Tell how far the color of each pixel is from the true one.

    Args:
        picture: sRGB bytes.
        true: the photograph that it should be, of the same size.

    Returns:
        CIEDE2000: 0 is equal, 1 just visible, above 10 plainly another.

    Raises:
        ValueError: if the two differ in size.

    See Also:
        `metrics.ciede2000`, on the pixels of photographs. Chapter 01.
    """
    if picture.shape != true.shape:
        raise ValueError(
            f"the picture is {_size(picture)} and the true photograph"
            f" {_size(true)} pixels; compare them at one size"
        )
    return ciede2000(as_lab(picture), as_lab(true)).numpy()


def _size(pixels: np.ndarray) -> str:
    return f"{pixels.shape[1]} x {pixels.shape[0]}"
