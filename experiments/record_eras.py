"""Record what the films of each Korean era cost the models, in simulation.

    python experiments/record_eras.py --score VALIDATE
        [--model FILE_OR_RUN ...] [--score-on 250] [--objects ERA FILE]

Photographs with known color are printed on films that the era may have had,
aged and scanned; each model colors the prints, says how sure it is, and what
else it thinks possible. These are parts (a) and (d) of the era protocol, as
`colorlib eras evaluate` does them for a reader's photographs. Without --model
it is the model that ships. With --objects comes part (c) for one era: the FILE
says where documented things are in photographs beside it.

An era that is scored stays in the folder --work, so that the command goes on
where it was stopped. At the end book/results/eras gets run.json and
report.json: numbers, and nothing that shows a photograph. Chapter 15.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import list_runs
from command_line import command, last_parts, new_parser
from kept import is_kept, keep, settings_of
from measurements import describe_measurement, publish_measurement
from recording import by_hash, read

from colorlib import photos
from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS
from colorlib.data.sources import Item, find_all
from colorlib.data.splits import list_hash
from colorlib.eras.catalog import era_names, load_era
from colorlib.evaluation.era_film import measure_era
from colorlib.evaluation.era_objects import judge_order
from colorlib.evaluation.era_parts import EraParts
from colorlib.evaluation.era_places import DocumentedObject, read_objects
from colorlib.evaluation.era_report import era_json
from colorlib.evaluation.era_scores import ERA_PROTOCOL, models_by_name
from colorlib.files import sha256_of
from colorlib.models.paths import find_model

NAME = "eras"
SCORE_ON = 250
FILMS, CROP = 4, 256


def main(words: list[str] | None = None) -> int:
    """Score all eras and publish; 2 if what is asked for makes no sense."""
    return list_runs.record("record_eras.py", make, parse_options(words))


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("--score", nargs="+", metavar="SOURCE", required=True)
    add("--model", nargs="+", metavar="FILE_OR_RUN", default=[])
    add("--score-on", type=int, default=SCORE_ON, metavar="NUMBER")
    add("--objects", nargs=2, metavar=("ERA", "FILE"), default=("", ""))
    add("--collection", help="what to call the photographs, on the page")
    add("--work", type=Path, default=Path("runs") / NAME, metavar="FOLDER")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.score_on < 2:
        parser.error("--score-on must be 2 or larger, for an interval")
    return options


def make(options: argparse.Namespace) -> None:
    """Score the eras that aren't scored yet, and publish all of them."""
    era, file = options.objects
    things = read_objects(Path(file), load_era(era)) if era else []
    items = some_items(options.score, options.score_on)
    chosen: list[str | None] = options.model or [None]
    colorizers = [Colorizer.load(find_model(m), device="cpu") for m in chosen]
    models = models_by_name(colorizers)
    eras = {
        name: score(name, items, models, options.work) for name in era_names()
    }
    seconds = sum(each.pop("seconds") for each in eras.values())
    if era:
        eras[era]["objects"] = judge(things, models)
    passes = sum(1 + len(each.tta_sizes) for each in colorizers)
    run = describe_measurement(
        {"films": FILMS, "crop": CROP},
        sources=options.score,
        photographs=len(items),
        pictures=len(items) * len(eras) * (FILMS + 1) * passes,
        seconds=seconds,
        collection=options.collection,
        command=command(
            "record_eras.py",
            score=last_parts(options.score),
            model=last_parts(options.model),
            score_on=options.score_on,
            objects=last_parts([*options.objects]) if era else [],
        ),
    )
    report = json.dumps(eras, indent=2, ensure_ascii=False)
    publish_measurement(options.results / NAME, run, report)


def judge(
    things: Sequence[DocumentedObject], models: Mapping[str, Colorizer]
) -> dict[str, Any]:
    """Judge the hues of documented things.

    Args:
        things: each in its photograph.
        models: by name.

    Returns:
        What `HueOrder.as_json` gives, and the box of each part, by the
        SHA-256 of the photograph.
    """
    seen = [
        (thing, photos.read(thing.path).to_8_bits().rgb) for thing in things
    ]
    boxes = [
        {"sha256": sha256_of(each.path), "boxes": each.boxes} for each in things
    ]
    return judge_order(models, seen).as_json() | {"places": boxes}


def some_items(sources: list[str], number: int) -> list[Item]:
    """Choose photographs by the hashes of their names.

    Args:
        sources: see `find_all`.
        number: how many, at most.

    Raises:
        ValueError: if there are fewer than two.
    """
    found = by_hash(find_all(sources))
    if len(found) < 2:
        raise ValueError(f"fewer than two photographs in {' '.join(sources)}")
    return found[:number]


def score(
    name: str,
    items: list[Item],
    models: dict[str, Colorizer],
    work: Path,
) -> dict[str, Any]:
    """Score the models on one era, or take what is there already.

    Args:
        name: the era's.
        items: the photographs.
        models: by name.
        work: folder for what is scored.

    Returns:
        What `era_report.era_json` writes down, without the row of each
        photograph, and with part (d): `doubt`; and how many "seconds" it took.
    """
    path, era = work / f"{name}.json", load_era(name)
    asked = {
        "era_protocol": ERA_PROTOCOL,
        "film_priors": [asdict(prior) for prior in era.film],
        "films": FILMS,
        "crop": CROP,
        "models": {who: settings_of(each) for who, each in models.items()},
        "photographs": list_hash(item.name for item in items),
    }
    if is_kept(path, asked):
        return json.loads(path.read_text(encoding="utf-8"))
    began = time.monotonic()
    film = measure_era(era, models, read(items, name), films=FILMS, crop=CROP)
    sums = {who: each.sha256 for who, each in models.items()}
    found = json.loads(era_json(film.scores, sums))
    del found["rows"]
    found["doubt"] = EraParts(doubt=film.doubt).as_json()["doubt"]
    found["seconds"] = time.monotonic() - began
    keep(path, json.dumps(found, indent=2, ensure_ascii=False), asked)
    return found


if __name__ == "__main__":
    sys.exit(main())
