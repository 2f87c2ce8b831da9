"""What a command leaves on the disk: a report, scores, a table.

Each replaces an older one of its own kind, and nothing else.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from colorlib.files import replacing

REPORT = "colorlib-report.json"
"""What `colorlib colorize` says of a folder, beside the copies."""


def write_json(data: object, path: Path) -> None:
    """Write JSON, atomically."""
    write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", path)


def read_earlier(path: Path, what: str, keys: set[str]) -> dict[str, Any]:
    """Read the JSON that a command left here before and is to replace.

    Args:
        path: where it would be.
        what: what it would be, for the error.
        keys: what tells it from the JSON of others.

    Returns:
        What it says; nothing if there is none.

    Raises:
        ValueError: if there is a file of another kind, which would be lost.
    """
    if not path.exists():
        return {}
    try:
        data = json.loads(path.read_bytes())
    except ValueError:
        data = None
    if not isinstance(data, dict) or not keys <= data.keys():
        raise _not_ours(path, what)
    return data


def read_report(path: Path) -> dict[str, Any]:
    """Read what colorize has said of a folder; nothing if there is none.

    Raises:
        ValueError: if there is a file of another kind.
    """
    return read_earlier(path, "report", {"software", "photographs"})


def check_earlier_table(path: Path, what: str, columns: Sequence[str]) -> None:
    """Look at the CSV that a command left here before and is to replace.

    Args:
        path: where it would be; there may be none.
        what: what it would be, for the error.
        columns: its first ones, which tell it from the CSV of others.

    Raises:
        ValueError: if there is a file of another kind, which would be lost.
    """
    check_earlier_text(path, what, f"{','.join(columns)},")


def check_earlier_text(path: Path, what: str, start: str) -> None:
    """Look at the text that a command left here before and is to replace.

    Args:
        path: where it would be; there may be none.
        what: what it would be, for the error.
        start: how it begins, which tells it from the files of others.

    Raises:
        ValueError: if there is a file of another kind, which would be lost.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        if file.read(len(start.encode())) != start.encode():
            raise _not_ours(path, what)


def write_text(text: str, path: Path) -> None:
    """Write a text: a reader finds the old file or the new, never a half."""
    with replacing(path) as part:
        # In a name that is not valid UTF-8 this gives \udcNN, as JSON does.
        part.write_bytes(text.encode("utf-8", "backslashreplace"))


def _not_ours(path: Path, what: str) -> ValueError:
    return ValueError(
        f"{path} exists and is no {what} of colorlib; move it, or choose"
        " another place"
    )
