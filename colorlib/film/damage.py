"""Scratches, dust and folds: light or dark marks that no scene had.

Each is a share of cover in [0, 1] and the light of what covers. Scratches in
the emulsion and dust on a negative print light; dirt on the print is dark.
The shapes are ours. Chapter 14.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.film.curve import EachPhoto, per_photo
from colorlib.film.emulsions import Light

Cover = Float[Tensor, "*batch 1 height width"]  # [0, 1], 1 hides the print

# A photograph has at most so many of each; how many of them are seen, its
# settings say.
SCRATCHES, SPECKS, FOLDS = 4, 12, 1


def draw_scratches(
    amount: EachPhoto, light: Light, generator: torch.Generator
) -> Cover:
    """Draw straight scratches, thin and mostly upright.

    Args:
        amount: share of `SCRATCHES` that are there, [0, 1].
        light: the prints, for their size.
        generator: decides.

    Returns:
        Their cover.
    """
    n = len(light)
    place, slope, width, chance = _rand(4, n, SCRATCHES, generator, light)
    x, y = _grid(light)
    line = x - place - (slope - 0.5) * 0.2 * (y - 0.5)
    thin = (0.4 + width) / light.shape[-1]
    seen = chance < per_photo(amount, light)
    return _most(torch.exp(-((line / thin) ** 2)) * seen)


def draw_dust(
    amount: EachPhoto, light: Light, generator: torch.Generator
) -> Cover:
    """Draw specks of dust.

    Args:
        amount: share of `SPECKS` that are there, [0, 1].
        light: the prints, for their size.
        generator: decides.

    Returns:
        Their cover.
    """
    n = len(light)
    column, row, size, chance = _rand(4, n, SPECKS, generator, light)
    x, y = _grid(light)
    wide = (0.3 + size) / min(light.shape[-2:])
    away = ((x - column) ** 2 + (y - row) ** 2) / wide**2
    seen = chance < per_photo(amount, light)
    return _most(torch.exp(-(away**2)) * seen)


def draw_folds(
    amount: EachPhoto, light: Light, generator: torch.Generator
) -> Cover:
    """Draw a fold across the print.

    Args:
        amount: chance that there is one, [0, 1].
        light: the prints, for their size.
        generator: decides.

    Returns:
        Its cover: a line, softer than a scratch.
    """
    n = len(light)
    angle, away, chance = _rand(3, n, FOLDS, generator, light)
    x, y = _grid(light)
    turn = angle * math.pi
    line = (x - 0.5) * turn.cos() + (y - 0.5) * turn.sin() - (away - 0.5) * 0.6
    wide = 1.5 / min(light.shape[-2:])
    seen = chance < per_photo(amount, light)
    return _most(0.7 * torch.exp(-((line / wide) ** 2)) * seen)


def cover_with(light: Light, cover: Cover, mark: float) -> Light:
    """Lay marks over a print.

    Args:
        light: the print's, linear.
        cover: how much is hidden, [0, 1].
        mark: linear light of what hides it: 1 is bare paper.

    Returns:
        Linear light.
    """
    return light + (mark - light) * cover


def _rand(
    kinds: int, n: int, marks: int, generator: torch.Generator, like: Tensor
) -> Tensor:
    """Draw (kinds, n, marks, 1, 1) numbers from 0 to 1."""
    drawn = torch.rand(
        (kinds, n, marks, 1, 1), generator=generator, device=generator.device
    )
    return drawn.to(like)


def _grid(light: Tensor) -> tuple[Tensor, Tensor]:
    """Middles of pixels, as shares of width and height."""
    height, width = light.shape[-2:]
    x = (torch.arange(width, device=light.device).to(light) + 0.5) / width
    y = (torch.arange(height, device=light.device).to(light) + 0.5) / height
    return x, y[:, None]


def _most(covers: Tensor) -> Tensor:
    """Keep the strongest of a photograph's marks, (B, 1, H, W)."""
    return covers.amax(dim=1, keepdim=True)
