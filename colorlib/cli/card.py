"""`colorlib card`: the page that goes with a folder of copies. Chapter 16."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Exit, Option

from colorlib.cli.results import REPORT, read_report, write_text
from colorlib.cli.terminal import (
    FAILED,
    WRONG_USAGE,
    check_there,
    complain,
    given_path,
    plain_errors,
    say,
    waiting,
)

if TYPE_CHECKING:
    from colorlib.archive.handover import Along
    from colorlib.archive.records import Search


def card(
    folder: Annotated[
        Path,
        Argument(metavar="FOLDER", parser=given_path, show_default=False),
    ],
    about: Annotated[str, Option(metavar="TEXT")] = "",
    by: Annotated[str, Option(metavar="TEXT")] = "",
    rights: Annotated[str, Option(metavar="TEXT")] = "",
    originals: Annotated[
        list[Path] | None, Option(metavar="FOLDER", parser=given_path)
    ] = None,
    record: Annotated[
        Path | None, Option(metavar="FILE.csv", parser=given_path)
    ] = None,
    review: Annotated[
        Path | None, Option(metavar="FILE.csv", parser=given_path)
    ] = None,
    report: Annotated[
        Path | None, Option(metavar="FILE", dir_okay=False)
    ] = None,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", dir_okay=False)
    ] = None,
) -> None:
    """Write the result card of a folder that colorize has filled.

    A page in English and Korean to hand over with the folder: what was done,
    with what and with which settings, what not to believe, how to check it,
    the line to print, and a table of all copies with the hash of each
    original. It fills itself from the report and from the marks in the
    copies; what only you know, say with the options below, or fill it in by
    hand.

    The record that `colorlib eras add` or `eras fetch` wrote
    (photographs.csv) is looked for beside the originals and in the folders
    above them. It is copied into FOLDER, and author, date and license of each
    photograph stand on the card. Photographs that it refuses are named.

    Where somebody has looked through the gallery of `colorlib colorize
    --gallery`, `--review` takes the CSV that the gallery gives: the card then
    counts what was accepted, rejected and left open, lists what was rejected,
    and has each decision and comment in its table.

    The card covers all runs of colorize into FOLDER: each copy that is there,
    whichever run made it. Other pictures in FOLDER are counted and named.

    Exit status: 0 written, 1 written, but some originals were not found, 2
    wrong usage, or the card was edited by hand, 130 interrupted (143 by
    SIGTERM).

    Args:
        folder: The folder with the copies.
        about: What the photographs are, in a sentence.
        by: Who answers questions: a name, and how to reach it.
        rights: Who has which rights to the photographs and the copies.
        originals: Copy the originals of the copies from this folder into
            FOLDER/originals, byte for byte; each is found by the SHA-256 in
            the mark of its copy. For several folders, give it several times.
        record: The record, if it isn't beside the originals.
        review: What a person decided in the gallery: the CSV from there. If
            a copy was changed since, no card is written.
        report: The report of colorize, if it isn't in the folder.
        output: Where the card goes. Without it, CARD.md in the folder.
    """
    from colorlib.archive.card import CARD, check_unedited, result_card
    from colorlib.archive.handover import (
        Along,
        find_strangers,
        read_marks,
        wanted_originals,
    )
    from colorlib.archive.originals import (
        ORIGINALS,
        copy_originals,
        find_originals,
    )
    from colorlib.archive.records import copy_records
    from colorlib.archive.review import read_review

    sources = originals or []
    with plain_errors(WRONG_USAGE):
        for each in (folder, *sources):
            _check_folder(each)
        place = report or folder / REPORT
        found = _read(place, folder)
        page = output or folder / CARD
        check_unedited(page)
        search = _find_records(found, folder, sources, record)
        with waiting("comparing with the copies", quiet=review is None):
            reviews = read_review(review, found, folder) if review else None
        marks = read_marks(found, folder)
        wanted = wanted_originals(found, marks)
        files = copy_records(search.records, folder)
    with plain_errors():
        with waiting("copying the originals", quiet=not sources):
            if sources:
                copy_originals(sources, folder, wanted)
            there = find_originals(folder / ORIGINALS, wanted)
            strangers = find_strangers(found, folder, wanted)
        along = Along(
            marks=marks,
            originals=there,
            records=search,
            record_files=files,
            reviews=reviews,
            report_file=_inside(place, folder),
            strangers=strangers,
        )
        text = result_card(
            found, folder, about=about, by=by, rights=rights, along=along
        )
        write_text(text, page)
        say(f"card: {page}")
        if not (by and rights):
            say("to be filled in: who answers questions, and the rights")
        lacking = _tell(found, along, asked=bool(sources))
    if sources and lacking:
        raise Exit(FAILED)


def _check_folder(folder: Path) -> None:
    check_there(folder)
    if not folder.is_dir():
        raise NotADirectoryError(20, "is not a folder", str(folder))


def _read(place: Path, folder: Path) -> dict[str, Any]:
    """Read the report, of all runs; an error if there is none."""
    from colorlib.archive.report import of_all_runs

    found = read_report(place)
    if not found:
        raise ValueError(
            f"{place} doesn't exist; color the photographs first, with"
            " colorlib colorize, or name the report with --report"
        )
    return of_all_runs(found, folder)


def _inside(place: Path, folder: Path) -> str:
    """Name a file from a folder on; empty if it lies elsewhere."""
    real, above = place.resolve(), folder.resolve()
    inside = real.is_relative_to(above)
    return real.relative_to(above).as_posix() if inside else ""


def _find_records(
    report: Mapping[str, Any],
    folder: Path,
    originals: list[Path],
    named: Path | None,
) -> "Search":
    """Find the records: the named one, or those beside the originals.

    Without any, the one that an earlier card has left in the folder.
    """
    from colorlib.archive.handover import there_in
    from colorlib.archive.records import (
        Search,
        find_records,
        read_photo_record,
    )

    if named:
        return Search([read_photo_record(named)])
    inputs = [Path(entry["input"]).parent for entry in there_in(report)]
    search = find_records([*inputs, *originals])
    if search.records:
        return search
    kept = find_records([folder])
    return Search(kept.records, [*search.unread, *kept.unread])


def _tell(report: Mapping[str, Any], along: "Along", *, asked: bool) -> bool:
    """Say what goes along; whether an original is not in the folder."""
    from colorlib.archive.handover import (
        refused_in,
        there_in,
        without_original,
    )
    from colorlib.data.survey import name_some

    entries = there_in(report)
    for path in along.record_files:
        say(f"record: {path}")
    for line in along.records.unread:
        complain(line)
    lacking = without_original(entries, along)
    if along.originals:
        say(f"originals: {len(along.originals)} in the folder")
    elif entries and not asked:
        say("the originals are not in the folder; --originals copies them")
    if lacking and (asked or along.originals):
        complain(f"not among the originals: {name_some(lacking)}")
    if along.strangers:
        complain(
            "not on the card, as the report doesn't know them:"
            f" {len(along.strangers)} ({name_some(along.strangers)})"
        )
    refused = refused_in(entries, along)
    if refused:
        names = [
            f"{Path(entry['input']).name} ({line.reason})"
            for entry, line in refused
        ]
        complain(f"the record refuses {len(refused)}: {name_some(names)}")
    return bool(lacking)
