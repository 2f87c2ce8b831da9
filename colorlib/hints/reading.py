"""The hints of a file: a table [[hint]] for each, of any photographs.

    [[hint]]
    photo = "1951/dress.jpg"
    point = [412, 300]
    color = "#8c1c2b"
    source = "letter of 1951: the dress was red"

    [[hint]]
    photo = "flag.jpg"
    box = [10, 20, 110, 90]
    color = [60, 40]
    source = "museum label, inventory no. 7"

A place is in pixels of the photograph as it is seen, after the EXIF
orientation was applied: x, y of a point; left, top, right, bottom of a box,
whose right and bottom edges lie just outside, as in Pillow. A color is sRGB or
[a*, b*]; only its a* and b* count.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from colorlib.files.tables import read_tables
from colorlib.hints.hint import Hint, check_agreement

_FIELDS = ("photo", "point", "box", "color", "source")


def read_hints(path: Path) -> dict[str, tuple[Hint, ...]]:
    """Read a file of hints, and check it.

    Args:
        path: the file, TOML in UTF-8.

    Returns:
        The hints of each photograph, by its name as the file says it.

    Raises:
        OSError: if it can't be read.
        ValueError: if it breaks a rule; the message names the hint.
    """
    found: dict[str, tuple[Hint, ...]] = {}
    rule = "each hint is a [[hint]]"
    for photo, hint in read_tables(path, "hint", _read, rule=rule):
        found[photo] = (*found.get(photo, ()), hint)
    for photo, hints in found.items():
        try:
            check_agreement(hints)
        except ValueError as error:
            raise ValueError(f"{path}: {photo}: {error}") from error
    return found


def _read(table: Mapping[str, Any]) -> tuple[str, Hint]:
    """Make a hint of a table; and the photograph's name."""
    for name in table.keys() - set(_FIELDS):
        raise ValueError(f"has no use for {name!r}, only {', '.join(_FIELDS)}")
    for name in ("photo", "color", "source"):
        if name not in table:
            raise ValueError(f"has no {name}")
    if ("point" in table) == ("box" in table):
        raise ValueError("needs a point or a box, and not both")
    photo, source = table["photo"], table["source"]
    if not isinstance(photo, str) or not photo.strip():
        raise ValueError(f"photo is no name: {photo!r}")
    if not isinstance(source, str):
        raise ValueError(f"source is no text: {source!r}")
    color = table["color"]
    if not isinstance(color, str):
        a, b = _numbers(color, "color", "a*, b*", (int, float))
        color = (float(a), float(b))
    return photo, Hint(_box(table), color, " ".join(source.split()))


def _box(table: Mapping[str, Any]) -> tuple[int, int, int, int]:
    if "point" in table:
        x, y = _numbers(table["point"], "point", "x, y", (int,))
        return x, y, x + 1, y + 1
    said = "left, top, right, bottom"
    left, top, right, bottom = _numbers(table["box"], "box", said, (int,))
    return left, top, right, bottom


def _numbers(
    value: Any, name: str, said: str, kinds: tuple[type, ...]
) -> list[Any]:
    """Return a list of as many numbers as are said; True is none."""
    if (
        isinstance(value, list)
        and len(value) == len(said.split(","))
        and all(type(each) in kinds for each in value)
    ):
        return value
    what = "numbers" if float in kinds else "whole numbers"
    raise ValueError(f"{name} must be [{said}], {what}, and is {value!r}")
