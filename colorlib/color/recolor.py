"""A photograph's own lightness and a small prediction, joined at full size.

The network predicts color at a few hundred pixels, because chroma needs no
more: what is sharp comes from the lightness of the scan. In the words of
`color`, joining the two is

    ab = F.interpolate(ab, size, mode="bicubic")
    lab, share = clamp_to_gamut(join_lab(L, ab))
    rgb = lab_to_rgb(lab)

and that is what `recolor` computes, within one 8-bit level. Written like this
it goes through memory once for each operation on the whole photograph. Here
it goes band by band, each so small that it stays in the processor's cache.
What depends on one stored value is looked up, and of a large 8-bit scan
nearly all is: see `gray_tables`. Chapter 14.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from jaxtyping import Float, Int, UInt
from torch import Tensor

from colorlib.color.gray_tables import GrayTables
from colorlib.color.lab import AB_SCALE
from colorlib.color.light import (
    fy_of,
    fy_of_pixels,
    light_of,
    outside_srgb,
    share_inside,
    stored_values,
)

# 128 KB a plane in float32: what a few operations in a row touch stays in a
# core's L2 cache. In smaller bands the calls of NumPy take longer than the
# numbers; for larger ones its BLAS would start threads inside our threads.
BAND_PIXELS = 1 << 15

# Above so many pixels of an 8-bit scan, tables are worth their making.
TABLE_PIXELS = 1 << 20


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
    known = None if L_star is None else fy_of(L_star)
    tables = None
    if _is_large_gray(pixels) and known is None:
        tables = GrayTables(wide)
        wide = tables.places(wide)

    def paint(top: int) -> int:
        band = slice(top, top + step)
        color = _weigh(wide, index[band], weight[band])  # (2, n)
        if tables:
            rgb, outside = tables.rgb_of(pixels[band].ravel(), color)
        else:
            fy = fy_of_pixels(pixels[band]) if known is None else known[band]
            light, outside = _light_inside(fy.ravel(), color)
            rgb = stored_values(light, pixels.dtype)
        np.stack([*rgb], axis=-1, out=out[band].reshape(-1, 3))
        return outside

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
    a, b = ab.detach().float().cpu()  # (h, w) each
    shift = torch.stack([a * (AB_SCALE / 500), b * (-AB_SCALE / 200)]).numpy()
    if shift.shape[2] == columns:  # else the same comes out
        return shift
    index, weight = bicubic_taps(shift.shape[2], columns)
    return sum(
        shift.take(index[:, tap], axis=2) * weight[:, tap] for tap in range(4)
    )


def _weigh(
    wide: np.ndarray, index: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Interpolate rows by their four taps: (2, h, W) to (2, rows * W).

    A band has few rows of `wide` behind it: a product with a small matrix.
    """
    first, last = index.min(), index.max()
    matrix = np.zeros((len(index), last + 1 - first), np.float32)
    for tap in range(4):  # at an edge, several taps are one sample
        matrix[np.arange(len(index)), index[:, tap] - first] += weight[:, tap]
    return (matrix @ wide[:, first : last + 1]).reshape(2, -1)


def _is_large_gray(pixels: np.ndarray) -> bool:
    gray = pixels.ndim == 2 and pixels.dtype == np.uint8
    return gray and pixels.size >= TABLE_PIXELS


def _light_inside(fy: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, int]:
    """Find linear sRGB inside the gamut, and how many were outside."""
    light = light_of(fy, shift)  # (3, n)
    outside = np.flatnonzero(outside_srgb(light))
    if outside.size:
        fy, shift = fy[outside], shift.take(outside, axis=1)
        light[:, outside] = light_of(fy, shift * share_inside(fy, shift))
    return light, outside.size
