"""Photographs to index: small, real and made here."""

from pathlib import Path

import pytest
from PIL import Image

from colorlib.data.samples import bundled


@pytest.fixture(scope="session")
def small():
    """Coffee, 60 pixels wide and 40 high."""
    return Image.fromarray(bundled("coffee")).resize((60, 40))


@pytest.fixture
def album(tmp_path, small) -> Path:
    """A folder like a reader's: nested, mixed, with a gray and a torn one."""
    album = tmp_path / "album"
    (album / "summer").mkdir(parents=True)
    small.save(album / "coffee.png")
    small.rotate(90, expand=True).save(album / "summer" / "tall.JPEG")
    small.convert("L").save(album / "summer" / "gray.png")
    whole = (album / "coffee.png").read_bytes()
    (album / "torn.png").write_bytes(whole[: len(whole) // 2])
    (album / "notes.txt").write_text("not a photograph")
    (album / ".hidden.png").write_bytes(whole)
    return album
