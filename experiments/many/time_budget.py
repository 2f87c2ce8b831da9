"""How much time is left, and how much a run needs."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from colorlib.training.progress import Progress

# The first steps choose algorithms and fill caches; those after them are
# measured, this many at least.
WARM_UP, MEASURED = 3, 10
MARGIN = 1.1  # no machine is as fast in an hour as in its first minute


class OutOfTimeError(Exception):
    """The time is spent; what was done is kept."""


@dataclass
class Clock:
    """Time that is running out."""

    seconds: float
    """How much there is, from now on."""
    now: Callable[[], float] = time.monotonic
    """Tells the time in seconds."""

    def __post_init__(self) -> None:
        self.end = self.now() + self.seconds

    @property
    def left(self) -> float:
        """Seconds that are left; negative when they are spent."""
        return self.end - self.now()

    def check(self) -> None:
        """Raise `OutOfTimeError` when none is left."""
        if self.left <= 0:
            raise OutOfTimeError


@dataclass
class Pace:
    """How fast a training is, from its own steps.

    >>> from itertools import count
    >>> seconds = count(step=2)
    >>> pace = Pace(now=lambda: next(seconds))
    >>> for step in range(20):
    ...     pace.add(Progress(step, 100, 1, {}, 8.0))
    >>> pace.seconds_per_step
    2.0
    """

    now: Callable[[], float] = time.monotonic
    """Tells the time in seconds."""
    seconds_per_step: float | None = None
    """None until it is measured."""
    _first: int | None = field(default=None, init=False)
    _mark: tuple[int, float] | None = field(default=None, init=False)

    def add(self, progress: Progress) -> None:
        """Count a step in, or several."""
        step, now = progress.step, self.now()
        if self._first is None:
            self._first = step
        if self._mark is None:
            if step >= self._first + WARM_UP:
                self._mark = step, now
            return
        marked, then = self._mark
        if step >= marked + MEASURED:
            self.seconds_per_step = (now - then) / (step - marked)


def in_words(seconds: float) -> str:
    """Say how long it is.

    >>> in_words(0.0312), in_words(95), in_words(200), in_words(8000)
    ('31 ms', '95 s', '3.3 min', '2 h 13 min')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.3g} s"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{seconds / 60:.{1 if minutes < 10 else 0}f} min"
    return f"{minutes // 60} h {minutes % 60} min"
