"""The plan: which photographs are colored, and where each copy goes.

It is made before the first photograph is decoded. The same command gives the
same plan, so that an interrupted run goes on where it was.
"""

import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from colorlib.archive.outcomes import (
    HINTS_MAP,
    MAPS,
    Job,
    Outcome,
    Unplanned,
)
from colorlib.data.survey import UNLISTED, survey
from colorlib.files import explain
from colorlib.photos.formats.sniffing import SUFFIXES, sniff
from colorlib.photos.photo import RefusedError
from colorlib.photos.writing import WRITABLE

_SUFFIX_OF = {"JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif", "WEBP": ".webp"}


@dataclass
class Plan:
    """What a run will do."""

    jobs: list[Job] = field(default_factory=list)
    """In the order of the paths, each photograph once."""
    failed: list[Outcome] = field(default_factory=list)
    """What can't be colored: names that lead nowhere, closed folders."""
    set_aside: dict[str, list[Path]] = field(default_factory=dict)
    """What a folder holds beside photographs, by reason: see `survey`."""


def plan(paths: Sequence[Path], output: Path) -> Plan:
    """Decide what is colored and where each copy goes, before any work.

    Args:
        paths: photographs, and folders to search for photographs.
        output: folder for the copies. Where it lies inside a given folder,
            the copies in it are not taken for originals.

    Returns:
        The plan. Two photographs never get one name for their copies.

    Raises:
        ValueError: if there is no photograph, or a copy would replace an
            original.
    """
    made = Plan()
    found: dict[str, tuple[Path, Path, bool]] = {}
    for path in paths:
        for source, below in _originals(path, output, made):
            # A photograph that is given twice is colored once.
            each = (source, below, not os.path.isdir(path))
            found.setdefault(os.path.realpath(source), each)
    if not found:
        given = ", ".join(map(str, paths))
        raise ValueError(
            made.failed[0].error
            if made.failed
            else f"no photographs in {given}; files of other kinds and hidden"
            " files are passed over"
        )
    made.jobs = _with_targets(list(found.values()), output)
    _refuse_to_replace(made.jobs)
    return made


def add_results(planned: Plan, ways: Sequence[str]) -> None:
    """Plan further results of each photograph, beside its copy.

    Args:
        planned: gets the jobs, each after that of the copy itself.
        ways: what to make: "uncertainty", "hints" (of photographs that have
            some), or variants such as "warmer".

    Raises:
        ValueError: if a result would replace an original.
    """
    taken = {identity(job.target) for job in planned.jobs}
    jobs = []
    for job in planned.jobs:
        jobs.append(job)
        for way in ways:
            if way == HINTS_MAP and not job.hints:
                continue
            target = next(
                name
                for name in _result_names(job.target, way)
                if identity(name) not in taken
            )
            taken.add(identity(target))
            jobs.append(replace(job, target=target, notes=(), way=way))
    planned.jobs = jobs
    _refuse_to_replace(planned.jobs)


def _result_names(copy: Path, way: str) -> Iterator[Path]:
    """Yield names for a result: a.warmer.jpg, or else a.jpg.warmer.jpg."""
    suffix = ".png" if way in MAPS else copy.suffix
    yield copy.with_name(f"{copy.stem}.{way}{suffix}")
    yield from _other_names(
        copy.with_name(f"{copy.name}.{way}{suffix}"),
        copy.with_name(f"{copy.name}.{way}"),
    )


def _originals(
    path: Path, output: Path, made: Plan
) -> Iterator[tuple[Path, Path]]:
    """Yield each photograph in a path, and its place below that path."""
    if not os.path.isdir(path):
        try:
            os.stat(path)
        except OSError as error:
            made.failed.append(
                Outcome(Unplanned(path), "failed", error=explain(error))
            )
        else:
            yield path, Path(path.name)
        return
    copies = os.path.realpath(output)
    inside = copies.startswith(os.path.join(os.path.realpath(path), ""))
    found = survey(path)
    for folder in found.set_aside.pop(UNLISTED, []):
        why = f"{folder}: can't be listed; check its permissions"
        made.failed.append(Outcome(Unplanned(folder), "failed", error=why))
    for reason, names in found.set_aside.items():
        made.set_aside.setdefault(reason, []).extend(
            name for name in names if not (inside and _lies_in(name, copies))
        )
    for source in found.photographs:
        if not (inside and _lies_in(source, copies)):
            yield source, source.relative_to(path)


def _lies_in(path: Path, folder: str) -> bool:
    real = os.path.realpath(path.parent)
    return real == folder or real.startswith(os.path.join(folder, ""))


def _with_targets(
    found: Sequence[tuple[Path, Path, bool]], output: Path
) -> list[Job]:
    """Give each copy a name that no other copy has."""
    wanted = [output / _written_as(b, _format_in(s)) for s, b, _ in found]
    # Who keeps its own name comes before who changes it: a.png before a.gif.
    order = sorted(
        range(len(found)), key=lambda i: wanted[i].name != found[i][1].name
    )
    owners: dict[str, int] = {}
    for i in order:
        owners.setdefault(identity(wanted[i]), i)
    jobs = {
        i: Job(found[i][0], wanted[i], found[i][2]) for i in owners.values()
    }
    for i in order:
        if i not in jobs:
            source, below, named = found[i]
            target = next(
                name
                for name in _other_names(wanted[i], below)
                if identity(name) not in owners
            )
            first = found[owners[identity(wanted[i])]][0]
            note = (
                f"its copy is called {target.name}, because {first} becomes"
                f" {wanted[i].name}"
            )
            owners[identity(target)] = i
            jobs[i] = Job(source, target, named, (note,))
    return [jobs[i] for i in range(len(found))]


def _other_names(wanted: Path, below: Path) -> Iterator[Path]:
    """Yield names that tell a copy from another one: a.gif.png, a.gif.2.png."""
    yield wanted.with_name(below.name + wanted.suffix)
    number = 2
    while True:
        yield wanted.with_name(f"{below.name}.{number}{wanted.suffix}")
        number += 1


def _written_as(path: Path, found: str | None) -> Path:
    """Return the name of the copy: its suffix says what it will be.

    That is the format that was found in the file, or PNG where that can't
    be: GIF has too few colors for what comes out, and BMP no place for the
    mark that says which model made it.

    Args:
        path: the original's name, which may promise another format.
        found: the original's format; None if it can't be told.
    """
    promised = SUFFIXES.get(path.suffix.lower())
    if promised is None:
        return path.with_name(path.name + ".png")  # scan.001 is not scan.002
    format = found or promised
    several = path.suffix.lower() == ".mpo"  # the copy has the first alone
    if format == promised and format in WRITABLE and not several:
        return path
    return path.with_suffix(_SUFFIX_OF.get(format, ".png"))


def _format_in(path: Path) -> str | None:
    """Tell a file's format; None where coloring it will say what is wrong."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None  # opening a pipe would wait for who writes to it
        with path.open("rb") as file:
            return sniff(file)
    except (OSError, RefusedError):
        return None


def _refuse_to_replace(jobs: Sequence[Job]) -> None:
    """Raise if a copy would replace an original."""
    originals = {identity(job.source) for job in jobs}
    for job in jobs:
        if identity(job.target) in originals:
            raise ValueError(
                f"{job.target} would replace an original; choose another"
                " folder with -o"
            )


def identity(path: Path) -> str:
    """Tell which file a path is, whether it is there or not.

    On macOS's disks, and on many a stick, A.jpg and a.jpg are one file, and so
    are two ways of writing an umlaut.

    Args:
        path: of a file.

    Returns:
        What is equal for paths that may be one file.
    """
    real = os.path.realpath(path)
    return unicodedata.normalize("NFC", real).casefold()
