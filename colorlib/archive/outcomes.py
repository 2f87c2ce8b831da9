"""What became of a photograph, and what went wrong, in one line."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from colorlib.files import explain

if TYPE_CHECKING:  # it needs torch, for which `colorlib info` need not wait
    from colorlib.hints.hint import Hint

UNCERTAINTY, HINTS_MAP = "uncertainty", "hints"
# They are no photographs: PNG, which keeps every value, and never signed.
MAPS = (UNCERTAINTY, HINTS_MAP)


def one_line(error: BaseException, path: Path | None = None) -> str:
    """Return what went wrong in one line, for a person.

    Args:
        error: the package's errors explain themselves; any other is a
            mistake of the package, and the line says so.
        path: the file at work, named if the error does not name it.
    """
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError):
        text = text or "does not fit into memory; give it less at a time"
    elif type(error).__name__ == "OutOfMemoryError":  # torch's
        text = (
            "the GPU has too little memory; close what else uses it, or choose"
            " the device cpu"
        )
    elif isinstance(error, OSError) and error.errno is not None:
        text = " ".join(explain(error).split())
    elif isinstance(error, OSError):
        text = text or "the system refused, and gave no reason"
    elif not isinstance(error, _EXPLAINED):
        text = (
            f"unexpected {type(error).__name__}: {text}; please report it"
            " with what COLORLIB_DEBUG=1 shows"
        )
    return text if path is None or str(path) in text else f"{path}: {text}"


def debugging() -> bool:
    """Whether COLORLIB_DEBUG=1 asks for tracebacks in place of one line."""
    return os.environ.get("COLORLIB_DEBUG") == "1"


# What the package raises on purpose, with a sentence for its user: among them
# a loss that is not a number, and a package that has to be installed.
_EXPLAINED = (ValueError, OSError, FloatingPointError, ImportError)


@dataclass(frozen=True)
class Job:
    """One photograph to color, and where its colored copy goes."""

    source: Path
    target: Path
    named: bool
    """Whether the user named the file itself, not a folder it lies in."""
    notes: tuple[str, ...] = ()
    """What the plan has to say of it."""
    way: str = ""
    """What is made of it: a copy in color, if nothing is said; "uncertainty",
    the map of doubts; "hints", the map of what came from hints; "caption-en"
    and the like, a copy to print; or a variant, such as "warmer"."""
    hints: "tuple[Hint, ...]" = ()
    """Colors that are known."""


@dataclass(frozen=True)
class Unplanned:
    """What was named or found, and can't be colored: it gets no copy."""

    source: Path
    target: None = None
    notes: tuple[str, ...] = ()
    way: str = ""
    hints: "tuple[Hint, ...]" = ()


OUTDATED = "outdated"
STATUSES = ("colored", "skipped", OUTDATED, "failed")
THERE = ("colored", "skipped")  # its copy is there, and is its own


@dataclass(frozen=True)
class Outcome:
    """What became of one photograph."""

    job: Job | Unplanned
    status: str
    """One of `STATUSES`. Skipped is what is done; outdated is where a copy
    of ours lies that came from other bytes, another model or other settings.
    """
    notes: tuple[str, ...] = ()
    error: str | None = None
    """One line: what failed, or in which way the copy is outdated."""
    seconds: float = 0.0
    source_sha256: str | None = None
    """Of the original's bytes, where they were looked at."""
    faded: bool = False
    """Whether it was colored now, and has the contrast of a faded print."""

    def as_json(self, folder: Path) -> dict[str, Any]:
        """Return the photograph's entry in the report.

        Args:
            folder: of the copies; "place" is the result's, from there on.
        """
        target = self.job.target
        place = {}
        if target and target.is_relative_to(folder):
            place["place"] = target.relative_to(folder).as_posix()
        hints = [hint.as_json() for hint in self.job.hints]
        there = self.status in THERE  # and made with these
        return {
            "input": str(self.job.source),
            "output": None if target is None else str(target),
            **place,
            **({"result": self.job.way} if self.job.way else {}),
            "status": self.status,
            **({"hints": hints} if hints and there else {}),
            **({"faded": True} if self.faded else {}),
            "notes": [*self.job.notes, *self.notes],
            "error": self.error,
            "seconds": round(self.seconds, 3),
            "source_sha256": self.source_sha256,
        }
