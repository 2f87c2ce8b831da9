"""Photographs as arrays of bytes, for figures and measures.

Networks work on tensors, channels first; whoever looks at pictures has bytes,
channels last. Chapter 04.
"""

import torch

from colorlib.color.lab import join_lab, lab_to_rgb, rgb_to_lab, split_lab
from colorlib.shapes import Lab, RGBArray, RGBBytes


def without_color(pixels: RGBArray) -> RGBArray:
    """Return the photograph as black-and-white film would: L* alone.

    Args:
        pixels: sRGB bytes.

    Returns:
        The same size: a* = b* = 0, so the three channels are equal up to
        rounding.

    See Also:
        Chapter 04; chapter 14 for what film really did.
    """
    L, ab = split_lab(as_lab(pixels))
    return as_pixels(join_lab(L, torch.zeros_like(ab)))


def as_lab(pixels: RGBArray) -> Lab:
    """Turn a photograph's bytes into CIE L*a*b*, channels first.

    Args:
        pixels: sRGB bytes, height x width x 3.

    Returns:
        3 x height x width, L* in [0, 100].

    See Also:
        `color.rgb_to_lab`. Chapter 04.
    """
    return rgb_to_lab(as_channels(pixels))


def as_channels(pixels: RGBArray) -> RGBBytes:
    """Put the channels first, as networks and measures have them.

    Args:
        pixels: sRGB bytes, height x width x 3.

    Returns:
        A copy, 3 x height x width.
    """
    return torch.from_numpy(pixels.transpose(2, 0, 1).copy())


def as_pixels(lab: Lab) -> RGBArray:
    """Turn CIE L*a*b* into bytes to look at; what sRGB lacks is clipped.

    Args:
        lab: 3 x height x width, L* in [0, 100].

    Returns:
        sRGB bytes, height x width x 3.

    See Also:
        `color.lab_to_rgb`. Chapter 04.
    """
    rgb = lab_to_rgb(lab).clamp(0, 1).mul(255).round().byte()
    return rgb.permute(1, 2, 0).numpy()
