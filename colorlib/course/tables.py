"""Results as a table: on the page, in a notebook and in a terminal."""

from collections.abc import Iterable
from numbers import Integral
from string import digits


class Table:
    """Rows of results, as a notebook's cell shows them."""

    def __init__(self, rows: list[dict], digits: int):
        names = list(dict.fromkeys(name for row in rows for name in row))
        self.digits = digits
        self.lines = [names] + [
            [self._cell(row.get(name, "")) for name in names] for row in rows
        ]

    def __repr__(self) -> str:
        return "\n".join("\t".join(line) for line in self.lines)

    def _repr_markdown_(self) -> str:
        head, *rows = self.lines
        columns = list(zip(*rows, strict=True))[1:]
        rule = ["---", *("---" if _words(c) else "---:" for c in columns)]
        return "\n".join(
            f"| {' | '.join(line)} |" for line in (head, rule, *rows)
        )

    def _cell(self, value: object) -> str:
        if isinstance(value, str | Integral):  # a name, or a count
            return str(value)
        return f"{value:.{self.digits}f}"


def _words(cells: Iterable[str]) -> bool:
    """Whether a column is of words: they begin at the left, numbers don't."""
    full = [cell for cell in cells if cell]
    numbers = (cell.lstrip("-+<> ")[:1] in digits for cell in full)
    return bool(full) and not any(numbers)


def table(rows: list[dict], *, digits: int = 1) -> Table:
    """Show results as a table: a row each, a column for every key.

    Args:
        rows: dictionaries; the first key names the row.
        digits: how many digits a number gets after the point.

    Returns:
        What the last line of a cell displays; `print` works too.

    Raises:
        ValueError: if there are no rows.
    """
    if not rows:
        raise ValueError("a table needs at least one row, got none")
    return Table(rows, digits)
