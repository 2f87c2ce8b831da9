"""Keep the list of runs in book/results/README.md up to date.

    python experiments/list_runs.py

It names every run that the course needs, recorded or missing, from the
folders that are there, `colorlib.training.recipes` and the failing trainings.
"""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from command_line import told

from colorlib.course.recorded import (
    RESULTS,
    Recorded,
    command,
    recordings,
)
from colorlib.files import replacing
from colorlib.toys.failures import SETUPS
from colorlib.training.recipes import BACKBONES, RECIPES

BEGIN, END = "<!-- runs:begin -->\n", "<!-- runs:end -->\n"
# What is recorded without a recipe, and the command that did it.
FAILURES = "python experiments/record_failures.py"
OTHERS = {
    "compact": ("the model that ships", "python experiments/ship.py"),
    "compact-clean": (
        "its network, trained only on photographs whose terms allow any use",
        "python experiments/ship.py --run RUN --score VALIDATE --about"
        " card-clean.toml --to MODEL --results book/results/compact-clean",
    ),
    "discriminator": (
        "the GAN alone, small: why D's loss stands at ln 2",
        "python experiments/record_discriminator.py --photographs TRAIN"
        " --score VALIDATE",
    ),
    "discriminator-norms": (
        "the same with other norms for D than batch norm",
        "python experiments/record_discriminator.py --photographs TRAIN"
        " --score VALIDATE --without-batch-norm",
    ),
    "first-filters": (
        "networks that were trained on colors, looking at gray",
        "python experiments/record_first_filters.py --photographs TRAIN"
        " --score VALIDATE --teachers FILE FILE --alexnet FOLDER",
    ),
    "film-gap": (
        "the model that ships, looking at what film would have kept",
        "python experiments/measure_film.py --set validation VALIDATE"
        " --set kodachromes FOLDER --set plates FOLDER FOLDER"
        " --every validation=8",
    ),
    "film-gap-before": (
        "the same by the model before it, which had seen no film",
        "python experiments/measure_film.py --name film-gap-before"
        " --model MODEL --set validation VALIDATE --set kodachromes FOLDER"
        " --set plates FOLDER FOLDER --every validation=8",
    ),
    "film-gap-second": (
        "the same by the second stage alone, before it was mixed",
        "python experiments/measure_film.py --name film-gap-second"
        " --model RUN --set validation VALIDATE --set kodachromes FOLDER"
        " --set plates FOLDER FOLDER --every validation=8",
    ),
    "film-gap-balanced": (
        "the same on photographs whose casts were taken away",
        "python experiments/measure_film.py --name film-gap-balanced"
        " --set validation VALIDATE --set kodachromes FOLDER --set plates"
        " FOLDER FOLDER --every validation=8 --balance validation"
        " kodachromes plates",
    ),
    "film-aware": (
        "the same by the model before it, trained on for an epoch, half of it"
        " on film",
        "python experiments/measure_film.py --name film-aware --model RUN"
        " --set validation VALIDATE --set kodachromes FOLDER --set plates"
        " FOLDER FOLDER --every validation=8",
    ),
    "film-blind": (
        "the same, trained on for the same epoch without film",
        "python experiments/measure_film.py --name film-blind --model RUN"
        " --set validation VALIDATE --set kodachromes FOLDER --set plates"
        " FOLDER FOLDER --every validation=8",
    ),
    "print-parts": (
        "the model before it again: which part of a print costs the most",
        "python experiments/measure_print.py --model MODEL --set validation"
        " VALIDATE --set kodachromes FOLDER --set plates FOLDER FOLDER"
        " --every validation=8",
    ),
    "known-film": (
        "the model that ships, looking again where the film is known",
        "python experiments/measure_known_film.py --set validation VALIDATE"
        " --set kodachromes FOLDER --set plates FOLDER FOLDER"
        " --every validation=8",
    ),
    "faded-prints": (
        "the model that ships on faded prints, with their contrast stretched",
        "python experiments/measure_faded.py --set validation VALIDATE"
        " --every validation=5",
    ),
    "preference": (
        "the model that ships beside the one before it, on old photographs",
        "python experiments/record_preference.py CSV --judges WORDS"
        " --photographs WORDS",
    ),
    "lambdas": (
        "model 1 with several lambdas, small, from five seeds",
        "python experiments/record_lambdas.py --photographs TRAIN"
        " --score VALIDATE",
    ),
    "learning-curves": (
        "what a pretrained backbone is worth, by how many photographs",
        "python experiments/record_learning_curves.py --photographs TRAIN"
        " --score VALIDATE --backbone FILE",
    ),
    "learning-rates": (
        "a small search of the rate for model 2",
        "python experiments/record_learning_rates.py --photographs TRAIN"
        " --score VALIDATE --backbone FILE",
    ),
    "ablation": (
        "model 2 with and without each of its three parts",
        "python experiments/record_ablation.py --photographs TRAIN"
        " --score VALIDATE --backbone FILE",
    ),
    "scoreboard": (
        "all colorizers on the same photographs, by every measure",
        "python experiments/record_scoreboard.py --score VALIDATE"
        " --weights FOLDER",
    ),
    "calibration": (
        "the model that ships: whether its doubts are right",
        "python experiments/record_calibration.py --score VALIDATE",
    ),
    "eras": (
        "what the films of each Korean era cost, in simulation",
        "python experiments/record_eras.py --score VALIDATE",
    ),
    "backbone-distilled": (
        BACKBONES["backbone"].about,
        "colorlib train runs/backbone-distilled --recipe backbone --data TRAIN"
        " --teachers FILE --teachers FILE",
    ),
    "backbone-labels": (
        "the same network, trained on labels alone",
        "python experiments/pretrain_on_labels.py --photographs TRAIN",
    ),
    **{
        name: (f"digits in ink: {setup.about}", f"{FAILURES} {name}")
        for name, setup in SETUPS.items()
    },
}


def record(
    script: str, make: Callable[[Namespace], object], options: Namespace
) -> int:
    """Make a record, and bring the list up to date.

    Args:
        script: the file that does it, for the error.
        make: makes the record as the options say.
        options: of the command line; `results` is used.

    Returns:
        The exit status: see `command_line.told`.
    """

    @told(script)
    def main() -> int:
        make(options)
        update(options.results)
        return 0

    return main()


def update(results: Path = RESULTS) -> None:
    """Write the list between its marks in the README.

    Raises:
        ValueError: if it has no such marks.
    """
    readme = results / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{readme} has no place for the list: {BEGIN!r}")
    text = before + BEGIN + table(results) + END + after
    with replacing(readme) as part:
        part.write_text(text, encoding="utf-8")


def table(results: Path = RESULTS) -> str:
    """Lay out the runs that the course needs, recorded or missing."""
    there = recordings(results)
    lines = [
        "| run | what it is | scale | date | made by |",
        "|" + " --- |" * 5,
    ]
    needed = OTHERS | {
        name: (recipe.about, command(name)) for name, recipe in RECIPES.items()
    }
    for name, (about, made_by) in needed.items():
        scale, date = "missing", ""
        if name in there:
            run = Recorded(name, results / name).run
            scale = run.get("scale", "full")
            date = run["finished"][:10]
            made_by = run.get("command", made_by)
        lines.append(f"| `{name}` | {about} | {scale} | {date} | `{made_by}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    update()
