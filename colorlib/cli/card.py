"""`colorlib card`: the page that goes with a folder of copies. Chapter 16."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from colorlib.cli.results import REPORT, read_report, write_text
from colorlib.cli.terminal import WRONG_USAGE, plain_errors, say


def card(
    folder: Annotated[
        Path,
        Argument(
            metavar="FOLDER", exists=True, file_okay=False, show_default=False
        ),
    ],
    about: Annotated[str, Option(metavar="TEXT")] = "",
    by: Annotated[str, Option(metavar="TEXT")] = "",
    rights: Annotated[str, Option(metavar="TEXT")] = "",
    report: Annotated[
        Path | None, Option(metavar="FILE", dir_okay=False)
    ] = None,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", dir_okay=False)
    ] = None,
) -> None:
    """Write the result card of a folder that colorize has filled.

    A page in English and Korean to hand over with the folder: what was done
    and with what, what not to believe, how to check it, the line to print,
    and a table of all copies with the hash of each original. It fills itself
    from the report; what only you know, say with the options below, or fill
    it in by hand.

    Exit status: 0 written, 2 wrong usage, or the card was edited by hand.

    Args:
        folder: The folder with the copies.
        about: What the photographs are, in a sentence.
        by: Who answers questions: a name, and how to reach it.
        rights: Who has which rights to the photographs and the copies.
        report: The report of colorize, if it isn't in the folder.
        output: Where the card goes. Without it, CARD.md in the folder.
    """
    from colorlib.archive.card import CARD, check_unedited, result_card

    with plain_errors(WRONG_USAGE):
        place = report or folder / REPORT
        found = read_report(place)
        if not found:
            raise ValueError(
                f"{place} doesn't exist; color the photographs first, with"
                " colorlib colorize, or name the report with --report"
            )
        page = output or folder / CARD
        check_unedited(page)
        text = result_card(found, folder, about=about, by=by, rights=rights)
        write_text(text, page)
        say(f"card: {page}")
        if not (by and rights):
            say("to be filled in: who answers questions, and the rights")
