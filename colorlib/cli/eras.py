"""`colorlib eras`: what is known of an era, and photographs of it.

The catalogue, the archives and the record are in `colorlib.eras`. Chapter 15.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Typer

from colorlib.cli.docstrings import with_help
from colorlib.cli.terminal import WRONG_USAGE, plain_errors, print_table, say

if TYPE_CHECKING:
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


commands.command("list")(with_help(list_eras))
commands.command("show")(with_help(show_era))
