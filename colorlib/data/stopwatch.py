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

    Args:
        device: where the work is done. On the processor, what is counted is
            the time that this process works, all its threads together: what
            else the machine has to do doesn't disturb it, and waiting for a
            disk isn't counted. On a GPU it is the time by the clock, until
            the GPU is done.

    Attributes:
        laps: by stage, what each lap took, in seconds.

    See Also:
        Chapter 05.
    """

    def __init__(self, device: torch.device | str = "cpu"):
        self.device = torch.device(device)
        self.laps: dict[str, list[float]] = {}

    @contextmanager
    def __call__(self, stage: str, count: int = 1) -> Iterator[None]:
        """Time one lap of a stage; one that ends in an error is not kept.

        Args:
            stage: its name; laps of one name belong together.
            count: how many things are done in this lap at once, such as the
                photographs of a batch. Its time is shared among them.
        """
        start = self._now()
        yield
        lap = (self._now() - start) / count
        self.laps.setdefault(stage, []).append(lap)

    def milliseconds(self) -> dict[str, float]:
        """Return the median lap of each stage, in milliseconds.

        The first lap is often slow, because something is set up in it. The
        mean counts that, the median does not.
        """
        return {name: 1000 * median(laps) for name, laps in self.laps.items()}

    def _now(self) -> float:
        if self.device.type == "cpu":
            return time.process_time()
        # A GPU works on when the call has returned.
        getattr(torch, self.device.type).synchronize()
        return time.perf_counter()
