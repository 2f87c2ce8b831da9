"""Finding the photographs among files and folders."""

import os
from collections.abc import Iterable
from pathlib import Path

from colorlib.photos.formats.sniffing import SUFFIXES
from colorlib.photos.photo import RefusedError


def find(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """List the photographs that files and folders name.

    Args:
        paths: one path or several. A folder stands for all files in it and
            below it whose names end like a photograph's; hidden ones are left
            out, links to folders not followed. A file that is named stands
            for itself, whatever it is: `read` tells what is wrong with it.

    Returns:
        Each file once, sorted.

    Raises:
        PhotoError: if a folder can't be listed, rather than missing what is
            in it.
    """
    if isinstance(paths, str | Path):
        paths = [paths]
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        for file in _walk(path) if path.is_dir() else [path]:
            found.setdefault(file.absolute(), file)
    return sorted(found.values())


def _walk(folder: Path) -> Iterable[Path]:
    """Go through a folder's photographs, top down."""
    for top, folders, names in os.walk(folder, onerror=_stop):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            hidden = name.startswith(".")
            if not hidden and Path(name).suffix.lower() in SUFFIXES:
                yield Path(top, name)


def _stop(error: OSError) -> None:
    raise RefusedError(
        f"can't be listed ({error.strerror})", "check its permissions"
    ).about(error.filename) from error
