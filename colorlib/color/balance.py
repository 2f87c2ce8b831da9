"""White balance: a cast taken away by what is bright in a photograph.

Three exposures of a plate, or an old slide, have a cast that the scene never
had. Whoever scores colors on them scores the cast, too. Chapter 15.
"""

import numpy as np
import torch
from torch import Tensor

from colorlib.color.arrays import as_channels
from colorlib.color.lab import XYZ_FROM_RGB, linear_from_srgb, srgb_from_linear
from colorlib.shapes import RGBArray

NORM = 6
"""Of Minkowski: 1 is the mean of all light, a large one the brightest."""


def balance(pixels: RGBArray) -> RGBArray:
    """Balance a photograph, so that what is bright in it is gray on average.

    Args:
        pixels: sRGB bytes, (H, W, 3).

    Returns:
        The same, with red, green and blue light multiplied by a number each.
        The luminance of the estimated illuminant is kept; light that would be
        more than white is white. A photograph that lacks one of the three
        lights altogether stays as it is.

    Reference:
        Finlayson and Trezzi, Shades of Gray and Colour Constancy, CIC 2004.
        Chapter 15.

    Example:
        >>> orange = np.full((2, 2, 3), (200, 150, 100), np.uint8)
        >>> balance(orange)[0, 0].tolist()
        [160, 160, 160]
    """
    light = linear_from_srgb(as_channels(pixels))
    gains = _gains(light)
    balanced = srgb_from_linear((light * gains[:, None, None]).clamp(0, 1))
    rows = balanced.mul(255).round().byte().permute(1, 2, 0)
    return np.ascontiguousarray(rows.numpy())


def _gains(light: Tensor) -> Tensor:
    """Estimate the illuminant, and tell what makes it gray."""
    flat = light.double().flatten(1).clamp(min=0)  # black is rounded
    illuminant = flat.pow(NORM).mean(dim=1).pow(1 / NORM)  # (3,)
    if not illuminant.min() > 0:
        return torch.ones_like(illuminant, dtype=light.dtype)
    luminance = XYZ_FROM_RGB[1].to(illuminant) @ illuminant
    return (luminance / illuminant).to(light.dtype)
