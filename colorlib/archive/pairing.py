"""Which copy in a folder belongs to which original, or to which other copy.

The mark of a copy has the hash of its original, so a copy is found under any
name. One without a hash is looked for where `colorize` would have put it, or
where the other folder has it.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from colorlib.archive.done import is_further, mark_of
from colorlib.archive.originals import ORIGINALS
from colorlib.archive.plan import plan
from colorlib.data.survey import survey
from colorlib.files import sha256_of


def pair(
    originals: Path, copies: Path
) -> tuple[list[tuple[Path, Path | None]], list[Path]]:
    """Find the copy of each original.

    Args:
        originals: a folder of photographs.
        copies: the folder of their colored copies.

    Returns:
        Each original, with its copy or None; and the copies that are left.

    Raises:
        ValueError: if there are no originals.
    """
    jobs = plan([originals], copies).jobs
    left = _sources(copies)
    by_hash = defaultdict(list)
    for path, sha256 in left.items():
        by_hash[sha256].append(path)
    pairs: list[tuple[Path, Path | None]] = []
    for job in jobs:
        fitting = by_hash.get(sha256_of(job.source), [])
        copy = _choose(job.target, fitting, left)
        if copy is not None:
            del left[copy]
        pairs.append((job.source, copy))
    return pairs, list(left)


def pair_copies(
    first: Path, second: Path
) -> tuple[list[tuple[Path, Path]], list[Path]]:
    """Find photographs of two folders that show the same original.

    Two colored copies do if their marks name the same original, under any
    name; and so does a copy with its original. The others are paired by
    their places in the folders, whatever the suffix, unless their marks say
    that they were colored from two different files.

    Args:
        first: a folder of photographs.
        second: another one.

    Returns:
        The pairs, in the order of the first folder; and what is left over in
        either. Each photograph is in one pair at most.

    Raises:
        OSError: if a photograph can't be read.
    """
    sources, left = _sources(first), _sources(second)
    places = {path: path.relative_to(first).with_suffix("") for path in sources}
    by_hash, by_place = defaultdict(list), defaultdict(list)
    for path, source in left.items():
        by_hash[source or sha256_of(path)].append(path)
        by_place[path.relative_to(second).with_suffix("")].append(path)
    found: dict[Path, Path] = {}

    def take(path: Path, candidates: Sequence[Path]) -> None:
        free = [other for other in candidates if other in left]
        if path not in found and free:
            # The same name with its suffix, then without it, then any.
            same = second / path.relative_to(first)
            alike = [p for p in free if p in by_place.get(places[path], ())]
            found[path] = same if same in free else [*alike, *free][0]
            del left[found[path]]

    for path, source in sources.items():
        take(path, by_hash.get(source or sha256_of(path), ()))
    for path, source in sources.items():
        others = by_place.get(places[path], ())
        take(path, [p for p in others if not (source and left.get(p))])
    alone = [path for path in sources if path not in found]
    return [(p, found[p]) for p in sources if p in found], [*alone, *left]


def _choose(
    target: Path, fitting: Sequence[Path], left: dict[Path, str]
) -> Path | None:
    """Take a copy of these bytes, best under the name that was planned."""
    free = [path for path in fitting if path in left]
    if target in free or (not free and target in left):
        return target
    return free[0] if free else None


def _sources(folder: Path) -> dict[Path, str]:
    """Find the photographs of a folder, and the hash that each was made from.

    Variants and maps of doubts are passed over: they are no copies. So are
    the originals that `colorlib card` put into the folder.
    """
    marks = {path: mark_of(path) for path in survey(folder).photographs}
    handed = folder / ORIGINALS
    return {
        path: mark.source_sha256 if mark else ""
        for path, mark in marks.items()
        if not (is_further(mark) if mark else path.is_relative_to(handed))
    }
