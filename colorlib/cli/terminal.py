"""What a shell sees: lines, a table, one line for an error, an exit status.

The library raises and the command line catches, here and nowhere else.
What is asked for goes to standard output, errors and progress to standard
error, so that a pipe gets the answer alone.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from typer import Abort, BadParameter, Exit, echo

from colorlib.archive.outcomes import debugging, one_line
from colorlib.files import replacing

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130  # 130 = 128 + SIGINT, as in shells


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


def say(text: str) -> None:
    """Write one line to standard output."""
    echo(printable(text))


def complain(text: str) -> None:
    """Write one line to standard error, with the program's name before it."""
    echo(printable(f"colorlib: {text}"), err=True)


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
        status: exit status of an error; Ctrl-C always gives 130.
    """
    try:
        yield
    except (Exit, Abort, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        complain("interrupted")
        raise Exit(INTERRUPTED) from None
    except Exception as error:
        if debugging():
            raise
        complain(one_line(error))
        raise Exit(status) from None


def table(columns: Mapping[str, Sequence[Any]], title: str = "") -> None:
    """Print a small table; the columns after the first stand to the right."""
    grid = Table(title=title or None, box=box.SIMPLE, title_justify="left")
    for number, name in enumerate(columns):
        grid.add_column(name, justify="right" if number else "left")
    for row in zip(*columns.values(), strict=True):
        grid.add_row(*map(str, row))
    Console(markup=False, emoji=False, highlight=False).print(grid)


def progress_bar(
    doing: str, *more: str, counted: bool = True, shown: bool = True
) -> Progress:
    """Make a bar with the time left, on standard error.

    Args:
        doing: what is done, such as "coloring".
        more: further columns, in the notation of `rich.progress`.
        counted: False to leave out how many of how many are done, for more
            columns that would not fit beside it.
        shown: False for no bar; there is none either where nobody looks,
            in a pipe or a log.
    """
    console = Console(stderr=True)
    return Progress(
        TextColumn(doing),
        BarColumn(),
        *([MofNCompleteColumn()] if counted else []),
        TimeRemainingColumn(),
        *more,
        console=console,
        speed_estimate_period=300,  # a training step may take half a minute
        disable=not (shown and console.is_terminal),
    )


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


def write_json(data: Any, path: Path) -> None:
    """Write JSON, atomically."""
    write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", path)


def read_earlier(path: Path, what: str, keys: set[str]) -> dict[str, Any]:
    """Read the JSON that a command left here before and is to replace.

    Args:
        path: where it would be.
        what: what it would be, for the error.
        keys: what tells it from the JSON of others.

    Returns:
        What it says; nothing if there is none.

    Raises:
        ValueError: if there is a file of another kind, which would be lost.
    """
    if not path.exists():
        return {}
    try:
        data = json.loads(path.read_bytes())
    except ValueError:
        data = None
    if not isinstance(data, dict) or not keys <= data.keys():
        raise _not_ours(path, what)
    return data


def check_earlier_table(path: Path, what: str, columns: Sequence[str]) -> None:
    """Look at the CSV that a command left here before and is to replace.

    Args:
        path: where it would be; there may be none.
        what: what it would be, for the error.
        columns: its first ones, which tell it from the CSV of others.

    Raises:
        ValueError: if there is a file of another kind, which would be lost.
    """
    if not path.exists():
        return
    start = f"{','.join(columns)},".encode()
    with path.open("rb") as file:
        if file.read(len(start)) != start:
            raise _not_ours(path, what)


def check_megapixels(limit: float) -> None:
    """Refuse a limit that no photograph can keep.

    Raises:
        ValueError: if it is not above 0.
    """
    if not limit > 0:  # so written, NaN is refused as well
        raise ValueError(
            f"--max-megapixels takes a number above 0, got {limit}"
        )


def write_text(text: str, path: Path) -> None:
    """Write a text: a reader finds the old file or the new, never a half."""
    with replacing(path) as part:
        # In a name that is not valid UTF-8 this gives \udcNN, as JSON does.
        part.write_bytes(text.encode("utf-8", "backslashreplace"))


def _not_ours(path: Path, what: str) -> ValueError:
    return ValueError(
        f"{path} exists and is no {what} of colorlib; move it, or choose"
        " another place"
    )
