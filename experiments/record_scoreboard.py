"""Record one scoreboard of all colorizers, for chapter 13.

    python experiments/record_scoreboard.py [NAME=MODEL ...]
        --score VALIDATE --weights FOLDER [--score-on 500] [--cheats NAME ...]

Gray, the cheats of chapter 06, the model that ships, and each MODEL (a file of
weights or a run's folder, as `colorlib colorize --model` takes them) color
the same photographs: of VALIDATE those whose names have the smallest hashes,
so that fewer are a part of more. Every measure of the protocol is taken, and
through the networks in FOLDER (`colorlib.metrics.packaged` says where to get
them) LPIPS, FID and KID.

What is scored is kept in --work, a file a colorizer. So the same command goes
on after a kill, and one more NAME=MODEL, or more photographs, cost only their
own minutes. All go through the photographs in steps, so that a record of
fewer can be made whenever time runs out: --score-on says how many.

The folder book/results/scoreboard gets run.json and report.json: the numbers
of `colorlib.evaluation.standings`. No photograph and no name of one is kept.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import list_runs
import numpy as np
import torch
from command_line import (
    add_numbers,
    changed_numbers,
    command,
    last_parts,
    new_parser,
    told,
)
from kept import settings_of
from measurements import describe_measurement, publish_measurement
from recording import by_hash, read

from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS
from colorlib.data.cache import NEAR_GRAY
from colorlib.data.sources import Item, find_all
from colorlib.data.splits import list_hash
from colorlib.evaluation import Perception, Protocol, Row, measure
from colorlib.evaluation.baseline_cache import key_of
from colorlib.evaluation.perception import PACKAGES
from colorlib.evaluation.protocol import versions
from colorlib.evaluation.standings import CHEATS, stand
from colorlib.files import replacing

NAME = "scoreboard"
SHIPPED = "compact"
NUMBERS = {"score_on": 500}
STEP = 50  # photographs, then it is the next colorizer's turn


@dataclass(frozen=True)
class Entrant:
    """A colorizer of the scoreboard."""

    name: str
    """What the scoreboard calls it."""
    who: str
    """What `measure` calls it: "model", a baseline, or "truth"."""
    model: Colorizer
    """The model; for the others any, since it isn't asked."""

    @property
    def sha256(self) -> str:
        """Of the model's weights; empty for the others."""
        return self.model.sha256 if self.who == "model" else ""

    @property
    def settings(self) -> dict[str, Any]:
        """What the model's answers depend on; nothing for the others."""
        return settings_of(self.model) if self.who == "model" else {}


@dataclass(frozen=True)
class Measured:
    """One colorizer on all photographs."""

    rows: list[Row]
    """A row a photograph that can be read, under its name."""
    done: int
    """How many photographs were gone through, with those that can't be."""
    seconds: float
    """How long it took."""


@told("record_scoreboard.py")
def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    make(options)
    list_runs.update(options.results)
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("models", nargs="*", metavar="NAME=MODEL", help="more colorizers")
    add("--score", nargs="+", metavar="SOURCE", required=True)
    add("--weights", type=Path, metavar="FOLDER", required=True)
    add("--collection", help="what to call the photographs, on the page")
    add_numbers(parser, NUMBERS)
    add("--crop", type=int, default=Protocol.crop, help=argparse.SUPPRESS)
    add("--cheats", nargs="+", choices=CHEATS, default=[*CHEATS])
    add("--work", type=Path, default=Path("runs", NAME))
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.score_on < 1:
        parser.error("--score-on must be 1 or larger")
    return options


def make(options: argparse.Namespace) -> None:
    """Measure whoever isn't measured yet; keep numbers, all or nothing."""
    entrants = find_entrants(options.models, options.cheats)
    items = in_order(options.score)
    protocol = Protocol(crop=options.crop)
    perception = Perception.load(options.weights)
    asked = min(options.score_on, len(items))
    for some in [*range(STEP, asked, STEP), asked]:
        parts = [
            measured(entrant, items, some, protocol, perception, options.work)
            for entrant in entrants
        ]
    rows = join([part.rows for part in parts])
    seconds = sum(part.seconds for part in parts)
    report = {
        "colorizers": {
            e.name: {"cheat": e.name in CHEATS, "sha256": e.sha256 or None}
            for e in entrants
        },
        "list_hash": list_hash(row.name for row in rows),
        "near_gray": sum(
            row.scores["truth"]["chroma"] < NEAR_GRAY for row in rows
        ),
        "protocol": protocol.describe(),
        "versions": versions(*PACKAGES),
        **stand(rows, protocol=protocol).to_json(),
    }
    run, text = about(options, report, seconds), json.dumps(report, indent=1)
    publish_measurement(options.results / NAME, run, text)


def find_entrants(
    models: list[str], cheats: Sequence[str] = CHEATS
) -> list[Entrant]:
    """Put together who is on the scoreboard.

    Args:
        models: NAME=MODEL each.
        cheats: which of `CHEATS`.

    Raises:
        ValueError: if one has no name, or another one's.
        OSError: if there is no such model.
    """
    shipped = Colorizer.load(device="cpu")
    entrants = [
        Entrant("gray", "gray", shipped),
        Entrant(SHIPPED, "model", shipped),
        Entrant("truth", "truth", shipped),
        *(Entrant(who, who, shipped) for who in cheats),
    ]
    for given in models:
        name, mark, model = given.partition("=")
        if not (name and mark and model):
            raise ValueError(f"{given!r} is no NAME=MODEL; name each model")
        if name in {entrant.name for entrant in entrants}:
            raise ValueError(f"there are two called {name}; rename one")
        entrants.append(
            Entrant(name, "model", Colorizer.load(model, device="cpu"))
        )
    return entrants


def in_order(sources: list[str]) -> list[Item]:
    """Find photographs; the hashes of their names put them in order."""
    items = find_all(sources)
    if not items:
        raise ValueError("there is no photograph to score; give --score")
    return by_hash(items)


def measured(
    entrant: Entrant,
    items: list[Item],
    some: int,
    protocol: Protocol,
    perception: Perception,
    work: Path,
) -> Measured:
    """Measure one colorizer on the first photographs, or read what is kept.

    Args:
        entrant: the colorizer.
        items: all photographs.
        some: how many of them.
        protocol: crop and stride are used.
        perception: the networks.
        work: where it is kept; under a name that depends on all but `some`.
    """
    names = [item.name for item in items]
    settings = protocol.describe(), versions(*PACKAGES), entrant.settings
    key = key_of(entrant.who, list_hash(names), json.dumps(settings))
    path = work / f"{key}.npz"
    kept = load(path, entrant) if path.exists() else Measured([], 0, 0.0)
    if kept.done < some:
        began = time.monotonic()
        # "Another's color" is that of the one before, which could be read.
        last = names.index(kept.rows[-1].name) if kept.rows else 0
        new = measure(
            entrant.model,
            read(items[last:some], entrant.name),
            protocol,
            perception=perception,
            only=[entrant.who],
        )
        there = {row.name for row in kept.rows}
        rows = [row for row in new if row.name not in there]
        seconds = kept.seconds + time.monotonic() - began
        rows = kept.rows + [rename(row, entrant) for row in rows]
        kept = Measured(rows, some, seconds)
        save(path, kept, entrant.name)
    wanted = set(names[:some])
    rows = [row for row in kept.rows if row.name in wanted]
    return Measured(rows, some, kept.seconds * some / kept.done)


def rename(row: Row, entrant: Entrant) -> Row:
    """Put a colorizer's name on the scoreboard in place of "model"."""
    return replace(
        row,
        scores={entrant.name: row.scores[entrant.who]},
        features={entrant.name: row.features[entrant.who]},
    )


def save(path: Path, found: Measured, name: str) -> None:
    """Write down what one colorizer scored."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = found.rows
    measures = list(rows[0].scores[name]) if rows else []
    with replacing(path) as part, part.open("wb") as file:
        np.savez(
            file,
            names=[row.name for row in rows],
            sizes=[(row.height, row.width) for row in rows],
            measures=measures,
            scores=[[row.scores[name][m] for m in measures] for row in rows],
            features=[row.features[name] for row in rows],
            done=found.done,
            seconds=found.seconds,
        )


def load(path: Path, entrant: Entrant) -> Measured:
    """Read what one colorizer scored."""
    with np.load(path) as kept:
        parts = {part: kept[part] for part in kept.files}
    measures, name = parts["measures"].tolist(), entrant.name
    rows = []
    for i, scores in enumerate(parts["scores"].tolist()):
        height, width = parts["sizes"][i].tolist()
        rows.append(
            Row(
                str(parts["names"][i]),
                height,
                width,
                {name: dict(zip(measures, scores, strict=True))},
                {name: parts["features"][i]},
            )
        )
    return Measured(rows, int(parts["done"]), float(parts["seconds"]))


def join(parts: list[list[Row]]) -> list[Row]:
    """Put the colorizers of each photograph into one row.

    Raises:
        ValueError: if one measured a photograph that another didn't.
    """
    names = [[row.name for row in part] for part in parts]
    if any(each != names[0] for each in names):
        raise ValueError(
            "not every photograph could be read for each colorizer; see that"
            " all can be, and give another folder with --work"
        )
    return [_join(of_one) for of_one in zip(*parts, strict=True)]


def _join(rows: tuple[Row, ...]) -> Row:
    first = rows[0]
    scores = {who: found for row in rows for who, found in row.scores.items()}
    seen = {who: found for row in rows for who, found in row.features.items()}
    return Row(first.name, first.height, first.width, scores, seen)


def about(
    options: argparse.Namespace, report: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """Say what was done, on what, and how long it took."""
    photographs = report["photographs"]
    pictures = photographs * len(report["scores"])
    asked = NUMBERS["score_on"]
    lacks = {"setting": "photographs", "here": photographs, "recipe": asked}
    run = describe_measurement(
        {"score_on": options.score_on},
        sources=options.score,
        photographs=photographs,
        pictures=pictures,
        seconds=seconds,
        collection=options.collection,
        command=command(
            "record_scoreboard.py",
            *(f"{name}=MODEL" for name in _names(options.models)),
            score=last_parts(options.score),
            weights=options.weights.name,
            **changed_numbers(options, NUMBERS),
            cheats=[] if options.cheats == [*CHEATS] else options.cheats,
        ),
    )
    return run | {
        "lacks": [lacks] if photographs < asked else [],
        "scale": "reduced" if photographs < asked else "full",
    }


def _names(models: list[str]) -> Iterator[str]:
    return (given.partition("=")[0] for given in models)


if __name__ == "__main__":
    torch.set_flush_denormal(True)
    sys.exit(main())
