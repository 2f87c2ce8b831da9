"""A photograph's own lightness and a small prediction, joined at full size.

The network predicts color at a few hundred pixels, because chroma needs no
more: what is sharp comes from the lightness of the scan. In the words of
`color`, joining the two is

    ab = F.interpolate(ab, size, mode="bicubic")
    lab, share = clamp_to_gamut(join_lab(L, ab))
    rgb = lab_to_rgb(lab)

and that is what `recolor` computes, within one 8-bit level. Written like this
it goes through memory once for each operation on the whole photograph. Here
it goes band by band, each so small that it stays in the processor's cache,
and looks up what depends on one stored value only. Chapter 14.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache, reduce

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int, UInt
from torch import Tensor

from colorlib.color import (
    AB_SCALE,
    GAMUT_TOLERANCE,
    RGB_FROM_XYZ,
    WHITE,
    lightness,
    linear_from_srgb,
    srgb_from_linear,
)
from colorlib.color.lab import DARK, SLOPE

# 512 KB a plane in float32: what two operations in a row touch still fits a
# core's L2 cache. In smaller bands the calls of NumPy take longer than the
# numbers; larger ones leave the cache.
BAND_PIXELS = 1 << 17

# Where CIE's cube root becomes a straight line, as f.
_EDGE = np.float32(DARK ** (1 / 3))
# How much of X and of Z goes into red, green and blue. Y is left out: gray
# gives all three the same amount, so they only have to say how X and Z differ.
_FROM_X, _, _FROM_Z = (RGB_FROM_XYZ * WHITE).float().numpy().T[..., None]
# The edges of the gamut, as amounts of light.
_DARKEST, _BRIGHTEST = linear_from_srgb(
    torch.tensor([-GAMUT_TOLERANCE, 1 + GAMUT_TOLERANCE], device="cpu")
).numpy()
# Fine enough that each of the 256 grays comes back as itself.
_LIGHT_STEPS = 65535


def recolor(
    pixels: UInt[np.ndarray, "rows columns *rgb"],
    ab: Float[Tensor, "2 height width"],
    *,
    L_star: Float[Tensor, "rows columns"] | None = None,
    band_pixels: int = BAND_PIXELS,
) -> tuple[UInt[np.ndarray, "rows columns 3"], float]:
    """Color a photograph's own lightness with a smaller picture's color.

    Args:
        pixels: sRGB values, 8 or 16 bits, (H, W) or (H, W, 3). Of a color
            photograph only L* is used.
        ab: a* and b* / 110, of any smaller size and the same view.
        L_star: their lightness, (H, W) in [0, 100], if it is known already:
            who colors one photograph many times finds it once.
        band_pixels: how much is worked on at a time; it changes nothing else.

    Returns:
        (H, W, 3) sRGB values of the same type, and the share of pixels, in
        [0, 1], whose chroma was shrunk because sRGB can't show it. L* is kept.

    Raises:
        ValueError: if `pixels` are neither 8 nor 16 bits.

    Reference:
        CIE 15:2004; `colorlib.color`. Chapter 14.

    Example:
        >>> gray = np.full((4, 6), 128, np.uint8)
        >>> rgb, share = recolor(gray, torch.zeros(2, 2, 3))
        >>> rgb.shape, rgb[0, 0].tolist(), share
        ((4, 6, 3), [128, 128, 128], 0.0)
    """
    if pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(
            f"pixels must be uint8 or uint16, got {pixels.dtype};"
            " photos.from_array converts floats and booleans"
        )
    rows, columns = pixels.shape[:2]
    wide = _widen(ab, columns)  # (2, h, W)
    index, weight = bicubic_taps(wide.shape[1], rows)
    out = np.empty((rows, columns, 3), pixels.dtype)
    step = max(1, band_pixels // columns)
    known = None if L_star is None else _fy_of(L_star)

    def paint(top: int) -> int:
        band = slice(top, top + step)
        fy = _fy(pixels[band]) if known is None else known[band]
        fy = fy.ravel()  # (n,), the band's pixels one after the other
        shift = _weigh(wide, index[band], weight[band])  # (2, n)
        light = _light(fy, shift)  # (3, n)
        outside = np.flatnonzero(_outside_gamut(light))
        if outside.size:
            light[:, outside] = _shrink_chroma(
                fy[outside], shift.take(outside, axis=1)
            )
        flat = out[band].reshape(-1, 3)  # (n, 3)
        np.stack([*_encode(light, pixels.dtype)], axis=-1, out=flat)
        return outside.size

    tops = range(0, rows, step)
    if len(tops) == 1:  # nothing to share among threads
        outside = paint(0)
    else:
        with ThreadPoolExecutor(torch.get_num_threads()) as pool:
            outside = sum(pool.map(paint, tops))
    return out, outside / (rows * columns)


def bicubic_taps(
    n_in: int, n_out: int
) -> tuple[Int[np.ndarray, "n_out 4"], Float[np.ndarray, "n_out 4"]]:
    """Tell which four samples make each new one, and with what weights.

    Args:
        n_in: how many samples there are.
        n_out: how many there will be, spread over the same length.

    Returns:
        Indices and weights, as in `F.interpolate(mode="bicubic")`. The edge
        repeats itself beyond the edge.

    Reference:
        Keys, Cubic Convolution Interpolation for Digital Image Processing,
        IEEE ASSP 1981, with a = -0.75. Chapter 14.
    """
    center = (np.arange(n_out) + 0.5) * (n_in / n_out) - 0.5
    sample = np.floor(center)[:, None] + np.arange(-1, 3)  # (n_out, 4)
    d = np.abs(center[:, None] - sample)
    near = (1.25 * d - 2.25) * d**2 + 1
    far = -0.75 * (((d - 5) * d + 8) * d - 4)
    weight = np.where(d <= 1, near, far).astype(np.float32)
    return sample.clip(0, n_in - 1).astype(np.intp), weight


def _widen(ab: Tensor, columns: int) -> np.ndarray:
    """Bring ab to full width, (2, h, W), as what color adds to CIE's fy.

    fx = fy + a* / 500 and fz = fy - b* / 200.
    """
    wide = ab.detach().float().cpu()
    if wide.shape[-1] != columns:  # else the same comes out
        size = (wide.shape[-2], columns)
        wide = F.interpolate(wide[None], size, mode="bicubic")[0]
    a, b = wide  # (h, W) each
    return torch.stack([a * (AB_SCALE / 500), b * (-AB_SCALE / 200)]).numpy()


def _weigh(
    wide: np.ndarray, index: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Interpolate rows by their four taps: (2, h, W) to (2, rows * W)."""
    taps = (
        wide.take(index[:, tap], axis=1) * weight[:, tap, None]
        for tap in range(4)
    )
    return reduce(np.add, taps).reshape(2, -1)


def _fy(pixels: np.ndarray) -> np.ndarray:
    """CIE's f of the luminance, (L* + 16) / 116, of stored values."""
    if pixels.ndim == 2:
        return _fy_of_gray(pixels.dtype).take(pixels, mode="clip")
    rgb = pixels.transpose(2, 0, 1)  # (3, H, W)
    if rgb.dtype != np.uint8:  # bytes are welcome as they are
        rgb = rgb / np.float32(np.iinfo(rgb.dtype).max)
    # A copy, in rows: torch warns of arrays that can't be written to.
    return _fy_of(lightness(torch.from_numpy(rgb.copy()))[0])


def _fy_of(L_star: Tensor) -> np.ndarray:
    return ((L_star + 16) / 116).float().numpy()


@cache
def _fy_of_gray(dtype: np.dtype) -> np.ndarray:
    """`_fy` of every gray that 8 or 16 bits can store."""
    top = np.iinfo(dtype).max
    gray = torch.arange(top + 1, dtype=torch.float64, device="cpu") / top
    return _fy_of(lightness(gray.expand(3, 1, -1))[0, 0])


def _light(fy: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """From fy, (n,), and what color adds to it, (2, n), to linear sRGB.

    (3, n). Where color adds nothing, the three are exactly equal.
    """
    y = _cube(fy)  # (n,)
    x, z = _cube(fy + shift) - y  # (n,) each
    return y + _FROM_X * x + _FROM_Z * z


def _cube(f: np.ndarray) -> np.ndarray:
    """Undo CIE's f: a cube, and near black a straight line."""
    bright = np.maximum(f, _EDGE)
    return bright * bright * bright + (f - bright) / np.float32(SLOPE)


def _outside_gamut(light: np.ndarray) -> np.ndarray:
    return (light.min(axis=0) < _DARKEST) | (light.max(axis=0) > _BRIGHTEST)


def _shrink_chroma(
    fy: np.ndarray, shift: np.ndarray, steps: int = 12
) -> np.ndarray:
    """Bisect for the largest chroma inside sRGB, as `clamp_to_gamut` does."""
    y = _cube(fy)
    top, bottom = _BRIGHTEST - y, _DARKEST - y
    share, step = np.zeros_like(fy), np.float32(1)
    for _ in range(steps):
        step /= 2
        x, z = _cube(fy + shift * (share + step)) - y
        more = _FROM_X * x + _FROM_Z * z
        inside = (more.max(axis=0) <= top) & (more.min(axis=0) >= bottom)
        share += step * inside
    return _light(fy, shift * share)


def _encode(light: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """From linear light to stored values, rounded."""
    if dtype == np.uint8:
        step = (light * _LIGHT_STEPS + np.float32(0.5)).astype(np.intp)
        return _eight_bits().take(step, mode="clip")
    top = np.iinfo(dtype).max
    srgb = srgb_from_linear(torch.from_numpy(light)).clamp(0, 1).numpy()
    return (srgb * top + np.float32(0.5)).astype(dtype)


@cache
def _eight_bits() -> np.ndarray:
    """The stored value of every amount of light from 0 to 1."""
    steps = torch.arange(_LIGHT_STEPS + 1, dtype=torch.float64, device="cpu")
    light = steps / _LIGHT_STEPS
    return (srgb_from_linear(light) * 255).round().byte().numpy()
