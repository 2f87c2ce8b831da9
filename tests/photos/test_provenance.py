"""The mark says which file a copy came from, and with which settings."""

from dataclasses import replace

import numpy as np
import pytest

from colorlib import photos
from colorlib.photos.provenance import from_xmp, to_xmp

MADE_BY = photos.MadeBy(
    model="compact",
    sha256="ab" * 32,
    software="colorlib 1.2.3",
    settings="sizes=256,384 <quality>",
    source_sha256="cd" * 32,
    source_bytes=12_345_678_901,
    date="2026-11-29",
)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_a_copy_knows_its_source_and_settings(tmp_path, suffix):
    pixels = np.full((8, 8, 3), 90, np.uint8)
    photo = photos.from_array(pixels, made_by=MADE_BY)
    path = photos.write(photo, tmp_path / f"copy{suffix}")
    assert photos.read_mark(path) == MADE_BY


@pytest.mark.parametrize("size", ["", "many", "-3", "9" * 99, "१२"])
def test_a_mark_with_nonsense_for_a_size_is_still_a_mark(size):
    """Somebody edited the file's metadata: who colored it is known all the
    same, and that the source is not known is what a size of 0 says."""
    packet = to_xmp(MADE_BY).decode().replace("12345678901", size)
    found = from_xmp(packet.encode())
    assert (found.model, found.source_bytes) == ("compact", 0)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("n", [2, 1500])
def test_a_copy_lists_each_hint_with_its_source(tmp_path, suffix, n):
    """However many: a segment of a JPEG holds 64 KB."""
    hints = tuple(
        f"point {i}, 0: #8c1c2b; source: <letter> & 1951년" for i in range(n)
    )
    pixels = np.full((8, 8, 3), 90, np.uint8)
    made_by = replace(MADE_BY, hints=hints)
    photo = photos.from_array(pixels, made_by=made_by)
    path = photos.write(photo, tmp_path / f"copy{suffix}")
    assert photos.read(path).made_by == made_by
    assert photos.read_mark(path).settings == MADE_BY.settings


def test_hints_that_were_laid_out_anew_are_the_same():
    """Programs that edit XMP break lines as they like."""
    made_by = replace(MADE_BY, hints=("point 1, 2: #000000; source: me",))
    packet = to_xmp(made_by).replace(b"source: me", b"\n  source: me\n")
    assert from_xmp(packet) == made_by


def test_a_mark_without_a_source_says_so():
    plain = photos.MadeBy("compact", "ab" * 32, "colorlib 1.2.3")
    assert from_xmp(to_xmp(plain)) == plain
    assert plain.source_sha256 == ""
