"""Coloring an archive on this machine, one photograph after the other.

Each stands alone: it is colored, skipped, or failed with one line that says
why, and the next one's turn comes.
"""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from colorlib import photos
from colorlib.archive.credit import CAPTION, to_print
from colorlib.archive.done import earlier_outcome, mark_of, settings_of
from colorlib.archive.outcomes import (
    HINTS_MAP,
    MAPS,
    OUTDATED,
    UNCERTAINTY,
    Job,
    Outcome,
    debugging,
    one_line,
)
from colorlib.archive.signature import is_signed
from colorlib.files import sha256_of

if TYPE_CHECKING:
    from colorlib.archive.signing import Signer
    from colorlib.colorizer import Colorizer, PaletteAnswers


_UNSIGNED = (
    "its Content Credentials (C2PA) are not in the copy; --sign takes them"
    " along"
)


def color_all(
    jobs: Sequence[Job],
    colorizer: "Colorizer",
    *,
    overwrite: bool = False,
    update: bool = False,
    size: int | None = None,
    max_megapixels: float = photos.MAX_MEGAPIXELS,
    signer: "Signer | None" = None,
) -> Iterator[Outcome]:
    """Color one photograph after the other; none stops the rest.

    Args:
        jobs: those of a `plan`, or a part of them.
        colorizer: the model at work.
        overwrite: color again what is done, and replace what is in the way.
        update: color again what is outdated, too. Copies that are done, and
            files of other programs, are left alone. A signed copy is only
            replaced by a signed one.
        size: shorter side at which the model sees a photograph; None for
            the model's own.
        max_megapixels: what is larger fails.
        signer: signs each copy in color; None for no signature.

    Yields:
        What became of each photograph, in the order of the jobs.
    """
    original: _Original | None = None
    printed = any(job.way.startswith(CAPTION) for job in jobs)
    questions = _questions(jobs)
    for job in jobs:
        start = time.perf_counter()
        try:
            outcome, replacing = None, overwrite
            if not overwrite:
                settings = _settings(job, colorizer, size)
                outcome = earlier_outcome(
                    job, colorizer.sha256, settings, _is_to_sign(job, signer)
                )
            if outcome is None or outcome.status == OUTDATED:
                # A copy that lies in place of its scan is no new scan.
                outcome = _skip_own_copy(job) or outcome
            if update and outcome and outcome.status == OUTDATED:
                outcome = _keep_signed(job, outcome, signer)
                replacing = True
            if outcome is None:
                if original is None or original.source != job.source:
                    original = None  # two needn't be in memory
                    original = _open(
                        job.source,
                        max_megapixels,
                        colorizer,
                        printed,
                        questions,
                    )
                made = _made(job, original, colorizer, size)
                outcome = _write(job, original, made, replacing, signer)
        except Exception as problem:
            # Wide on purpose: after a night's work on an archive one
            # photograph is missing, not all that came after it.
            if debugging():
                raise
            error = one_line(problem, job.source)
            outcome = Outcome(job, "failed", error=error)
        yield replace(outcome, seconds=time.perf_counter() - start)


@dataclass
class _Original:
    """A photograph; its copy, map and variants are made one after another."""

    source: Path
    photo: photos.Photo
    sha256: str
    """Of the file."""
    size: int
    """Of the file, bytes."""
    faded: bool
    """Whether it has the contrast of a faded print."""
    printed: bool
    """Whether a copy to print is made, too: of the same colors."""
    questions: tuple[str, ...] | None
    """Variants to ask for; None if nothing but colors is asked for."""
    colored: photos.Photo | None = None
    """Its copy in color, kept for the copy to print."""
    told: "PaletteAnswers | None" = None
    """What the model says of it."""

    def ask(self, colorizer: "Colorizer", size: int | None) -> "PaletteAnswers":
        """Let the network answer, once for all results."""
        if self.told is None:
            ways = self.questions or ()
            self.told = colorizer.ask_about(self.photo, ways, size=size)
        return self.told


def _questions(jobs: Sequence[Job]) -> tuple[str, ...] | None:
    """List the variants wanted; None if only copies in color are."""
    from colorlib.models.palette import LEANINGS  # it loads torch

    ways = dict.fromkeys(job.way for job in jobs)
    variants = tuple(way for way in ways if way in LEANINGS)
    return variants if variants or UNCERTAINTY in ways else None


def _open(
    source: Path,
    max_megapixels: float,
    colorizer: "Colorizer",
    printed: bool,
    questions: tuple[str, ...] | None,
) -> _Original:
    photo = photos.read(source, max_megapixels=max_megapixels)
    photo = photo.without_equal_channels()  # once for all that is made of it
    size = os.path.getsize(source)
    faded = colorizer.is_faded(photo)
    return _Original(
        source, photo, sha256_of(source), size, faded, printed, questions
    )


def _keep_signed(
    job: Job, outdated: Outcome, signer: "Signer | None"
) -> Outcome | None:
    """Refuse to put an unsigned copy in place of a signed one."""
    if signer is not None or not is_signed(job.target):
        return None
    error = (
        f"{job.source}: {job.target} is signed; sign the new copy, too, with"
        " --sign and --key"
    )
    return replace(outdated, error=error)


def _skip_own_copy(job: Job) -> Outcome | None:
    """Skip a copy of an earlier run that lies in a folder of originals."""
    if job.named:
        return None
    mark = mark_of(job.source)
    if mark is None:
        return None  # if it can't be read, reading it will say why
    return Outcome(job, "skipped", (f"was colored by {mark.model} already",))


def _made(
    job: Job, original: _Original, colorizer: "Colorizer", size: int | None
) -> photos.Photo:
    """Make one result, and mark it with what it came from."""
    made = _make(job, original, colorizer, size)
    assert made.made_by is not None  # a colorizer always says
    made_by = replace(
        made.made_by,
        settings=_settings(job, colorizer, size),
        source_sha256=original.sha256,
        source_bytes=original.size,
        date=datetime.now(UTC).date().isoformat(),
    )
    made = replace(made, made_by=made_by)
    if job.way.startswith(CAPTION):
        made = to_print(made, job.way.removeprefix(CAPTION))
    return made


def _write(
    job: Job,
    original: _Original,
    made: photos.Photo,
    replacing: bool,
    signer: "Signer | None",
) -> Outcome:
    """Write one result, signed if it is to be."""
    finish = None
    if signer and made.made_by and _is_to_sign(job, signer):
        finish = partial(
            signer.sign,
            format=photos.SUFFIXES[job.target.suffix.lower()],
            mark=made.made_by,
            source=job.source,
            kind=original.photo.format,
        )
    photos.write(made, job.target, overwrite=replacing, finish=finish)
    # What there is to say of a photograph is said once, of its copy.
    notes = () if job.way else made.notes
    if finish is None and not job.way and is_signed(job.source):
        notes += (_UNSIGNED,)
    return Outcome(
        job,
        "colored",
        notes,
        source_sha256=original.sha256,
        faded=original.faded and not job.way,
    )


def _is_to_sign(job: Job, signer: "Signer | None") -> bool:
    return signer is not None and job.way not in MAPS  # no photographs


def _settings(job: Job, colorizer: "Colorizer", size: int | None) -> str:
    lines = [hint.line for hint in job.hints]
    return settings_of(colorizer, size, job.way, lines)


def _make(
    job: Job, original: _Original, colorizer: "Colorizer", size: int | None
) -> photos.Photo:
    photo, hints, way = original.photo, job.hints, job.way
    if way == HINTS_MAP:
        return colorizer.map_hints(photo, hints, size=size)
    if way == UNCERTAINTY:
        doubt = original.ask(colorizer, size).doubt
        return colorizer.map_doubt(photo, doubt, hints=hints)
    if way in (original.questions or ()):
        ab = original.ask(colorizer, size).variants[way]
        return colorizer.paint(photo, ab, hints=hints)
    if way and original.colored:  # a copy to print: of the same colors
        return original.colored
    if original.questions is None:
        colored = colorizer.colorize(photo, size=size, hints=hints)
    else:
        ab = original.ask(colorizer, size).ab
        colored = colorizer.paint(photo, ab, hints=hints)
    original.colored = colored if original.printed and not way else None
    return colored
