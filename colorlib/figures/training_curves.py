"""One photograph across a training, above the curves of its losses.

A curve says that something changes, and a picture says what, so they stand
on one axis. The discriminator's curve lies in a band: on its upper edge,
ln 2, it guesses, and on its lower one nothing escapes it. Chapter 10.
"""

from collections.abc import Mapping, Sequence
from math import log

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from colorlib.figures.charts import (
    BLUE,
    DASHES,
    GRID,
    INK,
    VERMILION,
    ChartGrid,
)
from colorlib.figures.picture import Picture, strip
from colorlib.shapes import Number, RGBArray
from colorlib.training.monitor import WON

GUESSING = log(2)
CHART = 2.0  # inches: the height of a chart, with what stands around it


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
    shown = sorted(pictures)
    row = strip({f"{unit} {when}": pictures[when] for when in shown})
    curves = _curves(losses, shown, unit, gray_l1)
    numbers = ", ".join(map(str, shown))
    return Picture([row, curves], f"a photograph at {unit} {numbers}, losses")


def _curves(
    losses: Mapping[str, Sequence[Number]],
    shown: Sequence[Number],
    unit: str,
    gray_l1: float | None,
) -> ChartGrid:
    titles = "the discriminator's loss", "L1: distance from the true colors"
    chart = ChartGrid(f"{unit}s", *titles, columns=1, height=CHART)
    d, L1 = chart.axes
    _draw(d, losses["d"], shown)
    _draw_band(d)
    _draw(L1, losses["g_l1"], shown)
    if gray_l1 is not None:
        _draw_line(L1, gray_l1, "gray")
        L1.set_ylim(0, 1.15 * max(*losses["g_l1"], gray_l1))
    return chart


def _draw(axes: Axes, means: Sequence[Number], shown: Sequence[Number]) -> None:
    for when in shown:
        axes.axvline(when, color=GRID, linewidth=3)
    ends = range(1, len(means) + 1)
    axes.plot(ends, means, color=BLUE, linewidth=2)
    axes.grid(axis="x", visible=False)
    axes.set_xlim(0, len(means) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0)


def _draw_band(axes: Axes) -> None:
    axes.axhspan(WON, GUESSING, color=GRID, zorder=0)
    for height, says in ((GUESSING, "ln 2: it guesses"), (WON, "it has won")):
        _draw_line(axes, height, says)
    axes.set_ylim(0, max(1.0, axes.get_ylim()[1]))


def _draw_line(axes: Axes, height: float, says: str) -> None:
    axes.axhline(height, color=VERMILION, linewidth=1.2, linestyle=DASHES[1])
    where = axes.get_yaxis_transform()
    axes.text(
        0.99,
        height,
        says,
        transform=where,
        ha="right",
        va="bottom",
        color=INK,
    )
