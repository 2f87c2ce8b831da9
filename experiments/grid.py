"""A grid of trainings, each in a cell of its own, that can be cut anywhere.

A cell is trained and looked at on the way (`colorlib.evaluation.looks`); its
row is kept, and its networks, which take much room, are thrown away. When all
rows are there, they become one record in book/results.
"""

import argparse
import csv
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from command_line import changed_numbers, command, last_parts, new_parser
from kept import begin, forget
from recording import (
    LOOK_ON,
    Job,
    by_hash,
    items_to_score,
    look,
    read,
    show,
    train,
)

from colorlib.course.recorded import LOOKS, RESULTS
from colorlib.evaluation import Perception
from colorlib.evaluation.looks import HALVES, in_gray, look_at, sum_up
from colorlib.files import replacing, replacing_folder, sha256_of, user_cache
from colorlib.models.resnet import find_backbone
from colorlib.training.config import GanConfig, PretrainConfig
from colorlib.training.recipes import RECIPES, Recipe
from colorlib.training.run_folder import METRICS, RUN

GENERATORS = "resunet", "compact"  # with a backbone; the first is model 2's
FULL = {
    "steps": 2_000,
    "size": 128,
    "look_on": LOOK_ON,
    "generator": GENERATORS[0],
}
LOOKS_EACH = 4  # the last one at the end
AT_THE_END = sys.maxsize  # steps to the next look: there is only the last

NO_LOSSES = {"epoch", "seconds"}  # the other columns of a run's metrics

Stage = PretrainConfig | GanConfig
C = TypeVar("C", PretrainConfig, GanConfig)


@dataclass(frozen=True)
class Cell:
    """One training of a grid."""

    about: dict[str, Any]
    """What it has to itself, by name: a row begins with it."""
    config: Stage
    """All of its settings."""
    before: Stage | None = None
    """Those of a stage before it, whose generator it begins with."""

    @property
    def name(self) -> str:
        """The name of its folder."""
        return "-".join(f"{key}-{value}" for key, value in self.about.items())


def grid_parser(
    doc: str | None, name: str, *, backbone: bool = True
) -> argparse.ArgumentParser:
    """Make the parser of a script that fills a grid.

    Args:
        doc: the script's docstring.
        name: the record's.
        backbone: whether its generators may have one.
    """
    parser = new_parser(doc)
    add = parser.add_argument
    add("--photographs", nargs="+", metavar="SOURCE", required=True)
    add("--score", nargs="+", metavar="SOURCE", required=True)
    if backbone:
        add("--backbone", metavar="FILE", required=True, help="pretrained")
        add("--generator", choices=GENERATORS, default=FULL["generator"])
    add("--collection", help="what to call the photographs, on the page")
    add("--steps", type=int, default=FULL["steps"], help="of each cell")
    add("--size", type=int, default=FULL["size"], help="pixels")
    add("--look-on", type=int, default=FULL["look_on"], help="photographs")
    add("--lpips", type=Path, metavar="FOLDER", help="measure LPIPS, too")
    add("--work", type=Path, default=Path("runs", name))
    add("--cache", type=Path, default=user_cache())
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser


def in_steps(config: C, steps: int, photographs: int) -> C:
    """Let a training last as long as others, on more or fewer photographs.

    Args:
        config: the settings; the epochs are changed.
        steps: how many it is to take, about.
        photographs: how many there are to train on.
    """
    epochs = max(1, round(steps * config.batch_size / photographs))
    return replace(config, photographs=photographs, epochs=epochs)


def fill(
    name: str,
    cells: Sequence[Cell],
    options: argparse.Namespace,
    full: int,
    numbers: dict[str, Any] = FULL,
    *,
    on_the_way: bool = True,
    given: Mapping[str, object] = {},
) -> list[dict[str, Any]]:
    """Train what is missing of a grid, and publish it whole.

    Args:
        name: the record's, and its script's: record_NAME.py.
        cells: what to train.
        options: as `grid_parser` reads them.
        full: how many cells the whole grid has; the record says if it has
            fewer.
        numbers: the options that a full record has, by name.
        on_the_way: look at a cell while it is trained, too; else at the end.
        given: other options of the command that aren't the usual ones.

    Returns:
        The rows: a cell's "about", the "looks" at it, how many photographs
        were "looked_at" in each half, and the "losses" of its last epoch.

    Raises:
        ValueError: if there are no photographs, a setting is wrong, or a
            cell was kept, or begun, that had other settings.
        OSError: if a file can't be read or written.
    """
    lpips = options.lpips
    perception = Perception.load(lpips, sets=False) if lpips else None
    rows = []
    for cell in cells:
        kept = options.work / f"{cell.name}.json"
        asked = _asked(cell, options)
        begin(kept, asked)
        if not kept.exists():
            job = _job(name, cell, options)
            if not on_the_way:
                job = replace(job, look_every=AT_THE_END)
            begin(job.work, asked)
            row = cell.about | _fill_one(job, cell, perception)
            with replacing(kept) as part:
                part.write_text(json.dumps(row) + "\n", encoding="utf-8")
        shutil.rmtree(options.work / cell.name, ignore_errors=True)
        forget(options.work / cell.name)
        rows.append(json.loads(kept.read_bytes()))
    gray = _gray(_job(name, cells[0], options))
    _publish(name, rows, gray, options, full, numbers, given)
    return rows


def _asked(cell: Cell, options: argparse.Namespace) -> dict[str, Any]:
    """Say what a cell is made with, and nothing of this machine."""
    stages = [s for s in (cell.before, cell.config) if s]
    backbone = getattr(stages[0], "backbone", None)
    return {
        "backbone_sha256": (
            sha256_of(find_backbone(backbone)) if backbone else None
        ),
        "stages": [
            {k: Path(v).name if k == "backbone" and v else v for k, v in each}
            for each in (asdict(stage).items() for stage in stages)
        ],
        "photographs": last_parts(options.photographs),
        "score": last_parts(options.score),
        "look_on": options.look_on,
        "lpips": options.lpips is not None,
    }


def _job(name: str, cell: Cell, options: argparse.Namespace) -> Job:
    return Job(
        name=name,
        recipe=Recipe(about=name, config=cell.config),
        photographs=options.photographs,
        score=options.score,
        work=options.work / cell.name,
        results=options.results,
        cache=options.cache,
        command="",
        look_every=max(1, options.steps // LOOKS_EACH),
        look_on=options.look_on,
    )


def _fill_one(
    job: Job, cell: Cell, perception: Perception | None
) -> dict[str, Any]:
    """Train a cell, after the stage before it, and look at it."""
    items = items_to_score(job)
    stages = [job]
    if cell.before:
        stages.insert(0, _with(job, cell.before, job.work / "before"))
        begin = str(stages[0].work / "generator.safetensors")
        config = replace(cell.config, generator=begin, backbone=None)
        stages[1] = _with(job, config, job.work / "after")
    for stage in stages:
        for _ in show(train(stage), job.work.name):
            pass
    look(stages[-1], items, perception)
    found = json.loads((stages[-1].work / LOOKS).read_text())
    return {
        "looked_at": found["photographs"],
        "looks": found["looks"],
        "losses": _last_losses(stages[-1].work / METRICS),
        "runs": [json.loads((s.work / RUN).read_text()) for s in stages],
    }


def _last_losses(metrics: Path) -> dict[str, float]:
    with metrics.open(newline="") as file:
        *_, last = csv.DictReader(file)
    return {k: float(v) for k, v in last.items() if k not in NO_LOSSES}


def _with(job: Job, config: Stage, work: Path) -> Job:
    recipe = Recipe(about=job.name, config=config)
    return replace(job, recipe=recipe, work=work)


def _gray(job: Job) -> dict[str, Any]:
    """Look at no color at all, on the photographs of all cells."""
    some = read(by_hash(items_to_score(job))[: job.look_on], "gray")
    rows = look_at(in_gray, (pixels for _, pixels in some))
    [found] = json.loads(sum_up({0: rows}))["looks"]
    return {half: found[half] for half in HALVES}


def _publish(
    name: str,
    rows: Sequence[dict[str, Any]],
    gray: dict[str, Any],
    options: argparse.Namespace,
    full: int,
    numbers: dict[str, Any],
    given: Mapping[str, object],
) -> None:
    """Write the record, all of it or nothing."""
    runs = [run for row in rows for run in row.pop("runs")]
    seconds = sum(run["wall_seconds"] for run in runs)
    seen = sum(r["wall_seconds"] * r["photographs_per_second"] for r in runs)
    done = changed_numbers(options, numbers)
    lacks = [
        {"setting": setting, "recipe": numbers[setting], "here": here}
        for setting, here in done.items()
    ]
    if len(rows) < full:
        lacks.append({"setting": "cells", "recipe": full, "here": len(rows)})
    most = max(runs, key=lambda run: run["data"]["photographs"])
    # Each cell has settings of its own, and the record has no epochs.
    run = most | {
        "config": most["config"] | {"epochs": 0},
        "cells": len(rows),
        "collection": options.collection,
        "command": command(
            f"record_{name.replace('-', '_')}.py",
            photographs=last_parts(options.photographs),
            score=last_parts(options.score),
            **_backbone(options),
            **done,
            **given,
        ),
        "lacks": lacks,
        "scale": "reduced" if lacks else "full",
        "wall_seconds": round(seconds, 1),
        "photographs_per_second": round(seen / max(seconds, 1e-9), 2),
    }
    with replacing_folder(options.results / name) as part:
        (part / RUN).write_text(json.dumps(run, indent=2) + "\n")
        text = json.dumps({"gray": gray, "cells": rows}, indent=1)
        (part / "report.json").write_text(text + "\n")


def _backbone(options: argparse.Namespace) -> dict[str, str]:
    given = getattr(options, "backbone", None)
    return {"backbone": Path(given).name} if given else {}


def first_stage(
    options: argparse.Namespace, *, pretrained: bool, **settings: Any
) -> PretrainConfig:
    """Take model 2's first stage as what a cell changes.

    Args:
        options: as `grid_parser` reads them; generator, size and backbone are
            used.
        pretrained: whether the backbone is; else it has random weights.
        settings: what else is set.

    Returns:
        Its settings, and no photograph kept out: those to score are given.
    """
    config = RECIPES["model2-random-l1"].config
    assert isinstance(config, PretrainConfig)
    return replace(
        config,
        generator=options.generator,
        backbone=options.backbone if pretrained else None,
        size=options.size,
        validation=0.0,
        **settings,
    )
