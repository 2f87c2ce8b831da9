"""Charts: a pair of axes in the book's style, for whatever a chapter counts.

A chart is plain Matplotlib inside: `chart.axes.plot(...)`. This module only
decides what all charts share, so that they are legible for everybody: colors
that stay apart for color-blind readers, lines that differ in their dashes
too, and letters that are large enough on a telephone. A chart is drawn on
white, because a drawing can't know on which page it stands; in dark mode the
page turns its colors over. So whatever has colors that must stay as they are,
a photograph or its pixels, belongs in a `Picture`. Chapter 02 draws the first.
"""

import html
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from colorlib.figures.picture import Picture, Strip, data_uri, encoded
from colorlib.shapes import Number

if TYPE_CHECKING:  # not in the oldest Matplotlib
    from matplotlib.typing import RcKeyType

# Okabe and Ito, Color Universal Design, 2008: those of their eight that
# stand out from white. For any kind of color vision they differ by 12 units
# of CIEDE2000 and more.
BLUE, VERMILION, GREEN, PURPLE, BLACK = COLORS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#000000",
)
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)), (0, (8, 1)))
# Inches and points. On a telephone of 360 pixels, inside a box of the page, a
# chart is shrunk to nine tenths, and its letters still are 11 pixels high.
WIDTH, LETTERS = 4.8, 12
DPI = 150  # of a frame: 720 pixels across
# Of a legend, in heights of a letter: a line, what is between two columns.
LINE, SPACE = 2.5, 1.5
INK, GRID = "#444444", "#e4e4e2"
STYLE: "dict[RcKeyType, Any]" = {
    "font.size": LETTERS,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": LETTERS,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "legend.handlelength": LINE,  # room for the dashes
    "legend.columnspacing": SPACE,
    # Names inside the file are random otherwise, and each build differs.
    "svg.hashsalt": "colorlib",
}


MARKS = "os^D"


@runtime_checkable
class Interval(Protocol):
    """A number, and how far to trust it, such as an `Estimate`."""

    value: Number
    low: Number
    high: Number


class Drawing:
    """What a chart and a sheet of charts share: how they are shown.

    It is SVG when it is the last line of a cell, and a picture as a frame of
    `widgets.scrubber`.
    """

    def __init__(self, shows: str, height: float):
        self.shows = shows
        self.figure = Figure((WIDTH, height), layout="constrained")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.shows}>"

    def _repr_svg_(self) -> str:
        """Draw what is there. Lines with a label get a legend."""
        buffer = io.StringIO()
        with matplotlib.rc_context(STYLE):
            self._finish()
            self.figure.savefig(
                buffer,
                format="svg",
                facecolor="white",
                metadata={"Title": self.shows, "Date": None},
            )
        return buffer.getvalue()

    def html(self, alt: str) -> str:
        """Return it as HTML, as a part of a `Picture`."""
        svg = self._repr_svg_().encode()
        width, height = (round(72 * inches) for inches in self._inches())
        return (
            f'<img src="{data_uri("svg+xml", svg)}" alt="{html.escape(alt)}"'
            f' width="{width}" height="{height}" loading="lazy">'
        )

    def picture(self) -> Picture:
        """Draw the same as pixels, for a frame of `widgets.scrubber`."""
        buffer = io.BytesIO()
        with matplotlib.rc_context(STYLE):
            self._finish()
            self.figure.savefig(buffer, format="png", dpi=DPI)
        image = Image.open(buffer).convert("RGB")
        letters = self._smallest_letters() * DPI / 72
        strip = Strip(encoded(image), *image.size, letters=letters)
        return Picture([strip], self.shows)

    def _inches(self) -> tuple[float, float]:
        width, height = self.figure.get_size_inches()
        return width, height

    def _smallest_letters(self) -> float:
        """In points, of all that can be read."""
        texts = self.figure.findobj(Text)
        return min(float(t.get_fontsize()) for t in texts if t.get_text())

    def _add(self, across: str, up: str, *place: int) -> Axes:
        with matplotlib.rc_context(STYLE):
            axes = self.figure.add_subplot(*place)
            axes.set_title(up)
            axes.set_xlabel(across)
        widths = [2] * len(COLORS)
        axes.set_prop_cycle(color=COLORS, linestyle=DASHES, linewidth=widths)
        return axes

    def _finish(self) -> None:
        # What a chapter writes into the axes is legible, too.
        for text in self.figure.findobj(Text):
            text.set_fontsize(max(float(text.get_fontsize()), LETTERS))
        # What stands for the same in two charts is named once.
        names: dict[str, Any] = {}
        for axes in self.figure.axes:
            for line, name in zip(
                *axes.get_legend_handles_labels(), strict=True
            ):
                names.setdefault(name, line)
        if names and not self.figure.legends:
            # Below, where it covers nothing.
            self.figure.legend(
                list(names.values()),
                list(names),
                loc="outside lower center",
                ncols=_columns(list(names)),
            )


class Chart(Drawing):
    """Axes to draw on.

    Args:
        across: what the horizontal axis says, with its unit.
        up: what the vertical axis says, with its unit; it stands above the
            axis, where it can be read without tilting the head.
        height: in inches; the width is the page's.

    Reference:
        Okabe, Ito, Color Universal Design (CUD), 2008. Chapter 02.
    """

    def __init__(self, across: str, up: str, *, height: float = 3.2):
        super().__init__(f"{up} by {across}", height)
        self.axes = self._add(across, up)


class ChartGrid(Drawing):
    """Charts side by side, with one legend: a color means one thing.

    Args:
        across: what all horizontal axes say, with their unit.
        ups: what the vertical axis of each chart says.
        columns: how many charts stand in a row.
        height: of a row, in inches; the width is the page's.

    Attributes:
        axes: those of the charts, row by row.

    See Also:
        Chapter 02.
    """

    def __init__(
        self, across: str, *ups: str, columns: int = 2, height: float = 2.4
    ):
        rows = -(-len(ups) // columns)
        super().__init__(f"{', '.join(ups)} by {across}", rows * height)
        self.axes = [
            self._add(across, up, rows, columns, place)
            for place, up in enumerate(ups, start=1)
        ]


def intervals(across: str, rows: Mapping[str, Mapping[str, Interval]]) -> Chart:
    """Show numbers with their intervals, so that eyes can compare them.

    Args:
        across: what the numbers are, with their unit.
        rows: by the name of a row, from the top: numbers by what they are
            of, the same in all rows, at most four of them.

    Returns:
        A mark a number, its interval as a line; a thin line marks zero.

    See Also:
        Chapter 10.
    """
    kinds = list(next(iter(rows.values())))
    count = len(rows) * len(kinds)
    chart = Chart(across, "", height=1.2 + 0.22 * count)
    axes = chart.axes
    axes.axvline(0, color=INK, linewidth=1)
    looks = zip(kinds, COLORS, MARKS, strict=False)
    for place, (kind, color, mark) in enumerate(looks):
        found = [row[kind] for row in rows.values()]
        heights = [row + 0.24 * place for row in range(len(rows))]
        axes.hlines(
            heights, [f.low for f in found], [f.high for f in found], color
        )
        axes.plot(
            [f.value for f in found],
            heights,
            label=kind,
            color=color,
            marker=mark,
            linestyle="",
        )
    middle = 0.12 * (len(kinds) - 1)
    axes.set_yticks([row + middle for row in range(len(rows))], list(rows))
    axes.grid(axis="y", visible=False)
    axes.invert_yaxis()
    chart.shows = f"{across}, of {', '.join(rows)}"
    return chart


def _columns(names: Sequence[str]) -> int:
    """How many columns of a legend fit side by side, up to three.

    A legend is filled column by column. A letter is about 0.55 of its height
    wide, and a name stands one height from its line.
    """
    for count in (3, 2):
        columns = np.array_split(names, count)
        longest = [max(map(len, column), default=0) for column in columns]
        width = 0.55 * sum(longest) + (LINE + 1) * count + SPACE * count
        if width * LETTERS < 72 * WIDTH:
            return count
    return 1
