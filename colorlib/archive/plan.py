"""The plan: which photographs are colored, and where each copy goes.

It is made, and refused if need be, before the first photograph is opened.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from colorlib import photos
from colorlib.archive.outcomes import Job, Outcome
from colorlib.photos.formats.sniffing import SUFFIXES, format_of
from colorlib.photos.photo import RefusedError
from colorlib.photos.writing import WRITABLE

_SUFFIX_OF = {"JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif", "WEBP": ".webp"}


def plan(paths: Sequence[Path], output: Path) -> list[Job]:
    """Decide what is colored and where each copy goes, before any work.

    Args:
        paths: photographs, and folders to search for photographs.
        output: folder for the copies. Where it lies inside a given folder,
            the copies in it are not taken for originals.

    Returns:
        The jobs in the order of the paths, each photograph once.

    Raises:
        FileNotFoundError: if a path leads nowhere.
        ValueError: if there is no photograph, two copies would have one
            name, or a copy would replace an original.
    """
    jobs: dict[str, Job] = {}
    for path in paths:
        for source, below in _originals(path, output):
            target = output / _written_as(below, _format_in(source))
            job = Job(source, target, path.is_file())
            # A photograph that is given twice is colored once.
            jobs.setdefault(os.path.realpath(source), job)
    if not jobs:
        raise ValueError(
            f"no photographs in {', '.join(map(str, paths))}; files of other"
            " kinds and hidden files are passed over"
        )
    _refuse_collisions(jobs.values())
    return list(jobs.values())


def look_up(job: Job, sha256: str) -> Outcome | None:
    """Say what becomes of a job whose place is taken; None if it is free.

    Args:
        job: one of those that `plan` returned.
        sha256: of the model at work.

    Returns:
        Skipped, if a model of ours colored what is there, and failed if
        nothing says so: to skip it would pass it off as done.
    """
    if not os.path.lexists(job.target):
        return None
    try:
        made_by = photos.read_mark(job.target)
    except photos.PhotoError:
        made_by = None
    if made_by is None:
        error = (
            f"{job.source}: {job.target} exists and was not made by colorlib;"
            " move it or use --overwrite"
        )
        return Outcome(job, "failed", error=error)
    notes = ()
    if made_by.sha256 != sha256:
        notes = (f"was colored by another model, {made_by.model}",)
    return Outcome(job, "skipped", notes)


def _originals(path: Path, output: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each photograph in a path, and its place below that path."""
    if not path.exists():
        raise FileNotFoundError(2, "no such file or folder", str(path))
    if path.is_file():
        yield path, Path(path.name)
        return
    output = output.resolve()
    own_copies_inside = path.resolve() in output.parents
    for source in photos.find([path]):
        if not (own_copies_inside and output in source.resolve().parents):
            yield source, source.relative_to(path)


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
    if format == promised and format in WRITABLE:
        return path
    return path.with_suffix(_SUFFIX_OF.get(format, ".png"))


def _format_in(path: Path) -> str | None:
    """Tell a file's format; None where coloring it will say what is wrong."""
    try:
        with path.open("rb") as file:
            return format_of(file.read(32))
    except (OSError, RefusedError):
        return None


def _refuse_collisions(jobs: Collection[Job]) -> None:
    """Raise if a copy would replace an original, or another copy."""
    originals = {_identity(job.source) for job in jobs}
    owners: dict[str, Job] = {}
    for job in jobs:
        identity = _identity(job.target)
        if identity in originals:
            raise ValueError(
                f"{job.target} would replace an original; choose another"
                " folder with -o"
            )
        owner = owners.setdefault(identity, job)
        if owner is not job:
            raise ValueError(
                f"{owner.source} and {job.source} would both become"
                f" {job.target}; rename one, or color them in two runs, each"
                " with its own -o"
            )


def _identity(path: Path) -> str:
    # On macOS's disks, and on many a stick, A.jpg and a.jpg are one file.
    return str(path.resolve()).casefold()
