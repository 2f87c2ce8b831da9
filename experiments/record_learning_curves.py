"""Record what a pretrained backbone is worth, by how many photographs.

    python experiments/record_learning_curves.py --photographs TRAIN
        --score VALIDATE --backbone FILE

Model 2's first stage, L1 alone, from a pretrained backbone and from random
weights, on 500, 2,000 and 8,000 photographs and from three seeds; all take as
many steps. Each is looked at on the way, and its best look, chosen on half of
the photographs to score, is judged on the other half. The folder
book/results/learning-curves gets run.json and report.json. A kill costs
little: the same command goes on. Chapter 11.
"""

import argparse
import itertools
import sys
from collections.abc import Sequence

import list_runs
from grid import Cell, chosen, fill, first_stage, grid_parser, in_steps

NAME = "learning-curves"
PHOTOGRAPHS = (500, 2_000, 8_000)
SEEDS = (1, 2, 3)


def main(words: list[str] | None = None) -> int:
    """Fill the grid; 2 if what is asked for makes no sense."""
    parser = grid_parser(__doc__, NAME)
    add = parser.add_argument
    add("--numbers", nargs="+", type=int, default=PHOTOGRAPHS)
    add("--seeds", nargs="+", type=int, default=SEEDS)
    options = parser.parse_args(words)
    grid = cells(options.numbers, options.seeds, options)
    try:
        full = 2 * len(PHOTOGRAPHS) * len(SEEDS)
        rows = fill(NAME, grid, options, full)
        list_runs.update(options.results)
    except (ValueError, OSError) as error:
        print(f"record_learning_curves.py: {error}", file=sys.stderr)
        return 2
    for row in rows:
        best = chosen(row)
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
        options: backbone, steps and size are used.
    """
    return [
        Cell(
            {"photographs": number, "seed": seed, "pretrained": pretrained},
            in_steps(
                first_stage(
                    options.size,
                    seed=seed,
                    backbone=options.backbone if pretrained else None,
                ),
                options.steps,
                number,
            ),
        )
        for number, seed, pretrained in itertools.product(
            numbers, seeds, (True, False)
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
