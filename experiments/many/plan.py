"""Which runs are to be recorded, in which order, and what would go wrong."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import record
from publishing import is_recorded
from recording import Job, check_beginning

from colorlib.course.recorded import RESULTS, recordings
from colorlib.files import make_folder
from colorlib.training.recipes import RECIPES, find_recipe
from many.packs import open_pack

# First what the course needs most; recipes that aren't named come last.
PRIORITY = [
    "model1-100",
    "model1-l1only",
    "model1-ganonly",
    "unet-noskip",
    "model1-lambda-1",
    "model1-lambda-10",
    "model1-joint",
    "model1-decay",
    "model1-seed-2",
    "model1-seed-3",
]
PRIORITY += [name for name in RECIPES if name not in PRIORITY]
# Settings of a rehearsal, and photographs that it scores.
TINY = {
    "epochs": 2,
    "size": 32,
    "width": 4,
    "batch_size": 2,
    "photographs": 16,
}
TINY_SCORED = 2


def plan(options: argparse.Namespace, work: Path, results: Path) -> list[Job]:
    """Put together what is to be recorded, by priority."""
    photographs, wanted = options.photographs, options.score
    collection = options.collection
    if options.pack and options.score:
        raise ValueError("--pack has photographs to score; leave --score out")
    if options.pack:
        packed = open_pack(options.pack)
        photographs, wanted = packed.photographs, packed.score
        collection = collection or packed.collection
    jobs = []
    for name in in_order(options.runs):
        recipe = find_recipe(name)
        tiny = [
            f"{setting}={value}"
            for setting, value in TINY.items()
            if setting != "width" or recipe.has_width
        ]
        job = record.plan(
            name,
            [*(tiny if options.tiny else []), *options.set],
            photographs=photographs,
            score=wanted,
            reduced=options.reduced,
            backbone=options.backbone if recipe.pretrained else None,
            work=work / name,
            results=results,
            cache=options.cache,
            collection=collection,
        )
        if options.tiny:
            recipe = replace(job.recipe, scored_on=TINY_SCORED)
            job = replace(job, recipe=recipe)
        jobs.append(job)
    return jobs


def in_order(names: Iterable[str]) -> list[str]:
    """Put each run behind the one whose generator it begins with.

    Raises:
        ValueError: if there is no such recipe.
    """
    names = list(dict.fromkeys(names))
    pairs = [(find_recipe(name).after, name) for name in names]
    asked = (name for pair in pairs for name in pair if name in names)
    return list(dict.fromkeys(asked))


def check(jobs: list[Job], options: argparse.Namespace) -> None:
    """Find now what would end the work later.

    Raises:
        ValueError: if a run is recorded already, but not from this work, a
            run has nothing to begin with, or a rehearsal's results would be
            taken for real ones.
        OSError: if a folder can't be written.
    """
    results = jobs[0].results
    if options.tiny and results.resolve() == RESULTS.resolve():
        raise ValueError(
            "--tiny is a rehearsal, and its runs are no results; leave"
            " --results out"
        )
    recorded = set() if options.replace else set(recordings(results))
    names = {job.name for job in jobs}
    for job in jobs:
        if find_recipe(job.name).after not in names:
            check_beginning(job)
        if job.name in recorded and not is_recorded(job):
            raise ValueError(
                f"{job.name} is recorded already in {results}, and not from"
                f" {job.work}; --replace it, or leave it out of --runs"
            )
    for folder in filter(None, (jobs[0].work.parent, results, options.out)):
        make_folder(folder)
