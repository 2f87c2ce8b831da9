"""`colorlib card`."""

import json

import pytest
from typer.testing import CliRunner

from colorlib.cli import app


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(app, ["card", *map(str, words)])


@pytest.fixture
def folder(tmp_path):
    report = {"software": "colorlib 0.1.0", "photographs": []}
    (tmp_path / "colorlib-report.json").write_text(json.dumps(report))
    return tmp_path


def test_a_card_is_written_again_until_a_person_edits_it(run, folder):
    card = folder / "CARD.md"
    assert run(folder).exit_code == 0
    done = run(folder, "--by", "Kim", "--rights", "CC0", "--about", "An album")
    assert done.exit_code == 0
    assert "to be filled in" not in done.output
    text = card.read_text(encoding="utf-8")
    assert "Kim" in text
    assert "An album" in text
    card.write_text(text + "and more\n", encoding="utf-8")
    refused = run(folder, "--by", "Lee")
    assert refused.exit_code == 2
    assert "edited by hand" in refused.output
    assert card.read_text(encoding="utf-8") == text + "and more\n"


def test_a_blank_is_told(run, folder):
    assert "to be filled in" in run(folder).output


def test_a_folder_without_a_report_is_told_what_to_do(run, tmp_path):
    done = run(tmp_path)
    assert done.exit_code == 2
    assert "color the photographs first" in done.output
    assert not (tmp_path / "CARD.md").exists()


def test_another_s_file_is_no_report(run, tmp_path):
    (tmp_path / "colorlib-report.json").write_text("[1, 2]")
    done = run(tmp_path)
    assert done.exit_code == 2
    assert "is no report" in done.output
