"""Wide tables on a telephone: smaller letters, or a row below the other.

A page that is 390 pixels wide has 358 for a table. One that needs more would
lose its last columns beyond the edge, often those that matter. So each table
is estimated when its page is written: what is a little too wide becomes
"tight", and what is much too wide is marked as "cards", each of whose cells
knows the name of its column. css/custom.css draws both on narrow pages only.
"""

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

TABLE = re.compile(r'<table class="table">.*?</table>', re.DOTALL)
ROOM = 358
# Pixels, as in custom.css: the size of letters, and what is between columns.
USUAL, TIGHT = (14.4, 11.2), (12.7, 6.4)
# Of the letters' size. Digits and most letters are about half as wide.
NARROW = re.compile(r"[.,:;'’()\[\] \xa0!|ilj-]")
# Code in a table breaks wherever it must.
CODE = 8
SPACE = re.compile(r"[ \t\n]+|(?<=[a-z])-(?=[a-z])")  # \xa0 is none


def mark(app, pagename, templatename, context, doctree):
    """Say of each table on a page how it fits a narrow one."""
    if "body" in context:
        body = context["body"]
        context["body"] = TABLE.sub(lambda found: marked(found[0]), body)


def marked(html: str) -> str:
    """Say of one table how it fits a page that is 390 pixels wide.

    Args:
        html: a table with the class "table".

    Returns:
        The same if it fits, or if it has no head: then it is a list of
        properties, whose values break anywhere. Otherwise with one more
        class, "tight" or "cards".
    """
    [table] = BeautifulSoup(html, "html.parser").find_all("table")
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    if not table.thead or needs(rows, USUAL) <= ROOM:
        return html
    if needs(rows, TIGHT) <= ROOM:
        table["class"] = "table tight"
        return str(table)
    table["class"] = "table cards"
    head, *others = rows
    for row in others:
        for name, cell in zip(head, row, strict=False):
            cell["data-column"] = name.get_text(" ", strip=True)
    return str(table)


def needs(rows: Sequence[Sequence[Tag]], size: tuple[float, float]) -> float:
    """Estimate the pixels that a table can't do without.

    Args:
        rows: of cells.
        size: of its letters, and of what is between two columns.
    """
    letters, between = size
    columns = zip(*rows, strict=False)
    widest = [max(map(_unbreakable, column)) for column in columns]
    return letters * sum(widest) + between * len(widest)


def _unbreakable(cell: Tag) -> float:
    """The width of its longest word, in sizes of a letter."""
    text = cell.get_text().strip()
    if cell.code and cell.code.get_text().strip() == text:
        text = text[:CODE]
    return max(map(_width, SPACE.split(text)), default=0)


def _width(word: str) -> float:
    narrow = len(NARROW.findall(word))
    return 0.28 * narrow + 0.53 * (len(word) - narrow)


def setup(app):
    app.connect("html-page-context", mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
