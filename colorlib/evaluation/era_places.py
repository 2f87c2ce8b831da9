"""Where documented things are in photographs: the file of part (c).

A table [[object]] for each thing in a photograph:

    [[object]]
    photo = "1951/flag.jpg"
    thing = "Taegukgi, the flag"
    parts = { "red half" = [40, 20, 90, 45], "blue half" = [40, 50, 90, 75] }

The photograph's path is that from the file's folder, the thing's name is the
catalogue's, in English or Korean, and so are those of its parts. A box is
left, top, right, bottom, in pixels of the upright photograph; right and
bottom lie just outside. `era_objects` judges them. Chapter 15.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from colorlib.eras.schema import ORDER_OF_HUES, DocumentedColor, Era, Parts
from colorlib.files.tables import read_tables
from colorlib.hints.hint import Box

_FIELDS = ("photo", "thing", "parts")


@dataclass(frozen=True)
class DocumentedObject:
    """A thing in a photograph, with the places of its parts."""

    photo: str
    """The photograph, as the file names it."""
    path: Path
    """Where it is."""
    thing: str
    """What it is, as the catalogue names it."""
    hues: Parts
    """The documented hue of each part, a key of `schema.HUES`."""
    boxes: dict[str, Box]
    """Where parts are: left, top, right, bottom, in pixels of the upright
    photograph; right and bottom lie just outside."""


def read_objects(path: Path, era: Era) -> list[DocumentedObject]:
    """Read which documented things are where in which photographs.

    Args:
        path: the file, TOML in UTF-8, as the head of this module shows it.
        era: its catalogue says what is documented.

    Returns:
        The things, in the order of the file.

    Raises:
        OSError: if it can't be read.
        ValueError: if it breaks a rule, names a photograph that isn't there,
            or a thing whose hues the catalogue doesn't have; the message
            names the place.

    See Also:
        Chapter 15.
    """
    return read_tables(
        path,
        "object",
        partial(_read, folder=path.parent, era=era),
        rule="each is an [[object]]",
    )


def _read(table: Mapping[str, Any], folder: Path, era: Era) -> DocumentedObject:
    for name in _FIELDS:
        if name not in table:
            raise ValueError(f"has no {name}")
    for name in table.keys() - set(_FIELDS):
        raise ValueError(f"has no use for {name!r}, only {', '.join(_FIELDS)}")
    photo, parts = table["photo"], table["parts"]
    if not isinstance(photo, str) or not photo.strip():
        raise ValueError(f"photo is no name: {photo!r}")
    if not (folder / photo).is_file():
        raise ValueError(f"there is no photograph {folder / photo}")
    color = _documented(table["thing"], era)
    if not isinstance(parts, Mapping):
        raise ValueError(f"parts is no table of boxes: {parts!r}")
    for name in parts.keys() - color.parts.keys():
        raise ValueError(
            f"{color.thing} has no part {name!r}; its parts are"
            f" {', '.join(color.parts)}"
        )
    if not parts:
        raise ValueError("parts is empty, and takes a box")
    several = color.documented == ORDER_OF_HUES
    if several and len({color.parts[name] for name in parts}) < 2:
        raise ValueError("an order takes boxes of two parts of different hue")
    boxes = {name: _box(name, box) for name, box in parts.items()}
    return DocumentedObject(
        photo, folder / photo, color.thing, color.parts, boxes
    )


def _documented(name: Any, era: Era) -> DocumentedColor:
    """Find a thing of which the hues of parts are documented."""
    known = [c for c in era.colors if c.parts]
    for color in known:
        if name in (color.thing, color.korean):
            return color
    names = "; ".join(f"{c.thing} ({c.korean})" for c in known)
    raise ValueError(
        f"the catalogue has no hues of {name!r}, only of: {names or 'nothing'}"
    )


def _box(part: str, box: Any) -> Box:
    if (
        isinstance(box, list)
        and len(box) == 4
        and all(type(each) is int for each in box)
        and 0 <= box[0] < box[2]
        and 0 <= box[1] < box[3]
    ):
        return box[0], box[1], box[2], box[3]
    raise ValueError(
        f"the box of {part!r} must be [left, top, right, bottom], whole"
        f" numbers from 0 upwards with at least a pixel, and is {box!r}"
    )
