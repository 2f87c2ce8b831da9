"""How a chapter begins: its scale, and what it costs at each.

The costs are measured by `book/tools/measure.py`, which writes them to
costs.json beside this file. Readers see those of the scales laptop and gpu, as
far as they were measured; the scale smoke is for tests only. "How to use this
book" explains the scales.
"""

import html
import json
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from colorlib.course.colab import on_colab
from colorlib.course.scales import scale

TITLE = "What it costs"
COSTS = Path(__file__).with_name("costs.json")
SHOWN = "laptop", "gpu"


@dataclass(frozen=True)
class Beginning:
    """What a chapter costs: a box on the page, plain lines in a terminal."""

    costs: dict[str, str]
    """What it costs at each scale."""
    now: str
    """At which it runs."""

    def __repr__(self) -> str:
        lines = [f"- {name}: {cost}" for name, cost in self.costs.items()]
        return "\n".join([f"{TITLE}:", *lines, self.now])

    def _repr_html_(self) -> str:
        # As Sphinx writes an admonition, so that the page's CSS fits it.
        items = "".join(
            f"<li><code>{name}</code>: {html.escape(cost)}</li>"
            for name, cost in self.costs.items()
        )
        return (
            f'<div class="admonition cost"><p class="admonition-title">{TITLE}'
            f"</p><ul>{items}</ul><p>{html.escape(self.now)}</p></div>"
        )


def begin(chapter: str, *, costs: Path = COSTS) -> Beginning:
    """Say at which scale a chapter runs, and what that costs.

    Args:
        chapter: its number, "01" to "16".
        costs: the file with the measured figures.

    Returns:
        What the first cell displays.

    Raises:
        ValueError: if the chapter is not two digits, or COLORLIB_SCALE is
            no scale.
    """
    if not (len(chapter) == 2 and chapter.isdigit()):
        raise ValueError(f'a chapter is two digits, "01", got {chapter!r}')
    measured = json.loads(costs.read_text()).get(chapter, {})
    told = {name: measured[name] for name in SHOWN if name in measured}
    return Beginning(
        {name: _cost(name, figures) for name, figures in told.items()},
        f"This notebook runs at scale {scale()}; for another, put"
        " %env COLORLIB_SCALE=gpu into a cell above. Without it, the scale is"
        f" laptop, which needs no GPU.{_runtime()}",
    )


def _cost(scale: str, figures: dict) -> str:
    memory = f"{figures['gigabytes']:.1f} GB"
    if scale == "gpu":  # while it computes, the processor may well sleep
        return f"{_duration(figures['wall_seconds'])}, {memory}"
    work = _duration(figures["processor_seconds"])
    return f"{work} of processor time, {memory}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"


def _runtime() -> str:
    """Where Colab hides its GPUs."""
    if on_colab() and which("nvidia-smi") is None:
        return (
            " This runtime has no GPU; Runtime, Change runtime type, has some."
        )
    return ""
