"""Record which of two models judges preferred on the same old photographs.

    python experiments/record_preference.py answers-1.csv answers-2.csv
        --judges WORDS --photographs WORDS [--faults faults.csv]

The answers are those that the page of `colorlib compare A B` keeps. Who the
judges were, and whether they knew which picture was whose, decides what the
answers are worth, so it has to be said: --judges. The folder
book/results/preference gets run.json, report.json with shares and 95 %
intervals, and the answers, under numbers in place of the photographs' names.

What judges saw besides can be counted: a CSV with the columns judge, pair,
model and fault, a line for each fault that a judge saw in a picture.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import list_runs
from command_line import command, last_parts, new_parser
from measurements import describe_measurement, publish_measurement

from colorlib.course.recorded import RESULTS
from colorlib.evaluation.answers import (
    Answer,
    read_answers,
    summarize_answers,
)

NAME, ANSWERS = "preference", "answers.csv"
COLUMNS = "judge", "pair", "left", "right", "preferred"


def main(words: list[str] | None = None) -> int:
    """Sum up and publish; 2 if what is asked for makes no sense."""
    return list_runs.record("record_preference.py", make, parse_options(words))


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("answers", nargs="+", type=Path, metavar="CSV")
    add("--judges", required=True, help="who they were, what they knew")
    add("--photographs", required=True, help="which ones, and why these")
    add("--faults", type=Path, metavar="CSV", help="what judges saw besides")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def make(options: argparse.Namespace) -> None:
    """Sum the answers up, and publish."""
    began = time.monotonic()
    answers = numbered(read_answers(options.answers))
    summary = summarize_answers(answers)
    report = {"who": options.judges} | summary.as_json()
    if options.faults:
        report["faults"] = count_faults(options.faults, summary.names)
    pairs = len({answer.pair for answer in answers})
    run = describe_measurement(
        {"judges": len(summary.judges)},
        sources=[str(path) for path in options.answers],
        photographs=pairs,
        pictures=len(answers),
        seconds=time.monotonic() - began,
        collection=options.photographs,
        command=command(
            "record_preference.py",
            *last_parts(options.answers),
            judges=options.judges,
            photographs=options.photographs,
            faults=options.faults and options.faults.name,
        ),
    )
    publish_measurement(
        options.results / NAME,
        run,
        json.dumps(report, indent=2),
        lambda part: write(answers, part / ANSWERS),
    )
    share = summary.together.first
    print(
        f"{summary.names[0]} was preferred in {share.share:.2f}"
        f" ({share.low:.2f} to {share.high:.2f}) of {len(answers)} trials"
    )


def count_faults(
    path: Path, models: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count in how many pictures, over all judges, each fault was seen.

    Args:
        path: the CSV.
        models: the names of the two.

    Returns:
        Counts by fault and by model.

    Raises:
        ValueError: if a line names neither of the two.
    """
    counts: dict[str, dict[str, int]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            model, fault = row.get("model") or "", row.get("fault")
            if model not in models or not fault:
                raise ValueError(
                    f"{path}, line {number}: wanted a fault and one of"
                    f" {', '.join(models)}, got {fault!r} of {model!r}"
                )
            counts.setdefault(fault, dict.fromkeys(models, 0))[model] += 1
    return counts


def numbered(answers: Sequence[Answer]) -> list[Answer]:
    """Put numbers in place of the photographs' names."""
    pairs = sorted({answer.pair for answer in answers})
    return [replace(a, pair=str(pairs.index(a.pair) + 1)) for a in answers]


def write(answers: Sequence[Answer], path: Path) -> None:
    """Write the answers, one line each."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for answer in sorted(answers, key=lambda a: (a.judge, int(a.pair))):
            writer.writerow([getattr(answer, name) for name in COLUMNS])


if __name__ == "__main__":
    sys.exit(main())
