"""What is in a folder: its photographs, and all that is set aside, with why.

Training, evaluation and coloring list a folder with `survey`, so that they
agree on what a photograph is. Nothing is opened, so a pipe can't make it
wait. Chapter 05.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from colorlib.photos.formats.sniffing import SUFFIXES, UNREAD_SUFFIXES

ARCHIVES = "archives, which are not opened"
UNREAD = "pictures of kinds that are not read"
NO_FILES = "pipes, sockets, devices or links that lead nowhere"
LINKS = "links to folders, which are not followed"
SAMPLES = "folders of sample sheets, which a training made"
UNLISTED = "folders that can't be listed"
OTHERS = "files of other kinds"
COPIES = "copies that colorlib colored"

_ARCHIVES = {".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z"}
_ARCHIVES |= {".rar", ".cbz", ".cbr"}
# Beside `UNREAD_SUFFIXES`: documents that hold pictures, and rare kinds.
_RARE = {".pdf", ".eps", ".ps", ".kra", ".jpm", ".jls", ".pcd", ".pfm"}
_RARE |= {".bpg", ".flif", ".hif", ".heics", ".djv", ".sgi", ".raw", ".qoi"}
_PICTURES = UNREAD_SUFFIXES.keys() | _RARE
_SHOWN = 3  # names in a line; a report or a list has all


@dataclass(frozen=True)
class Survey:
    """What a folder holds."""

    photographs: list[Path]
    """Sorted. Each is a file, or a link to one."""
    set_aside: dict[str, list[Path]]
    """By the reason, one of the constants of this module."""


def survey(folder: str | Path) -> Survey:
    """List what is in a folder and below it, without opening a file.

    Hidden files and folders are passed over.

    Args:
        folder: the folder.

    Returns:
        The photographs, told by their names, and what is none.
    """
    photographs: list[Path] = []
    set_aside: dict[str, list[Path]] = defaultdict(list)
    for path, reason in _walk(Path(folder), set_aside[UNLISTED]):
        (set_aside[reason] if reason else photographs).append(path)
    found = {why: sorted(paths) for why, paths in set_aside.items() if paths}
    return Survey(sorted(photographs), found)


def reason_against(path: str | Path) -> str | None:
    """Say why a name is no photograph's; None if it is one's.

    >>> reason_against("scan.TIF")
    >>> reason_against("scans.zip")
    'archives, which are not opened'
    """
    suffix = Path(path).suffix.lower()
    if suffix in SUFFIXES:
        return None
    if suffix in _ARCHIVES:
        return ARCHIVES
    return UNREAD if suffix in _PICTURES else OTHERS


def describe(set_aside: Mapping[str, Sequence[Path]]) -> list[str]:
    """Say in a line a reason what is set aside: how many, and their names.

    >>> describe({ARCHIVES: [Path("a.zip")]})
    ['set aside 1 of archives, which are not opened: a.zip']
    """
    lines = []
    for reason, paths in set_aside.items():
        lines.append(f"set aside {len(paths)} of {reason}: {name_some(paths)}")
    return lines


def name_some(names: Sequence[str | Path]) -> str:
    """Name a few in a line, and count the rest.

    >>> name_some(["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"])
    'a.jpg, b.jpg, c.jpg and 2 more'
    """
    more = len(names) - _SHOWN
    named = ", ".join(map(str, names[:_SHOWN]))
    return named + (f" and {more} more" if more > 0 else "")


def _walk(
    folder: Path, unlisted: list[Path]
) -> Iterator[tuple[Path, str | None]]:
    """Yield each path with the reason against it; folders are searched."""

    def note(error: OSError) -> None:
        unlisted.append(Path(error.filename or folder))

    for top, folders, names in os.walk(folder, onerror=note):
        here = Path(top)
        is_run = "run.json" in names
        for name in sorted(folders):
            path = here / name
            if name.startswith("."):
                folders.remove(name)
            elif path.is_symlink():  # os.walk lists it, and does not enter
                yield path, LINKS
            elif is_run and name == "samples":
                folders.remove(name)
                yield path, SAMPLES
        for name in names:
            reason = _reason(here / name)
            own = is_run and reason == OTHERS  # the training's own files
            if not (own or name.startswith(".")):
                yield here / name, reason


def _reason(path: Path) -> str | None:
    """Say why a path, which is no folder, is no photograph."""
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)
    except OSError:  # a link to itself, or to what is gone
        is_file = False
    return reason_against(path) if is_file else NO_FILES
