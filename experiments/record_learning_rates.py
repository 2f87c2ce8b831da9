"""Search the learning rate of model 2, in a small way, and say how.

    python experiments/record_learning_rates.py --photographs TRAIN
        --score VALIDATE --backbone FILE

Model 2's first stage, from a pretrained backbone and from random weights, at
four rates and from two seeds, on 2,000 photographs and in as many steps. For
each of the two a rate is chosen on half of the photographs to score, by the
mean over seeds, and judged on the other half. With --generator compact, the
generator is the one that ships, and FILE EfficientNet-Lite2's. The folder
book/results/learning-rates gets run.json and report.json. A kill costs
little: the same command goes on. Chapter 12.
"""

import argparse
import itertools
import sys
from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import list_runs
from command_line import changed_numbers, told
from grid import Cell, fill, first_stage, grid_parser, in_steps

from colorlib.evaluation.looks import best_look

NAME = "learning-rates"
PHOTOGRAPHS = 2_000
RATES = (3e-5, 1e-4, 3e-4, 1e-3)
SEEDS = (1, 2)


@told("record_learning_rates.py")
def main(words: list[str] | None = None) -> int:
    """Fill the grid; 2 if what is asked for makes no sense."""
    parser = grid_parser(__doc__, NAME)
    add = parser.add_argument
    add("--number", type=int, default=PHOTOGRAPHS, help="photographs")
    add("--rates", nargs="+", type=float, default=RATES)
    add("--seeds", nargs="+", type=int, default=SEEDS)
    options = parser.parse_args(words)
    grid = cells(options.rates, options.seeds, options)
    full = 2 * len(RATES) * len(SEEDS)
    given = changed_numbers(options, {"rates": RATES, "seeds": SEEDS})
    rows = fill(NAME, grid, options, full, given=given)
    list_runs.update(options.results)
    for pretrained in (True, False):
        print("pretrained" if pretrained else "random")
        kind = [row for row in rows if row["pretrained"] == pretrained]
        choose, judge = (by_rate(kind, half) for half in ("choose", "judge"))
        for rate, mean in judge.items():
            print(f"  rate {rate:g}: CIEDE2000 {mean:.2f}")
        best = min(choose, key=choose.__getitem__)
        print(f"  chosen on the other half: {best:g}")
    return 0


def cells(
    rates: Sequence[float], seeds: Sequence[int], options: argparse.Namespace
) -> list[Cell]:
    """List the trainings.

    Args:
        rates: Adam's.
        seeds: of each rate.
        options: of the command.
    """
    return [
        Cell(
            {"pretrained": pretrained, "learning_rate": rate, "seed": seed},
            in_steps(
                first_stage(
                    options,
                    pretrained=pretrained,
                    seed=seed,
                    learning_rate=rate,
                ),
                options.steps,
                options.number,
            ),
        )
        for pretrained, rate, seed in itertools.product(
            (True, False), rates, seeds
        )
    ]


def by_rate(rows: Sequence[dict[str, Any]], half: str) -> dict[float, float]:
    """Average the CIEDE2000 of each rate's best looks over its seeds.

    Args:
        rows: of the grid.
        half: "choose" or "judge".
    """
    found = defaultdict(list)
    for row in rows:
        error = best_look(row["looks"])[half]["ciede2000"][0]
        found[row["learning_rate"]].append(error)
    return {rate: fmean(errors) for rate, errors in found.items()}


if __name__ == "__main__":
    sys.exit(main())
