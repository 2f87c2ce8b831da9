"""Record which of two models judges preferred on the same old photographs.

    python experiments/record_preference.py answers-1.csv answers-2.csv
        --judges WORDS --photographs WORDS [--faults faults.csv]

The answers are those that the page of `colorlib compare A B` keeps. Who the
judges were, and whether they knew which picture was whose, decides what the
answers are worth, so it has to be said: --judges. The folder
book/results/preference gets run.json, report.json with shares and 95 %
intervals, and the answers, under numbers in place of the photographs' names.

What judges saw besides is kept and counted: a CSV with the columns judge,
pair, model and fault, a line for each fault that a judge saw in a picture.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Mapping, Sequence
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

NAME, ANSWERS, FAULTS = "preference", "answers.csv", "faults.csv"
COLUMNS = "judge", "pair", "left", "right", "preferred"
Faults = list[dict[str, str]]  # judge, pair, model, fault


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
    given = read_answers(options.answers)
    numbers = numbers_of(given)
    answers = [replace(a, pair=numbers[a.pair]) for a in given]
    summary = summarize_answers(answers)
    report = {"who": options.judges} | summary.as_json()
    faults: Faults = []
    if options.faults:
        faults = read_faults(options.faults, summary.names, numbers)
        report["faults"] = count_faults(faults, summary.names)
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
        lambda part: write(answers, faults, part),
    )
    share = summary.together.first
    print(
        f"{summary.names[0]} was preferred in {share.share:.2f}"
        f" ({share.low:.2f} to {share.high:.2f}) of {len(answers)} trials"
    )


def read_faults(
    path: Path, models: Sequence[str], numbers: Mapping[str, str]
) -> Faults:
    """Read which faults judges saw, with numbers for the photographs.

    Args:
        path: the CSV.
        models: the names of the two.
        numbers: of the pairs that were judged, by their names.

    Raises:
        ValueError: if a line has no fault, or names another model or pair.
    """
    faults = []
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            model, fault = row.get("model") or "", row.get("fault")
            if model not in models or not fault:
                raise ValueError(
                    f"{path}, line {number}: wanted a fault and one of"
                    f" {', '.join(models)}, got {fault!r} of {model!r}"
                )
            if row.get("pair") not in numbers:
                raise ValueError(
                    f"{path}, line {number}: no answer is about the pair"
                    f" {row.get('pair')!r}"
                )
            faults.append(row | {"pair": numbers[row["pair"]]})
    return faults


def count_faults(
    faults: Faults, models: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count in how many pictures, over all judges, each fault was seen.

    Args:
        faults: as `read_faults` gives them.
        models: the names of the two.

    Returns:
        Counts by fault and by model.
    """
    counts: dict[str, dict[str, int]] = {}
    for row in faults:
        of = counts.setdefault(row["fault"], dict.fromkeys(models, 0))
        of[row["model"]] += 1
    return counts


def numbers_of(answers: Sequence[Answer]) -> dict[str, str]:
    """Give each photograph a number, to stand for its name."""
    pairs = sorted({answer.pair for answer in answers})
    return {pair: str(i) for i, pair in enumerate(pairs, start=1)}


def write(answers: Sequence[Answer], faults: Faults, folder: Path) -> None:
    """Write answers and faults, one line each."""
    rows = [{name: getattr(a, name) for name in COLUMNS} for a in answers]
    tables: dict[str, tuple[Sequence[str], Faults]] = {ANSWERS: (COLUMNS, rows)}
    if faults:
        tables[FAULTS] = (("judge", "pair", "model", "fault"), faults)
    for name, (columns, lines) in tables.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file, columns, extrasaction="ignore", lineterminator="\n"
            )
            writer.writeheader()
            lines = sorted(lines, key=lambda r: (r["judge"], int(r["pair"])))
            writer.writerows(lines)


if __name__ == "__main__":
    sys.exit(main())
