"""Formats are told by contents; kinds that are not read are named."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from skimage import data

from colorlib import photos
from colorlib.photos.formats.sniffing import format_of, sniff

COLOR = np.ascontiguousarray(data.astronaut()[40:72, 200:248])


def boxes(*brands: bytes) -> bytes:
    """The first box of a file, as HEIC, AVIF and films have."""
    body = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return (4 + len(body)).to_bytes(4, "big") + body


@pytest.mark.parametrize("before", [0, 5, 5000])
def test_avif_is_told_however_many_brands_come_first(before):
    head = boxes(b"mif1", *[b"miaf"] * before, b"avif")
    assert sniff(io.BytesIO(head + bytes(9))) == "AVIF"
    assert format_of(boxes(b"mif1", *[b"miaf"] * before, b"heic")) == "HEIC"


def test_what_follows_the_brands_is_none():
    assert format_of(boxes(b"mif1", b"heic") + b"avif") == "HEIC"


def test_no_suffix_is_both_read_and_not():
    assert not photos.SUFFIXES.keys() & photos.UNREAD_SUFFIXES.keys()
    assert photos.UNREAD_SUFFIXES[".psd"] == "a Photoshop file"


def test_an_avif_file(tmp_path):
    image = Image.fromarray(COLOR)
    image.save(tmp_path / "x.avif", quality=100, subsampling="4:4:4")
    photo = photos.read(tmp_path / "x.avif")
    assert photo.format == "AVIF"
    assert np.abs(photo.pixels.astype(int) - COLOR).max() <= 3


def test_the_first_picture_of_an_mpo(tmp_path):
    first = Image.fromarray(COLOR)
    first.save(
        tmp_path / "x.mpo",
        save_all=True,
        append_images=[Image.fromarray(255 - COLOR)],
        quality=100,
        subsampling=0,
    )
    photo = photos.read(tmp_path / "x.mpo")
    assert photo.format == "JPEG"
    assert np.abs(photo.pixels.astype(int) - COLOR).max() <= 5


def test_an_a3_page_of_1200_dpi_is_below_the_limit():
    page = 420 * 297 * (1200 / 25.4) ** 2
    assert page < photos.MAX_MEGAPIXELS * 1e6


def test_the_limit_is_there_without_torch():
    code = (
        "import sys\n"
        "from colorlib.photos.limits import MAX_MEGAPIXELS\n"
        "assert MAX_MEGAPIXELS == 300 and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
