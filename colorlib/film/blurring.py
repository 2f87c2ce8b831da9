"""Gaussian blur of a batch, each photograph with its own width.

Sums of shifted pictures: for the few taps that film needs, faster than a
convolution with one channel. Chapter 14.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from colorlib.film.curve import EachPhoto, per_photo

Taps = Float[Tensor, "taps ..."]  # one for each shift


def gaussian_taps(sigma: EachPhoto, like: Tensor, widest: float) -> Taps:
    """Weigh whole pixels by a Gaussian.

    Args:
        sigma: standard deviation, pixels: one for all, or (B,).
        like: the batch that will be blurred.
        widest: the largest of them, which decides how many taps there are.

    Returns:
        An odd number of weights, to each side three standard deviations; for
        each photograph their sum is one.
    """
    reach = max(1, math.ceil(3 * widest))
    x = torch.arange(-reach, reach + 1, device=like.device).to(like)
    sigma = per_photo(sigma, like).clamp(min=1e-3)
    taps = (-(x.view(-1, *[1] * sigma.ndim) ** 2) / (2 * sigma**2)).exp()
    return taps / taps.sum(0)


def weigh_neighbors(image: Tensor, taps: Tensor) -> Tensor:
    """Sum a pixel's neighbors, along rows and then along columns.

    Args:
        image: (..., H, W).
        taps: one weight for each of an odd number of neighbors.

    Returns:
        Smaller by the taps less one, in both directions.
    """
    for axis in (-2, -1):
        length = image.shape[axis] - len(taps) + 1
        total = taps[0] * image.narrow(axis, 0, length)
        for i in range(1, len(taps)):
            total = total.addcmul(taps[i], image.narrow(axis, i, length))
        image = total
    return image


def blur(
    image: Float[Tensor, "batch channels height width"],
    sigma: EachPhoto,
    *,
    widest: float,
) -> Float[Tensor, "batch channels height width"]:
    """Blur each photograph; beyond its edge, the edge repeats itself.

    Args:
        image: linear light.
        sigma: standard deviation, pixels: one for all, or (B,); zero leaves a
            photograph as it is.
        widest: the largest `sigma` that may come.

    Returns:
        The same shape; a photograph of one gray stays that gray.
    """
    taps = gaussian_taps(sigma, image, widest)
    edge = len(taps) // 2
    padded = F.pad(image, [edge] * 4, mode="replicate")
    return weigh_neighbors(padded, taps)


def blur_widely(
    image: Float[Tensor, "batch channels height width"],
    sigma: EachPhoto,
    *,
    widest: float,
    shrink: int = 4,
) -> Float[Tensor, "batch channels height width"]:
    """Blur by way of a smaller copy: for widths of many pixels.

    Args:
        image: linear light.
        sigma: standard deviation, pixels: one for all, or (B,).
        widest: the largest `sigma` that may come.
        shrink: how many times smaller the copy is.

    Returns:
        The same shape, about as `blur` gives it.
    """
    size = [max(1, round(n / shrink)) for n in image.shape[-2:]]
    small = F.interpolate(image, size, mode="area")
    small = blur(small, sigma / shrink, widest=widest / shrink)
    return F.interpolate(small, image.shape[-2:], mode="bilinear")
