"""A damaged file is told from a whole one, and from one of another kind."""

import io
import struct

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image
from skimage import data

from colorlib import photos
from colorlib.photos import PhotoError

COLOR = np.ascontiguousarray(data.astronaut()[:200, 100:356])
DEEP = COLOR.astype(np.uint16) * 257
EOI = b"\xff\xd9"
NO_END = "lacks its end mark; all of its pixels are there"
DAMAGED = "its coded pixels are damaged: some of them may be wrong"


def saved(format: str, mode: str = "RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(COLOR).convert(mode).save(file, format, **options)
    return file.getvalue()


JPEGS = {
    "baseline": saved("JPEG", quality=90),
    "subsampled": saved("JPEG", subsampling=2),
    "gray": saved("JPEG", "L"),
    "restarts": saved("JPEG", restart_marker_rows=1),
    "gray restarts": saved("JPEG", "L", restart_marker_blocks=7),
    "progressive": saved("JPEG", progressive=True),
    "CMYK": saved("JPEG", "CMYK"),
}
SINGLE = sorted(JPEGS.keys() - {"progressive"})


def read(file: bytes) -> photos.Photo:
    return photos.from_bytes(file, "x")


# A missing end mark


@pytest.mark.parametrize("name", JPEGS)
def test_a_jpeg_without_its_end_mark(name):
    """As downloads and cameras with a full card leave it."""
    whole = read(JPEGS[name])
    photo = read(JPEGS[name].removesuffix(EOI))
    assert np.array_equal(photo.pixels, whole.pixels)
    assert set(photo.notes) - set(whole.notes) == {NO_END}


@pytest.mark.parametrize(
    ("file", "end"),
    [
        (saved("GIF"), b";"),
        (saved("PNG"), saved("PNG")[-12:]),
        (imagecodecs.png_encode(DEEP), saved("PNG")[-12:]),
        (saved("JPEG2000"), EOI),
        (imagecodecs.jpeg2k_encode(DEEP, level=0), EOI),
        (imagecodecs.jpeg2k_encode(COLOR, codecformat="j2k", level=0), EOI),
    ],
    ids=["GIF", "PNG", "PNG of 16 bits", "JPEG 2000", "16 bits", "codestream"],
)
def test_other_files_without_their_end_mark(file, end):
    whole = read(file)
    assert whole.notes == ()
    assert file.endswith(end)
    # A PNG's four bytes after IEND say nothing more.
    for cut in range(5 if b"IEND" in end else 1, len(end) + 1):
        photo = read(file[:-cut])
        assert np.array_equal(photo.pixels, whole.pixels)
        assert photo.notes == (NO_END,)


def test_what_follows_the_end_mark_is_no_damage():
    """Programs append all kinds of things."""
    for file in [*JPEGS.values(), saved("JPEG2000"), saved("PNG")]:
        assert read(file + b"appended\xff\xd8" * 9).notes == read(file).notes
    for after in (bytes(2), b"appended"):
        assert read(saved("GIF") + after).notes == ()


# Missing pixels


@pytest.mark.parametrize("name", JPEGS)
@pytest.mark.parametrize("marked", [True, False])
def test_a_jpeg_that_is_cut_short_is_refused(name, marked):
    """Also where somebody has put an end mark there: libjpeg paints gray."""
    whole = JPEGS[name]
    for length in (len(whole) // 2, len(whole) * 9 // 10, len(whole) - 20):
        file = whole[:length] + EOI * marked
        with pytest.raises(PhotoError, match=r"x: is cut short: .*; copy"):
            read(file)


def test_the_share_that_is_missing_is_told():
    """Half of a JPEG's bytes are about half of its rows."""
    file = JPEGS["baseline"]
    with pytest.raises(PhotoError) as caught:
        read(file[: len(file) // 2])
    words = str(caught.value).split()
    rows = int(words[words.index("about") + 1])
    assert "of its 200 rows are missing" in str(caught.value)
    assert 50 < rows < 150


@pytest.mark.parametrize("name", SINGLE)
def test_bytes_too_many_are_told(name):
    """The decoder passes over them; its pixels may be another's."""
    file = JPEGS[name].removesuffix(EOI) + bytes(50) + EOI
    assert DAMAGED in read(file).notes


@pytest.mark.parametrize("name", ["restarts", "gray restarts"])
def test_a_lost_stretch_between_restart_marks_is_told(name):
    """The decoder finds its way again, and fills the gap."""
    file = JPEGS[name]
    first = file.index(b"\xff\xd3", file.index(b"\xff\xda"))
    last = file.index(b"\xff\xd5", first)
    assert DAMAGED in read(file[:first] + file[last:]).notes


@pytest.mark.parametrize("name", ["restarts", "progressive"])
def test_coded_pixels_that_end_too_soon_in_the_middle(name):
    """Before a restart mark, or in a pass that is not the last."""
    file = JPEGS[name]
    mark = b"\xff\xd4" if name == "restarts" else b"\xff\xda"
    at = file.index(mark, file.index(b"\xff\xda") + 2)
    if name == "progressive":  # its tables stand before the next pass
        at = file.rindex(b"\xff\xc4", 0, at)
    photo = read(file[: at - 30] + file[at:])
    assert photo.notes == (DAMAGED,)
    assert not np.array_equal(photo.pixels, read(file).pixels)


def test_a_progressive_jpeg_without_its_last_passes():
    """Whole passes are missing, and an end mark stands where they were."""
    file, starts = JPEGS["progressive"], []
    at = file.index(b"\xff\xda")
    while at >= 0:
        starts.append(at)
        at = file.find(b"\xff\xda", at + 1)
    coarse = read(file[: starts[-1]] + EOI)
    assert "its finest detail is missing" in coarse.notes[0]
    with pytest.raises(PhotoError, match="the last of its passes are missing"):
        read(file[: starts[2]] + EOI)


# Whole, and of another kind


def recompressed(code: int) -> bytes:
    """A TIFF whose header names another compression."""
    file = io.BytesIO()
    tifffile.imwrite(file, COLOR, photometric="rgb", metadata=None)
    field = struct.pack("<HHI", 259, 3, 1)
    return file.getvalue().replace(
        field + b"\1\0", field + struct.pack("<H", code)
    )


def bmp(at: int, value: bytes) -> bytes:
    file = saved("BMP")
    return file[:at] + value + file[at + len(value) :]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (
            imagecodecs.jpeg_encode(DEEP >> 4, bitspersample=12),
            "is a JPEG of 12 bits",
        ),
        (imagecodecs.ljpeg_encode(COLOR[..., 0].copy()), "a lossless JPEG"),
        (imagecodecs.jpegls_encode(COLOR), "is a JPEG-LS"),
        (JPEGS["gray"].replace(b"\xff\xc0", b"\xff\xc9"), "arithmetic coding"),
        (recompressed(34676), "SGILOG: 34676> not supported"),
        (recompressed(60000), "60000 is not a known COMPRESSION"),
        (bmp(30, b"\4"), "Unsupported BMP compression"),
        (bmp(28, b"\x40"), "Unsupported BMP pixel depth"),
        (
            saved("PNG")[:8] + b"\0\0\0\4CgBI" + bytes(8) + saved("PNG")[8:],
            "a PNG of an iPhone's own kind",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_whole_file_that_is_not_read_is_not_called_damaged(file, says):
    with pytest.raises(PhotoError, match=says) as caught:
        read(file)
    assert "damaged" not in str(caught.value)
    assert "cut short" not in str(caught.value)
    assert "not read here" in str(caught.value)


# Inside a TIFF


@pytest.mark.parametrize("tiled", [True, False])
def test_a_jpeg_inside_a_tiff_that_is_damaged(tiled):
    """Its strips are pictures of their own, which libjpeg completes too."""
    where = {"tile": (64, 64)} if tiled else {"rowsperstrip": 64}
    file = io.BytesIO()
    tifffile.imwrite(
        file, COLOR, photometric="rgb", compression="jpeg", **where
    )
    whole = bytearray(file.getvalue())
    assert read(bytes(whole)).notes == ()
    with tifffile.TiffFile(io.BytesIO(bytes(whole))) as tiff:
        page = tiff.pages[0]
        at = page.dataoffsets[1]
        size = page.databytecounts[1]
    cut = at + size * 2 // 3
    whole[cut : cut + 2] = EOI
    with pytest.raises(PhotoError, match="is cut short: some of its pixels"):
        read(bytes(whole))
