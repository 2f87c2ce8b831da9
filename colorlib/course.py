"""What every chapter asks for: its scale, the package's code, a table.

A chapter is one notebook that has to run in a test, on a laptop without a
GPU, and on Colab. What differs between them is decided here and nowhere
else, from the environment variable COLORLIB_SCALE.

A chapter shows the package's own code, read from the tested file, and keeps
no copy of it. This module is imported by the first cell of each chapter, so
it imports nothing heavy. "How to use this book" tells its story.
"""

import inspect
import os
import textwrap
from numbers import Integral
from pathlib import Path
from typing import TypeVar

SCALES = ("smoke", "laptop", "gpu")

_T = TypeVar("_T")
_PACKAGE = Path(__file__).resolve().parent


def scale() -> str:
    """Return the scale to run at: "smoke", "laptop" or "gpu".

    It is read from COLORLIB_SCALE, at each call. Unset or empty means
    "laptop": real training that needs no GPU.

    Raises:
        ValueError: if COLORLIB_SCALE is none of the three.
    """
    asked = os.environ.get("COLORLIB_SCALE") or "laptop"
    if asked not in SCALES:
        raise ValueError(
            f"COLORLIB_SCALE is {asked!r}; set it to one of"
            f" {', '.join(SCALES)}, or unset it for laptop"
        )
    return asked


def at_scale(*, smoke: _T, laptop: _T, gpu: _T) -> _T:
    """Return the one of three values that is meant for this scale.

    Args:
        smoke: the smallest value that still exercises every line.
        laptop: for two cores and less than a minute.
        gpu: the real thing.

    Raises:
        ValueError: see `scale`.
    """
    return {"smoke": smoke, "laptop": laptop, "gpu": gpu}[scale()]


class Source:
    """Code from a file of the package, as a notebook's cell shows it.

    The page, Jupyter and Colab all highlight Markdown's Python blocks, each
    in its own light or dark colors, so the code is handed over as one.
    """

    def __init__(self, code: str, place: str):
        self.code = code
        self.place = place

    def __repr__(self) -> str:
        return f"# {self.place}\n{self.code}"

    def _repr_markdown_(self) -> str:
        fence = "```"
        while fence in self.code:  # a docstring may hold a block of its own
            fence += "`"
        return f"{fence}python\n{self!r}{fence}\n"


class Table:
    """Rows of results, as a notebook's cell shows them."""

    def __init__(self, rows: list[dict], digits: int):
        names = list(dict.fromkeys(name for row in rows for name in row))
        self.digits = digits
        self.lines = [names] + [
            [self._cell(row.get(name, "")) for name in names] for row in rows
        ]

    def __repr__(self) -> str:
        return "\n".join("\t".join(line) for line in self.lines)

    def _repr_markdown_(self) -> str:
        head, *rows = self.lines
        rule = ["---", *["---:"] * (len(head) - 1)]
        return "\n".join(
            f"| {' | '.join(line)} |" for line in (head, rule, *rows)
        )

    def _cell(self, value: object) -> str:
        if isinstance(value, str | Integral):  # a name, or a count
            return str(value)
        return f"{value:.{self.digits}f}"


def table(rows: list[dict], *, digits: int = 1) -> Table:
    """Show results as a table: a row each, a column for every key.

    Args:
        rows: dictionaries; the first key names the row.
        digits: how many digits a number gets after the point.

    Returns:
        What the last line of a cell displays; `print` works too.

    Raises:
        ValueError: if there are no rows.
    """
    if not rows:
        raise ValueError("a table needs at least one row, got none")
    return Table(rows, digits)


def source(obj: object) -> Source:
    """Show the code of a class, function or method of the package.

    Args:
        obj: what to show: `source(Unet)`, `source(Unet.forward)`.

    Returns:
        The code as it stands in the file, without a method's indentation.
        The last line of a cell displays it; `print` works too.

    Raises:
        TypeError: if obj is not something that has source code.
    """
    if isinstance(obj, property):
        obj = obj.fget
    obj = inspect.unwrap(obj)
    try:
        lines, first = inspect.getsourcelines(obj)
        path = Path(inspect.getsourcefile(obj))
    except (TypeError, OSError):
        raise TypeError(
            "source() shows classes, functions and methods, got"
            f" {type(obj).__name__}: {obj!r:.60}"
        ) from None
    if path.is_relative_to(_PACKAGE):
        path = path.relative_to(_PACKAGE.parent)
    code = textwrap.dedent("".join(lines))
    return Source(code, f"{path.as_posix()}, line {first}")
