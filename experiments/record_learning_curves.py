"""Record what a pretrained backbone is worth, by how many photographs.

    python experiments/record_learning_curves.py --photographs TRAIN
        --score VALIDATE --backbone FILE [--rates 1e-4 3e-4]

Model 2's first stage, L1 alone, from a pretrained backbone and from random
weights, on 500, 2,000 and 8,000 photographs and from three seeds; all take as
many steps. Each is looked at on the way, and its best look, chosen on half of
the photographs to score, is judged on the other half. --rates are the learning
rates of the two, pretrained and random; `record_learning_rates.py` searches
them. With --generator compact, the generator is the one that ships, and FILE
EfficientNet-Lite2's. The folder book/results/learning-curves gets run.json and
report.json. A kill costs little: the same command goes on. Chapter 11.
"""

import argparse
import itertools
import sys
from collections.abc import Sequence

import list_runs
from command_line import changed_numbers, told
from grid import Cell, fill, first_stage, grid_parser, in_steps

from colorlib.evaluation.looks import best_look

NAME = "learning-curves"
PHOTOGRAPHS = (500, 2_000, 8_000)
SEEDS = (1, 2, 3)
RATES = (1e-4, 1e-4)  # pretrained, random


@told("record_learning_curves.py")
def main(words: list[str] | None = None) -> int:
    """Fill the grid; 2 if what is asked for makes no sense."""
    parser = grid_parser(__doc__, NAME)
    add = parser.add_argument
    add("--numbers", nargs="+", type=int, default=PHOTOGRAPHS)
    add("--seeds", nargs="+", type=int, default=SEEDS)
    add("--rates", nargs=2, type=float, default=RATES)
    options = parser.parse_args(words)
    grid = cells(options.numbers, options.seeds, options)
    full = 2 * len(PHOTOGRAPHS) * len(SEEDS)
    usual = {"numbers": PHOTOGRAPHS, "seeds": SEEDS, "rates": RATES}
    given = changed_numbers(options, usual)
    rows = fill(NAME, grid, options, full, given=given)
    list_runs.update(options.results)
    for row in rows:
        best = best_look(row["looks"])
        print(
            f"{row['photographs']} photographs,"
            f" {'pretrained' if row['pretrained'] else 'random'}, seed"
            f" {row['seed']}: CIEDE2000 {best['judge']['ciede2000'][0]:.2f}"
            f" after {best['step']} steps"
        )
    return 0


def cells(
    numbers: Sequence[int], seeds: Sequence[int], options: argparse.Namespace
) -> list[Cell]:
    """List the trainings: few photographs first, both kinds side by side.

    Args:
        numbers: of photographs.
        seeds: of each kind.
        options: of the command.
    """
    kinds = tuple(zip((True, False), options.rates, strict=True))
    return [
        Cell(
            {
                "photographs": number,
                "seed": seed,
                "pretrained": pretrained,
                "learning_rate": rate,
            },
            in_steps(
                first_stage(
                    options,
                    pretrained=pretrained,
                    seed=seed,
                    learning_rate=rate,
                ),
                options.steps,
                number,
            ),
        )
        for number, seed, (pretrained, rate) in itertools.product(
            numbers, seeds, kinds
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
