"""The CSV beside the photographs: where each is from, and what it may be.

What was refused, or failed, has a line too, with its reason: a set whose gaps
nobody can see is no evidence. The file is replaced whole after each
photograph, so that a run which is stopped goes on where it was. Chapter 15.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from colorlib.files import replacing, sha256_of
from colorlib.files.spreadsheets import from_cell, to_cell

RECORD = "photographs.csv"
"""Its name in a folder."""
KEPT, REFUSED, FAILED, DUPLICATE = "kept", "refused", "failed", "duplicate"


@dataclass(frozen=True)
class Offered:
    """A photograph that an archive offers, before anything is decided."""

    archive: str
    """A key of `schema.ARCHIVES`, or "own"."""
    id: str
    """What the archive calls it, for good."""
    title: str
    """As the archive has it."""
    author: str
    """As the archive has it."""
    date: str
    """As the archive has it."""
    licenses: tuple[str, ...]
    """All that it says of rights, in short."""
    page: str
    """Where a person reads about it."""
    url: str
    """Where the file is."""
    license_url: str = ""
    """Where the license is."""
    restrictions: str = ""
    """What else limits its use, such as personality rights."""
    sha1: str = ""
    """Of the file at `url`, if the archive tells; hexadecimal."""
    told: tuple[str, ...] = ()
    """Everything else that says what it is: description, credit, categories,
    templates."""


@dataclass(frozen=True)
class RecordLine:
    """A line of the record. What isn't known is empty."""

    status: str
    """`KEPT`, `REFUSED`, `FAILED` or `DUPLICATE`."""
    file: str = ""
    """Its name in the folder."""
    reason: str = ""
    """Why it wasn't kept."""
    era: str = ""
    """The era that it was taken in for."""
    archive: str = ""
    """Where it is from."""
    id: str = ""
    """What the archive calls it."""
    title: str = ""
    """As written there."""
    author: str = ""
    """As written there."""
    date: str = ""
    """As written there."""
    first_year: str = ""
    """As parsed."""
    last_year: str = ""
    """As parsed."""
    license: str = ""
    """As understood."""
    license_text: str = ""
    """As written there, and what else limits its use."""
    license_url: str = ""
    """Where the license is."""
    non_commercial: str = ""
    """"yes" if it must not be sold."""
    color: str = ""
    """Gray, toned or color, by its pixels."""
    process: str = ""
    """The color process that its description names."""
    institution: str = ""
    """The institution that its description names."""
    page: str = ""
    """Where a person reads about it."""
    url: str = ""
    """Where the file was."""
    sha1: str = ""
    """Of the archive's file, if that is what was downloaded."""
    sha256: str = ""
    """Of the file in the folder."""
    bytes: str = ""
    """Size of the file."""
    width: str = ""
    """In pixels."""
    height: str = ""
    """In pixels."""
    added: str = ""
    """When this line was made, in UTC."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from other lines: a photograph has one an era."""
        return self.era, self.archive, self.id


Record = dict[tuple[str, str, str], RecordLine]


def read_record(folder: Path) -> Record:
    """Read the record of a folder.

    Args:
        folder: it may have none, or not exist.

    Returns:
        Its lines by era, archive and id, in their order.

    Raises:
        ValueError: if a file of that name is another kind of table, or broken.
    """
    path = folder / RECORD
    return read_record_file(path) if path.exists() else {}


def read_record_file(path: Path) -> Record:
    """Read a record, whatever its file is called.

    Args:
        path: of the CSV.

    Returns:
        Its lines by archive and id, in their order.

    Raises:
        OSError: if it can't be read.
        ValueError: if it is another kind of table, or broken.
    """
    known = [each.name for each in fields(RecordLine)]
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
        names, cells = rows.fieldnames, list(rows)
    except (UnicodeDecodeError, csv.Error):
        names, cells = None, []
    if names != known:
        raise ValueError(
            f"{path} is no record of colorlib; move it, or choose another"
            " folder"
        )
    entries = []
    for number, row in enumerate(cells, 1):
        if None in row or None in row.values():
            raise ValueError(
                f"{path}: photograph {number} has more or fewer than"
                f" {len(known)} cells, so the file was cut off or edited; mend"
                " it, or move it and make the record again"
            )
        entries.append(RecordLine(**{n: from_cell(row[n]) for n in known}))
    return {entry.key: entry for entry in entries}


def write_record(folder: Path, entries: Iterable[RecordLine]) -> None:
    """Write the record of a folder: the old one stays, or the new is whole.

    Args:
        folder: where it belongs.
        entries: its lines.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([each.name for each in fields(RecordLine)])
    for entry in entries:
        writer.writerow(map(to_cell, asdict(entry).values()))
    with replacing(folder / RECORD) as part:
        # The mark at the beginning is for Excel, which garbles Korean else.
        part.write_text(table.getvalue(), encoding="utf-8-sig")


def is_done(entry: RecordLine, folder: Path) -> bool:
    """Tell whether a line's photograph is there, whole and unchanged.

    Args:
        entry: one of the record.
        folder: where its file is.
    """
    if entry.status != KEPT or not entry.file:
        return False
    path = folder / entry.file
    return path.is_file() and sha256_of(path) == entry.sha256
