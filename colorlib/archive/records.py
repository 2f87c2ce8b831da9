"""What the record beside the originals says of each: author, date, license.

`colorlib eras add` and `eras fetch` write it. Coloring says how many of its
photographs a record refuses, and the card has the lines of all. Chapter 16.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from colorlib.archive.plan import Plan
from colorlib.data.survey import OTHERS, name_some
from colorlib.eras.record import (
    RECORD,
    REFUSED,
    Record,
    RecordLine,
    read_record_file,
)
from colorlib.files import explain, replacing


@dataclass(frozen=True)
class PhotoRecord:
    """A record of photographs, and where it lies."""

    path: Path
    """Of the CSV."""
    lines: Record
    """By archive and id."""

    @cached_property
    def _by_hash(self) -> dict[str, list[RecordLine]]:
        found: dict[str, list[RecordLine]] = {}
        for line in self.lines.values():
            if line.sha256:
                found.setdefault(line.sha256, []).append(line)
        return found

    @cached_property
    def _by_file(self) -> dict[tuple[str, ...], RecordLine]:
        return {_parts(e.file): e for e in self.lines.values() if e.file}

    def is_above(self, source: PurePath) -> bool:
        """Whether it lies beside a photograph, or in a folder above it."""
        return source.is_relative_to(self.path.parent)

    def line_of(self, source: PurePath, sha256: str = "") -> RecordLine | None:
        """Find the line of a photograph.

        Args:
            source: its path. Its end is compared with the record's names,
                so that it is found from any folder.
            sha256: of its file; empty if it is not known.

        Returns:
            The line of the same bytes, or else of the same name; None if
            there is none, or the name's is of other bytes.
        """
        parts = _parts(str(source))
        ends = (parts[first:] for first in range(len(parts)))
        named = next(filter(None, map(self._by_file.get, ends)), None)
        same = self._by_hash.get(sha256, [])
        if same:
            return named if named in same else same[0]
        if named and sha256 and named.sha256:  # another scan of that name
            return None
        return named


@dataclass
class Search:
    """What was found beside photographs."""

    records: list[PhotoRecord] = field(default_factory=list)
    """Each once, in the order of the photographs."""
    unread: list[str] = field(default_factory=list)
    """A line for each file of that name that is no record, or is broken."""

    def line_of(self, source: PurePath, sha256: str = "") -> RecordLine | None:
        """Find the line of a photograph: in the records above it, if any are.

        Another folder's record may have a line of the same name.
        """
        above = [each for each in self.records if each.is_above(source)]
        above.sort(key=lambda each: -len(each.path.parts))
        lines = (r.line_of(source, sha256) for r in above or self.records)
        return next(filter(None, lines), None)


def read_photo_record(path: Path) -> PhotoRecord:
    """Read one record.

    Args:
        path: of the CSV, whatever it is called.

    Raises:
        OSError: if it can't be read.
        ValueError: if it is no record, or is broken.
    """
    return PhotoRecord(path, read_record_file(path))


def find_records(folders: Iterable[Path]) -> Search:
    """Find the records of photographs: beside them, or in a folder above.

    Args:
        folders: of the photographs, as their paths are given.

    Returns:
        The records. One that can't be read is no reason to stop.
    """
    found = Search()
    seen: set[Path] = set()
    for folder in dict.fromkeys(folders):
        for above in (folder, *folder.parents):
            path = above / RECORD
            if above in seen or path.is_file():
                break
        if above in seen or not path.is_file():
            continue
        seen.add(above)
        try:
            found.records.append(read_photo_record(path))
        except OSError as error:
            found.unread.append(f"not read: {explain(error)}")
        except ValueError as error:
            found.unread.append(f"not read: {error}")
    return found


def check_records(planned: Plan) -> list[str]:
    """Say what the records beside photographs have against coloring them.

    Args:
        planned: its photographs are colored all the same. A record is no
            longer among the files that it sets aside.

    Returns:
        A line for each record that refuses some, or can't be read.
    """
    search = find_records(job.source.parent for job in planned.jobs)
    ours = {record.path for record in search.records}
    if others := planned.set_aside.get(OTHERS):
        planned.set_aside[OTHERS] = [p for p in others if p not in ours]
        if not planned.set_aside[OTHERS]:
            del planned.set_aside[OTHERS]
    lines = []
    for record in search.records:
        sources = [j.source for j in planned.jobs if record.is_above(j.source)]
        found = [(source, record.line_of(source)) for source in sources]
        known = [source for source, line in found if line]
        refused = [s for s, line in found if line and line.status == REFUSED]
        if refused:
            lines.append(
                f"{record.path} refuses {len(refused)} of its {len(known)}"
                " photographs here, colored all the same:"
                f" {name_some(refused)}"
            )
    return [*lines, *search.unread]


def copy_records(records: Sequence[PhotoRecord], folder: Path) -> list[Path]:
    """Copy records into a folder, byte for byte.

    Args:
        records: the first is called photographs.csv there, the next
            photographs-2.csv.
        folder: of the copies in color.

    Returns:
        Where they are.

    Raises:
        OSError: what the disk says.
        ValueError: if another file has that name, or a record with lines
            that would be lost. Nothing is copied then.
    """
    places = [
        folder / (f"{Path(RECORD).stem}-{i}.csv" if i > 1 else RECORD)
        for i, _ in enumerate(records, 1)
    ]
    for record, place in zip(records, places, strict=True):
        if place.exists() and read_record_file(place).keys() - record.lines:
            raise ValueError(
                f"{place} has lines that {record.path} hasn't; move it, and"
                " run the same command again"
            )
    for record, place in zip(records, places, strict=True):
        data = record.path.read_bytes()
        if not (place.exists() and place.read_bytes() == data):
            with replacing(place) as part:
                part.write_bytes(data)
    return places


def _parts(path: str) -> tuple[str, ...]:
    """Split a path. Macs write an umlaut, or a Hangul syllable, as several."""
    return PurePath(unicodedata.normalize("NFC", path)).parts
