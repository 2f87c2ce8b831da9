"""Coloring an archive on this machine, one photograph after the other.

Each stands alone: it is colored, skipped, or failed with one line that says
why, and the next one's turn comes.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from colorlib import photos
from colorlib.archive.outcomes import Job, Outcome, debugging, one_line


def color_all(
    jobs: Sequence[Job],
    colorizer: Any,
    *,
    overwrite: bool,
    size: int | None,
    max_megapixels: float,
) -> Iterator[Outcome]:
    """Color one photograph after the other; none stops the rest.

    Args:
        jobs: what `plan` returned, or a part of it.
        colorizer: a `colorlib.Colorizer`.
        overwrite: whether a copy may replace an older one.
        size: shorter side at which the model sees a photograph.
        max_megapixels: what is larger fails.

    Yields:
        What became of each photograph, in the order of the jobs.
    """
    for job in jobs:
        start = time.perf_counter()
        status, notes, error = "colored", (), None
        try:
            photo = photos.read(job.source, max_megapixels=max_megapixels)
            if photo.made_by and not job.named:
                # A copy of an earlier run, in a folder that was searched.
                status = "skipped"
                notes = (f"was colored by {photo.made_by.model} already",)
            else:
                colored = colorizer.colorize(photo, size=size)
                job.target.parent.mkdir(parents=True, exist_ok=True)
                photos.write(colored, job.target, overwrite=overwrite)
                notes = colored.notes
        except Exception as problem:
            # Wide on purpose: after a night's work on an archive one
            # photograph is missing, not all that came after it.
            if debugging():
                raise
            status, error = "failed", one_line(problem, job.source)
        yield Outcome(job, status, notes, error, time.perf_counter() - start)
