"""The gamut: which colors sRGB can show at a given lightness.

A network may propose any a* and b*. Most of them don't exist at the lightness
that is given, so their chroma is reduced until they do. Chapter 04.
"""

import torch
from jaxtyping import Bool
from torch import Tensor

from colorlib.color.lab import lab_to_rgb
from colorlib.shapes import Lab

# Half of one 8-bit level: nearer to the gamut than this, rounding hides it.
GAMUT_TOLERANCE = 0.5 / 255


def outside_gamut(lab: Lab) -> Bool[Tensor, "*batch height width"]:
    """Tell which colors sRGB can't show.

    Args:
        lab: CIE L*a*b*, channels first. L* in [0, 100].

    Returns:
        True where a color is more than half an 8-bit level outside, so that
        rounding would not hide it.

    Raises:
        ValueError: if the channel axis does not have size 3.

    Reference:
        IEC 61966-2-1:1999, sRGB. Chapter 04.
    """
    rgb = lab_to_rgb(lab)
    outside = (rgb < -GAMUT_TOLERANCE) | (rgb > 1 + GAMUT_TOLERANCE)
    return outside.any(dim=-3)


def clamp_to_gamut(lab: Lab) -> tuple[Lab, float]:
    """Shrink the chroma of colors that sRGB can't show until it can.

    L* and hue stay as they are: the scan's lightness is the one thing that
    is known. (Clipping red, green and blue instead would change all three.)

    Args:
        lab: CIE L*a*b*, channels first. L* in [0, 100].

    Returns:
        The same shape, every color within half an 8-bit level of sRGB, and
        the share of pixels that were outside, in [0, 1].

    Raises:
        ValueError: if the channel axis does not have size 3.

    See Also:
        Chapter 04, where most of the box |a*|, |b*| <= 110 turns out to lie
        outside.

    Example:
        >>> import torch
        >>> lab = torch.tensor([50.0, 100.0, 0.0]).view(3, 1, 1)
        >>> inside, share = clamp_to_gamut(lab)
        >>> inside.flatten().round().tolist(), share
        ([50.0, 79.0, 0.0], 1.0)
    """
    outside = outside_gamut(lab)
    share = outside.float().mean().item() if outside.numel() else 0.0
    if share == 0:
        return lab, 0.0
    clamped = lab.movedim(-3, -1).clone()
    clamped[outside] = _shrink_chroma(clamped[outside])
    return clamped.movedim(-1, -3), share


def _shrink_chroma(lab: Tensor, steps: int = 12) -> Tensor:
    """Bisect for the largest chroma inside sRGB. `lab` is (pixels, 3)."""
    low = torch.zeros_like(lab[:, :1])  # gray: always inside
    high = torch.ones_like(low)
    scale = torch.ones_like(lab)
    for _ in range(steps):
        middle = (low + high) / 2
        scale[:, 1:] = middle
        outside = outside_gamut((lab * scale).T[..., None])
        low = torch.where(outside, low, middle)
        high = torch.where(outside, middle, high)
    scale[:, 1:] = low
    return lab * scale
