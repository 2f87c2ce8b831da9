"""What a person decided in a gallery, read again.

The page of `colorlib colorize --gallery` gives a CSV: of each copy, whether a
person accepted or rejected it, and a comment. Here it is held against the
report and against the copies: a decision counts for the bytes that the person
looked at, and for no other ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from colorlib.archive.outcomes import THERE
from colorlib.archive.report import place_of
from colorlib.files import sha256_of
from colorlib.files.spreadsheets import MOST_BYTES, from_cell, read_rows

# As `decisions.js` writes them; a test holds them together.
COLUMNS = (
    "photograph",
    "copy",
    "source_sha256",
    "copy_sha256",
    "decision",
    "comment",
)
ACCEPTED, REJECTED, OPEN = DECISIONS = ("accepted", "rejected", "open")
CopyKey = tuple[str, str, str]
"""Input, output and hash of the original, as an entry of the report has it."""
_CHANGED = (
    "was changed since it was looked at; make a new gallery, which keeps your"
    " other decisions, and decide on it again"
)


@dataclass(frozen=True)
class Review:
    """What a person decided on one copy."""

    decision: str = OPEN
    """One of `DECISIONS`."""
    comment: str = ""
    """In one line."""


def copy_key(entry: Mapping[str, Any]) -> CopyKey:
    """Tell which copy an entry of a report is about.

    Args:
        entry: one of its photographs.
    """
    names = ("input", "output", "source_sha256")
    photograph, copy, sha256 = (_as_text(entry.get(name)) for name in names)
    return photograph, copy, sha256


def is_copy(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is a copy that a person decides on.

    Args:
        entry: of a report; maps, variants and what failed are none.
    """
    return entry.get("status") in THERE and not entry.get("result")


def read_review(
    path: Path, report: Mapping[str, Any], folder: Path
) -> dict[CopyKey, Review]:
    """Read what a person decided in the gallery of a folder.

    Args:
        path: the CSV that the gallery gave.
        report: of the folder.
        folder: that holds the copies. Those that are no longer in it, such as
            rejected ones, are not compared.

    Returns:
        By copy, for each line of the file.

    Raises:
        ValueError: if it is no such CSV, or of another gallery, or if a copy
            is not the one that was looked at; the line says where.
        OSError: if a file can't be read.
    """
    known = {copy_key(e): e for e in report["photographs"] if is_copy(e)}
    names = {key[:2] for key in known}
    reviews: dict[CopyKey, Review] = {}
    for place, row in read_rows(
        path, COLUMNS, "decisions", max_bytes=MOST_BYTES
    ):
        cells = {name: from_cell(cell) for name, cell in row.items()}
        key = (cells["photograph"], cells["copy"], cells["source_sha256"])
        if cells["decision"] not in DECISIONS:
            raise ValueError(
                f"{place}: decision is {cells['decision'] or 'empty'}, not one"
                f" of {', '.join(DECISIONS)}"
            )
        if key not in known:
            if key[:2] in names:
                raise ValueError(f"{place}: {cells['copy']} {_CHANGED}")
            raise ValueError(
                f"{place}: {cells['photograph']} is not in the report of"
                f" {folder}; take the CSV of this folder's gallery"
            )
        if key in reviews:
            raise ValueError(
                f"{place}: {cells['photograph']} stands there twice; remove"
                " one line"
            )
        inside = place_of(folder, known[key])
        if inside and sha256_of(folder / inside) != cells["copy_sha256"]:
            raise ValueError(f"{place}: {folder / inside} {_CHANGED}")
        comment = " ".join(cells["comment"].split())
        reviews[key] = Review(cells["decision"], comment)
    return reviews


def _as_text(value: object) -> str:
    """As a page has it: a name that is not valid UTF-8 is written out."""
    return str(value or "").encode("utf-8", "backslashreplace").decode()
