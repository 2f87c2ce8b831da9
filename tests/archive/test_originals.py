"""Originals go along byte for byte, or not at all."""

import os
from pathlib import Path

import pytest

from colorlib.archive import originals
from colorlib.archive.originals import (
    Original,
    copy_originals,
    find_originals,
)
from colorlib.files import sha256_of


@pytest.fixture
def folders(tmp_path):
    """Scans with a stranger among them, and a folder of copies inside."""
    scans = tmp_path / "scans"
    (scans / "1951").mkdir(parents=True)
    for name in ("a.jpg", "1951/b.jpg", "never-colored.jpg"):
        (scans / name).write_bytes(name.encode().ljust(20))
        os.utime(scans / name, ns=(10**18, 10**18))
    (scans / "out").mkdir()
    return scans, scans / "out"


def wanted(scans, *names):
    return {
        sha256_of(scans / name): Original(20, frozenset({Path(name).name}))
        for name in names
    }


def test_they_are_copied_whole_with_their_day_and_their_place(folders):
    scans, out = folders
    before = {p: p.read_bytes() for p in scans.rglob("*.jpg")}
    these = wanted(scans, "a.jpg", "1951/b.jpg")
    made = copy_originals([scans], out, these)
    assert made == [out / "originals/1951/b.jpg", out / "originals/a.jpg"]
    for path in made:
        source = scans / path.relative_to(out / "originals")
        assert path.read_bytes() == source.read_bytes()
        assert path.stat().st_mtime_ns == 10**18
    found = find_originals(out / "originals", these)
    assert sorted(found) == made
    assert before == {p: p.read_bytes() for p in before}
    assert all(p.stat().st_mtime_ns == 10**18 for p in before)
    # Again, and what is there stays.
    assert copy_originals([scans], out, these) == []


def test_an_interrupted_copy_leaves_no_half_and_goes_on(folders, monkeypatch):
    scans, out = folders
    these = wanted(scans, "a.jpg", "1951/b.jpg")
    whole = originals.shutil.copyfile

    def stop_at_a(source, target):
        if source.name == "a.jpg":
            target.write_bytes(b"ha")
            raise KeyboardInterrupt
        return whole(source, target)

    monkeypatch.setattr(originals.shutil, "copyfile", stop_at_a)
    with pytest.raises(KeyboardInterrupt):
        copy_originals([scans], out, these)
    files = [p for p in (out / "originals").rglob("*") if p.is_file()]
    assert files == [out / "originals/1951/b.jpg"]
    monkeypatch.undo()
    assert copy_originals([scans], out, these) == [out / "originals/a.jpg"]


def test_one_that_changes_meanwhile_is_not_taken(folders, monkeypatch):
    scans, out = folders

    def another(source, target):
        target.write_bytes(b"other bytes")

    monkeypatch.setattr(originals.shutil, "copyfile", another)
    with pytest.raises(ValueError, match=r"a\.jpg changed while it was copied"):
        copy_originals([scans], out, wanted(scans, "a.jpg"))
    assert list((out / "originals").iterdir()) == []


def test_another_file_of_that_name_stays(folders):
    scans, out = folders
    (out / "originals").mkdir()
    there = out / "originals/a.jpg"
    there.write_bytes(b"somebody's")
    with pytest.raises(ValueError, match="exists and is not the original"):
        copy_originals([scans], out, wanted(scans, "a.jpg"))
    assert there.read_bytes() == b"somebody's"


def test_two_of_one_name_are_both_there(folders, tmp_path):
    """1.jpg of one box is not 1.jpg of another, nor A.jpg a.jpg on a Mac."""
    scans, out = folders
    box = tmp_path / "box"
    box.mkdir()
    (box / "A.jpg").write_bytes(b"another".ljust(20))
    these = wanted(scans, "a.jpg") | wanted(box, "A.jpg")
    for _ in range(2):
        copy_originals([scans, box], out, these)
        found = find_originals(out / "originals", these)
        sha256 = sha256_of(box / "A.jpg")
        assert sorted(path.name for path in found) == [
            f"A.{sha256[:8]}.jpg",
            "a.jpg",
        ]
        assert set(found.values()) == set(these)


def test_the_same_bytes_go_by_their_names(folders):
    scans, out = folders
    data = (scans / "a.jpg").read_bytes()
    (scans / "0.jpg").write_bytes(data)
    these = wanted(scans, "a.jpg")
    [made] = copy_originals([scans], out, these)
    assert made.name == "a.jpg"
    both = {
        sha256: Original(20, frozenset({"0.jpg", "a.jpg"})) for sha256 in these
    }
    [other] = copy_originals([scans], out, both)
    assert other.name == "0.jpg"
    (scans / "1951/b.jpg").write_bytes(data)
    [first] = copy_originals([scans / "1951"], scans / "new", these)
    assert first.name == "b.jpg"


def test_what_is_not_there_is_not_found(tmp_path):
    assert find_originals(tmp_path / "none", {"ab": Original()}) == {}
