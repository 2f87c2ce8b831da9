"""Which tables fit a telephone, and what becomes of those that don't."""

import narrow_tables
import pytest
from bs4 import BeautifulSoup


def table(*rows: str, head: bool = True) -> str:
    cells = [row.split("|") for row in rows]
    first, *others = cells
    lines = [
        "".join(f"<td><p>{cell}</p></td>" for cell in row) for row in others
    ]
    top = "".join(f"<th>{cell}</th>" for cell in first)
    opening = f"<thead><tr>{top}</tr></thead>" if head else ""
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table class="table">{opening}<tbody>{body}</tbody></table>'


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_a_table_that_fits_stays_as_it_is():
    """A sentence breaks at its spaces, so it may be as long as it likes."""
    few = table("run|error", "gray|" + "it has no color at all, " * 9)
    assert narrow_tables.marked(few) == few


def test_a_table_that_is_a_little_too_wide_gets_smaller_letters():
    words = table(
        "photograph|error|colorfulness|colorfulness|photograph", "a|1|2|3|4"
    )
    assert parsed(narrow_tables.marked(words)).table["class"] == [
        *("table", "tight")
    ]


@pytest.fixture
def cards() -> BeautifulSoup:
    interval = "11.68 (11.49\xa0to\xa011.88)"
    rows = ["<code>ciede2000</code>|" + "|".join([interval] * 4)] * 2
    wide = table("measure|gray|model|model - gray|<b>truth</b>", *rows)
    return parsed(narrow_tables.marked(wide))


def test_in_a_table_that_is_much_too_wide_each_cell_knows_its_column(cards):
    assert cards.table["class"] == ["table", "cards"]
    names = [cell["data-column"] for cell in cards.select("tbody td")]
    assert names == ["measure", "gray", "model", "model - gray", "truth"] * 2


def test_nothing_of_it_is_lost(cards):
    assert len(cards.select("tbody tr")) == 2
    assert len(cards.select("thead th")) == 5
    assert cards.select("tbody td")[1].text == "11.68 (11.49\xa0to\xa011.88)"


def test_a_list_of_properties_has_no_columns_to_name():
    """Its values, such as hashes, break anywhere."""
    long = table("", "sha256|" + "0123456789abcdef" * 4, head=False)
    assert narrow_tables.marked(long) == long
