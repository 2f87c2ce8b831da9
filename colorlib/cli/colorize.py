"""`colorlib colorize`: photographs and folders in, colored copies out.

What happens is in `cli.batch`; here are the command's options and what the
user sees of it: a bar, a table, a report, an exit status. Chapter 01.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from rich.console import Console
from typer import Argument, Exit, Option

from colorlib import __version__
from colorlib.cli.terminal import (
    FAILED,
    INTERRUPTED,
    WRONG_USAGE,
    check_megapixels,
    complain,
    given_path,
    plain_errors,
    progress_bar,
    read_earlier,
    say,
    table,
    write_json,
)
from colorlib.files import make_folder

REPORT = "colorlib-report.json"
SHOWN_NOTES = 10  # a folder of thousands has thousands; all are in the report


def colorize(
    paths: Annotated[
        list[Path],
        Argument(metavar="PATH...", parser=given_path, show_default=False),
    ],
    output: Annotated[
        Path, Option("--output", "-o", metavar="DIR", parser=given_path)
    ] = Path("colorized"),
    model: Annotated[str | None, Option(metavar="MODEL")] = None,
    device: Annotated[str | None, Option(metavar="DEVICE")] = None,
    size: Annotated[int | None, Option(metavar="PIXELS", min=1)] = None,
    overwrite: Annotated[bool, Option("--overwrite")] = False,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = 250.0,
    report: Annotated[
        Path | None, Option(metavar="FILE.json", parser=given_path)
    ] = None,
    quiet: Annotated[bool, Option("--quiet", "-q")] = False,
) -> None:
    """Color photographs, and folders of photographs.

    Each colored copy goes into the folder `colorized` of the current folder,
    under the same name and in the same format (JPEG at quality 95; GIF and
    BMP become PNG). Folders keep their structure below it. The originals
    stay as they are. What is done already is skipped, so the same command
    continues a run that was interrupted; a file in the way that colorlib did
    not make is left alone, and its photograph fails.

    Exit status: 0 all done, 1 some failed, 2 wrong usage, 130 interrupted.

    Args:
        paths: Photographs, and folders to search for photographs.
        output: Folder for the colored copies.
        model: A model of your own (.safetensors), or the folder of its run.
            Without it, the one that ships with colorlib.
        device: Where to compute, such as cpu, cuda or mps. Without it, the
            fastest at hand.
        size: Shorter side at which the model sees a photograph. Without it,
            the size, or the sizes, on the model's card.
        overwrite: Color again what is done already, and replace what is in
            the way.
        max_megapixels: Refuse a photograph that is larger.
        report: Where the JSON report goes. Without it,
            colorlib-report.json in the folder of the copies.
        quiet: Show errors only.
    """
    from colorlib.archive.local import color_all
    from colorlib.archive.plan import look_up, plan

    report = report or output / REPORT
    with plain_errors(WRONG_USAGE):
        if report.suffix.lower() != ".json":
            raise ValueError(f"--report takes a .json file, got {report}")
        check_megapixels(max_megapixels)
        jobs = plan(paths, output)
        earlier = _read_report(report, overwrite)
        colorizer = _load(model, device, quiet)
        make_folder(output)
        make_folder(report.parent)
        found = [
            None if overwrite else look_up(job, colorizer.sha256)
            for job in jobs
        ]
    outcomes = [outcome for outcome in found if outcome]
    taken = {outcome.job for outcome in outcomes}
    todo = [job for job in jobs if job not in taken]
    run = color_all(
        todo,
        colorizer,
        overwrite=overwrite,
        size=size,
        max_megapixels=max_megapixels,
    )
    with plain_errors():
        started = datetime.now(UTC)
        finished = _watch(run, outcomes, total=0 if quiet else len(todo))
        _show(outcomes, len(jobs), quiet)
        facts = _facts(colorizer, size, started, len(jobs), outcomes, earlier)
        write_json(facts, report)
        if not quiet:
            say(f"report: {report}")
    if not finished:
        raise Exit(INTERRUPTED)
    if any(outcome.error for outcome in outcomes):
        raise Exit(FAILED)


def _load(model: str | None, device: str | None, quiet: bool) -> Any:
    with Console(stderr=True, quiet=quiet).status("loading the model"):
        from colorlib.colorizer import Colorizer

        return Colorizer.load(model, device=device)


def _watch(run: Iterator, outcomes: list, total: int) -> bool:
    """Collect outcomes under a bar; False if Ctrl-C ended the run."""
    with progress_bar("coloring", shown=total > 0) as bar:
        try:
            for outcome in bar.track(run, total=total):
                outcomes.append(outcome)
        except KeyboardInterrupt:
            return False
    return True


def _facts(
    colorizer: Any,
    size: int | None,
    started: datetime,
    planned: int,
    outcomes: Sequence,
    earlier: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the report says: of the run, then of each photograph.

    Photographs of earlier runs keep their entries, apart from these.
    """
    entries = [_entry(outcome, earlier) for outcome in outcomes]
    written = {entry["output"] for entry in entries}
    return {
        "software": f"colorlib {__version__}",
        "model": {
            "name": colorizer.name,
            "sha256": colorizer.sha256,
            "device": str(colorizer.device),
            "size": size or colorizer.size,
            "tta_sizes": [] if size else list(colorizer.tta_sizes),
        },
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 3),
        **_counts(outcomes),
        "not_reached": planned - len(outcomes),
        "photographs": entries,
        "photographs_of_earlier_runs": [
            entry for name, entry in earlier.items() if name not in written
        ],
    }


def _entry(outcome: Any, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Return a photograph's entry; what is skipped keeps its earlier one."""
    entry = outcome.as_json()
    before = earlier.get(entry["output"], {})
    if outcome.status != "skipped" or before.get("input") != entry["input"]:
        return entry
    notes = dict.fromkeys([*before["notes"], *entry["notes"]])
    return entry | {"notes": list(notes), "seconds": before["seconds"]}


def _read_report(path: Path, overwrite: bool) -> dict[str, Any]:
    """Read the entries of the reports of earlier runs, by their outputs."""
    try:
        found = read_earlier(path, "report", {"software", "photographs"})
    except ValueError:
        if not overwrite:
            raise
        return {}
    return {
        entry["output"]: entry
        for key in ("photographs_of_earlier_runs", "photographs")
        for entry in found.get(key, [])
    }


def _counts(outcomes: Sequence) -> dict[str, int]:
    statuses = [outcome.status for outcome in outcomes]
    return {
        status: statuses.count(status)
        for status in ("colored", "skipped", "failed")
    }


def _show(outcomes: Sequence, planned: int, quiet: bool) -> None:
    """Show the summary: the counts, what to know, what failed and why."""
    if not quiet:
        table({name: [n] for name, n in _counts(outcomes).items()})
        lines = _notes(outcomes)
        for line in lines[:SHOWN_NOTES]:
            say(line)
        if len(lines) > SHOWN_NOTES:
            say(f"and {len(lines) - SHOWN_NOTES} more notes in the report")
    for outcome in outcomes:
        if outcome.error:
            complain(outcome.error)
    if planned > len(outcomes):
        complain(
            f"interrupted with {planned - len(outcomes)} of {planned}"
            " photographs to go; the same command continues"
        )


def _notes(outcomes: Sequence) -> list[str]:
    """Return a line for each note, with the photographs that share it."""
    sharing = defaultdict(list)
    for outcome in outcomes:
        for note in outcome.notes:
            sharing[note].append(outcome.job.source)
    return [
        f"{first}{f' and {len(others)} more' if others else ''}: {note}"
        for note, (first, *others) in sharing.items()
    ]
