"""EXIF and its directories, field by field."""

import struct

import pytest
from PIL import Image

from colorlib.photos.formats.exif import CAMERA, IMAGE, Exif, parse
from colorlib.photos.formats.ifd import SHORT, Field, numbers, pack_directory

CAPTION = 0x010E


@pytest.mark.parametrize("order", "<>")
def test_a_block_comes_back_as_it_was(order):
    """Both byte orders, short values and long ones, and directories below."""
    exif = Exif(
        order,
        {
            IMAGE: {
                CAPTION: Field(2, 6, b"Seoul\0"),
                0x0112: numbers(order, SHORT, 6),
            },
            CAMERA: {
                0x9286: Field(7, 3, b"abc"),
                0x829A: Field(5, 1, bytes(8)),
            },
        },
    )
    back = parse(exif.tobytes())
    assert back == exif
    assert back.orientation == 6


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_is_none(value):
    """There are eight ways to hold a camera."""
    exif = Image.Exif()
    exif[0x0112] = value
    assert parse(exif.tobytes()).orientation == 1
    assert Exif().orientation == 1


def test_long_values_stand_on_even_offsets():
    """TIFF demands it, and some readers rely on it."""
    fields = {tag: Field(7, 5, b"12345") for tag in (1, 2, 3)}
    packed = pack_directory("<", fields, 8)
    offsets = [
        struct.unpack_from("<I", packed, 2 + 12 * i + 8)[0] for i in range(3)
    ]
    assert len(set(offsets)) == 3
    for offset in offsets:
        assert offset % 2 == 0
        assert packed[offset - 8 :][:5] == b"12345"


def test_fields_that_share_their_bytes_cannot_fill_the_memory():
    """A thousand fields of a megabyte fit into a file of one megabyte."""
    count, size = 40, 2**20
    tags = b"".join(
        struct.pack("<HHII", 0x9C00 + i, 7, size, 100) for i in range(count)
    )
    camera = struct.pack("<H", count) + tags + bytes(4)
    image = struct.pack("<HHHII", 1, CAMERA, 4, 1, 26) + bytes(4)
    block = b"II*\0\x08\0\0\0" + image + camera
    exif = parse(block.ljust(size + 1000, b"\0"))
    assert exif.damaged
    kept = sum(len(field.data) for field in exif.directories[CAMERA].values())
    assert kept <= 2**24


def test_what_is_no_exif_is_told():
    """Not read as if it were."""
    for block in (b"", b"II", b"XX*\0\x08\0\0\0", b"II\0*\x08\0\0\0"):
        with pytest.raises(ValueError, match="must start with II or MM"):
            parse(block)
