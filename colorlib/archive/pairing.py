"""Which copy in a folder belongs to which original.

The mark of a copy has the hash of its original, so a copy is found under any
name. One without a hash is looked for where `colorize` would have put it.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from colorlib import photos
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
    left = {path: _source(path) for path in survey(copies).photographs}
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


def _choose(
    target: Path, fitting: Sequence[Path], left: dict[Path, str]
) -> Path | None:
    """Take a copy of these bytes, best under the name that was planned."""
    free = [path for path in fitting if path in left]
    if target in free or (not free and target in left):
        return target
    return free[0] if free else None


def _source(path: Path) -> str:
    try:
        mark = photos.read_mark(path)
    except photos.PhotoError:
        return ""
    return mark.source_sha256 if mark else ""
