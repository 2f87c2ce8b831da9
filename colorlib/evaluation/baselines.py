"""Colorizers that know nothing of what a photograph shows.

A model that claims to see grass and faces has to beat them. Each answers with
a* and b* / 110 for every pixel. Two of them look at the truth, and say so: no
model could do what they do.

Chapter 06 scores them with every measure.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.color import AB_SCALE
from colorlib.shapes import ABChannels, LChannel

AnyLab = Float[Tensor, "3 _ _"]  # one photograph in CIE L*a*b*, of any size
Color = Float[Tensor, "*batch 2"]  # a*, b* / 110
ColorByL = Float[Tensor, "2 101"]  # a*, b* / 110 for L* = 0, 1, ... 100

TURN = 60.0  # degrees: as far from the true color as gray is
LEARNED = Path(__file__).with_name("learned.json")


def gray(ab: ABChannels) -> ABChannels:
    """Do nothing."""
    return torch.zeros_like(ab)


def one_color(ab: ABChannels, color: Color) -> ABChannels:
    """Give every pixel the same color, such as the mean of many photographs.

    Of all flat tints, the mean has the least squared error.
    """
    return color[..., None, None].expand_as(ab)


def oracle_mean(ab: ABChannels) -> ABChannels:
    """Give every pixel the photograph's own mean color: looks at the truth."""
    return one_color(ab, ab.mean(dim=(-2, -1)))


def look_up_color(L: LChannel, table: ColorByL) -> ABChannels:
    """Give each pixel the color that is usual at its lightness.

    The best that can be done for a pixel on its own. With the mean it
    minimizes the L2 loss of training, with the median the L1 loss.
    """
    L_star = ((L + 1) * 50).round().long().clamp(0, 100)
    return table[:, L_star.squeeze(-3)].movedim(0, -3)


def hue_rotated(ab: ABChannels, degrees: float = TURN) -> ABChannels:
    """Turn every true hue around: looks at the truth, to get all of it wrong.

    By 60 degrees each color is moved as far as gray would move it. What sRGB
    can't show has to be made paler afterwards.
    """
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b = ab.unbind(-3)
    return torch.stack([c * a - s * b, s * a + c * b], dim=-3)


@dataclass(frozen=True)
class Learned:
    """What can be learned about color without looking at places."""

    mean: Color
    """The mean color of all pixels: the "dataset mean"."""
    mean_by_L: ColorByL
    """The mean color of the pixels of each lightness."""
    median_by_L: ColorByL
    """The median color of the pixels of each lightness."""


def learn(labs: Iterable[AnyLab]) -> Learned:
    """Learn what is usual from photographs: one pass, one histogram.

    Args:
        labs: photographs in CIE L*a*b*, (3, H, W).

    Returns:
        Means and medians, a* and b* to whole units. Where no pixel had a
        lightness, the nearest lightnesses that occurred are averaged.

    Raises:
        ValueError: if there is no photograph.

    See Also:
        Chapter 06.
    """
    size = 2, 101, 221  # ab, L*, value
    counts = torch.zeros(size, dtype=torch.float64, device="cpu")
    for lab in labs:
        L_star, a, b = lab.flatten(1).round().long().clamp(-110, 110)
        for plane, value in zip(counts, (a, b), strict=True):
            place = L_star.clamp(0, 100) * 221 + value + 110
            plane += place.bincount(minlength=101 * 221).view(101, 221)
    if not counts.any():
        raise ValueError(
            "there is no photograph to learn usual colors from; give at least"
            " one"
        )

    value = torch.arange(-110, 111, device="cpu") / AB_SCALE
    total = counts.sum(dim=(1, 2))
    by_L = counts.sum(dim=-1)
    half = counts.cumsum(dim=-1) >= by_L[..., None] / 2
    return Learned(
        mean=((counts.sum(dim=1) * value).sum(dim=-1) / total).float(),
        mean_by_L=_fill((counts * value).sum(dim=-1) / by_L, by_L[0]),
        median_by_L=_fill(value[half.int().argmax(dim=-1)], by_L[0]),
    )


def learned() -> Learned:
    """What `learn` found in the photographs that the course trains on.

    The file says which they were. So all reports have the same baselines,
    and none of them has seen the photographs that it is scored on.
    """
    tables = json.loads(LEARNED.read_text())
    parts = ("mean", "mean_by_L", "median_by_L")
    return Learned(
        *(torch.tensor(tables[p], device="cpu") / AB_SCALE for p in parts)
    )


def baseline_predictions(
    L: LChannel, ab: ABChannels, other_ab: ABChannels, known: Learned
) -> dict[str, ABChannels]:
    """Color one photograph in all these ways.

    Args:
        L: its lightness in [-1, 1], (1, H, W).
        ab: its true color, a* and b* / 110, (2, H, W).
        other_ab: another photograph's color, of the same shape.
        known: what is usual.

    Returns:
        Color a baseline, of the shape of `ab`. "oracle mean" and "hue rotated"
        were made from the truth.

    See Also:
        Chapter 06.
    """
    return {
        "gray": gray(ab),
        "dataset mean": one_color(ab, known.mean),
        "oracle mean": oracle_mean(ab),
        "lookup, median": look_up_color(L, known.median_by_L),
        "lookup, mean": look_up_color(L, known.mean_by_L),
        "another's color": other_ab,
        "hue rotated": hue_rotated(ab),
    }


def _fill(table: Tensor, pixels: Tensor) -> ColorByL:
    """Fill in the lightnesses that no pixel had."""
    have = pixels.nonzero()[:, 0]
    wanted = torch.arange(len(pixels), device=pixels.device)
    above = torch.searchsorted(have, wanted).clamp(max=len(have) - 1)
    below = (torch.searchsorted(have, wanted, right=True) - 1).clamp(min=0)
    filled = (table[:, have[below]] + table[:, have[above]]) / 2
    return filled.float()
