"""What lens and film did to the light before it became density.

A lens darkens the corners and blurs. In the film, bright light goes through
the emulsion, comes back from the base and blackens the neighborhood: a glow
around windows and lamps, halation. All of it happens to light, so it stands
before the curve. Chapter 14.
"""

import torch
from torch import Tensor

from colorlib.film.blurring import blur, blur_widely
from colorlib.film.curve import EachPhoto, per_photo
from colorlib.film.emulsions import Light

SOFTEST = 3.0  # pixels
# Halation begins above this share of white, gradually, and reaches so far,
# as a share of the photograph's shorter side. Both are ours.
BRIGHT, REACH = 0.6, 0.04


def vignette(light: Light, angle: EachPhoto) -> Light:
    """Darken the corners, as an ideal lens does.

    Args:
        light: linear, (B, 1, H, W).
        angle: from the middle to the corner, in degrees; half of what the
            lens sees along the diagonal.

    Returns:
        The same shape: times 1 in the middle, and the fourth power of the
        cosine elsewhere.

    See Also:
        The cosine fourth law of illumination. Chapter 14.
    """
    height, width = light.shape[-2:]
    rows = torch.linspace(-1, 1, height, device=light.device).to(light)
    columns = torch.linspace(-1, 1, width, device=light.device).to(light)
    square = rows[:, None] ** 2 * height**2 + columns**2 * width**2
    square = square / (height**2 + width**2)  # 1 in the corners
    tangent = torch.deg2rad(per_photo(angle, light)).tan()
    return light / (1 + square * tangent**2) ** 2  # cos^4 = 1/(1 + tan^2)^2


def soften(light: Light, sigma: EachPhoto) -> Light:
    """Blur, as a lens that isn't sharp.

    Args:
        light: linear, (B, 1, H, W).
        sigma: standard deviation, pixels, at most 3.

    Returns:
        The same shape.

    See Also:
        Chapter 14. A Gaussian for a lens is ours.
    """
    return blur(light, sigma, widest=SOFTEST)


def add_halation(light: Light, strength: EachPhoto) -> Light:
    """Let bright light glow around itself.

    Args:
        light: linear, (B, 1, H, W).
        strength: which share of light above `BRIGHT` is scattered, [0, 1].

    Returns:
        The same shape; no light is lost, but for what leaves the picture.

    See Also:
        Chapter 14. The shape of the glow is ours: two Gaussians.
    """
    scattered = per_photo(strength, light) * (light - BRIGHT).clamp(min=0)
    reach = REACH * min(light.shape[-2:])
    glow = _mean(
        blur_widely(scattered, reach / 3, widest=reach / 3, shrink=2),
        blur_widely(scattered, reach, widest=reach),
    )
    return light - scattered + glow


def _mean(one: Tensor, other: Tensor) -> Tensor:
    return (one + other) / 2
