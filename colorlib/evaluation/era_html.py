"""Pieces of an era's report: numbers, and what they can't show.

`era_report` and `era_parts` put them together. Chapter 15.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from colorlib.evaluation.bootstrap import Estimate

Meanings = Mapping[str, tuple[str, str]]
"""Of each number what it shows, and what it can't."""


def score_table(
    head: Sequence[str], rows: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Make a table of numbers, a row a model, which may be wide.

    Args:
        head: the names of the columns.
        rows: for each model its cells, in HTML.

    Yields:
        HTML.
    """
    yield '<div class="scores" tabindex="0"><table>'
    yield table_row("th", *map(escape, head))
    for who, cells in rows.items():
        yield table_row("td", escape(who), *cells)
    yield "</table></div>"


def estimate_cell(found: Estimate | None, digits: int = 2) -> str:
    """Write a number with its interval below it.

    Args:
        found: None for a number that there isn't.
        digits: after the point.

    Returns:
        HTML.

    >>> estimate_cell(None)
    '&ndash;'
    """
    if found is None:
        return "&ndash;"
    low, high = f"{found.low:.{digits}f}", f"{found.high:.{digits}f}"
    return f"{found.value:.{digits}f}<small>[{low}, {high}]</small>"


def estimates_json(
    estimates: Mapping[str, Mapping[str, Estimate]],
) -> dict[str, dict[str, list[float]]]:
    """Return numbers for a JSON file.

    Args:
        estimates: by model, and by the name of the number.

    Returns:
        Value, low and high of each.
    """
    return {
        who: {n: [e.value, e.low, e.high] for n, e in found.items()}
        for who, found in estimates.items()
    }


def meanings_table(meanings: Meanings) -> Iterator[str]:
    """Make the table of what numbers show, and what they can't.

    Args:
        meanings: by the names of the numbers.

    Yields:
        HTML.
    """
    yield "<table>"
    yield table_row("th", "number", "shows", "can't show")
    for name, told in meanings.items():
        yield table_row("td", escape(name), *map(escape, told))
    yield "</table>"


def meanings_json(meanings: Meanings) -> dict[str, dict[str, str]]:
    """Return the same for a JSON file.

    Args:
        meanings: by the names of the numbers.
    """
    return {
        name: {"shows": shows, "cannot_show": cannot}
        for name, (shows, cannot) in meanings.items()
    }


def code_block(text: str) -> str:
    """Show commands, which scroll where they are wide; by keys, too.

    Args:
        text: a command a line.

    >>> code_block("colorlib > x")
    '<pre tabindex="0"><code>colorlib &gt; x</code></pre>'
    """
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'


def table_row(tag: str, head: str, *cells: str) -> str:
    """Make a row, with names for those who hear the page.

    Args:
        tag: th for the head of a table, else td.
        head: the first cell, which names the row or the first column.
        cells: the others, in HTML.
    """
    scope = "col" if tag == "th" else "row"
    inside = "".join(
        f'<th scope="col">{each}</th>' if tag == "th" else f"<td>{each}</td>"
        for each in cells
    )
    return f'<tr><th scope="{scope}">{head}</th>{inside}</tr>'
