"""`colorlib card`."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from colorlib import photos
from colorlib.archive.review import COLUMNS
from colorlib.cli import app
from colorlib.eras.record import RecordLine, write_record
from colorlib.files import sha256_of


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


def test_a_review_of_another_gallery_is_refused(run, folder):
    review = folder / "review.csv"
    review.write_text(f"{','.join(COLUMNS)}\na.jpg,out/a.jpg,1,2,accepted,\n")
    done = run(folder, "--review", review)
    assert done.exit_code == 2
    assert "line 2: a.jpg is not in the report" in " ".join(done.output.split())
    assert not (folder / "CARD.md").exists()


def test_a_review_stands_in_the_card(run, folder):
    entry = {
        "input": "scans/a.jpg",
        "output": "out/a.jpg",
        "status": "colored",
        "source_sha256": "1",
    }
    report = {"software": "colorlib 0.1.0", "photographs": [entry]}
    (folder / "colorlib-report.json").write_text(json.dumps(report))
    (folder / "a.jpg").write_text("a copy")
    digest = sha256_of(folder / "a.jpg")
    review = folder / "review.csv"
    row = f"scans/a.jpg,out/a.jpg,1,{digest},rejected,the coat was gray"
    review.write_text(f"{','.join(COLUMNS)}\n{row}\n")
    assert run(folder, "--review", review).exit_code == 0
    card = (folder / "CARD.md").read_text(encoding="utf-8")
    assert "- **rejected**: 1\n  - a.jpg: the coat was gray\n" in card


def test_another_s_file_is_no_report(run, tmp_path):
    (tmp_path / "colorlib-report.json").write_text("[1, 2]")
    done = run(tmp_path)
    assert done.exit_code == 2
    assert "is no report" in done.output


@pytest.mark.parametrize("name", ["nowhere", "a.txt"])
def test_what_is_no_folder_is_one_clear_line(run, folder, name):
    (folder / "a.txt").touch()
    for words in ((folder / name,), (folder, "--originals", folder / name)):
        done = run(*words)
        assert done.exit_code == 2
        [line] = done.stderr.splitlines()
        assert line.startswith(f"colorlib: {folder / name}: ")
        assert "folder" in line
    assert not (folder / "CARD.md").exists()


@pytest.fixture
def colored(tmp_path):
    """Two scans with a record that refuses one, and a folder of copies."""
    scans, out = tmp_path / "scans", tmp_path / "out"
    out.mkdir()
    entries = []
    for i, name in enumerate(("a.png", "b.png")):
        pixels = np.full((4, 4 + i), 90, np.uint8)
        scan = photos.write(photos.from_array(pixels), scans / name)
        mark = photos.MadeBy(
            *("m", "0" * 64, "test", "sizes=32", sha256_of(scan)),
            source_bytes=scan.stat().st_size,
        )
        photos.write(replace(photos.read(scan), made_by=mark), out / name)
        entries.append(
            {
                "input": str(scan),
                "output": str(out / name),
                "status": "colored",
                "source_sha256": mark.source_sha256,
            }
        )
    lines = [
        RecordLine("kept", "a.png", id="a", author="Kim", license="CC0"),
        RecordLine("refused", "b.png", "forbids changes", id="b"),
    ]
    write_record(scans, lines)
    report = {"software": "colorlib 0.1.0", "photographs": entries}
    (out / "colorlib-report.json").write_text(json.dumps(report))
    return scans, out


def test_originals_and_record_go_along(run, colored):
    scans, out = colored
    for _ in range(2):
        done = run(out, "--originals", scans)
        assert done.exit_code == 0, done.output
        for name in ("a.png", "b.png"):
            there = out / "originals" / name
            assert there.read_bytes() == (scans / name).read_bytes()
        record = (out / "photographs.csv").read_bytes()
        assert record == (scans / "photographs.csv").read_bytes()
        assert done.stderr.splitlines() == [
            "colorlib: the record refuses 1: b.png (forbids changes)"
        ]
    card = (out / "CARD.md").read_text(encoding="utf-8")
    assert "checked by their SHA-256: 2 of 2" in card
    assert "| a.png | a.png | Kim |  | CC0 |" in card
    assert "- b.png (): forbids changes" not in card  # no license, no brackets
    assert "- b.png: forbids changes" in card
    verified = CliRunner().invoke(
        app, ["verify", str(out / "originals"), str(out)]
    )
    assert "is no copy" not in verified.output
    # Away from the scans the card knows what was copied.
    scans.rename(scans.with_name("elsewhere"))
    assert run(out).exit_code == 0
    assert (out / "CARD.md").read_text(encoding="utf-8") == card


def test_originals_that_were_not_asked_for_are_told(run, colored):
    _, out = colored
    done = run(out)
    assert done.exit_code == 0
    assert "--originals copies them" in done.output
    assert not (out / "originals").exists()
    card = (out / "CARD.md").read_text(encoding="utf-8")
    assert "- **Originals**: not part of this folder" in card


def test_an_original_that_is_gone_is_named(run, colored):
    scans, out = colored
    (scans / "b.png").write_bytes((scans / "a.png").read_bytes())
    done = run(out, "--originals", scans)
    assert done.exit_code == 1
    assert "not among the originals: b.png" in done.stderr
    card = (out / "CARD.md").read_text(encoding="utf-8")
    assert "1 of 2; not there: b.png" in card
    (scans / "a.png").unlink()
    (scans / "b.png").unlink()
    (scans.parent / "empty").mkdir()
    shutil.rmtree(out / "originals")
    done = run(out, "--originals", scans.parent / "empty")
    assert done.exit_code == 1
    assert "not among the originals: a.png, b.png" in done.stderr
    assert "--originals copies them" not in done.output


def test_a_broken_record_stops_only_who_names_it(run, colored):
    scans, out = colored
    path = scans / "photographs.csv"
    path.write_bytes(path.read_bytes()[:-9])
    refused = run(out, "--record", path)
    assert refused.exit_code == 2
    assert "has more or fewer than" in refused.stderr
    assert not (out / "CARD.md").exists()
    done = run(out)
    assert done.exit_code == 0
    assert f"colorlib: not read: {path}" in done.stderr
    card = (out / "CARD.md").read_text(encoding="utf-8")
    assert "license**: none was found" in card
    assert not (out / "photographs.csv").exists()


def test_a_record_elsewhere_can_be_named(run, colored, tmp_path):
    scans, out = colored
    mine = (scans / "photographs.csv").rename(tmp_path / "mine.csv")
    done = run(out, "--record", mine)
    assert done.exit_code == 0
    assert (out / "photographs.csv").read_bytes() == mine.read_bytes()
    assert "| Kim |" in (out / "CARD.md").read_text(encoding="utf-8")
