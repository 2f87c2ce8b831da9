"""The originals, byte for byte, in a folder that is handed over.

Each copy's mark has the SHA-256 of its original. So an original is found under
any name, and what lies in the folder is what was colored, or is not there.
Chapter 16.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from colorlib.archive.plan import identity
from colorlib.files import replacing, sha256_of

ORIGINALS = "originals"
"""The folder of originals in a folder of copies."""


@dataclass(frozen=True)
class Original:
    """What is known of an original without having it."""

    size: int = 0
    """In bytes; 0 if it is not known."""
    names: frozenset[str] = frozenset()
    """Its file's; several if there were several of the same bytes."""


Wanted = Mapping[str, Original]  # by SHA-256


def find_originals(folder: Path, wanted: Wanted) -> dict[Path, str]:
    """Find originals in a folder, by their bytes.

    Args:
        folder: and those below it; it need not exist.
        wanted: which.

    Returns:
        The SHA-256 of each file that is one, by its path. Of one original
        there may be several.
    """
    return dict(_found(folder, wanted, None))


def copy_originals(
    folders: Sequence[Path], copies: Path, wanted: Wanted
) -> list[Path]:
    """Copy originals into the folder of their copies.

    They keep their places below the folder that they come from. Where two
    would have one name, the second gets a longer one. What is there already
    stays, so the same call goes on where it was interrupted. A file of the
    same bytes and another name is taken only where no other is.

    Args:
        folders: where to look for them. They are only read.
        copies: the folder of the copies in color; the originals go into
            `ORIGINALS` in it.
        wanted: which.

    Returns:
        The places of those that were copied.

    Raises:
        OSError: what the disk says.
        ValueError: if one changed meanwhile, or another file has its name.
    """
    there = find_originals(copies / ORIGINALS, wanted)
    taken = {identity(path): sha256 for path, sha256 in there.items()}
    made = []
    for folder in folders:
        for source, sha256 in _named(folder, wanted, copies):
            target = copies / ORIGINALS / source.relative_to(folder)
            if taken.setdefault(identity(target), sha256) != sha256:
                longer = f"{target.stem}.{sha256[:8]}{target.suffix}"
                target = target.with_name(longer)
                taken[identity(target)] = sha256
            if there.get(target) != sha256:
                _copy(source, target, sha256)
                there[target] = sha256
                made.append(target)
    return made


def _found(
    folder: Path, wanted: Wanted, besides: Path | None
) -> Iterator[tuple[Path, str]]:
    """Yield each original in a folder, but for those in another one."""
    sizes = {original.size for original in wanted.values()}
    for path in sorted(folder.rglob("*")):
        # What an interrupted copy leaves is hidden.
        if path.name.startswith(".") or not path.is_file():
            continue
        if besides and _lies_in(path, besides):
            continue
        if 0 in sizes or path.stat().st_size in sizes:
            sha256 = sha256_of(path)
            if sha256 in wanted:
                yield path, sha256


def _named(
    folder: Path, wanted: Wanted, besides: Path
) -> Iterator[tuple[Path, str]]:
    """Yield those of them that have a right name, or else the first."""
    files: dict[str, list[Path]] = {}
    for path, sha256 in _found(folder, wanted, besides):
        files.setdefault(sha256, []).append(path)
    for sha256, paths in files.items():
        named = [path for path in paths if path.name in wanted[sha256].names]
        for path in named or paths[:1]:
            yield path, sha256


def _copy(source: Path, target: Path, sha256: str) -> None:
    """Copy a file, and make sure of it; nothing is replaced."""
    if os.path.lexists(target):
        raise ValueError(
            f"{target} exists and is not the original; move it, and run the"
            " same command again"
        )
    with replacing(target, overwrite=False) as part:
        shutil.copyfile(source, part)
        if sha256_of(part) != sha256:
            raise ValueError(
                f"{source} changed while it was copied; run the same command"
                " again"
            )
        seen = source.stat()  # an archive goes by its day, too
        os.utime(part, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def _lies_in(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
