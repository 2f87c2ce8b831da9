"""Halftone: a press has black ink and white paper, and no gray.

A screen turned by 45 degrees breaks gray up into dots, whose area makes it.
Seen from far enough, the mean of a small neighborhood is the gray that was
there. Chapter 14.
"""

import math
from functools import cache

import torch
from torch import Tensor

from colorlib.film.curve import EachPhoto, per_photo
from colorlib.film.emulsions import Light

FINEST = 2.0  # pixels from dot to dot: less can't be seen in pixels
EDGE = 0.05  # how gradually ink ends, as a share of the screen's range
_STEPS = 513  # of the screen's distribution


def halftone(light: Light, period: EachPhoto) -> Light:
    """Print with black dots.

    Args:
        light: linear, (B, 1, H, W) in [0, 1].
        period: from dot to dot, pixels, at least 2; 0 leaves a photograph as
            it is.

    Returns:
        Linear light, whose mean over some dots is that before, up to the
        softness of their edges; differentiable.

    See Also:
        Chapter 14. The round dots of a cosine screen are an approximation,
        and ours.
    """
    period = per_photo(period, light)
    height, width = light.shape[-2:]
    rows = torch.arange(height, device=light.device).to(light)[:, None]
    columns = torch.arange(width, device=light.device).to(light)
    step = math.sqrt(2) * math.pi / period.clamp(min=FINEST)
    screen = ((rows + columns) * step).cos() + ((rows - columns) * step).cos()
    rank = _rank(screen / 2)
    # Paper shows wherever the screen's rank is below the light.
    dots = torch.sigmoid((light - rank) / (EDGE / 4))
    return torch.where(period >= FINEST, dots, light)


def _rank(screen: Tensor) -> Tensor:
    """Turn the screen's values into ranks, evenly spread over 0 to 1."""
    place = (screen + 1) / 2 * (_STEPS - 1)
    low = place.floor().clamp(0, _STEPS - 2)
    table = _distribution().to(screen)
    below, above = table[low.long()], table[low.long() + 1]
    return torch.lerp(below, above, place - low)


@cache
def _distribution() -> Tensor:
    """Which share of a cosine screen lies below each of its values."""
    turn = (torch.arange(1024, dtype=torch.float64, device="cpu") + 0.5) / 1024
    wave = (turn * 2 * math.pi).cos()
    values = ((wave[:, None] + wave) / 2).flatten().sort().values
    edges = torch.linspace(-1, 1, _STEPS, dtype=torch.float64, device="cpu")
    return torch.searchsorted(values, edges) / values.numel()
