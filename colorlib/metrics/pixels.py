"""How far a picture is from the true one, byte by byte.

Both measures were made for noise and blur. A colorizer copies the lightness,
which is most of what they look at, so that doing nothing scores well.
Chapter 06.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from colorlib.metrics.errors import PerPhoto, check_same_shape
from colorlib.shapes import RGBBytes

SSIM_TAPS, SSIM_SIGMA = 11, 1.5  # the window of the paper, pixels
SSIM_K1, SSIM_K2 = 0.01, 0.03  # its constants against a division by zero


def psnr(rgb: RGBBytes, true_rgb: RGBBytes) -> PerPhoto:
    """Peak signal-to-noise ratio of the written bytes, in decibels.

    Infinite where all bytes are right, as of a gray picture of a gray
    photograph. So never average: take the median, and count the infinite.

    Fooled by: timidity. It is the L2 loss on a logarithmic scale, so the mean
    of all likely colors does best, and one flat tint beats published systems.

    Args:
        rgb: the picture as it is written, sRGB bytes, channels first.
        true_rgb: the photograph it should be, of the same shape.

    Returns:
        In dB: higher is better, and inf is equal.

    Raises:
        ValueError: if the shapes differ.

    See Also:
        Chapter 06.

    Example:
        >>> true_rgb = torch.full((3, 16, 16), 100, dtype=torch.uint8)
        >>> f"{psnr(true_rgb + 10, true_rgb).item():.2f} dB"
        '28.13 dB'
    """
    check_same_shape(rgb, true_rgb)
    error = (rgb.double() - true_rgb).square().mean(dim=(-3, -2, -1))
    return (10 * torch.log10(255**2 / error)).float()


def ssim(rgb: RGBBytes, true_rgb: RGBBytes) -> PerPhoto:
    """Structural similarity of the written bytes, mean over R, G and B.

    Fooled by: the lightness, which is copied from the photograph. Structure
    is right wherever edges are, so even gray scores high.

    Args:
        rgb: the picture as it is written, sRGB bytes, channels first, at
            least 11 x 11 pixels.
        true_rgb: the photograph it should be, of the same shape.

    Returns:
        At most 1, which is equal; in theory down to -1.

    Raises:
        ValueError: if the shapes differ, or a side is below 11 pixels.

    Reference:
        Wang, Bovik, Sheikh, Simoncelli, Image Quality Assessment: From Error
        Visibility to Structural Similarity, IEEE TIP 13(4), 2004: Gaussian
        window, inside the picture only. Chapter 06.

    Example:
        >>> row = torch.arange(0, 256, 16, dtype=torch.uint8)
        >>> rgb = row.expand(3, 16, 16)
        >>> ssim(rgb, rgb).item()
        1.0
        >>> ssim(rgb.flip(-1), rgb).item() < 0
        True
    """
    check_same_shape(rgb, true_rgb)
    return ssim_to(true_rgb)(rgb)


def ssim_to(true_rgb: RGBBytes) -> Callable[[RGBBytes], PerPhoto]:
    """Prepare to measure several pictures against one photograph.

    What `ssim` has to know of the photograph alone is computed once.

    Args:
        true_rgb: the photograph they should be, sRGB bytes, channels first,
            at least 11 x 11 pixels.

    Returns:
        `ssim` of a picture of the same shape.

    Raises:
        ValueError: if a side is below 11 pixels; and, from what is returned,
            if the shapes differ.

    Reference:
        Wang, Bovik, Sheikh, Simoncelli, IEEE TIP 13(4), 2004. Chapter 06.
    """
    if min(true_rgb.shape[-2:]) < SSIM_TAPS:
        raise ValueError(
            f"SSIM looks through a window of {SSIM_TAPS} pixels, and the"
            f" picture is {tuple(true_rgb.shape[-2:])}; measure a larger one"
        )
    y = true_rgb.float()
    mean_y, square_y = _blur(torch.stack([y, y * y]))
    light_y = mean_y**2 + (SSIM_K1 * 255) ** 2
    spread_y = square_y - mean_y**2 + (SSIM_K2 * 255) ** 2

    def measure(rgb: RGBBytes) -> PerPhoto:
        check_same_shape(rgb, true_rgb)
        x = rgb.float()
        mean_x, product, square_x = _blur(torch.stack([x, x * y, x * x]))
        means, light_x = mean_x * mean_y, mean_x**2
        light = (2 * means + (SSIM_K1 * 255) ** 2) / (light_x + light_y)
        shared = 2 * (product - means) + (SSIM_K2 * 255) ** 2
        structure = shared / (square_x - light_x + spread_y)
        return (light * structure).mean(dim=(-3, -2, -1))

    return measure


def _blur(maps: Tensor) -> Tensor:
    """Weigh with the Gaussian window: (..., H, W) to (..., H - 10, W - 10).

    All maps are the channels of one picture, in channels_last, and a
    Gaussian is separable: depthwise along the rows, then along the columns.
    """
    planes = maps.flatten(0, -3)[None]
    planes = planes.contiguous(memory_format=torch.channels_last)
    n = planes.shape[1]
    offset = torch.arange(SSIM_TAPS, device=maps.device) - SSIM_TAPS // 2
    taps = torch.exp(-(offset**2) / (2 * SSIM_SIGMA**2))
    taps = (taps / taps.sum()).repeat(n, 1, 1)
    planes = F.conv2d(planes, taps[..., None, :], groups=n)
    planes = F.conv2d(planes, taps[..., None], groups=n)
    return planes.unflatten(1, maps.shape[:-2])[0]
