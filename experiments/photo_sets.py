"""Sets of photographs, measured one photograph after the other.

Every photograph's numbers go into rows.csv in the folder --work, one line as
soon as it is measured, so that the command goes on where it was stopped.
Beside it lies what they were measured by, and on: see kept.py.
"""

import argparse
import csv
import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import list_runs
from command_line import command, last_parts, new_parser
from kept import begin, settings_of
from measurements import describe_measurement, publish_measurement
from recording import read

from colorlib.color.balance import balance
from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS
from colorlib.data.sources import Item, find_all
from colorlib.data.splits import list_hash
from colorlib.files import replacing
from colorlib.shapes import RGBArray

ROWS, SECONDS = "rows.csv", "seconds.txt"

Row = dict[str, str]
SumUp = Callable[[list[Row]], dict[str, Any]]


def record_sets(
    make: Callable[[argparse.Namespace], object],
    doc: str | None,
    script: str,
    name: str,
    words: list[str] | None,
) -> int:
    """Make a record as the command line says: a script's `main`.

    Args:
        make: makes it, of options as `parse_set_options` reads them.
        doc: the script's docstring.
        script: its file's name.
        name: its record's.
        words: the command line; None for that of the process.

    Returns:
        The exit status, as `list_runs.record` gives it.
    """
    options = parse_set_options(doc, script, name, words)
    return list_runs.record(script, make, options)


def parse_set_options(
    doc: str | None, script: str, name: str, words: list[str] | None
) -> argparse.Namespace:
    """Read what is measured, with which model, and where it goes.

    Args:
        doc: the script's docstring.
        script: its file's name.
        name: its record's.
        words: the command line; None for that of the process.
    """
    parser = new_parser(doc)
    parser.set_defaults(script=script, own_name=name)
    add = parser.add_argument
    add("--set", nargs="+", action="append", metavar=("NAME", "SOURCE"))
    add("--every", nargs="+", default=[], metavar="SET=N")
    add("--without", nargs="+", default=[], metavar="NAME")
    add("--balance", nargs="+", default=[], metavar="SET")
    add("--collection", help="what to call the photographs, on the page")
    add("--model", help="file or run folder; default: the model that ships")
    add("--name", default=name, help="of the record; default: %(default)s")
    add("--work", type=Path, help="default: runs/ and the name")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if not options.set or min(map(len, options.set)) < 2:
        parser.error("give --set NAME SOURCE, at least once")
    options.work = options.work or Path("runs") / options.name
    return options


def measure_sets(
    options: argparse.Namespace,
    measure: Callable[[Colorizer, RGBArray], Mapping[str, float]],
    columns: Sequence[str],
    sum_up: SumUp,
    *,
    size: int,
    looks: int,
    more: Mapping[str, Any],
) -> None:
    """Measure what isn't measured yet, sum up, publish.

    Args:
        options: see `parse_set_options`.
        measure: gives a photograph's numbers.
        columns: their names.
        sum_up: what the record says of a set, from its rows.
        size: side of the crop that is measured, pixels.
        looks: how many pictures a network sees at each of its sizes, for one
            photograph.
        more: what the record says of the measuring.

    Raises:
        ValueError: if there are no photographs, or rows are kept of others,
            of another model, or measured in another way.
    """
    every = dict(each.split("=") for each in options.every)
    sets = {
        name: choose(sources, int(every.get(name, 1)), options.without)
        for name, *sources in options.set
    }
    colorizer = Colorizer.load(options.model, device="cpu")
    measured = {"size": size, **more}
    rows = options.work / ROWS
    asked = {
        "script": options.script,
        "columns": columns,
        "measured": measured,
        "model": settings_of(colorizer),
        "sets": {
            name: {
                "sources": last_parts(sources),
                "photographs": list_hash(item.name for item in sets[name]),
                "balanced": name in options.balance,
            }
            for name, *sources in options.set
        },
    }
    begin(rows, asked)
    _drop_cut_line(rows)
    clock = _Clock(options.work / SECONDS, goes_on=rows.exists())
    for name, items in sets.items():
        there = {row["photograph"] for row in _read_rows(rows, name)}
        todo = [item for item in items if _stem(item.name) not in there]
        for photograph, pixels in read(todo, name):
            if name in options.balance:
                pixels = balance(pixels)
            numbers = measure(colorizer, pixels)
            values = [f"{numbers[column]:.4f}" for column in columns]
            line = dict(zip(columns, values, strict=True))
            _append(rows, {"set": name, "photograph": _stem(photograph)} | line)
            clock.keep()
    seconds = clock.seconds
    report = {
        **measured,
        "model": {"name": colorizer.name, "sha256": colorizer.sha256},
        "sets": {name: sum_up(_read_rows(rows, name)) for name in sets},
    }
    looks *= 1 + len(colorizer.tta_sizes)
    publish_measurement(
        options.results / options.name,
        _about(options, report, seconds, looks),
        json.dumps(report, indent=2),
        lambda part: shutil.copy(rows, part / ROWS),
    )


def choose(sources: list[str], every: int, without: list[str]) -> list[Item]:
    """Find the photographs of a set, in an order that names decide.

    Args:
        sources: see `find_all`.
        every: take each so many-th.
        without: parts of names that are left out.

    Raises:
        ValueError: if there are none, or two have the same row.
    """
    found = find_all(sources)
    found.sort(key=lambda item: item.name)
    kept = [
        item
        for item in found[::every]
        if not any(part in item.name for part in without)
    ]
    if not kept:
        raise ValueError(f"no photographs in {' '.join(sources)}")
    stems: dict[str, Item] = {}
    for item in kept:
        other = stems.setdefault(_stem(item.name), item)
        if other is not item:
            raise ValueError(
                f"{other.name} and {item.name} differ in their endings alone,"
                " and rows have none; leave one out with --without"
            )
    return kept


def _stem(name: str) -> str:
    """Name a photograph without its file's ending."""
    return str(PurePosixPath(name).with_suffix(""))


def _drop_cut_line(path: Path) -> None:
    """Remove a last line that was not written to its end."""
    if path.exists():
        whole, _, cut = path.read_bytes().rpartition(b"\n")
        if cut:
            path.write_bytes(whole + b"\n")


def _read_rows(path: Path, name: str) -> list[Row]:
    """Read a set's rows, as far as there are any."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["set"] == name]


def _append(path: Path, row: Row) -> None:
    """Add a line, at once."""
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def _about(
    options: argparse.Namespace,
    report: Mapping[str, Any],
    seconds: float,
    looks: int,
) -> dict[str, Any]:
    """Say what was done, on what, and how long it took."""
    sources = [source for _, *each in options.set for source in each]
    photographs = sum(each["photographs"] for each in report["sets"].values())
    named = options.name != options.own_name
    return describe_measurement(
        {"size": report["size"]},
        sources=sources,
        photographs=photographs,
        pictures=photographs * looks,
        seconds=seconds,
        collection=options.collection,
        command=command(
            options.script,
            *(
                word
                for name, *each in options.set
                for word in ("--set", name, *last_parts(each))
            ),
            every=options.every,
            without=options.without,
            balance=options.balance,
            model=options.model and Path(options.model).name,
            name=options.name if named else None,
        ),
    )


class _Clock:
    """The time that all calls took so far, kept at each row."""

    def __init__(self, path: Path, *, goes_on: bool):
        self._path = path
        before = goes_on and path.exists()
        self._before = float(path.read_text()) if before else 0.0
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return self._before + time.monotonic() - self._began

    def keep(self) -> None:
        with replacing(self._path) as part:
            part.write_text(f"{self.seconds:.1f}\n")
