"""Which hints belong to which photograph of a plan.

A file of hints may be about more photographs than a run colors, and a mistyped
name must not go by unnoticed. So each photograph that it names is one of the
run, or lies where the file says it does. All of this is found out before a
network is loaded.
"""

import unicodedata
from dataclasses import replace
from pathlib import Path, PurePosixPath

from colorlib import photos
from colorlib.archive.outcomes import Job
from colorlib.archive.plan import Plan
from colorlib.hints.hint import check_agreement, check_inside
from colorlib.hints.reading import read_hints


def give_hints(
    planned: Plan,
    path: Path,
    *,
    max_megapixels: float | int = photos.MAX_MEGAPIXELS,
) -> None:
    """Give each photograph of a plan the hints that a file has for it.

    Args:
        planned: its jobs get hints. Further results are added afterwards.
        path: see `hints.reading`. A photograph is named as the end of its
            path, "dress.jpg" or "1951/dress.jpg".
        max_megapixels: a photograph that is larger is not looked at.

    Raises:
        OSError: if the file can't be read.
        ValueError: if it breaks a rule, names a photograph that is nowhere or
            several at once, or a place outside of one.
    """
    by_file: dict[str, list[int]] = {}
    for i, job in enumerate(planned.jobs):
        by_file.setdefault(_parts(job.source.name)[-1], []).append(i)
    for name, hints in read_hints(path).items():
        try:
            same = by_file.get(_parts(name)[-1], [])
            found = [i for i in same if _ends_in(planned.jobs[i], name)]
            if not found and not (path.parent / name).is_file():
                raise ValueError(
                    f"is not among the photographs, nor beside {path.name};"
                    " check the name"
                )
            if len(found) > 1:
                first, second = (planned.jobs[i].source for i in found[:2])
                raise ValueError(
                    f"may be {first} or {second}; name the folder, too"
                )
            for i in found:
                job = planned.jobs[i]
                hinted = replace(job, hints=(*job.hints, *hints))
                check_agreement(hinted.hints)  # it may have two names
                _check_inside(hinted, max_megapixels)
                planned.jobs[i] = hinted
        except ValueError as error:
            raise ValueError(f"{path}: {name}: {error}") from error


def _ends_in(job: Job, name: str) -> bool:
    """Whether the path of a photograph ends in a name."""
    parts = _parts(name)
    return _parts(job.source.absolute().as_posix())[-len(parts) :] == parts


def _parts(path: str) -> tuple[str, ...]:
    """Split a path. Macs write an umlaut, or a Hangul syllable, as several."""
    return PurePosixPath(unicodedata.normalize("NFC", path)).parts


def _check_inside(job: Job, max_megapixels: float | int) -> None:
    try:
        photo = photos.read(job.source, max_megapixels=max_megapixels)
    except photos.PhotoError:
        return  # coloring it will say what is wrong
    check_inside(job.hints, photo.width, photo.height)
