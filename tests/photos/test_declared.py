"""What a file says of its own numbers is heard: depth, sign, gamma, profile."""

import struct
import zlib

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from colorlib import photos

RAMP = np.linspace(0, 255, 40 * 60).reshape(40, 60).round().astype(np.uint8)
DEEP = (RAMP.astype(np.uint16) * 257) + 3
UPRIGHT_FROM_LEFT = 6  # EXIF's orientation of a picture lying on its side


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", checksum)
    )


def png(levels: np.ndarray, *, before=(), after=()) -> bytes:
    """A gray PNG with chunks before and after its pixels."""
    height, width = levels.shape
    bits = 8 * levels.itemsize
    rows = levels.astype(levels.dtype.newbyteorder(">"))
    packed = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            *before,
            chunk(b"IDAT", packed),
            *after,
            chunk(b"IEND", b""),
        ]
    )


def gamma(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def exif() -> bytes:
    block = Image.Exif()
    block[0x0112] = UPRIGHT_FROM_LEFT
    return block.tobytes().removeprefix(b"Exif\0\0")


# PNG


@pytest.mark.parametrize("levels", [RAMP, DEEP])
def test_a_png_of_linear_light_is_converted(tmp_path, levels):
    """gAMA 1 means light itself; read as sRGB it would be far too dark."""
    path = tmp_path / "linear.png"
    path.write_bytes(png(levels, before=[gamma(1.0)]))
    photo = photos.read(path)
    top = np.iinfo(levels.dtype).max
    light = levels / top
    srgb = np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055
    )
    assert np.abs(photo.pixels - srgb * top).max() <= 1
    assert any("gamma of 1 " in note for note in photo.notes)


@pytest.mark.parametrize(
    "before",
    [
        [],
        [gamma(1 / 2.2)],
        [gamma(1.0), chunk(b"sRGB", b"\0")],
    ],
    ids=["none", "sRGB's", "beside sRGB"],
)
def test_gamma_changes_nothing_where_it_says_nothing(tmp_path, before):
    path = tmp_path / "plain.png"
    path.write_bytes(png(RAMP, before=before))
    photo = photos.read(path)
    assert np.array_equal(photo.pixels, RAMP)
    assert photo.notes == ()


@pytest.mark.parametrize("levels", [RAMP, DEEP])
@pytest.mark.parametrize("place", ["before", "after"])
def test_exif_is_found_before_and_after_the_pixels(tmp_path, levels, place):
    path = tmp_path / "lying.png"
    path.write_bytes(png(levels, **{place: [chunk(b"eXIf", exif())]}))
    assert photos.read(path).pixels.shape == (60, 40)


def test_exif_is_found_where_imagemagick_wrote_it(tmp_path):
    digits = (b"Exif\0\0" + exif()).hex()
    lines = [digits[i : i + 72] for i in range(0, len(digits), 72)]
    text = "\n".join(["", "exif", f"{len(digits) // 2:8}", *lines, ""])
    packed = b"Raw profile type exif\0\0" + zlib.compress(text.encode())
    path = tmp_path / "lying.png"
    path.write_bytes(png(RAMP, before=[chunk(b"zTXt", packed)]))
    assert photos.read(path).pixels.shape == (60, 40)


# JPEG 2000


def test_a_signed_jpeg_2000_is_moved_to_where_black_is_zero(tmp_path):
    signed = (DEEP.astype(np.int32) - 32768).astype(np.int16)
    path = tmp_path / "signed.jp2"
    path.write_bytes(
        imagecodecs.jpeg2k_encode(signed, codecformat="jp2", level=0)
    )
    assert np.array_equal(photos.read(path).pixels, DEEP)


def boxed(path, content: bytes) -> None:
    """Put a box of metadata before a JPEG 2000's pixels."""
    data = imagecodecs.jpeg2k_encode(DEEP, codecformat="jp2", level=0)
    at = data.index(b"jp2c") - 4
    box = struct.pack(">I4s", 8 + len(content), b"uuid") + content
    path.write_bytes(data[:at] + box + data[at:])


def test_the_depth_is_found_behind_any_amount_of_metadata(tmp_path):
    """70 KB of captions once cost eight of sixteen bits: white was black."""
    boxed(tmp_path / "long.jp2", bytes(range(256)) * 300)
    photo = photos.read(tmp_path / "long.jp2")
    assert photo.bits == 16
    assert np.array_equal(photo.pixels, DEEP)


def test_the_profile_in_a_jpeg_2000_is_used(tmp_path):
    """In linear light the same numbers are a lighter picture."""
    data = imagecodecs.jpeg2k_encode(RAMP, codecformat="jp2", level=0)
    profile = imagecodecs.cms_profile("gray", gamma=1.0)
    at = data.index(b"colr") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    box = struct.pack(">I4sBBB", 11 + len(profile), b"colr", 2, 0, 0) + profile
    whole = data[:at] + box + data[at + size :]
    parent = whole.index(b"jp2h") - 4
    length = int.from_bytes(whole[parent : parent + 4], "big")
    length += len(box) - size
    whole = whole[:parent] + struct.pack(">I", length) + whole[parent + 4 :]
    (tmp_path / "linear.jp2").write_bytes(whole)
    middle = photos.read(tmp_path / "linear.jp2").pixels[20, 30]
    assert middle > RAMP[20, 30].astype(int) + 40


# TIFF, JPEG and arrays


def test_inches_are_meant_where_a_tiff_does_not_say(tmp_path):
    path = tmp_path / "no-unit.tif"
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(RAMP, resolution=(300, 300), resolutionunit=2)
    data = bytearray(path.read_bytes())
    entry = struct.pack("<HHI", 296, 3, 1)
    at = data.index(entry)
    data[at : at + 2] = struct.pack("<H", 65000)  # a tag that nobody reads
    path.write_bytes(data)
    assert photos.read(path).dpi == (300.0, 300.0)


@pytest.mark.parametrize("written", [0, 3 * RAMP.size])
def test_a_wrong_count_of_bytes_is_computed_anew(tmp_path, written):
    path = tmp_path / "counted.tif"
    tifffile.imwrite(path, RAMP, rowsperstrip=len(RAMP))
    data = path.read_bytes()
    right = struct.pack("<I", RAMP.size)
    head = struct.pack("<HHI", 279, 4, 1)
    assert head + right in data
    path.write_bytes(
        data.replace(head + right, head + struct.pack("<I", written))
    )
    assert np.array_equal(photos.read(path).pixels, RAMP)


def test_a_strip_that_is_cut_short_is_still_refused(tmp_path):
    path = tmp_path / "cut.tif"
    tifffile.imwrite(path, RAMP, rowsperstrip=len(RAMP))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(photos.PhotoError, match="cut short"):
        photos.read(path)


def test_jfif_s_placeholder_does_not_replace_exif_s_resolution(tmp_path):
    block = Image.Exif()
    block[282] = block[283] = 600.0
    block[296] = 2
    path = tmp_path / "placeholder.jpg"
    Image.fromarray(RAMP).save(path, exif=block, dpi=(1, 1))
    assert photos.read(path).dpi == (600.0, 600.0)


def recounted(path, written: list[int], **options) -> photos.Photo:
    """Read a TIFF of several strips that states other counts of bytes."""
    tifffile.imwrite(path, RAMP, rowsperstrip=10, metadata=None, **options)
    with tifffile.TiffFile(path) as tiff:
        tag = tiff.pages[0].tags[279]
        assert tag.count == len(written) == 4
    file = bytearray(path.read_bytes())
    kind = {3: "<4H", 4: "<4I"}[int(tag.dtype)]
    struct.pack_into(kind, file, tag.valueoffset, *written)
    path.write_bytes(file)
    return photos.read(path)


@pytest.mark.parametrize("written", [[0] * 4, [2400] * 4, [600, 600, 0, 1]])
@pytest.mark.parametrize("compression", [None, "lzw", "deflate"])
def test_wrong_counts_of_several_strips(tmp_path, written, compression):
    """Zero, or the size of all, or of what was before compression."""
    photo = recounted(tmp_path / "x.tif", written, compression=compression)
    assert np.array_equal(photo.pixels, RAMP)
    note = "its counts of bytes are wrong and were computed anew"
    assert photo.notes == (note,)


@pytest.mark.parametrize(
    ("jfif", "exif", "kept"),
    [(72, 600, 600), (300, 72, 300), (300, 600, 300)],
)
def test_two_resolutions_in_a_jpeg(tmp_path, jfif, exif, kept):
    """72 is what programs write that know none; both are told."""
    block = Image.Exif()
    block[282] = block[283] = float(exif)
    block[296] = 2
    path = tmp_path / "two.jpg"
    Image.fromarray(RAMP).save(path, exif=block, dpi=(jfif, jfif))
    photo = photos.read(path)
    assert photo.dpi == (kept, kept)
    assert photo.notes == (
        f"its header says {jfif} dpi and its EXIF {exif}: {kept} was kept",
    )


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.int64, np.uint32])
def test_bytes_that_were_computed_with_are_still_bytes(kind):
    """Read as 16 bits, a picture of 0 to 255 is black."""
    photo = photos.from_array(RAMP.astype(kind))
    assert photo.bits == 8
    assert np.array_equal(photo.pixels, RAMP)
    name = np.dtype(kind).name
    assert photo.notes == (
        f"its {name} numbers, none above 255, were read as levels 0 to 255",
    )
