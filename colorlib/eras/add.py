"""One's own scans, with the record that fetched photographs have.

What an archive would say of a photograph, its owner says here: in options,
for all, or in a table with a line a file. The scans stay where they are, and
as they are; the record is written beside them. Chapter 15.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from colorlib import photos
from colorlib.eras.judging import (
    NotTakenError,
    judge_offer,
    look_into,
    why_unreadable,
)
from colorlib.eras.licenses import Terms, read_terms
from colorlib.eras.record import (
    FAILED,
    REFUSED,
    Offered,
    Record,
    RecordLine,
    read_record,
    write_record,
)
from colorlib.eras.schema import Era

OWN = "own"
"""What stands in the record in place of an archive."""
ASKED = ("title", "author", "date", "rights")
"""What must be known of each scan."""
COLUMNS = ("file", *ASKED, "process", "institution")
"""Of the table; the last two only for photographs that were taken in color."""

Descriptions = dict[str, dict[str, str]]  # by a file's path in the folder


def read_descriptions(path: Path) -> Descriptions:
    """Read what a table says of scans.

    Args:
        path: a CSV in UTF-8, whose first line names columns of `COLUMNS`,
            `file` among them.

    Returns:
        For each file what its line says, without empty cells.

    Raises:
        ValueError: if it is another kind of table.
    """
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is not in UTF-8; save it as CSV UTF-8"
        ) from error
    names = rows.fieldnames or []
    if "file" not in names or not set(names) <= set(COLUMNS):
        raise ValueError(
            f"the first line of {path} must name columns out of"
            f" {', '.join(COLUMNS)}, file among them; got {', '.join(names)}"
        )
    return {
        row["file"]: {n: row[n].strip() for n in names if row.get(n)}
        for row in rows
        if row["file"]
    }


def add_scans(
    era: Era | None,
    folder: Path,
    *,
    for_all: Mapping[str, str],
    descriptions: Mapping[str, Mapping[str, str]] | None = None,
    max_megapixels: float | int = photos.MAX_MEGAPIXELS,
) -> Record:
    """Write a record of one's own scans.

    Args:
        era: the one that they are of; None for any time.
        folder: where they are; photographs below it count, too.
        for_all: what holds for all, by the names of `COLUMNS`.
        descriptions: what holds for one, by its path in the folder; comes
            before what holds for all.
        max_megapixels: refuse what is larger.

    Returns:
        The record, lines for other files and other eras included.

    Raises:
        ValueError: if there is no folder, or there are no scans in it; if
            something that must be known of one is missing, or the table names
            a file that isn't there.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder; give the one with your scans")
    told = dict(descriptions or {})
    found = {
        path.relative_to(folder).as_posix(): path
        for path in photos.find(folder)
    }
    if not found:
        raise ValueError(f"{folder} holds no photographs")
    if strangers := sorted(told.keys() - found.keys()):
        raise ValueError(f"the table names {strangers[0]}, not in {folder}")
    offers = {
        path: _offer(name, {**for_all, **told.get(name, {})})
        for name, path in found.items()
    }
    record = read_record(folder)
    for path, offered in offers.items():
        entry = _taken(path, offered, era, max_megapixels)
        record[entry.key] = entry
    write_record(folder, record.values())
    return record


def _offer(name: str, said: Mapping[str, str]) -> Offered:
    for each in ASKED:
        if not said.get(each):
            raise ValueError(
                f"{name} has no {each}; give it with --{each} for all scans,"
                " or in a table (--table)"
            )
    return Offered(
        archive=OWN,
        id=name,
        title=said["title"],
        author=said["author"],
        date=said["date"],
        licenses=(said["rights"],),
        page="",
        url="",
        told=(said.get("process", ""), said.get("institution", "")),
    )


def _taken(
    path: Path, offered: Offered, era: Era | None, max_megapixels: float | int
) -> RecordLine:
    entry = judge_offer(offered, era, _own_terms(offered.licenses[0]))
    process, institution = offered.told  # in the owner's words
    entry = replace(
        entry, file=offered.id, process=process, institution=institution
    )
    if entry.status == REFUSED:
        return entry
    try:
        return look_into(path, offered.id, entry, max_megapixels)
    except NotTakenError as error:
        return replace(entry, status=REFUSED, reason=str(error))
    except photos.PhotoError as error:
        return replace(entry, status=FAILED, reason=why_unreadable(error))


def _own_terms(text: str) -> Terms:
    """Read the owner's words: only what forbids changes is refused.

    "By permission of the family" is no license, and is enough here.
    """
    terms = read_terms(text, non_commercial=True)
    return terms if terms.name else Terms("as written")
