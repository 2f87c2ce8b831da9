"""Which copies lie in a folder, and what lies beside each.

The report of all runs says which they are, and the marks in the files who made
them: an earlier run may have had another model. Chapter 16.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from colorlib import photos
from colorlib.archive.done import is_made_alike, mark_of
from colorlib.archive.originals import ORIGINALS, Original, find_originals
from colorlib.archive.outcomes import THERE
from colorlib.archive.report import of_all_runs, place_of
from colorlib.archive.review import is_copy
from colorlib.files import sha256_of


@dataclass
class FolderCopy:
    """A copy in color in a folder, with what lies beside it."""

    entry: Mapping[str, Any]
    """What the report says of it."""
    path: Path
    """Where it lies."""
    mark: photos.MadeBy | None
    """Who made it."""
    earlier: bool
    """Whether the last run had nothing to do with it."""
    original: Path | None = None
    """The photograph that it was made of; None if that is not here."""
    further: dict[str, Path] = field(default_factory=dict)
    """Its maps and variants, by how the report calls them."""
    told: list[str] = field(default_factory=list)
    """What there is to say of it, besides its notes."""


def find_copies(
    report: Mapping[str, Any], folder: Path
) -> tuple[list[FolderCopy], list[str]]:
    """Find the copies that all runs have left in a folder.

    Args:
        report: of the last run, which has the entries of earlier ones.
        folder: of the copies.

    Returns:
        The copies, those of the last run first; and a line for each
        photograph that has none, with the reason. What an earlier run
        refused is named as long as its original is there.
    """
    entries = of_all_runs(report, folder)["photographs"]
    before = len(entries) - len(report["photographs"])
    order = [*entries[before:], *entries[:before]]
    last = len(entries) - before
    copies: dict[Path, FolderCopy] = {}
    absent: list[str] = []
    places = [place_of(folder, entry) for entry in order]
    for i, (entry, place) in enumerate(zip(order, places, strict=True)):
        if place and is_copy(entry):
            path = folder / place
            mark = mark_of(path)
            copies[place] = FolderCopy(entry, path, mark, earlier=i >= last)
    _find_originals([*copies.values()], folder)
    beside = {(c.entry["input"], c.path.parent): c for c in copies.values()}
    for i, (entry, place) in enumerate(zip(order, places, strict=True)):
        if is_copy(entry) and place:
            continue
        if way := entry.get("result"):
            if place and entry["status"] in THERE:
                path = folder / place
                copy = beside.get((entry["input"], path.parent))
                _put_beside(copy, way, path)
        elif place in copies and i < last:
            copies[place].told.append(entry["error"])
        elif place not in copies and (
            i < last or Path(entry["input"]).exists()
        ):
            absent.append(_why_absent(entry))
    return [*copies.values()], absent


def _find_originals(copies: Sequence[FolderCopy], folder: Path) -> None:
    """Find the original of each: another scan may have its name by now."""
    lacking: dict[str, list[FolderCopy]] = {}
    for copy in copies:
        named = Path(copy.entry["input"])
        if not copy.earlier or _is_of_bytes(named, copy):
            copy.original = named
        elif copy.mark:
            lacking.setdefault(copy.mark.source_sha256, []).append(copy)
    wanted = {
        sha256: Original(copy.mark.source_bytes)
        for sha256, (copy, *_) in lacking.items()
        if copy.mark
    }
    kept = find_originals(folder / ORIGINALS, wanted) if wanted else {}
    for path, sha256 in kept.items():
        for copy in lacking[sha256]:
            copy.original = path


def _is_of_bytes(path: Path, copy: FolderCopy) -> bool:
    wanted = copy.entry["source_sha256"]
    return path.is_file() and (wanted is None or sha256_of(path) == wanted)


def _put_beside(copy: FolderCopy | None, way: str, path: Path) -> None:
    """Put a map or a variant beside its copy, if it is of that copy."""
    if copy is None:
        return
    if is_made_alike(copy.mark, mark_of(path)):
        copy.further[way] = path
    else:
        copy.told.append(
            f"{path.name} is of another model, scan or setting, and not shown"
        )


def _why_absent(entry: Mapping[str, Any]) -> str:
    name = entry["input"]
    why = entry["error"] or "; ".join(entry["notes"]) or "its copy is gone"
    return why if why.startswith(name) else f"{name}: {why}"
