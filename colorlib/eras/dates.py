"""Years out of a date as a cataloguer wrote it.

A record keeps both: the words, and what was read into them. What can't be
read, or has no end ("before 1945"), gives nothing rather than a guess.
Chapter 15.
"""

import re

from colorlib.eras.schema import Years

CIRCA = 5
"""Years before and after that "circa" may mean. Cataloguers give no number;
this one is ours."""
LONGEST_SPAN = 40
"""Years; a date that spans more, such as one of the print and one of the
scan, says too little."""

_YEAR = r"(?<!\d)(1[89]\d\d|20\d\d)"
_DECADE = re.compile(rf"{_YEAR[:-1]})(?:'?s\b|년대)")
_SHORT_RANGE = re.compile(rf"{_YEAR}\s*[-/–~]\s*(\d\d)(?!\d)")
_ABOUT = re.compile(
    r"\b(?:ca|circa|about|around|approximately)\b|\bc\.|[경頃]|무렵|쯤", re.I
)
_OPEN = re.compile(
    r"\b(?:before|until|after|since|prior to|not later)\b|이전|이후", re.I
)


def parse_years(text: str) -> Years | None:
    """Read the first and the last year that a date may mean.

    Args:
        text: English or Korean, such as "between 1910 and 1920", "circa
            1935", "1951-05-09", "1950-53".

    Returns:
        Both years; None if there is none, an open end, or a span of more
        than `LONGEST_SPAN`.

    >>> parse_years("between 1910 and 1920"), parse_years("1950-53")
    ((1910, 1920), (1950, 1953))
    """
    if _OPEN.search(text):
        return None
    years = [int(year) for year in re.findall(rf"{_YEAR}(?!\d)", text)]
    for decade in _DECADE.findall(text):
        years.append(int(decade) + 9)
    for first, last in _SHORT_RANGE.findall(text):
        if int(last) > max(12, int(first[2:])):  # up to 12 it is a month
            years.append(int(first[:2] + last))
    if not years:
        return None
    about = CIRCA if _ABOUT.search(text) else 0
    first_year, last_year = min(years) - about, max(years) + about
    if last_year - first_year > LONGEST_SPAN:
        return None
    return first_year, last_year


def overlap(some: Years, others: Years) -> bool:
    """Tell whether two spans of years have one in common.

    >>> overlap((1905, 1910), (1910, 1945)), overlap((1946, 1949), (1910, 1945))
    (True, False)
    """
    return some[0] <= others[1] and others[0] <= some[1]
