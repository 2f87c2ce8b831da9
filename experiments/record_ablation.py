"""Record what each part of model 2 is worth: an ablation.

    python experiments/record_ablation.py --photographs TRAIN
        --score VALIDATE --backbone FILE [--lpips FOLDER]

Three parts: a pretrained backbone, a first stage with L1 alone, a GAN. With
and without each there are six trainings, since without L1 and GAN nothing is
trained; each is made from five seeds. All take as many steps at the same
rate: those of one stage spend them on it, those of two a half on each. D gets
real and generated photographs in one batch (chapter 09). All are measured at
the end. With --generator compact, the generator is the one that ships, and
FILE EfficientNet-Lite2's. The folder book/results/ablation gets run.json and
report.json. A kill costs little: the same command goes on. Chapter 12.
"""

import argparse
import itertools
import sys
from collections.abc import Sequence
from dataclasses import replace

import list_runs
from command_line import add_numbers, changed_numbers, told
from grid import FULL, Cell, fill, first_stage, grid_parser, in_steps

from colorlib.evaluation.looks import mean_of_halves
from colorlib.training.config import GanConfig
from colorlib.training.recipes import RECIPES

NAME = "ablation"
RATE = 2e-4
SEEDS = (1, 2, 3, 4, 5)
STAGES = {  # by name, whether it has a first stage with L1, and a GAN
    "l1": (True, False),
    "l1-gan": (True, True),
    "gan": (False, True),
}
NUMBERS = {"photographs_each": 2_000, "width": 64}


@told("record_ablation.py")
def main(words: list[str] | None = None) -> int:
    """Fill the grid; 2 if what is asked for makes no sense."""
    parser = grid_parser(__doc__, NAME)
    add_numbers(parser, NUMBERS)
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    options = parser.parse_args(words)
    full = 2 * len(STAGES) * len(SEEDS)
    grid = cells(options.seeds, options)
    rows = fill(
        NAME,
        grid,
        options,
        full,
        FULL | NUMBERS,
        on_the_way=False,
        given=changed_numbers(options, {"seeds": SEEDS}),
    )
    list_runs.update(options.results)
    for row in rows:
        kind = "pretrained" if row["pretrained"] else "random"
        error = mean_of_halves(row["looks"][-1], "ciede2000")
        print(
            f"{kind}, {row['stages']}, seed {row['seed']}: CIEDE2000"
            f" {error:.2f}"
        )
    return 0


def cells(seeds: Sequence[int], options: argparse.Namespace) -> list[Cell]:
    """List the trainings: all six from one seed, then from the next.

    Args:
        seeds: of each.
        options: of the command.
    """
    return [
        _cell(pretrained, stages, seed, options)
        for seed, stages, pretrained in itertools.product(
            seeds, STAGES, (True, False)
        )
    ]


def _cell(
    pretrained: bool, stages: str, seed: int, options: argparse.Namespace
) -> Cell:
    has_l1, has_gan = STAGES[stages]
    steps = options.steps // 2 if has_l1 and has_gan else options.steps
    first = first_stage(
        options, pretrained=pretrained, seed=seed, learning_rate=RATE
    )
    gan = RECIPES["model2-gan"].config
    assert isinstance(gan, GanConfig)
    gan = replace(
        gan,
        generator=first.generator,
        backbone=first.backbone,
        size=options.size,
        width=options.width,
        validation=0.0,
        seed=seed,
        learning_rate_G=RATE,
        learning_rate_D=RATE,
    )
    number = options.photographs_each
    about = {"pretrained": pretrained, "stages": stages, "seed": seed}
    first, gan = in_steps(first, steps, number), in_steps(gan, steps, number)
    if has_l1 and has_gan:
        return Cell(about, gan, before=first)
    return Cell(about, gan if has_gan else first)


if __name__ == "__main__":
    sys.exit(main())
