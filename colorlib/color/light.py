"""From lightness and color to stored values, in NumPy, a band at a time.

What `color.lab` and `color.gamut` do for whole pictures and for learning,
`recolor` needs for millions of pixels at a time. Here lightness is CIE's fy,
(L* + 16) / 116, and color what it adds: fx = fy + a* / 500 and
fz = fy - b* / 200. Chapter 14.
"""

from functools import cache

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt
from torch import Tensor

from colorlib.color.gamut import GAMUT_TOLERANCE
from colorlib.color.lab import (
    DARK,
    RGB_FROM_XYZ,
    SLOPE,
    WHITE,
    lightness,
    linear_from_srgb,
    srgb_from_linear,
)

Fy = Float[np.ndarray, " n"]
ColorShift = Float[np.ndarray, "2 n"]  # what color adds to fy: to fx and to fz
LinearLight = Float[np.ndarray, "3 n"]  # linear sRGB

# Where CIE's cube root becomes a straight line, as f.
_EDGE = np.float32(DARK ** (1 / 3))
# How much of X and of Z goes into red, green and blue. Y is left out: gray
# gives all three the same amount, so they only have to say how X and Z differ.
FROM_X, _, FROM_Z = (RGB_FROM_XYZ * WHITE).float().numpy().T[..., None]
# The edges of the gamut, as amounts of light.
DARKEST, BRIGHTEST = linear_from_srgb(
    torch.tensor([-GAMUT_TOLERANCE, 1 + GAMUT_TOLERANCE], device="cpu")
).numpy()
# Fine enough that each of the 256 grays comes back as itself.
_LIGHT_STEPS = 65535


def fy_of_pixels(pixels: UInt[np.ndarray, "rows columns *rgb"]) -> np.ndarray:
    """Find CIE's f of the luminance of stored values.

    Args:
        pixels: sRGB values, 8 or 16 bits, (H, W) or (H, W, 3).

    Returns:
        (H, W), from 16 / 116 to 1.
    """
    if pixels.ndim == 2:
        return fy_of_gray(pixels.dtype).take(pixels, mode="clip")
    rgb = pixels.transpose(2, 0, 1)  # (3, H, W)
    if rgb.dtype != np.uint8:  # bytes are welcome as they are
        rgb = rgb / np.float32(np.iinfo(rgb.dtype).max)
    # A copy, in rows: torch warns of arrays that can't be written to.
    return fy_of(lightness(torch.from_numpy(rgb.copy()))[0])


def fy_of(L_star: Float[Tensor, "*any"]) -> np.ndarray:
    """Turn L*, in [0, 100], into CIE's f of the luminance."""
    return ((L_star + 16) / 116).float().numpy()


@cache
def fy_of_gray(dtype: np.dtype) -> Fy:
    """Find `fy_of_pixels` of every gray that 8 or 16 bits can store."""
    top = np.iinfo(dtype).max
    gray = torch.arange(top + 1, dtype=torch.float64, device="cpu") / top
    return fy_of(lightness(gray.expand(3, 1, -1))[0, 0])


def light_of(fy: Fy, shift: ColorShift) -> LinearLight:
    """Find linear sRGB. Where color adds nothing, all three are equal."""
    y = cube(fy)  # (n,)
    x, z = cube(fy + shift) - y  # (n,) each
    return y + FROM_X * x + FROM_Z * z


def cube(f: np.ndarray) -> np.ndarray:
    """Undo CIE's f: a cube, and near black a straight line."""
    bright = np.maximum(f, _EDGE)
    return bright * bright * bright + (f - bright) / np.float32(SLOPE)


def outside_srgb(light: LinearLight) -> Bool[np.ndarray, " n"]:
    """Tell what sRGB can't show, as `gamut.outside_gamut` does."""
    return (light.min(axis=0) < DARKEST) | (light.max(axis=0) > BRIGHTEST)


def share_inside(fy: Fy, shift: ColorShift, steps: int = 12) -> Fy:
    """Bisect for the largest share of a color's chroma that sRGB can show.

    Args:
        fy: lightness.
        shift: color.
        steps: how often the interval from 0 to 1 is halved.

    See Also:
        `gamut.clamp_to_gamut`. Chapter 04.
    """
    y = cube(fy)
    top, bottom = BRIGHTEST - y, DARKEST - y
    share, step = np.zeros_like(fy), np.float32(1)
    for _ in range(steps):
        step /= 2
        x, z = cube(fy + shift * (share + step)) - y
        more = FROM_X * x + FROM_Z * z
        inside = (more.max(axis=0) <= top) & (more.min(axis=0) >= bottom)
        share += step * inside
    return share


def stored_values(
    light: LinearLight, dtype: np.dtype
) -> UInt[np.ndarray, "3 n"]:
    """Turn linear sRGB into stored values, rounded."""
    if dtype == np.uint8:
        step = (light * _LIGHT_STEPS + np.float32(0.5)).astype(np.intp)
        return _eight_bits().take(step, mode="clip")
    top = np.iinfo(dtype).max
    srgb = srgb_from_linear(torch.from_numpy(light)).clamp(0, 1).numpy()
    return (srgb * top + np.float32(0.5)).astype(dtype)


@cache
def _eight_bits() -> UInt[np.ndarray, " steps"]:
    """Find the stored value of every amount of light, in steps from 0 to 1."""
    steps = torch.arange(_LIGHT_STEPS + 1, dtype=torch.float64, device="cpu")
    light = steps / _LIGHT_STEPS
    return (srgb_from_linear(light) * 255).round().byte().numpy()
