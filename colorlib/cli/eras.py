"""`colorlib eras`: what is known of an era, and photographs of it.

The catalogue, the archives and the record are in `colorlib.eras`. Chapter 15.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Exit, Option, Typer

from colorlib.cli.docstrings import with_help
from colorlib.cli.eras_evaluate import evaluate_era
from colorlib.cli.terminal import (
    FAILED,
    MAX_MEGAPIXELS,
    WRONG_USAGE,
    check_megapixels,
    given_path,
    plain_errors,
    print_table,
    printable,
    say,
    stderr_console,
    telling,
)

if TYPE_CHECKING:
    from colorlib.eras.record import Record, RecordLine
    from colorlib.eras.schema import Era

commands = Typer(
    name="eras",
    help="Photographs of Korean eras: what is known, where to find them.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
EraName = Annotated[str, Argument(metavar="ERA", show_default=False)]


def list_eras() -> None:
    """List the eras of the catalogue.

    Claims are counted, and those among them that no source was found for.

    Exit status: 0.
    """
    with plain_errors():
        from colorlib.eras.catalog import era_names, load_era

        eras = [load_era(name) for name in era_names()]
        print_table(
            {
                "era": [era.name for era in eras],
                "": [f"{era.title}, {era.korean}" for era in eras],
                "years": [_span(era.years) for era in eras],
                "claims": [len(era.sources) for era in eras],
                "unsourced": [era.sources.count("unsourced") for era in eras],
            }
        )


def show_era(era: EraName) -> None:
    """Show what is known of an era, and who says so.

    Film, documented colors, rights, true color, and the queries that
    `colorlib eras fetch` sends. Below each claim stands its source, or the
    word unsourced.

    Exit status: 0 shown, 2 no such era.

    Args:
        era: Its name, one of `colorlib eras list`.
    """
    with plain_errors(WRONG_USAGE):
        from colorlib.eras.catalog import load_era

        for line in _told(load_era(era)):
            say(line)


def _told(era: "Era") -> Iterator[str]:
    yield f"{era.title}, {era.korean}: {_span(era.years)}"
    yield _source(era.source)
    yield from ("", "Film to expect")
    for prior in era.film:
        shares = ", ".join(f"{n} {s:.0%}" for n, s in prior.shares.items())
        yield f"  {_span(prior.years)}: {shares}"
        yield _source(prior.source)
    yield from ("", "Documented colors")
    for color in era.colors:
        yield f"  {color.thing}, {color.korean}: {color.documented}"
        yield f"    known: {color.says}"
        yield f"    not known: {color.unknown}"
        if color.parts:
            hues = (f"{part} is {hue}" for part, hue in color.parts.items())
            yield f"    hues: {', '.join(hues)}"
        yield _source(color.source)
    claims = {
        "What is known of film": era.film_facts,
        "Kinds of photographs": era.kinds,
        "Taken in color": era.true_color,
        "Rights": era.rights,
    }
    for title, told in claims.items():
        yield from ("", title)
        for claim in told:
            yield f"  {claim.says}"
            yield _source(claim.source)
    yield from ("", "Queries")
    for each in era.collections:
        yield f"  {each.archive}, {each.kind}: {each.query}"
        yield _source(each.source)


def _source(source: str) -> str:
    return f"    [{source}]"


def _span(years: tuple[int, int]) -> str:
    return f"{years[0]} to {years[1]}"


def fetch(
    era: EraName,
    to: Annotated[Path, Option("--to", metavar="FOLDER", file_okay=False)],
    contact: Annotated[
        str | None, Option(metavar="TEXT", envvar="COLORLIB_CONTACT")
    ] = None,
    limit: Annotated[int, Option(metavar="N", min=1)] = 100,
    width: Annotated[int, Option(metavar="PIXELS")] = 1280,
    non_commercial: Annotated[bool, Option("--non-commercial")] = False,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
) -> None:
    """Download free photographs of an era from two archives.

    From Wikimedia Commons and the Library of Congress, by the queries that
    `colorlib eras show` lists, one request after the other. Taken is what may
    be changed, since coloring is a change: public domain, CC0, CC BY, CC
    BY-SA, KOGL type 0 and 1. Photographs that are in color must name process
    and institution; those that were colored, enlarged or retouched later are
    refused by what is said of them. In FOLDER/photographs.csv each offer has a
    line, with author, date, license, page and hashes, or with the reason why
    it was refused. The same command goes on where it was.

    Exit status: 0 done, 1 some could not be had, 2 wrong usage, 130
    interrupted (143 by SIGTERM).

    Args:
        era: Its name, one of `colorlib eras list`.
        to: Where photographs and record go.
        contact: Your e-mail address or web page, which the archives want to
            see in every request. It may also stand in the variable
            COLORLIB_CONTACT.
        limit: How many photographs each query may offer.
        width: Width of Commons' copies, one of 250, 330, 500, 960, 1280, 1920,
            3840; smaller photographs come as they are.
        non_commercial: Take what must not be sold, too: CC's NC, KOGL type 2.
        max_megapixels: Refuse a photograph that is larger.
    """
    with plain_errors(WRONG_USAGE):
        check_megapixels(max_megapixels)
        from colorlib.eras import fetch as fetching
        from colorlib.eras.catalog import load_era
        from colorlib.eras.commons import check_width
        from colorlib.eras.politeness import PoliteClient

        found = load_era(era)
        client = PoliteClient(contact)
        check_width(width)
        wishes = fetching.Wishes(limit, width, non_commercial, max_megapixels)
    with plain_errors(), telling(stderr_console()):
        record = fetching.fetch_era(
            found, to, client, wishes, on_entry=_tell_entry
        )
    _summarize(record, to, found.name)


def add(
    folder: Annotated[
        Path,
        Argument(metavar="FOLDER", parser=given_path, show_default=False),
    ],
    era: Annotated[str | None, Option(metavar="ERA")] = None,
    title: Annotated[str | None, Option(metavar="TEXT")] = None,
    author: Annotated[str | None, Option(metavar="TEXT")] = None,
    date: Annotated[str | None, Option(metavar="TEXT")] = None,
    rights: Annotated[str | None, Option(metavar="TEXT")] = None,
    process: Annotated[str | None, Option(metavar="TEXT")] = None,
    institution: Annotated[str | None, Option(metavar="TEXT")] = None,
    table: Annotated[
        Path | None, Option(metavar="FILE", exists=True, dir_okay=False)
    ] = None,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
) -> None:
    """Write a record of your own scans, as of fetched photographs.

    The scans stay as they are and where they are; FOLDER/photographs.csv is
    written beside them. Title, author, date and rights must be known of
    each: from the options, which hold for all, or from a table, which holds
    for one and comes first.

    Exit status: 0 done, 1 some could not be read, 2 wrong usage.

    Args:
        folder: Where the scans are; those in folders below it count, too.
        era: One of `colorlib eras list`; what is dated outside it is refused.
            Without it, the scans are of any time.
        title: What they show.
        author: Who took them, or unknown.
        date: When, such as 1951, "between 1910 and 1920", May 1980; without
            --era also unknown.
        rights: By which right you color them, such as CC BY 4.0, or
            "by permission of the family".
        process: Of photographs that were taken in color, such as Kodachrome.
        institution: Who keeps the originals of these.
        table: A CSV in UTF-8 with the columns file, title, author, date,
            rights, process, institution; file is the path in the folder, and
            of the others those that you need.
        max_megapixels: Refuse a photograph that is larger.
    """
    with plain_errors(WRONG_USAGE):
        check_megapixels(max_megapixels)
        from colorlib.eras.add import COLUMNS, add_scans, read_descriptions
        from colorlib.eras.catalog import load_era

        given = (title, author, date, rights, process, institution)
        found = load_era(era) if era else None
        record = add_scans(
            found,
            folder,
            for_all={
                name: text
                for name, text in zip(COLUMNS[1:], given, strict=True)
                if text
            },
            descriptions=read_descriptions(table) if table else None,
            max_megapixels=max_megapixels,
        )
    with plain_errors():
        for entry in record.values():
            if entry.era == (era or ""):
                _tell_entry(entry)
    _summarize(record, folder, era or "")


def _tell_entry(entry: "RecordLine") -> None:
    """Say in a line what became of a photograph."""
    what = entry.file or f"{entry.archive} {entry.id}, {entry.title}"
    reason = f": {entry.reason}" if entry.reason else ""
    say(f"{entry.status:9} {printable(what)}{reason}")


def _summarize(record: "Record", folder: Path, era: str) -> None:
    """Count the lines of an era, or of none; others were told of before."""
    with plain_errors():
        ours = [each for each in record.values() if each.era == era]
        counts = Counter(entry.status for entry in ours)
        told = ", ".join(f"{n} {status}" for status, n in counts.items())
        say(f"{folder}: {told or 'nothing was offered'}")
    if counts["failed"]:
        raise Exit(FAILED)


commands.command("list")(with_help(list_eras))
commands.command("show")(with_help(show_era))
commands.command("fetch")(with_help(fetch))
commands.command("add")(with_help(add))
commands.command("evaluate")(with_help(evaluate_era))
