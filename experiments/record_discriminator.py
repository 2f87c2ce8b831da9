"""Record why a discriminator's loss stands at ln 2, for chapter 09.

    python experiments/record_discriminator.py --photographs TRAIN
        --score VALIDATE [--without-batch-norm]

The GAN alone, small, with D's batches in each of two ways and from five
seeds: see `discriminator.py` for what is measured. The folder
book/results/discriminator gets run.json, metrics.csv (D's loss in each epoch,
a mean over seeds, a column for each way) and report.json (all numbers of each
seed). A record that is there is replaced. With --without-batch-norm it is
another record, discriminator-norms: D has instance norm or spectral norm for
its batch norm, or a batch is a single photograph.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import list_runs
import numpy as np
import torch
from accelerate import Accelerator
from command_line import (
    add_numbers,
    changed_numbers,
    command,
    last_parts,
    new_parser,
)
from discriminator import (
    ALONE,
    CONFIG,
    NORMS,
    OTHERS,
    WAYS,
    colors,
    examine,
)
from record_failures import write_rows
from torch import Tensor
from tqdm import tqdm

from colorlib.course.recorded import RESULTS
from colorlib.data.batches import Batches, lab_batch
from colorlib.data.cache import CachedPhotos
from colorlib.data.training_set import training_photos
from colorlib.files import replacing_folder, user_cache
from colorlib.training.config import GanConfig
from colorlib.training.metadata import describe_data, describe_machine
from colorlib.training.run_folder import METRICS, RUN

NAMES = {False: "discriminator", True: "discriminator-norms"}
NUMBERS = {
    "seeds": 5,
    "epochs": CONFIG.epochs,
    "alone": ALONE,
    "train_on": 600,
    "score_on": 128,
}
Ways = dict[str, list[dict[str, Any]]]  # what was found, by way and seed


def main(words: list[str] | None = None) -> int:
    """Train in all ways; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    return list_runs.record("record_discriminator.py", make, options)


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("--photographs", nargs="+", metavar="SOURCE", required=True)
    add("--score", nargs="+", metavar="SOURCE", required=True)
    add("--collection", help="what to call the photographs, on the page")
    add("--without-batch-norm", action="store_true")
    add_numbers(parser, NUMBERS)
    add("--cache", type=Path, default=user_cache())
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def make(options: argparse.Namespace) -> None:
    """Train in all ways from all seeds; keep numbers, all or nothing."""
    found = find(options.photographs, options.cache, options.train_on)
    L, ab = tensors(find(options.score, options.cache, options.score_on))
    began = time.monotonic()
    ways = examine_all(found.without_near_gray(), L, ab, options)
    seconds = time.monotonic() - began
    gray = colors(torch.zeros_like(ab), L, ab)
    report = {"score_on": len(L), "gray": rounded(gray), "ways": ways}
    folder = options.results / NAMES[options.without_batch_norm]
    publish(folder, describe(found, seconds, options), report)


def examine_all(
    photos: CachedPhotos, L: Tensor, ab: Tensor, options: argparse.Namespace
) -> Ways:
    """Train in all ways from all seeds.

    Args:
        photos: to train on.
        L: lightness of photographs that are not trained on.
        ab: their true color.
        options: of the command line.

    Returns:
        What `examine` measures, by way and seed.
    """
    wanted = ways_of(options)
    ways: Ways = {name: [] for name in wanted}
    for seed in tqdm(range(options.seeds), unit="seed"):
        for name, way in wanted.items():
            config = replace(way, seed=seed, epochs=options.epochs)
            batches = Batches(
                photos, size=CONFIG.size, batch_size=way.batch_size, seed=seed
            )
            measured = examine(
                batches,
                config,
                L,
                ab,
                norm=name if name in NORMS else None,
                steps_alone=options.alone,
            )
            ways[name].append(rounded(measured))
    return ways


def ways_of(options: argparse.Namespace) -> dict[str, GanConfig]:
    """Look up which ways are asked for."""
    return OTHERS if options.without_batch_norm else WAYS


def describe(
    found: CachedPhotos, seconds: float, options: argparse.Namespace
) -> dict[str, Any]:
    """Say what was done, on what, and how long it took."""
    photos = found.without_near_gray()
    seen = options.seeds * len(ways_of(options)) * options.epochs * len(photos)
    return {
        "method": "discriminator",
        "config": asdict(replace(CONFIG, epochs=options.epochs)),
        "seeds": options.seeds,
        "data": describe_data(found, photos, options.photographs),
        "collection": options.collection,
        "machine": describe_machine(Accelerator(cpu=True)),
        "command": command(
            "record_discriminator.py",
            photographs=last_parts(options.photographs),
            score=last_parts(options.score),
            without_batch_norm=options.without_batch_norm,
            **changed_numbers(options, NUMBERS),
        ),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(seconds, 1),
        "photographs_per_second": round(seen / seconds, 2),
    }


def find(sources: list[str], cache: Path, most: int) -> CachedPhotos:
    """Find photographs, squashed into small squares."""
    return training_photos(
        sources, cache, size=CONFIG.size, squash=True, validation=0.0, most=most
    )


def tensors(photos: CachedPhotos) -> tuple[Tensor, Tensor]:
    """Turn photographs into L and ab."""
    return lab_batch(torch.from_numpy(np.stack([*photos])))


def rounded(found: Any) -> Any:
    """Round all numbers to what means something."""
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [rounded(value) for value in found]
    return round(found, 4)


def publish(folder: Path, run: dict[str, Any], report: dict[str, Any]) -> None:
    """Write the record, all of it or nothing."""
    with replacing_folder(folder) as part:
        (part / RUN).write_text(json.dumps(run, indent=2) + "\n")
        (part / "report.json").write_text(json.dumps(report) + "\n")
        write_rows(part / METRICS, rows(report["ways"]))


def rows(ways: Ways) -> Iterator[dict[str, float]]:
    """Average D's loss over the seeds; a row an epoch, a column a way."""
    curves = {
        name: np.mean([seed["d"] for seed in way], axis=0).tolist()
        for name, way in ways.items()
    }
    for epoch, losses in enumerate(zip(*curves.values(), strict=True), start=1):
        yield {"epoch": epoch, **dict(zip(curves, losses, strict=True))}


if __name__ == "__main__":
    torch.set_flush_denormal(True)  # for the process, so not in main
    sys.exit(main())
