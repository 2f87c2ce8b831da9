"""CSV that people open in spreadsheets, and send back.

Such files come by mail and through programs that change them, so they are
read with suspicion: an error names the file and its line.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

MOST_BYTES = 20_000_000  # some 200,000 lines
# Programs for tables take a cell that begins so for a formula, and a title or
# a comment is a stranger's.
_FORMULA = ("=", "+", "-", "@", "\t")


def to_cell(text: str) -> str:
    """Write a text so that no spreadsheet computes it.

    Args:
        text: of a stranger.

    >>> to_cell("=1"), to_cell("'=1"), from_cell(to_cell("'=1"))
    ("'=1", "''=1", "'=1")
    """
    return f"'{text}" if _is_formula(text) else text


def from_cell(text: str) -> str:
    """Return the text that `to_cell` wrote.

    Args:
        text: of the cell.
    """
    return text[1:] if text[:1] == "'" and _is_formula(text[1:]) else text


def read_rows(
    path: Path, columns: Sequence[str], what: str, *, max_bytes: int
) -> Iterator[tuple[str, dict[str, str]]]:
    """Read a CSV that one of our pages wrote.

    Args:
        path: the file, UTF-8, perhaps with a mark before it.
        columns: what its first line has to be.
        what: is in it, such as "answers", for errors.
        max_bytes: a file that is larger is refused before it is read.

    Yields:
        The place of each line, such as "ann.csv, line 3", and its cells by
        column.

    Raises:
        ValueError: if it is another kind of file, or has no lines.
        OSError: if it can't be read.
    """
    reader = csv.reader(io.StringIO(_text(path, what, max_bytes)), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise ValueError(
            f"{path}, line {reader.line_num}: {error}; {_REMEDY}"
        ) from error
    if not rows or rows[0][1] != list(columns):
        found = ",".join(rows[0][1]) if rows else "nothing"
        raise ValueError(
            f"{path}: is no table of {what}, which starts with"
            f" {','.join(columns)}, got {found[:80]}; {_REMEDY}"
        )
    if len(rows) == 1:
        raise ValueError(f"{path}: has no {what}; leave it out")
    for line, row in rows[1:]:
        place = f"{path}, line {line}"
        if len(row) != len(columns):
            raise ValueError(
                f"{place}: has {len(row)} columns, not {len(columns)};"
                f" {_REMEDY}"
            )
        yield place, dict(zip(columns, row, strict=True))


_REMEDY = "take the file as the page wrote it"


def _is_formula(text: str) -> bool:
    """Whether it is one; behind apostrophes too, so there is a way back."""
    return text.lstrip("'").startswith(_FORMULA)


def _text(path: Path, what: str, max_bytes: int) -> str:
    if path.exists() and not path.is_file():
        raise ValueError(f"{path}: is no file; give the CSV with {what}")
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ValueError(
            f"{path}: is larger than {max_bytes / 1e6:g} MB, and so no table"
            f" of {what}"
        )
    try:
        return data.decode("utf-8-sig")  # a spreadsheet may have put a mark
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: is not in UTF-8; {_REMEDY}") from error
