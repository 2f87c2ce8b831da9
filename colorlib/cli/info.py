"""`colorlib info`: what a file says of itself, a photograph or a model.

A colored photograph carries the name and the hash of the model that colored
it; a model carries its card. Both are read back here. Chapter 01.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Exit

from colorlib.cli.terminal import (
    FAILED,
    complain,
    debugging,
    one_line,
    plain_errors,
    say,
)

Rows = Iterator[tuple[str, str]]


def info(
    paths: Annotated[
        list[Path] | None, Argument(metavar="PATH...", show_default=False)
    ] = None,
) -> None:
    """Show what photographs and models say of themselves.

    Of a photograph: size, depth, format, and which model colored it, if one
    did. Of a model: its card in short, with the terms of use.

    Exit status: 0 all shown, 1 some could not be read.

    Args:
        paths: Photographs and models (.safetensors). Without any, the model
            that ships with colorlib.
    """
    failed = False
    with plain_errors():
        for path in paths or [_shipped()]:
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
            for label, value in rows:
                say(f"  {label:<12} {value}")
    if failed:
        raise Exit(FAILED)


def _shipped() -> Path:
    from colorlib.models.weights import SHIPPED

    return SHIPPED


def _about(path: Path) -> Rows:
    return _model(path) if path.suffix == ".safetensors" else _photo(path)


def _photo(path: Path) -> Rows:
    from colorlib import photos

    photo = photos.read(path)
    gray = "gray" if photo.is_gray else "color"
    yield "size", f"{photo.width} x {photo.height} pixels"
    yield "depth", f"{photo.bits} bits, {gray}"
    yield "format", photo.format
    if photo.dpi:
        yield "DPI", " x ".join(f"{round(dpi, 1):g}" for dpi in photo.dpi)
    if photo.made_by:
        yield "colored by", "a trained algorithm"
        yield "model", photo.made_by.model
        yield "sha256", photo.made_by.sha256
        yield "software", photo.made_by.software
    else:
        yield "colored by", "no algorithm, as far as the file says"
    for note in photo.notes:
        yield "note", note


def _model(path: Path) -> Rows:
    import json

    card = json.loads(path.with_suffix(".json").read_bytes())
    for key, value in card.items():
        yield from _flat(key, value)


def _flat(label: str, value: Any) -> Rows:
    """Yield a row for each plain value of a card's entry."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{label}.{key}", inner)
    else:
        yield label, str(value)
