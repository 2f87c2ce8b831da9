"""Record the failing trainings of chapter 03, and the healthy one.

    python experiments/record_failures.py [RUN ...]

Each (`colorlib.toys.failures` says what is wrong with it) gets a folder in
book/results: run.json, metrics.csv, how many digits came out in which ink
(report.json), and the same 36 digits as they were colored on the way. A
folder that is there is replaced.
The list of runs in book/results/README.md is brought up to date.
"""

import argparse
import csv
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import list_runs
import torch
from accelerate import Accelerator
from command_line import command, new_parser
from PIL import Image

from colorlib.course.recorded import RESULTS
from colorlib.files import replacing_folder
from colorlib.toys import digits, failures
from colorlib.toys.small_gans import GanPair
from colorlib.training.metadata import describe_machine
from colorlib.training.run_folder import METRICS, RUN

SEED, COUNTED = 1, 1000
SHOWN = (1, 2, 3, 5, 10, 20, 40, 75)
DATA = {"sources": ["digits"], "things": "digits", "photographs": 1797}


def main(words: list[str] | None = None) -> None:
    """Record the runs that are named, or all."""
    options = parse_options(words)
    for name in options.run or failures.SETUPS:
        make(name, options.epochs, options.results)
    list_runs.update(options.results)


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    parser.add_argument("run", nargs="*", help=", ".join(failures.SETUPS))
    for option, kind, default in (
        ("--epochs", int, failures.EPOCHS),
        ("--results", Path, RESULTS),
    ):
        parser.add_argument(option, type=kind, default=default)
    options = parser.parse_args(words)
    if unknown := set(options.run) - failures.SETUPS.keys():
        parser.error(f"no such run: {', '.join(sorted(unknown))}")
    return options


def make(name: str, epochs: int, results: Path) -> None:
    """Train, and put what pages show into the results, all or nothing."""
    began = time.monotonic()
    pair = failures.start(failures.SETUPS[name], SEED)
    with replacing_folder(results / name) as part:
        write_rows(part / METRICS, rows(pair, name, epochs, part))
        report = {
            "digits": COUNTED,
            "inks": count(digits.real(COUNTED)),
            "inks_generated": count(generated(pair)),
        }
        (part / "report.json").write_text(json.dumps(report, indent=2) + "\n")
        about = describe(name, epochs, time.monotonic() - began)
        (part / RUN).write_text(json.dumps(about, indent=2) + "\n")


def rows(
    pair: GanPair, name: str, epochs: int, folder: Path
) -> Iterator[dict[str, float]]:
    """Train; leave pictures of the same digits, with the same noise."""
    shown = digits.conditions(36)
    trained = failures.train_faulty(pair, failures.SETUPS[name], epochs=epochs)
    for epoch, numbers in enumerate(trained, start=1):
        if epoch in SHOWN or epoch == epochs:
            with torch.no_grad():
                sheet = digits.sheet(pair.G(shown))
            path = folder / "samples" / f"epoch-{epoch:03}" / "digits.webp"
            path.parent.mkdir(parents=True)
            Image.fromarray(sheet).save(path, lossless=True)
        yield {"epoch": epoch} | numbers


def write_rows(path: Path, found: Iterator[dict[str, float]]) -> None:
    """Write a row an epoch."""
    table = list(found)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        for row in table:
            writer.writerow({k: round(v, 4) for k, v in row.items()})


def generated(pair: GanPair) -> torch.Tensor:
    """Color as many digits as are counted."""
    with torch.no_grad():
        return pair.G(digits.conditions(COUNTED))


def count(things: torch.Tensor) -> dict[str, int]:
    """Say how many digits are in which ink."""
    found = digits.inks_found(things).tolist()
    return dict(zip(digits.INKS, found, strict=True))


def describe(name: str, epochs: int, seconds: float) -> dict:
    """Say what was done, and on what."""
    setup = asdict(failures.SETUPS[name])
    seen = epochs * failures.STEPS_AN_EPOCH * failures.BATCH
    return {
        "method": "failures",
        "about": setup.pop("about"),
        "config": {
            "epochs": epochs,
            "batch_size": failures.BATCH,
            "seed": SEED,
            **setup,
        },
        "data": DATA,
        "machine": describe_machine(Accelerator(cpu=True)),
        "command": command(
            "record_failures.py",
            name,
            epochs=epochs if epochs != failures.EPOCHS else None,
        ),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(seconds, 1),
        "photographs_per_second": round(seen / seconds, 2),
    }


if __name__ == "__main__":
    # A discriminator that is never wrong has gradients next to nothing, and
    # processors are many times slower on such numbers, unless they count as 0.
    # That holds for the whole process, so it isn't set in main.
    torch.set_flush_denormal(True)
    main()
