"""What it costs to score a photograph, with all baselines beside the model.

`colorlib evaluate` is to score 2,000 photographs at 256 pixels with the
shipped model within 4 minutes on two cores, the first time too, when no
baseline is kept: 0.24 s of one core each. And what is measured must not cost
far more than what it measures: at most 3.5 times the coloring itself.

    python benchmarks/evaluate.py
"""

import sys
import time
from collections import deque
from collections.abc import Callable
from statistics import median

import torch

from colorlib import Colorizer
from colorlib.data.crops import center_crop
from colorlib.data.samples import BUNDLED, bundled
from colorlib.evaluation import Protocol
from colorlib.evaluation.scoring import measure

SIDE = Protocol().crop
ROUNDS = 5
SECONDS, TIMES = 0.24, 3.5


def main() -> int:
    """Print the medians; return 1 if a promise is broken."""
    torch.set_num_threads(1)
    colorizer = Colorizer.load()
    some = [(name, center_crop(bundled(name), SIDE)) for name in BUNDLED]

    def color() -> None:
        for _, crop in some:
            colorizer.colorize(crop)

    def score() -> None:
        deque(measure(colorizer, some, Protocol()), maxlen=0)

    coloring, scoring = [], []
    for number in range(ROUNDS + 1):
        each = [time_processor(work) / len(some) for work in (color, score)]
        if number:  # the first round warms up
            coloring.append(each[0])
            scoring.append(each[1])
    seconds = median(scoring)
    times = median(s / c for s, c in zip(scoring, coloring, strict=True))
    print(f"coloring          {median(coloring):.3f} s")
    print(f"scoring           {seconds:.3f} s, limit {SECONDS} s")
    print(f"scoring/coloring  {times:.2f}, limit {TIMES}")
    return 0 if seconds < SECONDS and times < TIMES else 1


def time_processor(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
