"""Who waits for whom: photographs on their way to a network, as pictures.

Two pictures of the same thing. `stages` shows what a photograph costs, stage
by stage. `Timeline` shows what comes of it: batches loaded by some processes,
a GPU that trains on them, and the gaps in which it has nothing to do.
Chapter 05.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes

from colorlib.figures.charts import BLUE, COLORS, GREEN, INK, Chart
from colorlib.shapes import Number

AHEAD = 2  # batches that PyTorch asks each worker for in advance
# Lines in the bars, so that they differ without their colors too.
HATCHES = "", "//", "..", "xx", ""
WAITS = "#f7cdb5"  # light, as nothing is done, and far from the other two
ROWS = 4  # workers that a timeline has room for
THIN = 0.01  # share of the width below which a bar is hardly more than a line
LEGIBLE = 0.06  # share of the width below which a number does not fit a bar


@dataclass(frozen=True)
class Turn:
    """What happens to one batch, in seconds since the beginning."""

    worker: int
    """Who loads it."""
    loading: float
    """When that begins."""
    loaded: float
    """When it is ready."""
    training: float
    """When the GPU takes it."""
    trained: float
    """When the GPU is done with it."""


def schedule(
    batches: int, *, load: Number, step: Number, workers: int
) -> list[Turn]:
    """Tell what happens when, as in PyTorch's `DataLoader`.

    Args:
        batches: how many there are.
        load: seconds in which one process loads one batch.
        step: seconds in which the GPU trains on it.
        workers: processes that only load. With none, the one that trains
            loads as well, and can't do both at once.

    Returns:
        A turn for each batch. Workers are taken in rotation and each has a
        core of its own. None is more than two batches ahead of the GPU.

    See Also:
        `DataLoader`: num_workers and prefetch_factor. Chapter 05.
    """
    free = [0.0] * max(workers, 1)
    gpu = 0.0
    turns: list[Turn] = []
    for batch in range(batches):
        worker = batch % len(free)
        asked = 0.0 if workers else gpu
        if workers and batch >= AHEAD * workers:
            asked = turns[batch - AHEAD * workers].training
        loading = max(free[worker], asked)
        free[worker] = loading + load
        training = max(free[worker], gpu)
        gpu = training + step
        turns.append(Turn(worker, loading, free[worker], training, gpu))
    return turns


def waiting(turns: Sequence[Turn]) -> float:
    """Return the share of the time, 0 to 1, in which the GPU waits.

    Args:
        turns: what `schedule` returns. The wait for the first batch is not
            counted: it comes once.

    Raises:
        ValueError: if there are fewer than two.
    """
    if len(turns) < 2:
        raise ValueError(f"waiting needs two turns or more, got {len(turns)}")
    gaps = sum(b.training - a.trained for a, b in pairwise(turns))
    return gaps / (turns[-1].training - turns[0].training)


def stages(ways: Mapping[str, Mapping[str, Number]]) -> Chart:
    """Show what a photograph costs on several ways, stage after stage.

    Args:
        ways: by way, by stage: milliseconds. A stage looks the same on all
            ways. At most five different ones.

    Returns:
        A bar for each way, the first on top.

    Raises:
        ValueError: if there are more stages than colors.

    See Also:
        Chapter 05.
    """
    names = list(dict.fromkeys(name for way in ways.values() for name in way))
    if len(names) > len(COLORS):
        raise ValueError(
            f"there are {len(names)} stages, and {len(COLORS)} colors to tell"
            " them apart; join some"
        )
    chart = Chart("milliseconds a photograph", "", height=1.1 + 0.6 * len(ways))
    axes = chart.axes
    looks = dict(zip(names, zip(COLORS, HATCHES, strict=True), strict=False))
    for row, way in enumerate(ways.values()):
        left = 0.0
        for name, width in way.items():
            color, hatch = looks[name]
            axes.barh(
                row,
                width,
                left=left,
                color=color,
                hatch=hatch,
                edgecolor="white",
                linewidth=0.5,
                label=name,
            )
            left += width
        axes.text(left, row, f" {left:.1f}", va="center", color=INK)
    axes.set_yticks(range(len(ways)), list(ways))
    axes.grid(axis="y", visible=False)
    axes.invert_yaxis()
    axes.margins(x=0.12)  # room for the totals
    axes.set_xlim(left=0)
    chart.shows = "milliseconds a photograph by stage, of " + ", ".join(ways)
    return chart


class Timeline(Chart):
    """Batches that are loaded, and the GPU that trains on them or waits.

    Args:
        turns: what `schedule` returns.
        until: the end of the axis, in seconds; the beginning is 0.

    Raises:
        ValueError: if there are more workers than rows.

    See Also:
        Chapter 05.
    """

    def __init__(self, turns: Sequence[Turn], *, until: Number):
        workers = 1 + max(turn.worker for turn in turns)
        if workers > ROWS:
            raise ValueError(
                f"a timeline has room for {ROWS} workers, got {workers}"
            )
        share = waiting(turns)
        super().__init__(
            "seconds", f"the GPU waits {share:.0%} of the time", height=2.6
        )
        # Room for all, so that timelines beside each other can be compared.
        self.axes.set(xlim=(0, until), ylim=(ROWS + 0.6, -0.6))
        self.axes.grid(axis="y", visible=False)
        names = [f"loader {i + 1}" for i in range(workers)]
        self.axes.set_yticks(range(workers + 1), ["GPU", *names])
        for number, turn in enumerate(turns, start=1):
            loads = turn.loading, turn.loaded
            trains = turn.training, turn.trained
            _bar(self.axes, 1 + turn.worker, *loads, BLUE, str(number))
            _bar(self.axes, 0, *trains, GREEN, str(number))
        ends = [0.0, *(turn.trained for turn in turns)]
        for end, turn in zip(ends, turns, strict=False):
            _bar(self.axes, 0, end, turn.training, WAITS)


def _bar(
    axes: Axes, row: int, start: Number, end: Number, color: str, text: str = ""
) -> None:
    """Draw a bar, and a text in it that has room there."""
    until = axes.get_xlim()[1]
    end = min(end, until)
    if end <= start:
        return
    # A white edge would swallow a thin bar.
    edge = "white" if end - start > THIN * until else color
    axes.barh(
        row,
        end - start,
        left=start,
        height=0.8,
        color=color,
        edgecolor=edge,
        linewidth=0.8,
    )
    if end - start > LEGIBLE * until:
        middle = (start + end) / 2
        axes.text(middle, row, text, ha="center", va="center", color="white")
