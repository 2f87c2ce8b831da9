"""What goes along with the copies of a report.

The marks in the copies, the originals, and what the record of `colorlib eras`
says of each photograph. Chapter 16.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from colorlib import photos
from colorlib.archive.done import mark_of
from colorlib.archive.originals import (
    ORIGINALS,
    Original,
    Wanted,
    find_originals,
)
from colorlib.archive.outcomes import THERE
from colorlib.archive.plan import identity
from colorlib.archive.records import Search
from colorlib.archive.report import place_of
from colorlib.archive.review import CopyKey, Review
from colorlib.data.survey import survey
from colorlib.eras.record import REFUSED, RecordLine

ReportEntry = Mapping[str, Any]  # of a photograph, in a report


@dataclass(frozen=True)
class Along:
    """What goes along with the copies of a report."""

    marks: Mapping[str, photos.MadeBy | None] = field(default_factory=dict)
    """Of each file of the report that is here, by its `output`."""
    originals: Mapping[Path, str] = field(default_factory=dict)
    """SHA-256 of each original in the folder, by its path."""
    records: Search = field(default_factory=Search)
    """Of the photographs."""
    record_files: Sequence[Path] = ()
    """Where the records are in the folder."""
    reviews: Mapping[CopyKey, Review] | None = None
    """What a person decided on the copies; None if nobody did."""
    report_file: str = ""
    """Where the report is, from the folder on; empty if it isn't in it."""
    strangers: Sequence[Path] = ()
    """Pictures in the folder that the report doesn't know."""


def there_in(report: Mapping[str, Any]) -> list[ReportEntry]:
    """List what a report says is there: copies, variants, maps."""
    return [e for e in report["photographs"] if e.get("status") in THERE]


def read_marks(
    report: Mapping[str, Any], folder: Path
) -> dict[str, photos.MadeBy | None]:
    """Read the marks of a report's files, those that are in a folder.

    Args:
        report: of `colorlib colorize`.
        folder: of the copies.

    Returns:
        The mark of each, by the report's `output`; None for a file without.
    """
    marks: dict[str, photos.MadeBy | None] = {}
    for entry in there_in(report):
        place = place_of(folder, entry)
        if place:
            marks[entry["output"]] = mark_of(folder / place)
    return marks


def wanted_originals(
    report: Mapping[str, Any], marks: Mapping[str, photos.MadeBy | None]
) -> Wanted:
    """Say which originals belong to marked copies.

    Args:
        report: of `colorlib colorize`; it has their names.
        marks: see `read_marks`; they have hashes and sizes.
    """
    found: dict[str, Original] = {}
    for entry in there_in(report):
        mark = marks.get(entry["output"])
        if mark and mark.source_sha256:
            name = PurePath(entry["input"]).name
            before = found.get(mark.source_sha256, Original())
            found[mark.source_sha256] = Original(
                mark.source_bytes, before.names | {name}
            )
    return found


def find_strangers(
    report: Mapping[str, Any], folder: Path, wanted: Wanted
) -> list[Path]:
    """List the pictures in a folder that its report says nothing of.

    Args:
        report: of `colorlib colorize`, see `report.of_all_runs`.
        folder: of the copies.
        wanted: their originals, which may lie in it, too.

    Returns:
        Their places from the folder on.
    """
    places = [place_of(folder, e) for e in there_in(report)]
    known = {identity(folder / place) for place in places if place}
    left = [
        path
        for path in survey(folder).photographs
        if identity(path) not in known
        and not path.is_relative_to(folder / ORIGINALS)
    ]
    originals = find_originals(folder, wanted) if left else {}
    return [path.relative_to(folder) for path in left if path not in originals]


def source_sha256(entry: ReportEntry, along: Along) -> str:
    """Return the hash of a photograph's original: by the mark, or the report.

    Args:
        entry: of the report.
        along: has the marks.
    """
    mark = along.marks.get(entry["output"])
    said = mark.source_sha256 if mark else ""
    return said or entry.get("source_sha256") or ""


def line_of(entry: ReportEntry, along: Along) -> RecordLine | None:
    """Find what the records say of an entry's photograph."""
    source = PurePath(entry["input"])
    return along.records.line_of(source, source_sha256(entry, along))


def first_entries(entries: Sequence[ReportEntry]) -> list[ReportEntry]:
    """Keep one entry of each photograph, whatever was made of it.

    Args:
        entries: what `there_in` lists.
    """
    # Two runs may have called two photographs by one name.
    found: dict[tuple[str, object], ReportEntry] = {}
    for entry in entries:
        key = entry["input"], entry.get("source_sha256")
        found.setdefault(key, entry)
    return list(found.values())


def refused_in(
    entries: Sequence[ReportEntry], along: Along
) -> list[tuple[ReportEntry, RecordLine]]:
    """List the photographs that their record refuses, with its lines.

    Args:
        entries: what `there_in` lists.
        along: has the records.
    """
    found = [(e, line_of(e, along)) for e in first_entries(entries)]
    return [(e, line) for e, line in found if line and line.status == REFUSED]


def without_original(entries: Sequence[ReportEntry], along: Along) -> list[str]:
    """Name the photographs whose originals are not in the folder.

    Args:
        entries: what `there_in` lists.
        along: has the originals.
    """
    there = set(along.originals.values())
    return [
        PurePath(entry["input"]).name
        for entry in first_entries(entries)
        if source_sha256(entry, along) not in there
    ]
