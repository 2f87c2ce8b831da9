"""`colorlib info`: what a file says of itself, a photograph or a model.

A colored photograph carries the name and the hash of the model that colored
it; a model carries its card. Both are read back here. Chapter 01.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Exit

from colorlib.archive.outcomes import debugging, one_line
from colorlib.cli.models import find_model
from colorlib.cli.terminal import (
    FAILED,
    complain,
    given_path,
    plain_errors,
    say,
)
from colorlib.models.paths import is_released

if TYPE_CHECKING:
    from colorlib.photos import MadeBy

Rows = Iterator[tuple[str, str]]

# What only a program needs: the card itself has it.
_FOR_MACHINES = {"config", "machine"}


def info(
    paths: Annotated[
        list[Path] | None,
        Argument(metavar="PATH...", parser=given_path, show_default=False),
    ] = None,
) -> None:
    """Show what photographs and models say of themselves.

    Of a photograph: size, depth, format, and if a model colored it, which one,
    with which settings, on which day, the SHA-256 of the original file, and a
    line to print below the picture; and who signed it, which takes
    `pip install c2pa-python` to check. Of a model: its card in short, with the
    terms of use.

    Exit status: 0 all shown, 1 some could not be read.

    Args:
        paths: Photographs, models (.safetensors), folders of runs, and model2,
            which is downloaded once. Without any, the model that ships with
            colorlib.
    """
    failed = False
    with plain_errors():
        for path in paths or [find_model()]:
            try:
                rows = list(_about(path))
            except Exception as error:
                # One unreadable file does not hide what the others say.
                if debugging():
                    raise
                complain(one_line(error, path))
                failed = True
                continue
            say(str(path))
            width = max(len(label) for label, _ in rows)
            for label, value in rows:
                say(f"  {label:<{width}}  {value}")
    if failed:
        raise Exit(FAILED)


def _about(path: Path) -> Rows:
    if path.is_dir() or is_released(path):
        return _model(find_model(path))
    return _model(path) if path.suffix == ".safetensors" else _photo(path)


def _photo(path: Path) -> Rows:
    from colorlib import photos
    from colorlib.archive.signature import read_signature

    photo = photos.read(path)
    gray = "gray" if photo.is_gray else "color"
    yield "size", f"{photo.width} x {photo.height} pixels"
    yield "depth", f"{photo.bits} bits, {gray}"
    yield "format", photo.format
    if photo.dpi:
        yield "DPI", " x ".join(f"{round(dpi, 1):g}" for dpi in photo.dpi)
    if photo.made_by:
        yield "colored by", "a trained algorithm"
        yield from _mark(photo.made_by)
    else:
        yield "colored by", "no algorithm, as far as the file says"
    try:
        if signature := read_signature(path):
            yield "signature", signature.line()
    except ImportError as error:
        yield "signature", f"not checked: {error}"
    for note in photo.notes:
        yield "note", note


def _mark(made_by: "MadeBy") -> Rows:
    """Yield what the mark says, and lines to print; an older one says less."""
    from colorlib.archive.credit import credit_line
    from colorlib.archive.outcomes import MAPS

    for label, value in (
        ("model", made_by.model),
        ("sha256", made_by.sha256),
        ("software", made_by.software),
        ("settings", made_by.settings),
        ("day", made_by.date),
        ("original", made_by.source_sha256),
    ):
        if value:
            yield label, value
    for hint in made_by.hints:
        yield "hint", hint
    maps = {f"result={way}" for way in MAPS}
    if maps.isdisjoint(made_by.settings.split()):
        yield "caption", credit_line(made_by, "en")
        yield "in Korean", credit_line(made_by, "ko")


def _model(path: Path) -> Rows:
    card_path = path.with_suffix(".json")
    yield "file", f"{path.stat().st_size / 1e6:.1f} MB, card {card_path.name}"
    yield from _card(_read_card(card_path))


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_bytes())
    except ValueError:
        card = None
    if not isinstance(card, dict):
        raise ValueError(
            f"{path} is not a model card; get the model and its card again"
        )
    return card


def _card(card: Mapping[str, Any], above: str = "") -> Rows:
    """Yield a row for each value of a card, without what is for machines."""
    for key, value in card.items():
        label = f"{above}{_words(key)}"
        if key in _FOR_MACHINES:
            continue
        if isinstance(value, Mapping):
            yield from _card(value, f"{label} ")
        elif isinstance(value, list) and not _is_short(value):
            yield from ((label, _plain(each)) for each in value)
        else:
            yield label, _plain(value)


def _is_short(values: list[Any]) -> bool:
    """Whether a list is read in one line: names or numbers, no sentences."""
    return not any(
        isinstance(each, Mapping | list) or str(each).endswith(".")
        for each in values
    )


def _plain(value: object) -> str:
    """Say a value as a person would, in one line.

    >>> _plain({"trained_on": 8, "mirror": False, "device": None})
    'trained on: 8; mirror: no; device: not known'
    """
    if isinstance(value, Mapping):
        said = ((_words(key), _plain(each)) for key, each in value.items())
        return "; ".join(f"{key}: {each}" for key, each in said)
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not known" if value is None else str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")
