"""The scoreboard: who beats doing nothing, and by which measure.

Measures run in all directions, so every panel is turned until better is on
its right. A line in each marks gray: what stands left of it would have done
better to do nothing. Chapter 06.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from colorlib.figures.charts import BLUE, INK, STYLE, VERMILION, Drawing
from colorlib.shapes import Number

Scores = Mapping[str, Mapping[str, Number]]  # colorizer -> measure -> number

LOW, HIGH, TRUE = "low", "high", "like the truth's"
# What is better, as `book/protocol.md` says it, and a name for a panel. The
# other measures of the protocol are near relatives of these.
PANELS = {
    "ciede2000": ("CIEDE2000", LOW),
    "ab_mae": ("ab-MAE", LOW),
    "psnr": ("PSNR, dB", HIGH),
    "ssim": ("SSIM", HIGH),
    "hue_error": ("hue error, °", LOW),
    "colorfulness": ("colorfulness", TRUE),
}
# These were made from the true colors, so that no model can be like them.
LOOKS_AT_THE_TRUTH = ("oracle mean", "hue rotated")
COLUMNS = 2
# In inches: a colorizer; a panel's title and scale; what the marks mean.
ROW, AROUND, LEGEND = 0.24, 0.7, 0.75


class Scoreboard(Drawing):
    """Who beats gray, by six measures: a panel each, better to the right.

    Args:
        scores: numbers by colorizer and measure, as a report has them.
            "gray" and "truth" must be among the colorizers; each of the
            others gets a row, the smallest CIEDE2000 on top.

    Raises:
        ValueError: if "gray" or "truth" is missing.

    See Also:
        Chapter 06.
    """

    def __init__(self, scores: Scores):
        if absent := {"gray", "truth"} - scores.keys():
            raise ValueError(
                f"scores have no {' and no '.join(sorted(absent))}, and"
                " without it nothing says who is better; take all scores of"
                " a report"
            )
        names = sorted(
            (who for who in scores if who not in ("gray", "truth")),
            key=lambda who: missed(scores, who, "ciede2000"),
        )
        rows = math.ceil(len(PANELS) / COLUMNS)
        shows = f"{', '.join(names)} by {', '.join(PANELS)}".replace("_", " ")
        super().__init__(shows, rows * (ROW * len(names) + AROUND) + LEGEND)
        with matplotlib.rc_context(STYLE):
            panels = self.figure.subplots(rows, COLUMNS, sharey=True).flat
            for axes, measure in zip(panels, PANELS, strict=True):
                _panel(axes, scores, names, measure)
            _add_legend(self.figure)


def missed(scores: Scores, who: str, measure: str) -> Number:
    """Tell how far a colorizer is from perfect: less is better.

    Args:
        scores: numbers of the colorizer, and of "truth".
        who: a colorizer.
        measure: a key of `PANELS`.

    Returns:
        An error as it is, what should be high with a minus, and of what
        should be like the truth's the distance from it.

    See Also:
        `book/protocol.md`. Chapter 06.
    """
    number, better = scores[who][measure], PANELS[measure][1]
    if better == TRUE:
        return abs(number - scores["truth"][measure])
    return -number if better == HIGH else number


def beats_gray(scores: Scores, who: str, measure: str) -> bool:
    """Tell whether a measure prefers a colorizer to doing nothing.

    Args:
        scores: numbers of the colorizer, of "gray" and of "truth".
        who: a colorizer.
        measure: a key of `PANELS`.

    See Also:
        Chapter 06.
    """
    return missed(scores, who, measure) < missed(scores, "gray", measure)


def _panel(
    axes: Axes, scores: Scores, names: Sequence[str], measure: str
) -> None:
    title, better = PANELS[measure]
    axes.set_title(title)
    axes.axvline(scores["gray"][measure], color=INK, linewidth=1.5)
    for row, who in enumerate(names):
        mark = _mark(beats_gray(scores, who, measure))
        axes.plot(scores[who][measure], row, clip_on=False, **mark)
    if better == TRUE:
        axes.axvline(scores["truth"][measure], color=INK, linestyle=":")
    if better == LOW:
        axes.set_xlim(left=0)
        axes.invert_xaxis()
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), [_starred(who) for who in names])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(3))


def _mark(better: bool) -> dict[str, Any]:
    """A mark that is told from the other without its color."""
    if better:
        return {"marker": "o", "color": BLUE, "linestyle": ""}
    return {"marker": "x", "color": VERMILION, "linestyle": "", "mew": 2}


def _starred(who: str) -> str:
    return f"{who}*" if who in LOOKS_AT_THE_TRUTH else who


def _add_legend(figure: Figure) -> None:
    handles = [
        Line2D([], [], label="beats gray", **_mark(True)),
        Line2D([], [], label="does not", **_mark(False)),
        Line2D([], [], label="gray", color=INK, linewidth=1.5),
        Line2D([], [], label="the truth", color=INK, linestyle=":"),
    ]
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=2,
        handlelength=1,
        title="Right is better. * looks at the truth.",
    )
