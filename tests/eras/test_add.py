"""One's own scans get the record that fetched ones have, and stay as is."""

import pytest
from archive_server import photograph

from colorlib.eras.add import add_scans, read_descriptions
from colorlib.eras.catalog import load_era
from colorlib.eras.record import read_record
from colorlib.files import sha256_of

ERA = load_era("democratization")
KEY_OF_A = ERA.name, "own", "a.jpg"
KEY_OF_B = ERA.name, "own", "roll 1/b.png"
SAID = {
    "title": "Seoul",
    "author": "Kim",
    "date": "June 1987",
    "rights": "by permission of the family",
}


@pytest.fixture
def folder(tmp_path):
    """Two scans, one of them in a folder of its own."""
    folder = tmp_path / "scans"
    (folder / "roll 1").mkdir(parents=True)
    (folder / "a.jpg").write_bytes(photograph(1))
    (folder / "roll 1/b.png").write_bytes(photograph(2, format="PNG"))
    return folder


def test_scans_are_described_and_left_as_they_are(folder):
    before = {p: p.read_bytes() for p in folder.rglob("*.*")}
    record = add_scans(ERA, folder, for_all=SAID)
    assert read_record(folder) == record
    first, second = record.values()
    assert (first.file, second.file) == ("a.jpg", "roll 1/b.png")
    assert (first.status, first.archive, first.era) == (
        "kept",
        "own",
        "democratization",
    )
    assert (first.author, first.first_year) == ("Kim", "1987")
    assert first.license_text == "by permission of the family"
    assert first.sha256 == sha256_of(folder / "a.jpg")
    assert before == {p: p.read_bytes() for p in before}


def test_a_table_says_what_is_not_the_same_for_all(folder, tmp_path):
    table = tmp_path / "scans.csv"
    table.write_text("file,title,date\na.jpg,시청 앞,1980년 5월\n", "utf-8-sig")
    record = add_scans(
        ERA, folder, for_all=SAID, descriptions=read_descriptions(table)
    )
    assert record[KEY_OF_A].title == "시청 앞"
    assert record[KEY_OF_A].first_year == "1980"
    assert record[KEY_OF_B].title == "Seoul"


@pytest.mark.parametrize("date", ["1955", "unknown"])
def test_scans_of_no_era_are_of_any_time(folder, date):
    record = add_scans(None, folder, for_all=SAID | {"date": date})
    assert read_record(folder) == record
    assert [line.status for line in record.values()] == ["kept", "kept"]
    assert {line.era for line in record.values()} == {""}
    add_scans(ERA, folder, for_all=SAID)  # and one more of an era
    assert len(read_record(folder)) == 4


def test_what_forbids_changes_is_refused_of_any_time(folder):
    record = add_scans(None, folder, for_all=SAID | {"rights": "CC BY-ND 4.0"})
    assert {line.status for line in record.values()} == {"refused"}


@pytest.mark.parametrize("lost", SAID)
def test_what_is_missing_is_asked_for_before_anything_is_written(folder, lost):
    said = {name: text for name, text in SAID.items() if name != lost}
    with pytest.raises(ValueError, match=f"a.jpg has no {lost}.*--{lost}"):
        add_scans(ERA, folder, for_all=said)
    assert not (folder / "photographs.csv").exists()


def test_rights_that_forbid_changes_are_refused(folder):
    record = add_scans(ERA, folder, for_all=SAID | {"rights": "KOGL Type 3"})
    assert {entry.status for entry in record.values()} == {"refused"}


def test_another_time_is_refused(folder):
    record = add_scans(ERA, folder, for_all=SAID | {"date": "1951"})
    assert "outside 1960 to 1987" in record[KEY_OF_A].reason


def test_another_era_has_lines_of_its_own(folder):
    """A scan may be of two eras, or of one of them."""
    add_scans(ERA, folder, for_all=SAID | {"date": "between 1950 and 1965"})
    war = load_era("korean-war")
    record = add_scans(war, folder, for_all=SAID | {"date": "1951"})
    assert read_record(folder) == record
    kept = {(line.era, line.id, line.status) for line in record.values()}
    assert kept == {
        (era.name, name, "kept")
        for era in (ERA, war)
        for name in ("a.jpg", "roll 1/b.png")
    }
    add_scans(war, folder, for_all=SAID)  # 1987
    statuses = [line.status for line in read_record(folder).values()]
    assert statuses == ["kept", "kept", "refused", "refused"]


def test_color_needs_its_process_and_its_keeper(folder):
    (folder / "a.jpg").write_bytes(photograph(3, color=True))
    record = add_scans(ERA, folder, for_all=SAID)
    assert "names no process" in record[KEY_OF_A].reason
    assert record[KEY_OF_B].status == "kept"
    true = {"process": "Kodachrome", "institution": "family Kim, Seoul"}
    record = add_scans(ERA, folder, for_all=SAID | true)
    entry = record[KEY_OF_A]
    assert (entry.status, entry.color) == ("kept", "color")
    assert entry.institution == "family Kim, Seoul"


def test_a_damaged_scan_is_named(folder):
    (folder / "a.jpg").write_bytes(photograph(1)[:-300])
    entry = add_scans(ERA, folder, for_all=SAID)[KEY_OF_A]
    assert entry.status == "failed"
    assert entry.reason.startswith("is cut short")


def test_a_name_in_the_table_that_is_no_scan_is_told(folder):
    with pytest.raises(ValueError, match="names c.jpg"):
        add_scans(ERA, folder, for_all=SAID, descriptions={"c.jpg": {}})


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(ValueError, match="holds no photographs"):
        add_scans(ERA, tmp_path, for_all=SAID)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"name,title\n", "file among them; got name, title"),
        (b"file,place\n", "out of file, title, author"),
        (b"", "file among them"),
        ("file,title\na.jpg,시청\n".encode("cp949"), "CSV UTF-8"),
    ],
)
def test_a_table_of_another_kind_is_told(tmp_path, text, said):
    (tmp_path / "t.csv").write_bytes(text)
    with pytest.raises(ValueError, match=said):
        read_descriptions(tmp_path / "t.csv")
