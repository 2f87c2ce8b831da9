"""Copies are found by the hash of their original, under any name."""

from dataclasses import replace

import numpy as np
import pytest

from colorlib import photos
from colorlib.archive.pairing import pair
from colorlib.files import sha256_of


@pytest.fixture
def folders(tmp_path):
    """Three originals and no copy yet."""
    for i, name in enumerate(["a.png", "b.png", "sub/a.png"]):
        pixels = np.full((4, 4 + i), 90, np.uint8)
        photos.write(photos.from_array(pixels), tmp_path / "in" / name)
    return tmp_path / "in", tmp_path / "out"


def copy(source, target, hashed=True):
    sha256 = sha256_of(source) if hashed else ""
    mark = photos.MadeBy("m", "0" * 64, "test", source_sha256=sha256)
    return photos.write(replace(photos.read(source), made_by=mark), target)


def test_each_finds_its_own(folders):
    originals, copies = folders
    for name in ("a.png", "b.png", "sub/a.png"):
        copy(originals / name, copies / name)
    pairs, left = pair(originals, copies)
    assert [c.relative_to(copies) for _, c in pairs] == [
        o.relative_to(originals) for o, _ in pairs
    ]
    assert left == []


def test_a_copy_with_another_name_is_found(folders):
    originals, copies = folders
    moved = copy(originals / "a.png", copies / "1911" / "pier.png")
    pairs, left = pair(originals, copies)
    assert dict(pairs)[originals / "a.png"] == moved
    assert dict(pairs)[originals / "b.png"] is None
    assert left == []


def test_one_without_a_hash_goes_by_its_name(folders):
    originals, copies = folders
    made = copy(originals / "b.png", copies / "b.png", hashed=False)
    pairs, _ = pair(originals, copies)
    assert dict(pairs)[originals / "b.png"] == made


def test_two_originals_of_the_same_bytes_have_two_copies(folders):
    originals, copies = folders
    data = (originals / "a.png").read_bytes()
    (originals / "b.png").write_bytes(data)
    for name in ("a.png", "b.png"):
        copy(originals / name, copies / name)
    pairs, left = pair(originals, copies)
    assert dict(pairs)[originals / "a.png"] == copies / "a.png"
    assert dict(pairs)[originals / "b.png"] == copies / "b.png"
    assert left == []


def test_copies_of_nothing_are_left(folders):
    originals, copies = folders
    stranger = copy(originals / "a.png", copies / "z.png")
    copy(originals / "a.png", copies / "a.png")
    assert pair(originals, copies)[1] == [stranger]


def test_copies_inside_the_folder_of_originals_are_no_originals(folders):
    originals, _ = folders
    copy(originals / "a.png", originals / "out" / "a.png")
    pairs, left = pair(originals, originals / "out")
    assert len(pairs) == 3
    assert left == []
