"""May a photograph be colored, and the result be passed on?

A colored copy is a derivative, so a license that forbids changes forbids
coloring, whatever else it allows. What can't be understood is refused: this
is a filter for thousands of files, and no lawyer. Chapter 15.
"""

import re
from dataclasses import dataclass

_KOGL = re.compile(r"kogl|공공누리|korea open government")
_KOGL_TYPE = re.compile(
    r"(?:type|유형)\s*(iv|i{1,3}|[0-4])\b|제?\s*([0-4])\s*유형"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_NO_CHANGES = re.compile(r"\bnd\b|no ?deriv|변경 ?금지")
_NOT_SOLD = re.compile(r"\bnc\b|non ?commercial|비영리|상업적 이용 ?금지")
# Words that make "no known restrictions" or "public domain" less than that.
_DOUBT = re.compile(
    r"may be restricted|not evaluated|undetermined|permission"
    r"|(?<!not )in copyright|all rights reserved|fair use"
    r"|\b(?:not|isn t) (?:in )?(?:the )?public ?domain"
)
# What asks for more comes first.
_ALLOWED = {
    "CC BY-SA": r"\bby sa\b|attribution share ?alike",
    "CC BY": r"\bcc by\b|licenses by\b|creative commons attribution",
    "CC0": r"\bcc ?(?:0|zero)\b|publicdomain zero",
    "public domain": r"public ?domain|\bpdm?\b|publicdomain mark",
    "no known restrictions": r"no known (?:copyright )?restrictions",
}


@dataclass(frozen=True)
class Terms:
    """What a license means for coloring."""

    name: str
    """What it was understood as; empty if it wasn't."""
    reason: str = ""
    """Why it is refused; empty if it isn't."""
    non_commercial: bool = False
    """Whether neither it nor what is made of it may be sold."""


def read_terms(*texts: str, non_commercial: bool = False) -> Terms:
    """Understand a license from all that a file says of it.

    Args:
        *texts: its short name, its code, its address, its terms of use, as
            they come. The strictest of them counts.
        non_commercial: accept what must not be sold.

    Returns:
        Accepted are public domain, no known restrictions, CC0, CC BY, CC
        BY-SA, and type 0 and 1 of KOGL (공공누리); with `non_commercial` CC's
        NC and type 2 of KOGL, too. Never: ND, type 3 and 4, and what isn't
        understood.

    Reference:
        https://www.kogl.or.kr/info/license.do, read in 2026, for the types.

    >>> read_terms("CC BY-NC-ND 2.0").reason
    'forbids changes, and a colored copy is one'
    >>> read_terms("KOGL Type 1").name
    'KOGL type 1'
    """
    words = " ".join(re.sub(r"[\W_]+", " ", each) for each in texts).lower()
    terms = _understand(words, texts)
    if terms.non_commercial and not (terms.reason or non_commercial):
        return Terms(
            terms.name,
            "is for non-commercial use only; to accept that, ask for it with"
            " --non-commercial",
            True,
        )
    return terms


def _kogl_types(words: str) -> set[str]:
    """Find the types of KOGL that are named."""
    if not _KOGL.search(words):
        return set()
    named = (n for pair in _KOGL_TYPE.findall(words) for n in pair if n)
    return {_ROMAN.get(number, number) for number in named}


def _understand(words: str, texts: tuple[str, ...]) -> Terms:
    """Let what forbids come before what doubts, and that before what allows."""
    types = _kogl_types(words)
    name = f"KOGL type {max(types)}" if types else ""
    not_sold = bool(_NOT_SOLD.search(words) or types & {"2", "4"})
    if _NO_CHANGES.search(words) or types & {"3", "4"}:
        forbids = "forbids changes, and a colored copy is one"
        return Terms(name or "ND", forbids, not_sold)
    if doubt := _DOUBT.search(words):
        return Terms("", f"its rights are in doubt: {doubt[0]}")
    if name:
        return Terms(name, "", not_sold)
    if _KOGL.search(words):
        return Terms("", "is KOGL, but says not of which type")
    for name, pattern in _ALLOWED.items():
        if re.search(pattern, words):
            name = name.replace("BY", "BY-NC") if not_sold else name
            return Terms(name, "", not_sold)
    said = next(filter(None, texts), "")
    told = f"its license is not understood: {said}" if said else "no license"
    return Terms("", told)
