"""The command line: `colorlib colorize old.jpg`, and what belongs to it.

Every command reads its arguments, calls the package, and shows what came:
nothing is computed here. Nothing here imports torch either, until a command
needs it, so that `colorlib --help` answers at once.
Chapter 01 colors a photograph with it.
"""

import sys
from io import TextIOWrapper
from typing import Annotated, Any

from typer import Exit, Option, Typer, echo
from typer.core import TyperGroup

from colorlib import __version__
from colorlib.cli import (
    card,
    colorize,
    compare,
    eras,
    evaluate,
    info,
    train,
    verify,
)
from colorlib.cli.docstrings import with_help
from colorlib.cli.signals import sigterm_raises
from colorlib.cli.terminal import plain_interrupts
from colorlib.threads import limit_spinning

__all__ = ["app"]

limit_spinning()  # before a command loads torch


class _Commands(TyperGroup):
    """All commands end alike on Ctrl-C and SIGTERM, wherever it meets them."""

    # A context of click, or of the copy of click that newer Typers bring.
    def invoke(self, ctx: Any) -> Any:
        with plain_interrupts(), sigterm_raises():
            return super().invoke(ctx)


app = Typer(
    name="colorlib",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    # A traceback is shown when asked for (`cli.terminal`), and then a plain
    # one: Typer's prints the value of every variable, photographs included.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> bool:
    if wanted:
        echo(f"colorlib {__version__}")
        raise Exit
    return wanted


@app.callback()
@with_help
def _colorlib(
    version: Annotated[  # noqa: ARG001 (its callback does it)
        bool, Option("--version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Color historical photographs, and train what colors them.

    Args:
        version: Show the version and leave.
    """
    # A file name may hold what the terminal's encoding has not: it is then
    # shown as \\xNN instead of ending the run. Whoever closed the output
    # (`>&-`) has none, and reads nothing.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


app.command()(with_help(colorize.colorize))
app.command()(with_help(info.info))
app.command()(with_help(train.train, train.METHODS))
app.command()(with_help(evaluate.evaluate))
app.command()(with_help(verify.verify))
app.command()(with_help(compare.compare))
app.command()(with_help(card.card))
app.add_typer(eras.commands)
