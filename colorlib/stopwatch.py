"""A stopwatch with a lap for each stage: where the milliseconds go.

To make something faster, first find out what is slow. Guesses are wrong too
often, and a total does not say where to begin. Chapter 05 takes the loading
of photographs apart with it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import torch


class Stopwatch:
    """Measure the stages of work that is done again and again.

    A stage is whatever stands below `with watch("decode"):`.

    Attributes:
        laps: by stage, what each lap took, in seconds.

    Reference:
        Chapter 05.
    """

    def __init__(self):
        self.laps: dict[str, list[float]] = {}

    @contextmanager
    def __call__(self, stage: str, count: int = 1) -> Iterator[None]:
        """Time one lap of a stage; one that ends in an error is not kept.

        Args:
            stage: its name; laps of one name belong together.
            count: how many things are done in this lap at once, such as the
                photographs of a batch. Its time is shared among them.
        """
        start = _now()
        yield
        lap = (_now() - start) / count
        self.laps.setdefault(stage, []).append(lap)

    def milliseconds(self) -> dict[str, float]:
        """Return the median lap of each stage, in milliseconds.

        The first lap is often slow, because something is set up in it, and
        now and then the system does something else in between. The mean
        counts both, the median neither.
        """
        return {name: 1000 * median(laps) for name, laps in self.laps.items()}


def _now() -> float:
    if torch.cuda.is_initialized():
        torch.cuda.synchronize()  # a GPU works on when the call has returned
    return time.perf_counter()
