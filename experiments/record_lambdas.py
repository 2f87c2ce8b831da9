"""Record what lambda does, for chapter 07: model 1 with several, small.

    python experiments/record_lambdas.py --photographs TRAIN --score VALIDATE
        [--joint] [--lpips FOLDER]

Model 1 from five seeds, with lambdas from 0 (the GAN alone) to the deck's
100, and with L1 alone. All take as many steps at the deck's rates, and are
measured at the end. With --joint each lambda is trained once more, with D's
real and generated photographs in one batch (chapter 09). The folder
book/results/lambdas gets run.json and report.json. A kill costs little: the
same command goes on, and one with --joint begins with the cells of one
without.
"""

import argparse
import itertools
import sys
from collections.abc import Sequence
from dataclasses import replace

import list_runs
from command_line import add_numbers, changed_numbers, told
from grid import FULL, Cell, fill, grid_parser, in_steps

from colorlib.evaluation.looks import mean_of_halves
from colorlib.training.config import GanConfig
from colorlib.training.recipes import RECIPES

NAME = "lambdas"
SEEDS = (1, 2, 3, 4, 5)
LAMBDAS = (100.0, 10.0, 1.0, 0.0)
NUMBERS = {"photographs_each": 8_000, "width": 64}


@told("record_lambdas.py")
def main(words: list[str] | None = None) -> int:
    """Fill the grid; 2 if what is asked for makes no sense."""
    parser = grid_parser(__doc__, NAME, backbone=False)
    add_numbers(parser, NUMBERS)
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    parser.add_argument("--joint", action="store_true")
    options = parser.parse_args(words)
    grid = cells(options.seeds, options)
    full = len(cells(SEEDS, options))
    numbers = {name: FULL[name] for name in FULL if name != "generator"}
    rows = fill(
        NAME,
        grid,
        options,
        full,
        numbers | NUMBERS,
        on_the_way=False,
        given=changed_numbers(options, {"seeds": SEEDS, "joint": False}),
    )
    list_runs.update(options.results)
    for row in rows:
        error = mean_of_halves(row["looks"][-1], "ciede2000")
        weight = "L1 alone" if row["lambda"] is None else f"{row['lambda']:g}"
        batches = "one batch" if row["joint_batch"] else "two batches"
        print(
            f"lambda {weight}, {batches}, seed {row['seed']}: CIEDE2000"
            f" {error:.2f}"
        )
    return 0


def cells(seeds: Sequence[int], options: argparse.Namespace) -> list[Cell]:
    """List the trainings: with all losses from one seed, then from the next.

    Those with D's photographs in one batch come last. L1 alone has no lambda
    (None): nothing else is weighed against it.

    Args:
        seeds: of each.
        options: of the command.
    """
    deck = RECIPES["model1-100"].config
    assert isinstance(deck, GanConfig)
    ways: list[tuple[bool, tuple[float | None, ...]]]
    ways = [(False, (None, *LAMBDAS))]
    if options.joint:
        ways.append((True, LAMBDAS))
    return [
        Cell(
            {"lambda": weight, "joint_batch": joint, "seed": seed},
            in_steps(
                replace(
                    deck,
                    size=options.size,
                    width=options.width,
                    validation=0.0,
                    seed=seed,
                    joint_batch=joint,
                    gan_weight=0.0 if weight is None else 1.0,
                    l1_weight=deck.l1_weight if weight is None else weight,
                ),
                options.steps,
                options.photographs_each,
            ),
        )
        for joint, weights in ways
        for seed, weight in itertools.product(seeds, weights)
    ]


if __name__ == "__main__":
    sys.exit(main())
