"""`colorlib info` reads back what colored a photograph, and a model's card."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from colorlib import photos
from colorlib.archive.credit import LANGUAGES, credit_line
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
    made_by = photos.MadeBy(
        "compact",
        "ab" * 32,
        "colorlib 1.2.3",
        settings="sizes=256 mirror",
        source_sha256="cd" * 32,
        date="2026-11-29",
    )
    photo = replace(photos.read(photograph), made_by=made_by)
    colored = photos.write(photo, photograph.with_name("colored.png"))
    shown = info(colored).stdout
    assert "a trained algorithm" in shown
    for fact in (made_by.model, made_by.sha256, made_by.software):
        assert fact in shown
    for fact in (made_by.settings, made_by.source_sha256, made_by.date):
        assert fact in shown
    for language in LANGUAGES:
        assert credit_line(made_by, language) in shown


def test_one_unreadable_file_does_not_hide_the_others(photograph):
    empty = photograph.with_name("empty.jpg")
    empty.touch()
    result = info(empty, photograph, photograph.with_name("missing.jpg"))
    assert result.exit_code == 1
    assert "30 x 20" in result.stdout
    first, second = result.stderr.splitlines()
    assert "empty.jpg" in first
    assert "missing.jpg" in second


@pytest.fixture
def model(tmp_path):
    """A model of a user's own, with a card that has all kinds of entries."""
    path = tmp_path / "mine.safetensors"
    path.write_bytes(bytes(2_000_000))
    card = {
        "name": "mine",
        "config": {"width": 64},
        "terms": "research only",
        "limits": ["flags", "dresses"],
        "scores": {"gray": {"ciede2000": 11.68}},
    }
    path.with_suffix(".json").write_text(json.dumps(card))
    return path


def test_a_model_shows_its_card(model):
    """Terms of use and scores must not need a JSON reader."""
    rows = info(model).stdout.splitlines()[1:]
    assert [row.split(maxsplit=1) for row in rows[:3]] == [
        ["file", "2.0 MB, card mine.json"],
        ["name", "mine"],
        ["terms", "research only"],
    ]
    assert rows[3].endswith("  flags, dresses")
    assert rows[4].split() == ["scores", "gray", "ciede2000", "11.68"]
    assert len(rows) == 5


def test_what_a_card_lists_is_in_words(model):
    """A table has a line a row, and so have sentences; no Python is shown."""
    rows = [
        {"source": "A, of 2014", "trained_on": 8, "terms": None},
        {"source": "B", "sizes": [192, 256], "mirrored": True},
    ]
    card = {"photographs": rows, "limits": ["Dull.", "Blind."], "cut": []}
    model.with_suffix(".json").write_text(json.dumps(card))
    shown = info(model).stdout
    assert [row.strip() for row in shown.splitlines()[2:]] == [
        "photographs  source: A, of 2014; trained on: 8; terms: not known",
        "photographs  source: B; sizes: 192, 256; mirrored: yes",
        "limits       Dull.",
        "limits       Blind.",
        "cut          none",
    ]
    shipped = info().stdout
    assert not re.search(r"[{}\[\]]|None|True|False", shipped)


def test_without_a_path_the_shipped_model_is_shown(model, monkeypatch):
    monkeypatch.setattr("colorlib.models.paths.SHIPPED", model)
    assert info().stdout == info(model).stdout


def test_a_model_is_described_without_waiting_for_torch():
    """The shipped one, and one in a folder."""
    program = (
        "import sys; from colorlib.cli.info import info; info();"
        " from colorlib.models.paths import SHIPPED; info([SHIPPED.parent]);"
        " sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("lost", ["mine.safetensors", "mine.json"])
def test_half_a_model_is_an_error(model, lost):
    model.with_name(lost).unlink()
    result = info(model)
    assert result.exit_code == 1
    assert lost in result.stderr
    assert result.stdout == ""


def test_the_folder_of_a_run_shows_its_model(model):
    """As `--model RUN_DIR` takes it; with two models it is not clear which."""
    shown = info(model.parent)
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.splitlines()[1:] == info(model).stdout.splitlines()[1:]
    model.with_name("second.safetensors").touch()
    unclear = info(model.parent)
    assert unclear.exit_code == 1
    assert "mine.safetensors, second.safetensors" in unclear.stderr


@pytest.mark.parametrize("card", [b"", b"[]", b"null", b'"x"', b"\xff\xfe{"])
def test_a_card_that_is_none_is_named(tmp_path, card):
    (tmp_path / "m.safetensors").write_bytes(b"...")
    (tmp_path / "m.json").write_bytes(card)
    result = info(tmp_path)
    assert result.exit_code == 1
    assert "m.json is not a model card; get" in result.stderr
    assert result.stderr.count("\n") == 1
