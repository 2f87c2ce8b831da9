"""How much color a picture has, right or wrong.

Chapter 06.
"""

import torch
from torch import Tensor

from colorlib.metrics.errors import PerPhoto
from colorlib.shapes import Lab, RGBBytes


def chroma(lab: Lab) -> PerPhoto:
    """Mean chroma, sqrt(a^2 + b^2): how much color there is.

    Fooled by: everything but quantity. Any hue anywhere counts.

    Args:
        lab: CIE L*a*b*.

    Returns:
        In units of a* and b*: 0 is gray, and no sRGB color exceeds 134.

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

    See Also:
        Chapter 06.
    """
    return (chroma(lab).mean() / chroma(true_lab).mean()).item()


def colorfulness(rgb: RGBBytes) -> PerPhoto:
    """Colorfulness as people rated it: spread and strength of opponent colors.

    The published, signed formula. Some published code computes
    `colorfulness_abs` instead, which gives less: never mix the two.

    Fooled by: wrong colors. It never sees the truth, so another photograph's
    colors score as well as the right ones.

    Args:
        rgb: the picture as it is written, sRGB bytes, channels first.

    Returns:
        On the scale of bytes, 0 for gray.

    Reference:
        Hasler and Suesstrunk, Measuring Colourfulness in Natural Images,
        SPIE 5007, 2003. Chapter 06.
    """
    return _spread_and_strength(*_opponents(rgb))


def colorfulness_abs(rgb: RGBBytes) -> PerPhoto:
    """Colorfulness as DDColor's and ColorFormer's code computes it.

    Not what Hasler and Suesstrunk published: it drops the signs of the
    opponent colors first, so that red beside green has no more spread than
    red alone. Only for a comparison with numbers from such code.

    Args:
        rgb: the picture as it is written, sRGB bytes, channels first.

    Returns:
        On the scale of bytes, 0 for gray.

    Reference:
        Kang et al., DDColor: Towards Photo-Realistic Image Colorization via
        Dual Decoders, ICCV 2023: its code, not its text. Chapter 06.
    """
    red_green, yellow_blue = _opponents(rgb)
    return _spread_and_strength(red_green.abs(), yellow_blue.abs())


def _opponents(rgb: Tensor) -> tuple[Tensor, Tensor]:
    red, green, blue = rgb.float().flatten(-2).unbind(-2)
    return red - green, (red + green) / 2 - blue


def _spread_and_strength(red_green: Tensor, yellow_blue: Tensor) -> Tensor:
    spread = torch.hypot(_std(red_green), _std(yellow_blue))
    strength = torch.hypot(red_green.mean(-1), yellow_blue.mean(-1))
    return spread + 0.3 * strength


def _std(values: Tensor) -> Tensor:
    # Over all pixels there are, so not the estimate from a sample.
    return values.std(dim=-1, correction=0)
