"""EXIF and its directories, field by field."""

import struct

import pytest
from PIL import Image

from colorlib.photos.formats.exif import CAMERA, IMAGE, Exif, parse
from colorlib.photos.formats.ifd import (
    SHORT,
    SIZES,
    Field,
    numbers,
    pack_directory,
)

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


ODD = {
    "UTF-8 of Exif 3.0": (IMAGE, CAPTION, 129, "서울".encode() + b"\0"),
    "UTF-8 in ASCII": (IMAGE, CAPTION, 2, "서울".encode() + b"\0"),
    "Latin-1 in ASCII": (IMAGE, CAPTION, 2, b"caf\xe9\0"),
    "text without an end": (IMAGE, 0x010F, 2, b"Leica"),
    "two copyrights": (IMAGE, 0x8298, 2, b"photograph\0edition\0"),
    "maker's note": (CAMERA, 0x927C, 7, b"Nikon\0\2\x10\0\0II*\0\x08\0\0\0"),
    "user's comment": (CAMERA, 0x9286, 7, b"UNICODE\0\xc1\x11\xd0\0"),
    "a long where shorts are usual": (IMAGE, 0x0112, 4, b"\6\0\0\0"),
    "fraction not reduced": (CAMERA, 0x829A, 5, b"\x0a\0\0\0\xe8\3\0\0"),
    "fraction of nothing": (CAMERA, 0x829A, 5, b"\1\0\0\0\0\0\0\0"),
    "float": (CAMERA, 0xC000, 11, b"\0\0\xc0\x3f"),
    "signed byte": (CAMERA, 0xC000, 6, b"\xff\1"),
    "signed long": (CAMERA, 0xC000, 9, b"\xfb\xff\xff\xff"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_fields_keep_type_count_and_bytes(name):
    """Pillow would write most of them back as something else."""
    directory, tag, kind, data = ODD[name]
    field = Field(kind, len(data) // SIZES[kind], data)
    exif = Exif("<", {IMAGE: {}})
    exif.directories.setdefault(directory, {})[tag] = field
    assert parse(exif.tobytes()).directories[directory] == {tag: field}
    assert not parse(exif.tobytes()).damaged


def test_what_stands_behind_a_damage_is_kept():
    """A value that lies outside of the block costs that field alone."""
    camera = {
        0x9003 + i: Field(2, 20, b"1953:04:01 12:00:00\0") for i in (0, 1)
    }
    image = {CAPTION: Field(2, 6, b"Seoul\0"), 0x010F: Field(2, 6, b"Leica\0")}
    block = bytearray(Exif("<", {IMAGE: image, CAMERA: camera}).tobytes())
    for tag in (CAPTION, 0x9003):
        at = block.index(struct.pack("<HH", tag, 2)) + 8
        block[at : at + 4] = struct.pack("<I", 10**6)
    back = parse(bytes(block))
    assert back.damaged
    assert back.directories[IMAGE] == {0x010F: image[0x010F]}
    assert back.directories[CAMERA] == {0x9004: camera[0x9004]}


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
