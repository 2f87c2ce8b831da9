"""`colorlib info` reads back what colored a photograph, and a model's card."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from colorlib import photos
from colorlib.cli import app


def info(*arguments):
    """Run the command in this process."""
    return CliRunner().invoke(app, ["info", *map(str, arguments)])


@pytest.fixture
def photograph(tmp_path):
    """A small gray scan."""
    path = tmp_path / "scan.png"
    pixels = np.full((20, 30), 90, np.uint8)
    Image.fromarray(pixels).save(path, dpi=(300, 300))
    return path


def test_a_scan_is_described(photograph):
    shown = info(photograph).stdout
    for fact in ("30 x 20", "8 bits, gray", "PNG", "300 x 300"):
        assert fact in shown
    assert "no algorithm" in shown


def test_a_colored_photograph_names_its_model(photograph):
    """The mark that keeps a guess from passing for the truth."""
    made_by = photos.MadeBy("compact", "ab" * 32, "colorlib 1.2.3")
    photo = replace(photos.read(photograph), made_by=made_by)
    colored = photos.write(photo, photograph.with_name("colored.png"))
    shown = info(colored).stdout
    assert "a trained algorithm" in shown
    for fact in (made_by.model, made_by.sha256, made_by.software):
        assert fact in shown


def test_one_unreadable_file_does_not_hide_the_others(photograph):
    empty = photograph.with_name("empty.jpg")
    empty.touch()
    result = info(empty, photograph, photograph.with_name("missing.jpg"))
    assert result.exit_code == 1
    assert "30 x 20" in result.stdout
    first, second = result.stderr.splitlines()
    assert "empty.jpg" in first
    assert "missing.jpg" in second
