"""The result card: filled from a report, and never over a person's words."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from colorlib.archive.card import EditedError, check_unedited, result_card
from colorlib.archive.card_lines import kind_in
from colorlib.archive.credit import CAPTION, STRIPS, credit_line
from colorlib.archive.handover import Along
from colorlib.archive.outcomes import MAPS
from colorlib.archive.records import PhotoRecord, Search
from colorlib.eras.record import RecordLine
from colorlib.models.palette import LEANINGS
from colorlib.models.paths import SHIPPED
from colorlib.photos import MadeBy

SHA = "ab" * 32
KOREAN = "# 색을 입힌 사본"
CAPTIONS = [f"{CAPTION}{strip}" for strip in STRIPS]


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
        assert "- c.jpg" in part or "- scans/c.jpg" in part
    assert "c.jpg: is not an image" in english
    assert "Colorized by an algorithm." in english
    assert "알고리즘" in korean
    assert "please fill in" not in english


def test_the_terms_of_the_model_that_ships_go_along(folder):
    """They are those of its card; of another model we know none."""
    shipped = json.loads(SHIPPED.with_suffix(".json").read_text())
    ours = REPORT | {"model": {"name": shipped["name"], "sha256": "ab" * 32}}
    english, korean = result_card(ours, folder).split(KOREAN)
    assert shipped["terms"].startswith(
        "For study, teaching and research, not for commercial use."
    )
    assert (
        "**Terms of the model**: study, teaching and research, not commercial"
        in english
    )
    assert "**모델의 이용 조건**: 공부, 교육, 연구용" in korean
    assert "Terms of the model" not in result_card(REPORT, folder)


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
    assert "- **Copies in this folder**: 3 copies of" in card
    assert "- **Maps beside them, of doubts or of hints**: 1" in card
    assert "- No color here is evidence." in card
    few = REPORT | {"photographs": [entry("out/a.jpg")]}
    assert "Maps beside" not in result_card(few, folder)


def test_copies_are_named_from_the_folder_on(folder):
    rows = [x for x in result_card(REPORT, folder).splitlines() if SHA in x]
    names = [row.split(" | ")[0].strip("| ") for row in rows]
    there = ["a.jpg", "a.uncertainty.png", "album/b.jpg"]
    gone = "lost.jpg (not here)", "lost.jpg(여기 없음)"
    assert names == [*there, gone[0], *there, gone[1]]
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


def mark(sha256, settings="sizes=192,256", hints=()):
    return MadeBy(
        *("compact", "cd" * 32, "colorlib 0.1.0", settings, sha256),
        hints=hints,
    )


def photograph(name, sha256):
    return entry(f"out/{name}", input=f"scans/{name}", source_sha256=sha256)


def test_settings_come_from_the_marks(folder):
    report = REPORT | {"photographs": [photograph("a.jpg", SHA)]}
    marks = {"out/a.jpg": mark(SHA, "sizes=192,256 mirror hints=12 result=x")}
    card = result_card(report, folder, along=Along(marks))
    assert (
        "- **Settings**: seen at 192 and 256 pixels (shorter side), averaged"
        " with the mirror image\n"
    ) in card
    assert "- **설정**: 짧은 변 192, 256화소로 봄, 좌우로 뒤집은 것" in card
    faded = {"out/a.jpg": mark(SHA, "sizes=192,256 mirror faded")}
    card = result_card(report, folder, along=Along(faded))
    assert (
        "with the mirror image, with stretched contrast where faded\n" in card
    )
    assert "평균함, 바랜 사진은 명암 대비를 늘려서 봄\n" in card
    marks |= {"out/b.jpg": mark("ef" * 32, "sizes=192,256 mirror", ("x",))}
    marks |= {"out/c.jpg": mark("ab", "sizes=128 odd=1"), "out/d.jpg": None}
    card = result_card(report, folder, along=Along(marks))
    assert (
        "they differ: seen at 192 and 256 pixels (shorter side), averaged with"
        " the mirror image (files: 2); seen at 128 pixels (shorter side),"
        " odd=1 (files: 1); hints for 1 of 3 photographs; files without a"
        " mark: 1"
    ) in card


def test_copies_and_photographs_are_counted(folder):
    report = REPORT | {
        "photographs": [
            photograph("a.jpg", SHA),
            entry("out/a.warmer.jpg", input="scans/a.jpg", result="warmer"),
            photograph("b.jpg", SHA),
        ]
    }
    card = result_card(report, folder)
    assert "- **Copies in this folder**: 3 copies of 2 photographs" in card
    assert "사진 2장의 사본 3개" in card


def test_the_card_says_whether_originals_are_there(folder):
    entries = [photograph(f"{c}.jpg", c * 64) for c in "abc"]
    report = REPORT | {"photographs": entries}
    card = result_card(report, folder)
    assert "- **Originals**: not part of this folder; the table has" in card
    assert "- **원본**: 이 폴더에 없음" in card
    there = {folder / f"{c}.jpg": c * 64 for c in "ab"}
    card = result_card(report, folder, along=Along(originals=there))
    assert "checked by their SHA-256: 2 of 3; not there: c.jpg\n" in card
    assert "3장 가운데 2장이 `originals/`에" in card
    there |= {folder / "c.jpg": "c" * 64}
    card = result_card(report, folder, along=Along(originals=there))
    assert "checked by their SHA-256: 3 of 3\n" in card


def test_author_date_and_license_stand_in_the_table(folder):
    lines = [
        RecordLine(
            *("kept", "a.jpg"),
            archive="own",
            id="a",
            author="Kim | Lee\n<b>",
            date="1951년 봄",
            license="as written",
            license_text="by permission",
        ),
        RecordLine(
            *("refused", "b.jpg", "forbids changes"),
            archive="own",
            id="b",
            license="KOGL type 3",
            non_commercial="yes",
        ),
    ]
    path = folder / "photographs.csv"
    record = PhotoRecord(path, {each.key: each for each in lines})
    report = REPORT | {
        "photographs": [photograph(f"{c}.jpg", SHA) for c in "abc"]
    }
    along = Along(records=Search([record]), record_files=[path])
    card = result_card(report, folder, along=along)
    english, korean = card.split("# 색을 입힌 사본")
    assert r"| a.jpg | Kim \| Lee &lt;b> | 1951년 봄 | by permission |" in card
    assert "`photographs.csv`; it lists 2 of 3 photographs" in english
    assert (
        "the photographs: by permission (1), KOGL type 3, must not be sold"
        " (1), none recorded (1); these copies: (please fill in)"
    ) in english
    assert "## Photographs that their record refuses" in english
    assert "- b.jpg (KOGL type 3, must not be sold): forbids changes" in english
    assert "- b.jpg (공공누리 제3유형, 판매 금지)\n" in korean
    assert "forbids" not in korean
    assert "여기에 없는 까닭은 영어 부분에 적혀 있습니다." in korean
    assert "| by permission |" in korean  # in the owner's words
    without = result_card(report, folder)
    assert "author" not in without.split("## The copies")[1]
    assert "refuses" not in without


def test_the_korean_part_has_no_english_notes(folder):
    korean = result_card(REPORT, folder).split("# 색을 입힌 사본")[1]
    assert "made paler" not in korean
    assert "is not an image" not in korean
    assert "다른 비고와 오류의 까닭은 영어 부분에 적혀 있습니다." in korean
    assert "| 의심 지도 |" in korean
    fixed = [
        entry("out/a.jpg", notes=["10% of it was made paler: and so on"]),
        entry("out/b.jpg", "failed", error="scans/b.jpg: is empty; get it"),
    ]
    card = result_card(REPORT | {"photographs": fixed}, folder)
    assert "영어 부분" not in card
    assert "| 10%의 색을 옅게 함(그 밝기에서" in card
    assert "- scans/b.jpg: 빈 파일임\n" in card


@pytest.mark.parametrize("kind", [*MAPS, *LEANINGS, *CAPTIONS])
def test_each_kind_of_result_has_a_korean_word(kind):
    assert not kind_in("ko", kind).isascii()


def test_a_refusal_in_fixed_words_has_its_reason_in_korean(folder):
    line = RecordLine(
        *("refused", "a.jpg", "forbids changes, and a colored copy is one"),
        license="ND",
    )
    record = PhotoRecord(folder / "photographs.csv", {line.key: line})
    report = REPORT | {"photographs": [photograph("a.jpg", SHA)]}
    along = Along(records=Search([record]))
    korean = result_card(report, folder, along=along).split(KOREAN)[1]
    assert "- a.jpg (변경 금지): 변경을 금지하는데, 색을 입힌 사본도" in korean
    assert "영어 부분" not in korean


def test_a_hash_is_short_where_the_report_beside_it_has_it_whole(folder):
    entries = [photograph("a.jpg", SHA), photograph("album/b.jpg", "ef" * 32)]
    report = REPORT | {"photographs": entries}
    marks = {"out/album/b.jpg": mark("12" * 32)}  # of another original
    along = Along(marks, report_file="colorlib-report.json")
    english, korean = result_card(report, folder, along=along).split(KOREAN)
    for part in (english, korean):
        assert SHA not in part
        assert f"| a.jpg | a.jpg | {SHA[:12]} |" in part
        assert "12" * 32 in part  # this is the only place
        assert "`colorlib-report.json`" in part
    assert "SHA-256 cdcdcdcdcdcd... (whole in `colorlib-report" in english
    assert "has 12 digits, `colorlib-report.json` in this folder" in english
    whole = result_card(report, folder, along=Along(marks))
    assert whole.count(SHA) == 2
    assert "cd" * 32 in whole
    assert "12 digits" not in whole


def test_a_folder_of_two_models_names_both(folder):
    """With the days of each; what to print has the day if there is one."""
    second = MadeBy("other", "ef" * 32, "colorlib 0.2.0", date="2026-12-02")
    first = mark(SHA)
    marks = {
        "out/a.jpg": replace(first, date="2026-11-28"),
        "out/b.jpg": replace(first, date="2026-11-30"),
        "out/c.jpg": second,
    }
    along = Along(marks, report_file="r.json")
    english, korean = result_card(REPORT, folder, along=along).split(KOREAN)
    assert (
        "- **Made with**: they differ: colorlib 0.1.0, compact, SHA-256"
        " cdcdcdcdcdcd... (whole in `r.json`), 2026-11-28 to 2026-11-30 (files:"
        f" 2); colorlib 0.2.0, other, SHA-256 {'ef' * 32}, 2026-12-02 (files:"
        " 1)"
    ) in english
    assert (
        "- **Line to print below a copy**:\n"
        f"  - {credit_line(first, 'en')}\n  - {credit_line(second, 'en')}\n"
    ) in english
    assert "2026-11-28부터 2026-11-30까지(파일 2개); " in korean
    assert f"  - {credit_line(second, 'ko')}\n" in korean


def test_pictures_that_the_report_does_not_know_are_counted(folder):
    along = Along(strangers=[Path(f"{i}.jpg") for i in range(4)])
    english, korean = result_card(REPORT, folder, along=along).split(KOREAN)
    said = "4 (0.jpg, 1.jpg, 2.jpg and 1 more)"
    assert f"that this card says nothing of**: {said}\n" in english
    assert f"다루지 않는 사진**: {said}\n" in korean
