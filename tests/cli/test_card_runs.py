"""The card of a folder that was filled in several runs covers all of them."""

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner

from colorlib.cli import app
from tests.cli.test_colorize import colorize, gray, here, model  # noqa: F401


def card(*words):
    return CliRunner().invoke(app, ["card", *map(str, words)])


def table():
    """Copies and originals in the English table, in its order."""
    text = Path("out/CARD.md").read_text(encoding="utf-8")
    english = text.partition("# 색을 입힌 사본")[0]
    rows = english.partition("| --- |")[2].splitlines()[1:]
    cells = [row.split(" | ") for row in rows if row.startswith("| ")]
    return [(row[0].removeprefix("| "), row[1]) for row in cells]


def two_runs(model):  # noqa: F811
    gray("box1/a.jpg")
    gray("box1/b.jpg")
    gray("box2/c.jpg", size=(50, 30))
    colorize("box1", "-o", "out", "--model", model)
    colorize("box2", "-o", "out", "--model", model)


def test_copies_of_all_runs_are_on_it(here, model):  # noqa: F811
    two_runs(model)
    done = card("out", "--originals", "box1", "--originals", "box2")
    assert done.exit_code == 0, done.output
    assert table() == [(f"{c}.jpg", f"{c}.jpg") for c in "abc"]
    text = Path("out/CARD.md").read_text(encoding="utf-8")
    assert "**Copies in this folder**: 3 copies of 3 photographs" in text
    assert "checked by their SHA-256: 3 of 3" in text
    assert "says nothing of" not in text
    assert done.stderr == ""
    report = json.loads(Path("out/colorlib-report.json").read_text())
    for entry in report["photographs"]:
        assert entry["source_sha256"] not in text
        assert f"| {entry['source_sha256'][:12]} |" in text


def test_what_is_gone_or_was_made_anew_is_not_on_it_twice(here, model):  # noqa: F811
    two_runs(model)
    Path("out/b.jpg").unlink()
    gray("box1/a.jpg", size=(60, 30))  # another scan
    colorize("box1/a.jpg", "-o", "out", "--model", model, "--overwrite")
    assert card("out").exit_code == 0
    assert table() == [("c.jpg", "c.jpg"), ("a.jpg", "a.jpg")]


def test_what_an_earlier_run_could_not_color_stays_named(here, model):  # noqa: F811
    Path("box1").mkdir()
    Path("box1/broken.jpg").write_text("Dear grandmother")
    two_runs(model)
    Path("out/c.jpg").write_bytes(gray("mine.jpg").read_bytes())
    colorize("box2", "-o", "out", "--model", model)
    colorize("box1/a.jpg", "-o", "out", "--model", model, "--size", 64)
    assert card("out").exit_code == 0
    text = Path("out/CARD.md").read_text(encoding="utf-8")
    assert "- box1/broken.jpg: is not an image" in text
    assert "- box2/c.jpg: out/c.jpg exists and was not made by" in text
    assert "- box2/c.jpg: 같은 이름의 다른 파일이 이미 있음" in text
    assert "- box1/a.jpg: " not in text  # its copy is in the table
    assert "영어 부분" not in text
    assert ("a.jpg", "a.jpg") in table()


def test_a_copy_that_was_deleted_is_not_another_one(here, model):  # noqa: F811
    """The copy of scans/box/a.jpg, beside that of scans/a.jpg."""
    gray("scans/a.jpg")
    gray("scans/box/a.jpg", size=(50, 30))
    colorize("scans", "-o", "out", "--model", model)
    Path("out/box/a.jpg").unlink()
    assert card("out").exit_code == 0
    assert table() == [("a.jpg", "a.jpg"), ("a.jpg (not here)", "a.jpg")]


def test_other_pictures_in_the_folder_are_told(here, model):  # noqa: F811
    """But not an original that lies there, nor what lies with originals."""
    two_runs(model)
    gray("out/originals/of a copy that is gone.png", size=(9, 9))
    gray("out/sub/stranger.png")
    shutil.copy("box1/a.jpg", "out/scan of a.jpg")
    done = card("out")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "colorlib: not on the card, as the report doesn't know them: 1"
        " (sub/stranger.png)"
    ]
    text = Path("out/CARD.md").read_text(encoding="utf-8")
    assert "that this card says nothing of**: 1 (sub/stranger.png)" in text


def test_two_photographs_of_one_name_are_two(here, model):  # noqa: F811
    for box, size in (("x", (40, 30)), ("y", (50, 30))):
        gray("scans/a.jpg", size=size)
        colorize(
            "scans", "-o", f"out/{box}", "--model", model, "--report", "r.json"
        )
    assert card("out", "--report", "r.json").exit_code == 0
    text = Path("out/CARD.md").read_text(encoding="utf-8")
    assert "2 copies of 2 photographs" in text
    assert "12 digits" not in text  # the report isn't in the folder
