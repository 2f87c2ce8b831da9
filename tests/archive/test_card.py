"""The result card: filled from a report, and never over a person's words."""

import json

import pytest

from colorlib.archive.card import EditedError, check_unedited, result_card

SHA = "ab" * 32


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "album").mkdir()
    for name in ("a.jpg", "album/b.jpg", "a.uncertainty.png"):
        (tmp_path / name).touch()
    return tmp_path


def entry(output, status="colored", **more):
    name = output.rpartition("/")[2]
    return {
        "input": f"scans/{name}",
        "output": output,
        "status": status,
        "notes": [],
        "error": None,
        "source_sha256": SHA,
    } | more


REPORT = {
    "software": "colorlib 0.1.0",
    "model": {"name": "compact", "sha256": "cd" * 32},
    "started": "2026-11-29T12:00:00+00:00",
    "caption": {"en": "Colorized by an algorithm.", "ko": "알고리즘"},
    "photographs": [
        entry("elsewhere/out/a.jpg", notes=["10% | was made paler"]),
        entry("elsewhere/out/a.uncertainty.png", result="uncertainty"),
        entry("elsewhere/out/album/b.jpg", "skipped"),
        entry("elsewhere/out/lost.jpg"),
        entry("elsewhere/out/c.jpg", "failed", error="is not an image"),
    ],
}


def test_it_says_what_was_done_and_with_what(folder):
    card = result_card(REPORT, folder, by="Kim, 02-123", rights="the family's")
    english, korean = card.split("# 색을 입힌 사본")
    for part in (english, korean):
        assert "colorlib 0.1.0, compact, SHA-256 " + "cd" * 32 in part
        assert "Kim, 02-123" in part
        assert "the family's" in part
        assert "c.jpg: is not an image" in part
    assert "Colorized by an algorithm." in english
    assert "알고리즘" in korean
    assert "please fill in" not in english


def test_a_hint_stands_in_its_copy_s_row_with_its_source(folder):
    hint = {"place": "point 4, 3", "source": "letter of 1951 | page 2"}
    hinted = entry("out/a.jpg", hints=[hint])
    card = result_card(REPORT | {"photographs": [hinted]}, folder)
    assert r"point 4, 3: letter of 1951 \| page 2 |" in card
    assert "No other color here is evidence" in card
    assert "No color here is evidence" not in card
    assert "힌트가 적힌 곳의 색" in card


def test_a_map_is_no_copy(folder):
    """And without hints no color has a source."""
    card = result_card(REPORT, folder)
    assert "- **Copies in this folder**: 3" in card
    assert "- **Maps beside them, of doubts or of hints**: 1" in card
    assert "- No color here is evidence." in card
    few = REPORT | {"photographs": [entry("out/a.jpg")]}
    assert "Maps beside" not in result_card(few, folder)


def test_copies_are_named_from_the_folder_on(folder):
    rows = [x for x in result_card(REPORT, folder).splitlines() if SHA in x]
    names = [row.split(" | ")[0].strip("| ") for row in rows]
    there = ["a.jpg", "a.uncertainty.png", "album/b.jpg", "lost.jpg (not here)"]
    assert names == there * 2  # English and Korean
    assert r"10% \| was made paler" in rows[0]  # a cell stays a cell
    assert rows[1].endswith("uncertainty |")


def test_what_only_a_person_knows_has_a_place(folder):
    card = result_card(REPORT, folder)
    assert card.count("(please fill in)") == 2
    assert card.count("(직접 적어 주십시오)") == 2


def test_words_of_a_person_are_not_lost(folder):
    card = folder / "CARD.md"
    check_unedited(card)  # there is none
    text = result_card(REPORT, folder)
    card.write_text(text, encoding="utf-8")
    check_unedited(card)
    card.write_text(text.replace("(please fill in)", "Kim"), encoding="utf-8")
    with pytest.raises(EditedError, match="edited by hand"):
        check_unedited(card)


def test_a_report_of_nothing_makes_a_card(folder):
    bare = json.loads('{"software": "colorlib 0", "photographs": []}')
    assert "Copies in this folder**: 0" in result_card(bare, folder)
