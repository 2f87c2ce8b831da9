"""One photograph across a training, above the curves of its losses.

A curve says that something changes, and a picture says what, so they stand
on one axis. The discriminator's curve lies in a band: on its upper edge,
ln 2, it guesses, and on its lower one nothing escapes it. Chapter 10.
"""

from collections.abc import Mapping, Sequence
from math import log

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from colorlib.figures.charts import BLUE, DASHES, GRID, STYLE, VERMILION
from colorlib.figures.picture import (
    GAP,
    LETTERS,
    TITLE,
    WIDTH,
    Picture,
    RGBArray,
)
from colorlib.shapes import Number
from colorlib.training.monitor import WON

GUESSING = log(2)
# Inches: what the labels of an axis need, a chart, and what is below it.
LEFT, CHART, BELOW = 0.55, 1.35, 0.5


def across_epochs(
    pictures: Mapping[Number, RGBArray],
    losses: Mapping[str, Sequence[Number]],
    *,
    unit: str = "epoch",
    gray_l1: float | None = None,
) -> Picture:
    """Show a photograph as it was colored on the way, and the losses.

    Args:
        pictures: square sRGB bytes by the epoch after which they were made;
            two to five of them.
        losses: means of each epoch, the first one's first: "d" is the
            discriminator's, "g_l1" the generator's distance from the truth.
        unit: what is counted, if it isn't epochs.
        gray_l1: the L1 loss of no color at all, which is drawn as a line.

    Returns:
        The pictures in a row, in the order of time; below, both losses. In
        the band the discriminator knows something, and not everything.

    Raises:
        ValueError: if there are fewer than two pictures or more than five.

    Reference:
        Goodfellow et al., Generative Adversarial Nets, NeurIPS 2014, section
        4, for ln 2. Chapter 10.
    """
    if not 2 <= len(pictures) <= 5:
        raise ValueError(
            f"a row across a training holds 2 to 5 pictures, got"
            f" {len(pictures)}; choose some of them"
        )
    shows = ", ".join(str(when) for when in sorted(pictures))
    with matplotlib.rc_context(STYLE):
        figure = lay_out(pictures, losses, unit=unit, gray_l1=gray_l1)
        return Picture(figure, f"a photograph at {unit} {shows}, and losses")


def lay_out(
    pictures: Mapping[Number, RGBArray],
    losses: Mapping[str, Sequence[Number]],
    *,
    unit: str = "epoch",
    gray_l1: float | None = None,
) -> Figure:
    """Draw what `across_epochs` shows: the pictures' axes, then the losses'.

    Args:
        pictures: see `across_epochs`.
        losses: likewise.
        unit: likewise.
        gray_l1: likewise.

    Returns:
        A figure; each picture has axes, in the order of time, then L1 and
        the discriminator's loss have.
    """
    side = (WIDTH - GAP * (len(pictures) - 1)) / len(pictures)
    charts = 2 * (TITLE + CHART + BELOW)
    height = charts + side + TITLE
    figure = Figure((WIDTH, height))

    def box(left: Number, bottom: Number, wide: Number, high: Number) -> Axes:
        shape = left / WIDTH, bottom / height, wide / WIDTH, high / height
        return figure.add_axes(shape)

    for place, when in enumerate(sorted(pictures)):
        axes = box(place * (side + GAP), charts, side, side)
        axes.imshow(pictures[when])
        axes.set_axis_off()
        axes.set_title(f"{unit} {when}", fontsize=LETTERS, pad=4)
    bottom = BELOW
    for name, title in (
        ("g_l1", "L1: how far the colors are from the true ones"),
        ("d", "the discriminator's loss"),
    ):
        axes = box(LEFT, bottom, WIDTH - LEFT - GAP, CHART)
        _draw(axes, losses[name], sorted(pictures), f"{unit}s")
        axes.set_title(title)
        if name == "d":
            _draw_band(axes)
        elif gray_l1 is not None:
            _draw_line(axes, gray_l1, "gray")
            axes.set_ylim(0, 1.15 * max(*losses[name], gray_l1))
        bottom += CHART + BELOW + TITLE
    return figure


def _draw(
    axes: Axes, means: Sequence[Number], shown: Sequence[Number], unit: str
) -> None:
    for when in shown:
        axes.axvline(when, color=GRID, linewidth=3)
    ends = range(1, len(means) + 1)
    axes.plot(ends, means, color=BLUE, linewidth=2)
    axes.grid(axis="x", visible=False)
    axes.set_xlim(0, len(means) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(unit, loc="right", labelpad=-2)
    axes.set_ylim(bottom=0)


def _draw_band(axes: Axes) -> None:
    axes.axhspan(WON, GUESSING, color=GRID, zorder=0)
    for height, says in ((GUESSING, "ln 2: it guesses"), (WON, "it has won")):
        _draw_line(axes, height, says)
    axes.set_ylim(0, max(1.0, axes.get_ylim()[1]))


def _draw_line(axes: Axes, height: float, says: str) -> None:
    axes.axhline(height, color=VERMILION, linewidth=1.2, linestyle=DASHES[1])
    where = axes.get_yaxis_transform()
    axes.text(0.99, height, says, transform=where, ha="right", va="bottom")
