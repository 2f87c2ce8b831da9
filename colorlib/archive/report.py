"""The report of a run: what became of each photograph, with its notes.

A report goes on from run to run. An entry of an earlier run is replaced by a
newer one about the same bytes and the same copy, and by nothing else. Who
looks at a folder wants the entries of all runs: `of_all_runs`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from colorlib import __version__
from colorlib.archive.credit import LANGUAGES, credit_line
from colorlib.archive.outcomes import STATUSES, THERE, Outcome
from colorlib.photos import MadeBy

if TYPE_CHECKING:
    from colorlib.colorizer import Colorizer

PhotoEntry = dict[str, Any]
_EARLIER = "photographs_of_earlier_runs"
# What an entry says at least, to who reads a report of any age.
_NOTHING: PhotoEntry = {"input": "", "output": None, "status": ""}
_NOTHING |= {"notes": [], "error": None, "source_sha256": None}


def describe_coloring(
    colorizer: "Colorizer",
    size: int | None,
    started: datetime,
    planned: int,
    outcomes: Sequence[Outcome],
) -> dict[str, Any]:
    """Say what a run did, without its photographs.

    Args:
        colorizer: the model at work.
        size: shorter side that was asked for; None for the model's own.
        started: when the run began, in UTC.
        planned: how many photographs it was to color.
        outcomes: what became of those that it reached.
    """
    return {
        "software": f"colorlib {__version__}",
        "model": {
            "name": colorizer.name,
            "sha256": colorizer.sha256,
            "device": str(colorizer.device),
            "size": size or colorizer.size,
            "tta_sizes": [] if size else list(colorizer.tta_sizes),
            "mirror": colorizer.mirror,
            "faded": colorizer.faded,
        },
        "caption": {
            language: credit_line(_mark_of(colorizer, started), language)
            for language in LANGUAGES
        },
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 3),
        **counts(outcomes),
        "not_reached": planned - len(outcomes),
    }


def place_of(folder: Path, entry: Mapping[str, Any]) -> Path | None:
    """Find the file of an entry in the folder, wherever the report was made.

    Args:
        folder: of the copies.
        entry: of a report.

    Returns:
        Its place from the folder on; None if it is not here.
    """
    parts = PurePath(entry.get("output") or "").parts
    least = len(PurePath(entry.get("place", "")).parts) or 1
    # From the longest end on: a shorter one may be another photograph's.
    for first in range(len(parts) - least + 1):
        inside = Path(*parts[first:])
        if not inside.is_absolute() and (folder / inside).is_file():
            return inside
    return None


def _mark_of(colorizer: "Colorizer", started: datetime) -> MadeBy:
    return MadeBy(
        colorizer.name,
        colorizer.sha256,
        f"colorlib {__version__}",
        date=started.date().isoformat(),
    )


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Count the outcomes of each status."""
    statuses = [outcome.status for outcome in outcomes]
    return {status: statuses.count(status) for status in STATUSES}


def complete(
    run: Mapping[str, Any],
    outcomes: Sequence[Outcome],
    set_aside: "Mapping[str, Sequence[Path]]",
    before: Mapping[str, Any],
    folder: Path,
) -> dict[str, Any]:
    """Put a report together, with the entries of the one before.

    Args:
        run: what `describe_coloring` says.
        outcomes: what became of each photograph.
        set_aside: what is no photograph, by reason.
        before: the report that this one replaces; may be empty.
        folder: of the copies.
    """
    earlier = _entries(before)
    colored = {_key(e): e for e in earlier if e.get("status") in THERE}
    entries = [
        _with_history(outcome.as_json(folder), colored) for outcome in outcomes
    ]
    return {
        **run,
        "set_aside": {why: [*map(str, p)] for why, p in set_aside.items()},
        "photographs": entries,
        _EARLIER: _kept(earlier, entries),
    }


def of_all_runs(report: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Put the entries of all runs together, for who looks at the folder.

    Args:
        report: as read from its JSON.
        folder: of the copies.

    Returns:
        The report. Its photographs are those of earlier runs, without copies
        that are gone or were replaced, and then those of the last run.
    """
    last = [{**_NOTHING, **entry} for entry in report["photographs"]]
    taken = {
        place_of(folder, entry) for entry in last if entry["status"] in THERE
    }
    earlier: list[PhotoEntry] = []
    for said in reversed(_entries({**report, "photographs": []})):
        place, entry = None, {**_NOTHING, **said}
        if entry["status"] in THERE:
            place = place_of(folder, entry)
            if place is None or place in taken:
                continue
            taken.add(place)
        if entry["status"] in STATUSES:
            earlier.append(entry)
    return {**report, "photographs": [*reversed(earlier), *last], _EARLIER: []}


def _entries(report: Mapping[str, Any]) -> list[PhotoEntry]:
    """List a report's entries. What is none is not ours to drop."""
    return [
        entry if isinstance(entry, dict) else {"input": str(entry)}
        for key in (_EARLIER, "photographs")
        for entry in report.get(key) or []
    ]


def _key(entry: PhotoEntry) -> tuple[str, ...]:
    """What an entry is about: a file by this name, these bytes, its copy."""
    about = ("input", "output", "source_sha256")
    return tuple(str(entry.get(name)) for name in about)


def _with_history(
    entry: PhotoEntry, colored: Mapping[tuple, PhotoEntry]
) -> PhotoEntry:
    """Keep what was noted when a photograph that is skipped was colored."""
    before = colored.get(_key(entry))
    if entry["status"] != "skipped" or before is None:
        return entry
    notes = dict.fromkeys([*before.get("notes", []), *entry["notes"]])
    kept: PhotoEntry = {"notes": [*notes]}
    kept |= {k: before[k] for k in ("seconds", "faded") if k in before}
    return entry | kept


def _kept(
    earlier: Sequence[PhotoEntry], entries: Sequence[PhotoEntry]
) -> list[PhotoEntry]:
    """Leave out of the earlier entries those that a newer one replaces.

    That a photograph was colored is replaced by that it was colored again,
    or is still so; not by a failure to do it anew.
    """
    newer = {_key(entry) for entry in entries}
    done = {_key(e) for e in entries if e["status"] in THERE}
    tried = {key[:2] for key in newer}
    return [
        entry
        for entry in earlier
        if not (
            _key(entry) in done
            if entry.get("status") in THERE
            else _key(entry)[:2] in tried
        )
    ]
