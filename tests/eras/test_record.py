"""The record is read as it was written, in Excel too."""

import pytest

from colorlib.eras.record import RecordLine, read_record, write_record


def test_a_record_is_read_as_it_was_written(tmp_path):
    entries = [
        RecordLine(
            "kept", archive="commons", id="1", title='서울, "1951"\n거리'
        ),
        RecordLine("refused", archive="loc", id="2", title="=1+1", reason="-x"),
        RecordLine("failed", archive="own", id="'=a", title="'quoted'"),
        RecordLine(
            "kept", id="''-1", title="a,b;c\td", author="\ud55c", page="'"
        ),
    ]
    write_record(tmp_path, entries)
    assert list(read_record(tmp_path).values()) == entries


def test_a_title_is_no_formula(tmp_path):
    """Programs for tables would compute it."""
    write_record(tmp_path, [RecordLine("kept", title="=HYPERLINK(1)")])
    text = (tmp_path / "photographs.csv").read_text("utf-8-sig")
    assert ",=" not in text


def test_excel_is_told_the_encoding(tmp_path):
    write_record(tmp_path, [])
    data = (tmp_path / "photographs.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfstatus,file,reason,")


def test_a_folder_may_have_none(tmp_path):
    assert read_record(tmp_path / "new") == {}


def test_one_that_was_cut_off_is_not_taken_for_whole(tmp_path):
    write_record(tmp_path, [RecordLine("kept", id=i, title=i) for i in "ab"])
    path = tmp_path / "photographs.csv"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ValueError, match="photograph 2 has more or fewer"):
        read_record(tmp_path)


def test_another_table_of_that_name_is_left_alone(tmp_path):
    (tmp_path / "photographs.csv").write_text("name,place\na,b\n")
    with pytest.raises(ValueError, match="is no record of colorlib"):
        read_record(tmp_path)
