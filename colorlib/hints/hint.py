"""One hint: a color in a part of a photograph, and who says so.

A letter may say that the dress was red. The network can't know it, and whoever
looks at the result later must be able to tell what was documented from what
was likely. So no hint is without a source, and its line of text goes wherever
the photograph goes: into the mark in the file, the report, the gallery.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from colorlib.color.lab import AB_SCALE, rgb_to_lab

HintColor = str | tuple[float, float]  # #rrggbb, or a* and b*
Box = tuple[int, int, int, int]  # left, top, right, bottom
_HEX = re.compile("#([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Hint:
    """A color that is known in a part of a photograph.

    Raises:
        ValueError: if there is no such place or color, or no source.

    Example:
        >>> hint = Hint((40, 30, 41, 31), "#8c1c2b", "letter of 1951")
        >>> hint.line
        'point 40, 30: #8c1c2b; source: letter of 1951'
        >>> [round(value) for value in hint.ab]
        [47, 21]
    """

    box: Box
    """Left, top, right and bottom, in pixels of the upright photograph, from
    its upper left corner; right and bottom lie just outside. A point is a
    box of one pixel."""
    color: HintColor
    """Such as "#8c1c2b", or a* and b*. Its lightness doesn't count: that is
    the photograph's."""
    source: str
    """Who says so, on one line."""

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box
        if not (0 <= left < right and 0 <= top < bottom):
            raise ValueError(
                f"{self.place} has no pixel; a box is left, top, right,"
                " bottom, from 0 upwards"
            )
        if isinstance(self.color, str):
            known = _HEX.fullmatch(self.color) is not None
        else:  # NaN is not below
            known = all(abs(value) < AB_SCALE for value in self.color)
        if not known:
            raise ValueError(
                f"no color is called {self.color!r}; write #rrggbb, or [a*,"
                f" b*] between -{AB_SCALE:g} and {AB_SCALE:g}"
            )
        if not self.source.strip():
            raise ValueError("it has no source; say who knows the color")
        if not self.source.isprintable():  # as marks in files must be
            raise ValueError("its source has unprintable characters")

    @property
    def place(self) -> str:
        """Such as "point 40, 30"."""
        left, top, right, bottom = self.box
        if (right, bottom) == (left + 1, top + 1):
            return f"point {left}, {top}"
        return f"box {left}, {top}, {right}, {bottom}"

    @property
    def line(self) -> str:
        """All that it says, in one line."""
        color = self.color
        if not isinstance(color, str):
            color = f"a* {color[0]:g}, b* {color[1]:g}"
        return f"{self.place}: {color}; source: {self.source}"

    @property
    def ab(self) -> tuple[float, float]:
        """The color's a* and b*."""
        if not isinstance(self.color, str):
            return self.color
        levels = bytes.fromhex(self.color[1:])
        rgb = torch.tensor([*levels], dtype=torch.float64, device="cpu") / 255
        _, a, b = rgb_to_lab(rgb.view(3, 1, 1)).flatten().tolist()
        return a, b

    def as_json(self) -> dict[str, Any]:
        """Return its entry in a report."""
        a, b = self.ab
        return {
            "place": self.place,
            "box": [*self.box],
            "color": self.color,
            "ab": [round(a, 2), round(b, 2)],
            "source": self.source,
            "line": self.line,
        }


def check_inside(hints: Sequence[Hint], width: int, height: int) -> None:
    """Make sure that hints lie inside a photograph.

    Args:
        hints: those of the photograph.
        width: of the photograph when it is upright, in pixels.
        height: likewise.

    Raises:
        ValueError: if one doesn't, wholly or in part.
    """
    for hint in hints:
        if hint.box[2] > width or hint.box[3] > height:
            raise ValueError(
                f"the hint at {hint.place} lies outside: the photograph has"
                f" {width} x {height} pixels when it is upright"
            )


def check_agreement(hints: Sequence[Hint]) -> None:
    """Make sure that no pixel is said to have two colors.

    Args:
        hints: those of one photograph.

    Raises:
        ValueError: if two hints overlap and differ.
    """
    for i, one in enumerate(hints):
        for other in hints[:i]:
            if one.ab != other.ab and _overlap(one.box, other.box):
                raise ValueError(
                    f"the hints at {other.place} and {one.place} overlap and"
                    " differ in color; leave one out, or move its edge"
                )


def hints_digest(lines: Sequence[str]) -> str:
    """Tell hints from any others, in twelve hexadecimal digits.

    Args:
        lines: `Hint.line` of each.

    Returns:
        The beginning of the SHA-256 of all lines.
    """
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _overlap(one: Box, other: Box) -> bool:
    return max(one[0], other[0]) < min(one[2], other[2]) and max(
        one[1], other[1]
    ) < min(one[3], other[3])
