"""A date gives the years that it may mean, or nothing."""

import pytest

from colorlib.eras.dates import overlap, parse_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1951", (1951, 1951)),
        ("1951-05-09", (1951, 1951)),
        ("9 May 1951", (1951, 1951)),
        ("1951년 5월 9일", (1951, 1951)),
        ("[between 1910 and 1920]", (1910, 1920)),
        ("1910/1920", (1910, 1920)),
        ("1950-53", (1950, 1953)),
        ("1950-11", (1950, 1950)),
        ("1950s", (1950, 1959)),
        ("1930년대", (1930, 1939)),
        ("circa 1935", (1930, 1940)),
        ("c. 1935", (1930, 1940)),
        ("1935년경", (1930, 1940)),
        ("1951?", (1951, 1951)),
    ],
)
def test_years_are_read(text, years):
    assert parse_years(text) == years


@pytest.mark.parametrize(
    "text",
    ["", "unknown", "before 1945", "after 1945", "1945년 이전", "20th century"]
    + ["19511", "1911, scanned 2019", "no. 3951"],
)
def test_what_says_too_little_gives_nothing(text):
    """A guess would stand in the record like a fact."""
    assert parse_years(text) is None


def test_spans_share_a_year_at_their_ends():
    assert overlap((1900, 1910), (1910, 1945))
    assert overlap((1945, 1950), (1910, 1945))
    assert not overlap((1946, 1950), (1910, 1945))
    assert not overlap((1900, 1909), (1910, 1945))
