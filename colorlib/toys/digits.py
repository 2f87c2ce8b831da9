"""Digits in colored ink: a colorizing problem that trains in seconds.

Somebody wrote a digit in orange, green, blue or violet ink, and the scanner
kept how much ink lies where. Nothing in the gray digit says which ink it was,
so a colorizer without mode collapse uses all four, as its noise decides. A
sample is 192 numbers: L, a and b of 8 x 8 pixels, in the colorizers' ranges.
Chapter 03 shows trainings of it that fail.
"""

import math
from functools import cache

import torch
from jaxtyping import Float, Int
from sklearn.datasets import load_digits
from torch import Tensor, nn

from colorlib.color import join_lab, lab_to_rgb
from colorlib.shapes import RGBArray
from colorlib.toys.small_gans import perceptron

Samples = Float[Tensor, "count 192"]
Conditions = Float[Tensor, "count 72"]  # L of 64 pixels, and 8 numbers of noise
Ink = Float[Tensor, "count 64"]  # how much lies on each pixel, [0, 1]

INKS = ("orange", "green", "blue", "violet")
CHROMA, SPREAD = 0.6, 0.02  # of full ink, in the range of ab
NEAR = 0.2  # less than half the way from one ink to the next
NOISE_SIZE = 8


class DigitColorizer(nn.Module):
    """A generator: gray digit and noise in, the same digit in color out.

    Where there is no ink it can't put color; how much of which color a place
    with full ink gets is what it learns.

    Args:
        hidden: neurons in each of two hidden layers.
    """

    def __init__(self, hidden: int = 128):
        super().__init__()
        self.net = perceptron(64 + NOISE_SIZE, hidden, hidden, 2 * 64)

    def forward(self, gray: Conditions) -> Samples:
        """Color digits."""
        L = gray[:, :64]
        ink = (L + 1) / 2
        a, b = torch.tanh(self.net(gray)).split(64, dim=1)
        return torch.cat([L, ink * a, ink * b], dim=1)


def real(count: int) -> Samples:
    """Draw digits, each written in one of the four inks.

    Args:
        count: how many.

    Returns:
        L in [-1, 1], a and b in (-1, 1), 64 pixels each.
    """
    ink = _draw(count)
    color = _inks()[torch.randint(len(INKS), (count,))]
    color = color + SPREAD * torch.randn(count, 2)
    return torch.cat([2 * ink - 1, ink * color[:, :1], ink * color[:, 1:]], 1)


def conditions(count: int) -> Conditions:
    """Draw digits without their color, and noise beside each.

    Args:
        count: how many.

    Returns:
        What the generator takes.
    """
    return torch.cat(
        [2 * _draw(count) - 1, torch.randn(count, NOISE_SIZE)], dim=1
    )


def inks_found(samples: Samples) -> Int[Tensor, " inks"]:
    """Count the digits in each ink; those in none of them count nowhere.

    Args:
        samples: colored digits.

    Returns:
        Four counts, in the order of `INKS`. A digit's color is that of full
        ink which explains its pixels best.
    """
    L, a, b = samples.split(64, dim=1)
    ink = (L + 1) / 2
    total = ink.square().sum(dim=1)
    color = (
        torch.stack([(ink * a).sum(1), (ink * b).sum(1)], 1) / total[:, None]
    )
    return (torch.cdist(color, _inks()) < NEAR).sum(dim=0)


def sheet(samples: Samples, columns: int = 6) -> RGBArray:
    """Lay digits out in rows, to look at, a dark line between them.

    Args:
        samples: as many as fill their rows.
        columns: digits in a row.

    Returns:
        sRGB bytes; each digit takes 9 x 9 of them.
    """
    lab = samples.reshape(-1, 3, 8, 8)
    # Darker than it is: light colors can't be strong ones.
    L = lab[:, :1] * 0.55 - 0.25
    rgb = lab_to_rgb(join_lab(L, lab[:, 1:])).clamp(0, 1)
    rgb = nn.functional.pad(rgb, (1, 0, 1, 0))
    page = rgb.reshape(-1, columns, 3, 9, 9).permute(0, 3, 1, 4, 2)
    rows = len(page) * 9
    return (page.reshape(rows, columns * 9, 3) * 255).round().byte().numpy()


@cache
def _digits() -> Ink:
    return torch.tensor(load_digits().data, dtype=torch.float32) / 16


def _draw(count: int) -> Ink:
    digits = _digits()
    return digits[torch.randint(len(digits), (count,))]


def _inks() -> Float[Tensor, "inks 2"]:
    angle = math.pi / 4 + 2 * math.pi * torch.arange(len(INKS)) / len(INKS)
    return CHROMA * torch.stack([angle.cos(), angle.sin()], dim=1)
