"""Record whether the shipped model's doubts are right.

    python experiments/record_calibration.py --score VALIDATE

Where the model says how likely its color is near the true one, is it near in
just that share of the places? See `colorlib.evaluation.calibration`. The folder
book/results/calibration gets run.json and report.json, with the shares and
their 95 % intervals over the photographs, and nothing about a single one.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import list_runs
from command_line import (
    add_numbers,
    changed_numbers,
    command,
    last_parts,
    new_parser,
    told,
)
from measurements import describe_measurement, publish_measurement
from recording import by_hash, read

from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS
from colorlib.data.sources import find_all
from colorlib.evaluation.calibration import Calibration, measure_calibration
from colorlib.shapes import RGBArray

NAME = "calibration"
NUMBERS = {"score_on": 250}


@told("record_calibration.py")
def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    began = time.monotonic()
    colorizer = Colorizer.load(options.model, device="cpu")
    found = measure_calibration(colorizer, photographs(options))
    run = about(options, found, time.monotonic() - began)
    report = found.to_json().rstrip()
    publish_measurement(options.results / NAME, run, report)
    list_runs.update(options.results)
    print(f"expected calibration error {found.expected_error:.3f}")
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("--score", nargs="+", metavar="SOURCE", required=True)
    add("--model", help="another one than that which ships")
    add("--collection", help="what to call the photographs, on the page")
    add_numbers(parser, NUMBERS)
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def photographs(options: argparse.Namespace) -> Iterator[RGBArray]:
    """Read those to validate on whose names have the smallest hashes."""
    items = by_hash(find_all(options.score))
    for _, rgb in read(items[: options.score_on], "measuring"):
        yield rgb


def about(
    options: argparse.Namespace, found: Calibration, seconds: float
) -> dict[str, Any]:
    """Say what was done, on what, and how long it took."""
    numbers = {name: getattr(options, name) for name in NUMBERS}
    return describe_measurement(
        numbers,
        sources=options.score,
        photographs=len(found.tally),
        pictures=len(found.tally),
        seconds=seconds,
        collection=options.collection,
        command=command(
            "record_calibration.py",
            score=last_parts(options.score),
            model=options.model and Path(options.model).name,
            **changed_numbers(options, NUMBERS),
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
