"""Measures of color: what each one sees, and what fools it.

Pure functions from pictures to numbers, one number a photograph. They know
nothing of models, files or averages over many photographs: `evaluation` does.
None of them is the truth about a colorization, which is why they stand
together. Chapter 06 scores trivial colorizers with all of them.
"""

import torch
from jaxtyping import Float
from skimage.color import deltaE_ciede2000
from torch import Tensor

from colorlib.shapes import Lab, RGBBytes

ColorError = Float[Tensor, "*batch height width"]  # one number a pixel
PerPhoto = Float[Tensor, "*batch"]  # one number a photograph


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
        In units of a* and b*: 0 is perfect, gray gets about 11.

    Raises:
        ValueError: if the shapes differ.

    Reference:
        Chapter 06.
    """
    _check_same_shape(lab, true_lab)
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
        The difference at each pixel: 0 is equal, 1 just visible, gray gets
        about 12 in the mean.

    Raises:
        ValueError: if the shapes differ.

    Reference:
        Sharma, Wu, Dalal, The CIEDE2000 Color-Difference Formula, Color
        Research and Application 30(1), 2005; computed by scikit-image.
        Chapter 06.
    """
    _check_same_shape(lab, true_lab)
    here, there = lab.detach().cpu().numpy(), true_lab.detach().cpu().numpy()
    return torch.from_numpy(deltaE_ciede2000(here, there, channel_axis=-3))


def chroma(lab: Lab) -> PerPhoto:
    """Mean chroma, sqrt(a^2 + b^2): how much color there is.

    Fooled by: everything but quantity. Any hue anywhere counts.

    Args:
        lab: CIE L*a*b*.

    Returns:
        In units of a* and b*: 0 is gray, photographs have about 18, and no
        sRGB color exceeds 134.

    Reference:
        CIE 15:2004. Chapter 06.
    """
    return torch.hypot(lab[..., 1, :, :], lab[..., 2, :, :]).mean(dim=(-2, -1))


def chroma_ratio(lab: Lab, true_lab: Lab) -> float:
    """Mean chroma of a whole set of pictures over that of the truth.

    The means come first: a mean of ratios would be ruled by the few
    photographs that are nearly gray.

    Fooled by: the colors of another photograph, which reach 1.

    Args:
        lab: the pictures, CIE L*a*b*.
        true_lab: the photographs they should be.

    Returns:
        0 for gray, 1 for as much color as the truth has, above 1 for more;
        nan or inf if the truth is exactly gray.

    Reference:
        Chapter 06.
    """
    return (chroma(lab).mean() / chroma(true_lab).mean()).item()


def colorfulness(rgb: RGBBytes) -> PerPhoto:
    """Colorfulness as people rated it: spread and strength of opponent colors.

    The published, signed formula. Some published code takes |R - G| and
    |(R + G) / 2 - B| instead, which gives about 8 % less: never mix.

    Fooled by: wrong colors. It never sees the truth, so another photograph's
    colors score as well as the right ones.

    Args:
        rgb: the picture as it is written, sRGB bytes, channels first.

    Returns:
        On the scale of bytes: 0 is gray, photographs have about 44.

    Reference:
        Hasler and Suesstrunk, Measuring Colourfulness in Natural Images,
        SPIE 5007, 2003. Chapter 06.
    """
    red, green, blue = rgb.float().flatten(-2).unbind(-2)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = torch.hypot(_std(red_green), _std(yellow_blue))
    strength = torch.hypot(red_green.mean(-1), yellow_blue.mean(-1))
    return spread + 0.3 * strength


def _std(values: Tensor) -> Tensor:
    # Over all pixels there are, so not the estimate from a sample.
    return values.std(dim=-1, correction=0)


def _check_same_shape(lab: Tensor, true_lab: Tensor) -> None:
    if lab.shape != true_lab.shape:
        raise ValueError(
            f"the picture is {tuple(lab.shape)} and the truth"
            f" {tuple(true_lab.shape)}; measure at one size"
        )
