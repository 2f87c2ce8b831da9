"""The record beside the originals: whose line it is, and what it refuses."""

from pathlib import Path, PurePath

import pytest

from colorlib.archive.plan import plan
from colorlib.archive.records import (
    PhotoRecord,
    check_records,
    copy_records,
    find_records,
    read_photo_record,
)
from colorlib.eras.record import RecordLine, write_record

RECORD = "photographs.csv"


def line(file, sha256="", status="kept", **more):
    return RecordLine(
        status, file, archive="own", id=file, sha256=sha256, **more
    )


def record_of(*lines):
    return PhotoRecord(Path(RECORD), {each.key: each for each in lines})


def test_a_line_is_found_by_bytes_then_by_name():
    one, two = line("a.jpg", "11"), line("1951/a.jpg", "22")
    refused = line("b.jpg", status="refused")
    record = record_of(one, two, refused)
    assert record.line_of(PurePath("elsewhere/z.jpg"), "22") == two
    assert record.line_of(PurePath("scans/1951/a.jpg")) == two
    assert record.line_of(PurePath("/scans/a.jpg")) == one
    assert record.line_of(PurePath("scans/b.jpg"), "33") == refused
    # A new scan of that name is another photograph.
    assert record.line_of(PurePath("scans/a.jpg"), "33") is None
    assert record.line_of(PurePath("scans/ba.jpg")) is None


def test_a_name_is_one_however_it_is_written():
    """Macs write Hangul and umlauts as several letters."""
    record = record_of(line("가.jpg"))
    assert record.line_of(PurePath("scans/\u1100\u1161.jpg"))


@pytest.fixture
def scans(tmp_path):
    for name in ("a.jpg", "1951/b.jpg", "c.jpg", "notes.txt"):
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "scans"


def test_what_a_record_refuses_is_said_in_a_line(scans):
    lines = [
        line("a.jpg", "11"),
        line("1951/b.jpg", status="refused", reason="forbids changes"),
    ]
    write_record(scans, lines)
    planned = plan([scans], scans / "out")
    [told] = check_records(planned)
    assert told == (
        f"{scans / RECORD} refuses 1 of its 2 photographs here, colored all"
        f" the same: {scans / '1951/b.jpg'}"
    )
    assert len(planned.jobs) == 3
    [others] = planned.set_aside.values()
    assert others == [scans / "notes.txt"]
    (scans / "notes.txt").unlink()
    write_record(scans, lines[:1])
    planned = plan([scans], scans / "out")
    assert check_records(planned) == []
    assert planned.set_aside == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: b"name,place\na,b\n", "is no record of colorlib"),
        (lambda data: b"", "is no record of colorlib"),
        (lambda data: b"\xff\xfe" + data, "is no record of colorlib"),
        (lambda data: data[:-20], "photograph 1 has more or fewer than"),
    ],
)
def test_a_foreign_or_broken_one_is_one_line(scans, change, says):
    write_record(scans, [line("a.jpg", width="100", added="2026-01-01")])
    path = scans / RECORD
    path.write_bytes(change(path.read_bytes()))
    planned = plan([scans], scans / "out")
    [told] = check_records(planned)
    assert told.startswith(f"not read: {path}")
    assert says in told
    assert "\n" not in told
    # It is a file of another kind, after all.
    assert path in [p for each in planned.set_aside.values() for p in each]
    with pytest.raises(ValueError, match=says):
        read_photo_record(path)


def test_the_nearest_record_counts(scans):
    write_record(scans, [line("a.jpg")])
    write_record(scans / "1951", [line("b.jpg")])
    found = find_records([scans, scans / "1951"])
    assert [r.path.parent for r in found.records] == [scans, scans / "1951"]
    assert found.line_of(scans / "1951/b.jpg") == line("b.jpg")


def test_a_line_of_another_folder_is_not_taken(tmp_path):
    """1.jpg of one box is not 1.jpg of another."""
    for box, status in (("one", "kept"), ("two", "refused")):
        (tmp_path / box).mkdir()
        for name in ("1.jpg", "2.jpg"):
            (tmp_path / box / name).write_bytes(f"{box}{name}".encode())
        write_record(tmp_path / box, [line("1.jpg", status=status)])
    boxes = [tmp_path / "one", tmp_path / "two"]
    [told] = check_records(plan(boxes, tmp_path / "out"))
    assert told.startswith(f"{boxes[1] / RECORD} refuses 1 of its 1")
    search = find_records(boxes)
    statuses = [search.line_of(box / "1.jpg").status for box in boxes]
    assert statuses == ["kept", "refused"]
    assert search.line_of(boxes[0] / "2.jpg") is None


def test_records_are_copied_and_no_line_is_lost(scans, tmp_path):
    write_record(scans, [line("a.jpg"), line("c.jpg")])
    write_record(scans / "1951", [line("b.jpg")])
    records = find_records([scans, scans / "1951"]).records
    out = tmp_path / "out"
    out.mkdir()
    for _ in range(2):
        places = copy_records(records, out)
        assert [p.name for p in places] == [RECORD, "photographs-2.csv"]
        assert [p.read_bytes() for p in places] == [
            r.path.read_bytes() for r in records
        ]
    write_record(out, [line("a.jpg"), line("c.jpg"), line("z.jpg")])
    before = (out / RECORD).read_bytes()
    with pytest.raises(ValueError, match="has lines that .* hasn't"):
        copy_records(records, out)
    assert (out / RECORD).read_bytes() == before
    (out / RECORD).write_text("name\nKim\n")
    with pytest.raises(ValueError, match="is no record"):
        copy_records(records, out)
    assert (out / RECORD).read_text() == "name\nKim\n"
