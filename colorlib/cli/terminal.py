"""What a shell sees: lines, a table, one line for an error, an exit status.

The library raises and the command line catches, here and nowhere else.
What is asked for goes to standard output, errors and progress to standard
error, so that a pipe gets the answer alone.
"""

import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from typer import Abort, BadParameter, Exit, echo

from colorlib.archive.outcomes import debugging, one_line
from colorlib.cli.signals import exit_status

FAILED, WRONG_USAGE = 1, 2
# That of `photos`, which loads NumPy; `--help` shows it. A test holds them
# together.
MAX_MEGAPIXELS = 300.0


def given_path(text: str | Path) -> Path:
    """Take an argument for a path; an empty one would be the current folder.

    Args:
        text: what was given, or an option's default.

    Raises:
        BadParameter: if it is empty, as a script's unset variable is.
    """
    if text == "":
        raise BadParameter("a name is empty; give . for the current folder")
    return Path(text)


def check_there(path: Path) -> None:
    """Make sure that there is a file or folder.

    Args:
        path: what was given.

    Raises:
        FileNotFoundError: if there is none.
    """
    if not path.exists():
        raise FileNotFoundError(2, "no such file or folder", str(path))


def say(text: str) -> None:
    """Write one line to standard output."""
    _write(printable(text))


def complain(text: str) -> None:
    """Write one line to standard error, with the program's name before it."""
    _write(printable(f"colorlib: {text}"), err=True)


def printable(text: str) -> str:
    """Return text as one line that can't command a terminal.

    A file name may hold a line break or an escape sequence; it is shown as
    Python would write it.
    """
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode()
        for c in text
    )


@contextmanager
def plain_errors(status: int = FAILED) -> Iterator[None]:
    """Turn an error into one line on standard error and an exit status.

    Args:
        status: exit status of an error. Ctrl-C always gives 130, SIGTERM 143.
    """
    try:
        with plain_interrupts():
            yield
    except (Exit, Abort):
        raise
    except Exception as error:
        if debugging():
            raise
        complain(one_line(error))
        raise Exit(status) from None


@contextmanager
def plain_interrupts() -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into one line and their exit status."""
    try:
        yield
    except KeyboardInterrupt as signal:
        complain("interrupted")
        raise Exit(exit_status(signal)) from None


def print_table(
    columns: Mapping[str, Sequence[object]], title: str = ""
) -> None:
    """Print a small table; the columns after the first stand to the right."""
    grid = Table(title=title or None, box=box.SIMPLE, title_justify="left")
    for number, name in enumerate(columns):
        grid.add_column(name, justify="right" if number else "left")
    for row in zip(*columns.values(), strict=True):
        grid.add_row(*map(str, row))
    # In a notebook, too, it is text: rich would show an empty box besides.
    console = Console(
        markup=False, emoji=False, highlight=False, force_jupyter=False
    )
    with console.capture() as rendered:
        console.print(grid)
    _write(rendered.get().rstrip("\n"))


def progress_bar(
    doing: str,
    *more: str | ProgressColumn,
    counted: bool = True,
    shown: bool = True,
) -> Progress:
    """Make a bar with the time left, on standard error.

    Args:
        doing: what is done, such as "coloring".
        more: further columns, or texts in the notation of `rich.progress`.
        counted: False to leave out how many of how many are done, for more
            columns that would not fit beside it.
        shown: False for no bar; there is none either where nobody looks,
            in a pipe or a log.
    """
    console = stderr_console()
    return _Bar(
        TextColumn(doing),
        BarColumn(),
        *([MofNCompleteColumn()] if counted else []),
        TimeRemainingColumn(),
        *more,
        console=console,
        speed_estimate_period=300,  # seconds: a training step may take many
        disable=not (shown and console.is_terminal),
    )


@contextmanager
def waiting(doing: str, quiet: bool = False) -> Iterator[None]:
    """Say on standard error what is waited for, until it is done.

    Args:
        doing: such as "loading the model".
        quiet: show nothing. Nor is anything shown where nobody looks, or in
            a notebook, where an empty box would be left behind.
    """
    console = stderr_console(quiet)
    shown = console.status(doing) if console.is_terminal else nullcontext()
    with shown:
        yield


def stderr_console(quiet: bool = False) -> Console:
    """Make a console on standard error that survives its reader.

    Args:
        quiet: show nothing.
    """
    return _StderrConsole(stderr=True, quiet=quiet)


class _Bar(Progress):
    def stop(self) -> None:
        """End without a blank line where nothing was shown (rich < 14.3)."""
        if not self.disable:
            super().stop()


class _StderrConsole(Console):
    def on_broken_pipe(self) -> None:
        """Go on without being seen, where rich would end the program."""
        self.quiet = True
        _to_nowhere(err=True)


@contextmanager
def telling(console: Console) -> Iterator[None]:
    """Show what the library notes, such as photographs that it leaves out.

    Args:
        console: where to; a bar's own, so that lines stand above the bar.
    """
    log, teller = logging.getLogger("colorlib"), _Teller()
    teller.console = console
    level = log.level
    log.addHandler(teller)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(teller)
        log.setLevel(level)


class _Teller(logging.Handler):
    console: Console

    def emit(self, record: logging.LogRecord) -> None:
        text = printable(record.getMessage())
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def check_megapixels(limit: float) -> None:
    """Refuse a limit that no photograph can keep.

    Raises:
        ValueError: if it is not above 0.
    """
    if not limit > 0:  # so written, NaN is refused as well
        raise ValueError(
            f"--max-megapixels takes a number above 0, got {limit}"
        )


def _write(text: str, *, err: bool = False) -> None:
    """Write to a stream whose reader may be gone, as after `| head`.

    The work goes on without one: what it leaves on the disk is worth more
    than a line that nobody reads.
    """
    try:
        echo(text, file=sys.stderr if err else sys.stdout)
    except BrokenPipeError:
        _to_nowhere(err)
    except OSError as error:  # `> file` on a full disk
        _to_nowhere(err)
        error.filename = "standard error" if err else "standard output"
        raise


def _to_nowhere(err: bool) -> None:
    """Send what is still to come, and what is buffered, to /dev/null."""
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    with suppress(OSError, ValueError):  # no real file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
