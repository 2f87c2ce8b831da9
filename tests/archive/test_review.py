"""What a person decided counts for the copies that the person looked at."""

import csv
import io

import pytest

from colorlib.archive.card import result_card
from colorlib.archive.handover import Along
from colorlib.archive.review import COLUMNS, Review, copy_key, read_review
from colorlib.files import sha256_of
from colorlib.files.spreadsheets import to_cell
from colorlib.widgets.choosing import page_file

SHA = "ab" * 32
NAMES = ("a.jpg", "album/b.jpg", "c.jpg", "d.jpg")


def entry(name, **more):
    return {
        "input": f"scans/{name}",
        "output": f"elsewhere/out/{name}",
        "status": "colored",
        "notes": [],
        "source_sha256": SHA,
    } | more


REPORT = {
    "software": "colorlib 0.1.0",
    "photographs": [
        *map(entry, NAMES),
        entry("a.uncertainty.png", input="scans/a.jpg", result="uncertainty"),
        entry("e.jpg", status="failed", error="is not an image"),
    ],
}


@pytest.fixture
def folder(tmp_path):
    """A folder whose d.jpg somebody took out."""
    (tmp_path / "album").mkdir()
    for name in NAMES[:3]:
        (tmp_path / name).write_text(f"the copy {name}")
    return tmp_path


@pytest.fixture
def table(folder):
    """Write the CSV of the gallery."""

    def write(*decided, name="review.csv", **changed):
        rows = [COLUMNS]
        for copy, decision, comment in decided:
            path = folder / copy
            row = {
                "photograph": f"scans/{copy}",
                "copy": f"elsewhere/out/{copy}",
                "source_sha256": SHA,
                "copy_sha256": sha256_of(path) if path.exists() else "00",
                "decision": decision,
                "comment": comment,
            }
            rows.append([to_cell(c) for c in (row | changed).values()])
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        path = folder / name
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        return path

    return write


def test_decisions_are_read_with_their_comments(folder, table):
    path = table(
        ("a.jpg", "accepted", "=SUM(1)"),
        ("album/b.jpg", "rejected", "가운은\n회색이었다"),
        ("d.jpg", "rejected", "taken out of the folder"),
    )
    reviews = read_review(path, REPORT, folder)
    keys = [copy_key(e) for e in REPORT["photographs"]]
    assert reviews == {
        keys[0]: Review("accepted", "=SUM(1)"),
        keys[1]: Review("rejected", "가운은 회색이었다"),
        keys[3]: Review("rejected", "taken out of the folder"),
    }


def test_a_name_that_is_not_utf_8_is_found(folder, table):
    """A page writes such a byte out; the report's JSON has it as it is."""
    report = {"photographs": [entry("\udcff.jpg")]}
    path = table(("\\udcff.jpg", "accepted", ""))
    [review] = read_review(path, report, folder).values()
    assert review.decision == "accepted"
    try:
        (folder / "\udcff.jpg").write_bytes(b"another one")
    except OSError:  # macOS has no such names
        pytest.skip("this disk takes no such name")
    with pytest.raises(ValueError, match="was changed since it was looked"):
        read_review(path, report, folder)


@pytest.mark.parametrize(
    ("decided", "changed", "said"),
    [
        (
            "a.jpg accepted",
            {"source_sha256": "cd" * 32},  # scanned and colored again
            "a.jpg was changed since it was looked at; make a new gallery",
        ),
        ("z.jpg accepted", {}, "line 2: scans/z.jpg is not in the report of"),
        ("e.jpg accepted", {}, "line 2: scans/e.jpg is not in the report of"),
        ("a.uncertainty.png open", {}, "is not in the report"),
        ("a.jpg maybe", {}, "line 2: decision is maybe, not one of accepted"),
        ("a.jpg ", {}, "line 2: decision is empty"),
        ("a.jpg open", {"copy_sha256": "00"}, "a.jpg was changed since it was"),
    ],
)
def test_what_can_t_be_meant_is_one_line(folder, table, decided, changed, said):
    path = table((*decided.split(" "), ""), **changed)
    with pytest.raises(ValueError, match=said) as error:
        read_review(path, REPORT, folder)
    assert str(error.value).startswith(f"{path}, line 2: ")
    assert "\n" not in str(error.value)


def test_a_line_stands_there_once(folder, table):
    path = table(("a.jpg", "accepted", ""), ("a.jpg", "rejected", ""))
    with pytest.raises(ValueError, match=r"line 3: scans/a.jpg stands there"):
        read_review(path, REPORT, folder)


def test_another_table_is_refused(folder, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("photograph,decision\na.jpg,accepted\n")
    with pytest.raises(ValueError, match="is no table of decisions, which"):
        read_review(path, REPORT, folder)


def test_the_card_says_what_was_decided(folder, table):
    path = table(
        ("a.jpg", "accepted", "a | b"), ("album/b.jpg", "rejected", "the coat")
    )
    reviews = read_review(path, REPORT, folder)
    card = result_card(REPORT, folder, along=Along(reviews=reviews))
    english, korean = card.split("# 색을 입힌 사본")
    assert (
        "- **accepted**: 1\n- **rejected**: 1\n  - album/b.jpg: the coat\n"
        "- **open**: 2\n"
    ) in english
    assert "- **승인**: 1\n- **반려**: 1\n" in korean
    rows = [row for row in english.splitlines() if SHA in row]
    assert [row.split(f"{SHA} | ")[1] for row in rows] == [
        r" | accepted | a \| b |",
        " | rejected | the coat |",
        " | open |  |",
        " | open |  |",
        "uncertainty |  |  |",
    ]
    assert "decision" not in result_card(REPORT, folder)


def test_the_page_writes_what_is_read():
    assert ",".join(COLUMNS) in page_file("decisions.js")
