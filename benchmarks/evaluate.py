"""What it costs to score a photograph, with all baselines beside the model.

The first time, when no baseline's score is kept yet, on one core. Must hold:
scoring takes at most 3.5 times what the coloring itself takes.

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
TIMES = 3.5


def main() -> int:
    """Print the medians; return 1 if the promise is broken."""
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
    times = median(s / c for s, c in zip(scoring, coloring, strict=True))
    print(f"coloring          {median(coloring):.3f} s")
    print(f"scoring           {median(scoring):.3f} s")
    verdict = "kept" if times <= TIMES else "BROKEN"
    print(f"scoring/coloring: {times:.2f}, limit {TIMES}: {verdict}")
    return 0 if times <= TIMES else 1


def time_processor(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
