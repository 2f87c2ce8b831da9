"""Record a run of the course: train it, score it, keep what pages show.

    python experiments/record.py model1-100 --photographs TRAIN
        [--score VALIDATE] [--reduced] [--set epochs=30 ...] [--lpips FOLDER]
        [--backbone FILE] [--begin FILE_OR_RUN]
        [--look-every STEPS [--look-on NUMBER]]
        [--score-last] [--score-on NUMBER]

TRAIN and VALIDATE are photographs as `colorlib train` takes them: folders,
tar shards, patterns of shards, coco; one or several. Without VALIDATE the
share that is kept out of TRAIN is scored. The work goes on in runs/RUN, so
the same command continues after a kill, and nothing appears in book/results
before all of it is there. What the run lacks, compared with its recipe
(`colorlib.training.recipes`), is written into its run.json, with the L1 loss
of no color at all on the same photographs, and the list of runs in
book/results/README.md is brought up to date. FOLDER holds LPIPS's weights
(`colorlib.metrics.packaged` says where to get them).

A recipe that asks for a backbone gets torchvision's, downloaded, unless
--backbone gives another. A recipe that follows another one (model2-gan
follows model2-l1) begins with the generator that runs/model2-l1 holds, or
with what --begin gives: weights, or the folder of a run.

With --look-every the generator is kept every so many steps, and each of these
is measured on some of the photographs to score: looks.json. So one can see
when it was at its best (`colorlib.evaluation.looks`). The bundled photographs,
as it colored them, lie in samples/step-STEPS.

Scoring takes long. With --score-last only the network at the end is scored,
not those of the other epochs that the recipe names; with --score-on fewer
photographs are scored than the recipe asks for.
"""

import argparse
import json
import sys
from dataclasses import fields, replace
from pathlib import Path

import list_runs
from command_line import add_training, command, last_parts, new_parser, told
from publishing import publish
from recording import (
    LOOK_ON,
    Job,
    check_beginning,
    items_to_score,
    look,
    score,
    show,
    train,
)

from colorlib.course.recorded import RESULTS, recordings
from colorlib.evaluation import Perception
from colorlib.files import user_cache
from colorlib.training.recipes import BACKBONES, Recipe, find_recipe


@told("record.py")
def main(words: list[str] | None = None) -> int:
    """Train, score, keep; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    if options.run in recordings(options.results) and not options.replace:
        raise ValueError(f"{options.run} is recorded already; --replace it")
    make(asked_for(options), options.lpips)
    list_runs.update(options.results)
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("run", help="a recipe's name")
    add_training(parser)
    add("--work", type=Path, help="folder to work in; runs/RUN")
    add("--backbone", metavar="FILE", help="weights of a ResNet-18")
    add("--begin", metavar="FILE_OR_RUN", help="a generator to go on from")
    add("--look-every", type=int, default=0, metavar="STEPS")
    add("--look-on", type=int, default=LOOK_ON, metavar="NUMBER")
    add("--score-on", type=int, metavar="NUMBER", help="photographs to score")
    add("--score-last", action="store_true", help="score only the end")
    add("--lpips", type=Path, metavar="FOLDER", help="measure LPIPS, too")
    add("--cache", type=Path, default=user_cache())
    add("--replace", action="store_true", help="replace what is recorded")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def asked_for(options: argparse.Namespace) -> Job:
    """Put together what the command line asks for."""
    return plan(
        options.run,
        options.set,
        photographs=options.photographs,
        score=options.score,
        reduced=options.reduced,
        backbone=options.backbone,
        begin=options.begin,
        look_every=options.look_every,
        look_on=options.look_on,
        score_last=options.score_last,
        score_on=options.score_on,
        work=options.work or Path("runs", options.run),
        results=options.results,
        cache=options.cache,
        collection=options.collection,
    )


def plan(
    name: str,
    pairs: list[str],
    *,
    photographs: list[str],
    score: list[str] | None,
    reduced: bool,
    backbone: str | None = None,
    begin: str | None = None,
    look_every: int = 0,
    look_on: int = LOOK_ON,
    score_last: bool = False,
    score_on: int | None = None,
    work: Path,
    results: Path,
    cache: Path,
    collection: str | None,
) -> Job:
    """Put together what is to be done.

    Args:
        name: the recipe's.
        pairs: settings of the recipe to change, NAME=VALUE.
        photographs: sources to train on.
        score: sources to score; None for the share that is kept out.
        reduced: whether to take the recipe for a processor.
        backbone: weights to begin with; None for those that the recipe names.
        begin: a generator's file, or the folder of the run that made it, for
            a recipe that follows another; None for a folder beside `work`
            that has the other one's name.
        look_every: see `Job`, here and below.
        look_on: likewise.
        score_last: whether only the end is scored.
        score_on: how many photographs, if not as many as the recipe asks for.
        work: see `Job`, here and below.
        results: likewise.
        cache: likewise.
        collection: likewise.

    Raises:
        ValueError: if there is no such recipe or setting, or a value is
            wrong; or the run begins with nothing that is given here.
    """
    if look_every < 0 or look_on < 2:
        raise ValueError(
            "--look-every must be 0 or larger, --look-on 2 or larger, got"
            f" {look_every} and {look_on}"
        )
    recipe = adapt(name, reduced, pairs)
    recipe = begun_with(name, recipe, backbone, begin, work.parent)
    if score_on is not None:
        if score_on < 2:
            raise ValueError(f"--score-on must be 2 or larger, got {score_on}")
        recipe = replace(recipe, scored_on=score_on)
    if score_last:
        recipe = replace(recipe, scored=(recipe.config.epochs,))
    return Job(
        name=name,
        recipe=recipe.but(validation=0.0) if score else recipe,
        photographs=photographs,
        score=score,
        work=work,
        results=results,
        cache=cache,
        collection=collection,
        look_every=look_every,
        look_on=look_on,
        command=command(
            "record.py",
            name,
            photographs=last_parts(photographs),
            score=last_parts(score),
            reduced=reduced,
            set=pairs,
            backbone=last_parts([backbone])[0] if backbone else None,
            begin=last_parts([begin])[0] if begin else None,
            look_every=look_every or None,
            look_on=look_on if look_every else None,
            score_last=score_last,
            score_on=score_on,
        ),
    )


def begun_with(
    name: str,
    recipe: Recipe,
    backbone: str | None,
    begin: str | None,
    folder: Path,
) -> Recipe:
    """Say with which files a run begins.

    Args:
        name: the recipe's.
        recipe: what is done.
        backbone: see `plan`.
        begin: likewise.
        folder: where the runs that it may follow are worked on.

    Raises:
        ValueError: if the recipe doesn't begin with what is given.
    """
    if backbone and not recipe.pretrained:
        raise ValueError(
            f"{name} has no pretrained backbone; leave --backbone out"
        )
    if begin and not recipe.after:
        raise ValueError(f"{name} follows no other run; leave --begin out")
    if backbone:
        recipe = recipe.but(backbone=backbone)
    if recipe.after:
        path = Path(begin or folder / recipe.after)
        if path.suffix != ".safetensors":
            path = path / "generator.safetensors"
        recipe = recipe.but(generator=str(path))
    return recipe


def make(job: Job, lpips: Path | None) -> None:
    """Make one recorded run, or go on making it.

    Args:
        job: the run.
        lpips: folder with LPIPS's weights; None leaves LPIPS out.

    Raises:
        ValueError: if there are no photographs to train or to score on, or
            no generator to begin with.
        OSError: if a file can't be read or written.
    """
    check_beginning(job)
    items = items_to_score(job)
    for _ in show(train(job)):
        pass
    perception = Perception.load(lpips, sets=False) if lpips else None
    look(job, items, perception)
    score(job, items, perception)
    publish(job)


def adapt(name: str, reduced: bool, pairs: list[str]) -> Recipe:
    """Look a recipe up, and change its settings.

    Args:
        name: a key of `RECIPES`.
        reduced: whether to take it as reduced for a processor.
        pairs: settings, NAME=VALUE.

    Raises:
        ValueError: if there is no such recipe or setting, or a value is
            wrong.
    """
    recipe = find_recipe(name)
    if name in BACKBONES:
        raise ValueError(
            f"{name} trains no generator: train it with colorlib train"
            f" --recipe {name}, and judge it with measure_backbone.py"
        )
    if reduced:
        recipe = recipe.reduced()
    return recipe.but(**read_settings(recipe, pairs))


def read_settings(recipe: Recipe, pairs: list[str]) -> dict[str, object]:
    """Read NAME=VALUE for fields of the recipe's configuration.

    Args:
        recipe: says which settings there are.
        pairs: their values are JSON, or else words, such as bf16.

    Raises:
        ValueError: if a setting is unknown.
    """
    known = {field.name for field in fields(recipe.config)}
    settings = {}
    for name, _, text in (pair.partition("=") for pair in pairs):
        if name not in known:
            raise ValueError(f"{name!r} is no setting; choose {sorted(known)}")
        try:
            settings[name] = json.loads(text)
        except ValueError:
            settings[name] = text
    return settings


if __name__ == "__main__":
    sys.exit(main())
