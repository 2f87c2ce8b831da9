"""The catalogue of eras: what is known, and who says so.

An era is a file of `data/eras`. Every claim in it has a source, or the word
`UNSOURCED`, which is shown wherever the claim is: whoever colors a photograph
of that time must see what is a guess. Reading a file checks it. Chapter 15.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from colorlib.eras.schema import (
    ARCHIVES,
    DOCUMENTED,
    HUES,
    HUES_ALONE,
    ORDER_OF_HUES,
    UNSOURCED,
    DocumentedColor,
    Era,
    FilmPrior,
    Parts,
    Shares,
    Years,
)

# Whoever installed the package has no data/, so `setup.py` packs the files.
_PACKED = Path(__file__).resolve().parent / "listed"
_CHECKOUT = Path(__file__).resolve().parents[2] / "data" / "eras"
ERAS = _PACKED if _PACKED.is_dir() else _CHECKOUT
_SOURCE = re.compile(r"https?://|\b(?:1[89]|20)\d\d\b")
T = TypeVar("T")


def era_names(folder: Path = ERAS) -> list[str]:
    """List the eras of the catalogue.

    Args:
        folder: where their files are.

    Returns:
        Names, sorted.

    >>> era_names()
    ['colonial', 'democratization', 'korean-war']
    """
    return sorted(path.stem for path in folder.glob("*.toml"))


def load_era(name: str, folder: Path = ERAS) -> Era:
    """Read an era, and check it.

    Args:
        name: one of `era_names`.
        folder: where its file is.

    Raises:
        ValueError: if there is no such era, or its file breaks a rule; the
            message names the place.

    >>> load_era("korean-war").years
    (1950, 1953)
    """
    if name not in (names := era_names(folder)):
        raise ValueError(
            f"no era is called {name!r}; choose one of {', '.join(names)}"
        )
    path = folder / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        era = _read(Era, {"name": name, **table}, "the era")
        _check(era)
    except ValueError as error:  # TOML's own are of this kind
        raise ValueError(f"{path.name}: {error}") from error
    return era


def _read(kind: type[T], table: Mapping[str, Any], where: str) -> T:
    """Make a dataclass of a table that has exactly its fields."""
    hints = get_type_hints(kind)
    for name in sorted(hints.keys() ^ table.keys()):
        lacks = "lacks" if name in hints else "has no use for"
        raise ValueError(f"{where} {lacks} {name!r}")
    return kind(
        **{n: _value(hints[n], table[n], f"{n} of {where}") for n in hints}
    )


def _value(hint: Any, value: Any, where: str) -> Any:
    if hint is str and isinstance(value, str) and value.strip():
        return value
    if hint == Years and isinstance(value, list):
        if len(value) == 2 and all(type(year) is int for year in value):
            return tuple(value)
    elif hint == Shares and isinstance(value, dict):
        return {name: float(share) for name, share in value.items()}
    elif hint == Parts and isinstance(value, dict):
        if all(isinstance(hue, str) for hue in value.values()):
            return value
    elif hint is not str and isinstance(value, list) and value:
        of = get_args(hint)[0]
        numbered = enumerate(value, 1)
        return tuple(_read(of, v, f"{where} ({i})") for i, v in numbered)
    raise ValueError(f"{where} is missing or of another kind: {value!r}")


def _check(era: Era) -> None:
    for source in era.sources:
        if source != UNSOURCED and not _SOURCE.search(source):
            raise ValueError(
                f"the source {source!r} has neither a year nor an address;"
                f" write {UNSOURCED!r} where there is none"
            )
    _check_film(era.film, era.years)
    for color in era.colors:
        if color.documented not in DOCUMENTED:
            raise ValueError(
                f"{color.thing}: documented is {color.documented!r}, and may"
                f" be {', '.join(DOCUMENTED)}"
            )
        _check_parts(color)
    for each in era.collections:
        if each.kind not in ARCHIVES.get(each.archive, ()):
            raise ValueError(
                f"can't ask {each.archive!r} for a {each.kind!r}; possible"
                f" are {ARCHIVES}"
            )


def _check_parts(color: DocumentedColor) -> None:
    """Ask for hues where hues are known, and for none elsewhere."""
    hues = set(color.parts.values())
    if strangers := sorted(hues - HUES.keys()):
        raise ValueError(
            f"{color.thing}: a part is {strangers[0]!r}, and may be"
            f" {', '.join(HUES)}"
        )
    if color.documented == ORDER_OF_HUES:
        if len(hues) < 2:
            raise ValueError(
                f"{color.thing}: an order takes parts of two hues or more"
            )
    elif hues and color.documented != HUES_ALONE:
        raise ValueError(
            f"{color.thing}: only {HUES_ALONE} and an {ORDER_OF_HUES} have"
            " parts; leave them empty"
        )


def _check_film(film: Sequence[FilmPrior], years: Years) -> None:
    """Refuse gaps between priors, and shares that are none."""
    expected = years[0]
    for prior in film:
        if prior.years[0] != expected or prior.years[1] < expected:
            raise ValueError(f"film of {prior.years} must begin in {expected}")
        expected = prior.years[1] + 1
        shares = prior.shares.values()
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
            raise ValueError(f"shares of {prior.years} don't add up to 1")
    if expected != years[1] + 1:
        raise ValueError(f"film ends in {expected - 1}, and not {years[1]}")
