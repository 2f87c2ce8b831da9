"""Copies are found by the hash of their original, under any name."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from colorlib import photos
from colorlib.archive.pairing import pair, pair_copies
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


def test_originals_that_a_card_put_there_are_no_copies(folders):
    """Of `colorlib card --originals`; they can take the scans' place."""
    originals, copies = folders
    for name in ("a.png", "b.png", "sub/a.png"):
        copy(originals / name, copies / name)
    shutil.copytree(originals, copies / "originals")
    for scans in (originals, copies / "originals"):
        pairs, left = pair(scans, copies)
        assert [c and c.relative_to(copies) for _, c in pairs] == [
            o.relative_to(scans) for o, _ in pairs
        ]
        assert left == []
    assert len(pair_copies(copies, copies)[0]) == 3


def names(pairs):
    return [(a.name, b.name) for a, b in pairs]


def test_two_models_copies_of_one_original_are_a_pair(folders):
    """Under any name, in any format."""
    originals, one = folders
    two = one.with_name("two")
    copy(originals / "a.png", one / "a.png")
    copy(originals / "b.png", one / "b.png")
    copy(originals / "a.png", two / "b.png")
    copy(originals / "b.png", two / "c.webp")
    pairs, left = pair_copies(one, two)
    assert names(pairs) == [("a.png", "b.png"), ("b.png", "c.webp")]
    assert left == []


def test_a_copy_and_its_original_are_a_pair(folders):
    originals, one = folders
    copy(originals / "a.png", one / "z.png")
    for pairs, left in (
        pair_copies(originals, one),
        pair_copies(one, originals),
    ):
        assert {tuple(sorted(each)) for each in names(pairs)} == {
            ("a.png", "z.png")
        }
        assert [path.name for path in left] == ["b.png", "a.png"]


def test_copies_without_a_mark_go_by_their_places(folders):
    """Other programs' copies have none; a name in another folder is another."""
    originals, one = folders
    two = one.with_name("two")
    for folder, suffix in ((one, ".png"), (two, ".webp")):
        for name in ("a", "sub/a", "b"):
            pixels = np.full((4, 4), len(name) + len(suffix), np.uint8)
            photos.write(photos.from_array(pixels), folder / (name + suffix))
    (two / "b.webp").unlink()
    pairs, left = pair_copies(one, two)
    assert pairs == [
        (one / "a.png", two / "a.webp"),
        (one / "sub" / "a.png", two / "sub" / "a.webp"),
    ]
    assert left == [one / "b.png"]


def test_one_name_of_two_originals_is_no_pair(folders):
    """1.png of one box is not 1.png of another."""
    originals, one = folders
    two = one.with_name("two")
    copy(originals / "a.png", one / "1.png")
    copy(originals / "b.png", two / "1.png")
    assert pair_copies(one, two) == ([], [one / "1.png", two / "1.png"])


def test_the_same_bytes_twice_go_by_their_names(folders):
    originals, one = folders
    two = one.with_name("two")
    data = (originals / "a.png").read_bytes()
    (originals / "b.png").write_bytes(data)
    for folder in (one, two):
        for name in ("b.png", "a.png"):
            copy(originals / name, folder / name)
    copy(originals / "a.png", two / "c.webp")
    pairs, _ = pair_copies(one, two)
    assert names(pairs) == [("a.png", "a.png"), ("b.png", "b.png")]
    (one / "a.png").unlink()
    assert names(pair_copies(one, two)[0]) == [("b.png", "b.png")]
    (one / "b.png").rename(one / "c.png")
    assert names(pair_copies(one, two)[0]) == [("c.png", "c.webp")]
