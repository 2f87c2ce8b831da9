"""Grain: a print is black silver and white paper, seen through an aperture.

In the Boolean model discs fall at random places, and a point is covered or
not. Seen through an aperture, that is a mean, the gray that was wanted, and
noise around it: none in white and black, most in between. To draw discs for
a photograph takes seconds. Here their variance is computed, and a Gaussian
field of the same variance and of the aperture's size stands for them: cheap
enough for each batch. Chapter 14.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.color import linear_from_srgb, srgb_from_linear
from colorlib.film.blurring import gaussian_taps, weigh_neighbors
from colorlib.film.curve import EachPhoto, per_photo
from colorlib.film.emulsions import Light

APERTURE = 0.6  # pixels: standard deviation of what one pixel averages
GRAYS = 65  # in the table of standard deviations, from 0 to 1
_STEPS = 64  # of the integral over the distance of two points


def boolean_variance(
    gray: Float[Tensor, "..."],
    radius: Float[Tensor, "..."],
    aperture: float = APERTURE,
) -> Float[Tensor, "..."]:
    """Find the variance of the Boolean model, seen through an aperture.

    Args:
        gray: the share of light that is wanted, [0, 1): discs cover so much.
        radius: of the discs, pixels, above 0; the shapes broadcast.
        aperture: standard deviation of the Gaussian that averages, pixels.

    Returns:
        The variance of the light that is seen, zero at 0 and towards 1.

    Reference:
        Newson, Delon, Galerne, A Stochastic Film Grain Model for
        Resolution-Independent Rendering, Computer Graphics Forum 36(8), 2017:
        the model, and its intensity. The covariance is that of a Boolean
        model. Chapter 14.
    """
    white = (1 - gray).clamp(min=1e-6)[..., None]  # the share not covered
    radius = radius[..., None]
    # Middles of steps of the distance, as shares of the diameter.
    t = (torch.arange(_STEPS, device=gray.device).to(gray) + 0.5) / _STEPS
    # Share of a disc that a disc at that distance covers.
    common = (2 / math.pi) * (t.acos() - t * (1 - t * t).sqrt())
    # Both points covered, less the square of one covered.
    covariance = white ** (2 - common) - white**2
    distance = 2 * radius * t
    # The autocorrelation of the aperture, times the ring at that distance.
    seen = (-(distance**2) / (4 * aperture**2)).exp() / (2 * aperture**2)
    return (covariance * seen * distance * 2 * radius / _STEPS).sum(-1)


def add_grain(
    light: Light, radius: EachPhoto, noise: Float[Tensor, "*batch 1 _ _"]
) -> Light:
    """Let a print show its grain.

    The gray of the model is the stored value, as in the paper: in shares of
    light, the blacks would glitter as no print does.

    Args:
        light: the print's, linear, [0, 1].
        radius: of the grains, pixels: one for all, or (B,). Zero
            leaves a photograph as it is.
        noise: a field of `grain_noise`, of the size of the photographs.

    Returns:
        Linear light in [0, 1]. Over any area the mean of the stored values
        is that before.

    Reference:
        Newson, Delon, Galerne, 2017. Chapter 14.
    """
    gray = srgb_from_linear(light)
    deviation = _deviation(gray, per_photo(radius, light))
    return linear_from_srgb((gray + deviation * noise).clamp(0, 1))


def grain_noise(
    batch: int, height: int, width: int, generator: torch.Generator
) -> Float[Tensor, "batch 1 height width"]:
    """Draw Gaussian fields as smooth as an aperture makes them.

    Args:
        batch: how many.
        height: in pixels.
        width: in pixels.
        generator: on whose device they are drawn.

    Returns:
        Mean 0 and variance 1.
    """
    white = torch.empty((), device=generator.device)
    taps = gaussian_taps(APERTURE, white, APERTURE)
    taps = taps / taps.norm()  # averaged, white noise keeps its variance
    edge = len(taps) - 1
    size = (batch, 1, height + edge, width + edge)
    white = torch.randn(size, generator=generator, device=generator.device)
    return weigh_neighbors(white, taps)


def _deviation(gray: Tensor, radius: Tensor) -> Tensor:
    """Standard deviation at each pixel, interpolated in a table of grays."""
    grays = torch.linspace(0, 1, GRAYS, device=gray.device).to(gray)
    variance = boolean_variance(grays, radius.flatten()[:, None])
    table = variance.clamp(min=1e-20).sqrt()  # (B, GRAYS) or (1, GRAYS)
    place = gray.clamp(0, 1).reshape(len(table), -1) * (GRAYS - 1)
    left = place.detach().floor().clamp(max=GRAYS - 2)
    below, above = (table.gather(1, left.long() + i) for i in (0, 1))
    return torch.lerp(below, above, place - left).view_as(gray)
