"""Whether a photograph is done: same bytes, same model, same settings.

Another scan under the same name is another photograph. So each copy carries
the hash of the file that it was colored from, in its mark.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from colorlib import photos
from colorlib.archive.outcomes import OUTDATED, Job, Outcome
from colorlib.archive.signature import is_signed
from colorlib.files import sha256_of
from colorlib.hints.hint import hints_digest

if TYPE_CHECKING:
    from colorlib.colorizer import Colorizer


_WAY = "result="  # what is beside the copy says so in its settings
_HINTS = re.compile(r"\bhints=(\S+)")


def settings_of(
    colorizer: "Colorizer",
    size: int | None,
    way: str = "",
    hints: Sequence[str] = (),
) -> str:
    """Write down the settings that change what a model gives.

    Args:
        colorizer: the model.
        size: shorter side at which it sees a photograph; None for its own.
        way: as in `Job`.
        hints: `Hint.line` of each.

    Returns:
        Such as "sizes=256,384", or "sizes=256 mirror faded result=warmer". Of
        hints there is their digest: other hints are another setting.
    """
    sizes = [size] if size else [colorizer.size, *colorizer.tta_sizes]
    words = [f"sizes={','.join(map(str, sizes))}"]
    if colorizer.mirror:
        words.append("mirror")
    if colorizer.faded:
        words.append("faded")
    if hints:
        words.append(f"hints={hints_digest(hints)}")
    if way:
        words.append(f"{_WAY}{way}")
    return " ".join(words)


def mark_of(path: Path) -> photos.MadeBy | None:
    """Read the mark of a file; None where there is none that can be read.

    Args:
        path: of any file, whether it is there or not.
    """
    try:
        return photos.read_mark(path)
    except photos.PhotoError:
        return None


def is_further(mark: photos.MadeBy) -> bool:
    """Whether a file is a further result, and not the copy in color itself."""
    return any(word.startswith(_WAY) for word in mark.settings.split())


def is_made_alike(
    mark: photos.MadeBy | None, other: photos.MadeBy | None
) -> bool:
    """Whether two results are of one model, one scan and the same settings.

    Args:
        mark: of the one; None if it has none.
        other: of the other one, such as a variant of it.
    """
    if mark is None or other is None:
        return False
    return _making_of(mark) == _making_of(other)


def _making_of(mark: photos.MadeBy) -> tuple[object, ...]:
    words = [w for w in mark.settings.split() if not w.startswith(_WAY)]
    return mark.sha256, mark.source_sha256, words


def has_its_hints(mark: photos.MadeBy) -> bool:
    """Whether the hints in a mark are those that a copy was colored with."""
    if not mark.settings:
        return True  # colored one by one, in Python
    said = _HINTS.search(mark.settings)
    expected = hints_digest(mark.hints) if mark.hints else None
    return (said and said[1]) == expected


def earlier_outcome(
    job: Job, model_sha256: str, settings: str, signed: bool = False
) -> Outcome | None:
    """Say what becomes of a job whose place is taken; None if it is free.

    Args:
        job: one of a `plan`.
        model_sha256: of the weights at work.
        settings: what `settings_of` says.
        signed: whether a copy without a signature is outdated.

    Returns:
        Skipped, if what is there was made of this very file by this model
        with these settings; outdated, if one of them is another; failed, if
        colorlib did not make it. To skip those would pass them off as done.
    """
    if not os.path.lexists(job.target):
        return None
    mark = mark_of(job.target)
    if mark is None:
        error = (
            f"{job.source}: {job.target} exists and was not made by colorlib;"
            " move it or use --overwrite"
        )
        return Outcome(job, "failed", error=error)
    try:
        sha256 = _hash_if_size_is(job.source, mark.source_bytes)
    except OSError:
        return None  # reading it will say what is wrong
    reasons = _differences(mark, sha256, model_sha256, settings)
    if signed and not is_signed(job.target):
        reasons.append("is not signed")
    if not reasons:
        return Outcome(job, "skipped", source_sha256=sha256)
    error = (
        f"{job.source}: {job.target} {', and '.join(reasons)}; color it again"
        " with --update, or, if that is another photograph's copy, into"
        " another folder with -o"
    )
    return Outcome(job, OUTDATED, error=error, source_sha256=sha256)


def _differences(
    mark: photos.MadeBy, sha256: str | None, model_sha256: str, settings: str
) -> list[str]:
    """Say in which ways a copy is not what would be made now."""
    reasons = []
    if not mark.source_sha256:
        reasons.append("doesn't say which file it was colored from")
    elif mark.source_sha256 != sha256:
        reasons.append("was colored from another file or scan")
    if mark.sha256 != model_sha256:
        reasons.append(f"was colored by another model, {mark.model}")
    if mark.settings != settings:
        reasons.append(
            f"was colored with {mark.settings or 'unknown settings'}, not"
            f" {settings}"
        )
    return reasons


def _hash_if_size_is(path: Path, size: int) -> str | None:
    """Hash a file, unless its size already shows that it is another one."""
    return sha256_of(path) if os.path.getsize(path) == size else None
