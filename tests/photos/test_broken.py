"""Every kind of broken file gives one line: which, what is wrong, what to do.

Nothing else may come out: no other exception, no warning, no guess.
"""

import io
import os
import struct
import warnings
from contextlib import suppress

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from skimage import data

from colorlib import photos
from colorlib.photos import PhotoError
from colorlib.photos.errors import damage
from colorlib.photos.formats.pillow_opening import open_image
from colorlib.photos.formats.sniffing import sniff
from colorlib.photos.photo import RefusedError
from colorlib.photos.provenance import to_xmp

COLOR = np.ascontiguousarray(data.astronaut()[40:72, 200:248])
DEEP = COLOR.astype(np.uint16) * 257
MADE_BY = photos.MadeBy("compact", "0" * 64, "colorlib 0")


def saved(format: str, image: Image.Image | None = None, **options) -> bytes:
    file = io.BytesIO()
    (image or Image.fromarray(COLOR)).save(file, format, **options)
    return file.getvalue()


def saved_tiff(array: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, array, **options)
    return file.getvalue()


def exif() -> Image.Exif:
    block = Image.Exif()
    block[0x010E] = "a caption of some length"
    block[0x0112] = 6
    block.get_ifd(0x8769)[0x9286] = b"a comment"
    return block


ADOBE_RGB = imagecodecs.cms_profile("adobergb")
METADATA = {"exif": exif(), "icc_profile": ADOBE_RGB}
WHOLE = {
    "x.jpg": saved("JPEG", xmp=to_xmp(MADE_BY), **METADATA),
    "cmyk.jpg": saved("JPEG", Image.fromarray(COLOR).convert("CMYK")),
    "x.png": saved("PNG", **METADATA),
    "deep.png": imagecodecs.png_encode(DEEP),
    "x.webp": saved("WEBP", **METADATA),
    "x.bmp": saved("BMP"),
    "x.gif": saved("GIF"),
    "x.jp2": saved("JPEG2000"),
    "deep.jp2": imagecodecs.jpeg2k_encode(DEEP),
    "x.tif": saved("TIFF", compression="tiff_lzw", **METADATA),
    "plain.tif": saved("TIFF"),
    "deep.tif": saved_tiff(DEEP, photometric="rgb", compression="lzw"),
    "jpeg.tif": saved_tiff(COLOR, photometric="rgb", compression="jpeg"),
    "fax.tif": saved(
        "TIFF", Image.fromarray(COLOR).convert("1"), compression="group4"
    ),
}


def failure(path, **options) -> str:
    """The one line, of which name and form are checked here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PhotoError) as caught:
            photos.read(path, **options)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "; " in line
    assert "\n" not in line
    return line


# In x.tif the profile comes last: without it there is still a photograph.
@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"x.tif"}))
def test_a_file_that_is_cut_short(tmp_path, name):
    """In its header, in its middle, and before its last tenth."""
    whole = WHOLE[name]
    assert photos.read(_put(tmp_path / name, whole)).pixels.size
    for length in (20, len(whole) // 2, len(whole) * 9 // 10):
        path = _put(tmp_path / name, whole[:length])
        assert "cut short" in failure(path)


def _put(path, content: bytes):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"hello, I am a text\n" * 9, "not an image"),
        (b"\xff", "not an image"),
        (os.urandom(5000).replace(b"\xff", b"\0"), "not an image"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\n <?xml version='1.0'?><svg/>", "an XML or SVG text"),
        (b"8BPS\0\1", "a Photoshop file, which is not"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"II*\0\x10\0\0\0CR\x02\0", "a camera's raw file"),
        (b"\0\0\0\x20ftypisom", "a film"),
        (b"\0\0\0\x10ftypcrx \0\0\0\1", "a camera's raw file"),
        (b"\xff\x0a\xfa\x1f", "a JPEG XL file"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL file"),
        (b"P5\n2 2\n255\n1234", "a Netpbm file"),
        (bytes(128) + b"DICM", "a DICOM file"),
        (b"BM and so on, a text that starts like a BMP", "damaged"),
        (b"\xff\xd8\xff\xd9", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_are_no_photograph(tmp_path, content, says):
    """Whatever their names promise."""
    for name in ("x.jpg", "x.tif"):
        assert says in failure(_put(tmp_path / name, content))


def test_places_where_no_file_is(tmp_path):
    """A missing file, a folder, a file used as a folder, a pipe."""
    assert "does not exist" in failure(tmp_path / "missing.jpg")
    assert "is a folder" in failure(tmp_path)
    path = _put(tmp_path / "x.jpg", WHOLE["x.jpg"])
    assert "does not exist" in failure(path / "y.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")  # reading it would wait for ever
    assert "is a device or a pipe" in failure(tmp_path / "pipe.jpg")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    """Root may read anything, so the refusal is played."""
    path = _put(tmp_path / "x.jpg", WHOLE["x.jpg"])

    def forbidden(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", forbidden)
    assert "can't be opened (Permission denied); check" in failure(path)


def test_names_that_no_line_could_hold(tmp_path):
    """Line breaks and bytes that are no text still give one line."""
    for name in (b"two\nlines.jpg", b"caf\xe9.jpg"):
        path = tmp_path / os.fsdecode(name)
        path.write_bytes(b"")
        with pytest.raises(PhotoError, match="is empty") as caught:
            photos.read(path)
        assert "\n" not in str(caught.value)
        str(caught.value).encode()  # can be printed


@pytest.mark.parametrize("name", WHOLE)
def test_a_picture_above_the_limit(tmp_path, name):
    """Says how large it is and what the limit was, which can be raised."""
    path = _put(tmp_path / name, WHOLE[name])
    line = failure(path, max_megapixels=0.001)
    assert "48 x 32 pixels" in line
    assert "0.001" in line
    assert photos.read(path, max_megapixels=0.002).pixels.size


def test_a_bomb_is_refused_by_its_header(tmp_path):
    """A few bytes that ask for 100 GB are not decoded to find out."""
    ihdr = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 2, 0, 0, 0)
    bomb = imagecodecs.png_encode(COLOR)
    bomb = bomb[:16] + ihdr + b"\0\0\0\0" + bomb[33:]
    crc = struct.pack(">I", imagecodecs.zlib_crc32(bomb[12:29]))
    bomb = bomb[:29] + crc + bomb[33:]
    line = failure(_put(tmp_path / "x.png", bomb))
    assert "200000 x 200000 pixels, 40000 million, above the limit" in line


def test_pillows_own_limit_neither_warns_nor_refuses(tmp_path, monkeypatch):
    """Ours is adjustable and per call; Pillow's is for the process."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for name in WHOLE.keys() - {"x.webp"}:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert photos.read(_put(tmp_path / name, WHOLE[name])).pixels.size
    # Pillow's decoder of WebP keeps to it in newer versions, whatever we ask.
    try:
        photos.read(_put(tmp_path / "x", WHOLE["x.webp"]))
    except PhotoError as error:
        said = str(error)
    else:
        said = ""
    assert not said or "Pillow's limit" in said


@pytest.mark.parametrize(
    ("array", "options", "says"),
    [
        (COLOR, {"photometric": "cielab"}, "CIELAB"),
        (COLOR[..., 0], {"photometric": "cfa"}, "CFA"),
        (COLOR, {"photometric": "rgb", "subfiletype": 1}, "a preview only"),
        (np.zeros((9, 9, 5), np.uint8), {"planarconfig": "contig"}, "5 sampl"),
        (COLOR[..., 0] + 0j, {"photometric": "minisblack"}, "complex128"),
    ],
    ids=["Lab", "raw", "preview", "five channels", "complex"],
)
def test_tiffs_that_are_no_picture(tmp_path, array, options, says):
    """Told by name, not read as if they were RGB."""
    options = {"photometric": "minisblack"} | options
    file = saved_tiff(array, **options)
    assert says in failure(_put(tmp_path / "x.tif", file))


def test_damaged_exif_is_told_and_the_photograph_read(tmp_path):
    """A caption is worth less than the picture under it."""
    whole = WHOLE["x.jpg"]
    at = whole.index(b"Exif\0\0") + 6
    caption = whole.index(b"a caption")
    cut = whole[: at + 8] + b"\xff\xff" + whole[at + 10 :]  # 65,535 fields
    for broken in (cut, whole.replace(b"MM\0*", b"XX\0*", 1)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            photo = photos.read(_put(tmp_path / "x.jpg", broken))
        assert photo.pixels.size
        assert "its EXIF block is damaged" in photo.notes[0]
    assert caption > at


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255))),
    length=st.floats(0, 1) | st.just(1.0),
)
def test_no_bytes_whatever_give_anything_else(tmp_path, name, changes, length):
    """A photo or a PhotoError: decoders meet what nobody wrote."""
    content = bytearray(WHOLE[name])
    for place, value in changes:
        # Squared: most of what can go wrong is said at the beginning.
        content[int(place**2 * (len(content) - 1))] = value
    path = _put(tmp_path / name, content[: int(length * len(content))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with suppress(PhotoError):
            assert photos.read(path, max_megapixels=2).pixels.size


def test_a_line_is_short_however_many_channels_a_file_claims(tmp_path):
    """Each with a depth of its own: 256 numbers once stood in the line."""
    whole = imagecodecs.jpeg2k_encode(COLOR, codecformat="j2k", level=0)
    depths = bytes(3 * 16384)[:-3] + b"\x0f\1\1"
    many = bytes(n for i in range(16384) for n in (i % 256, 1, 1))
    for channels in (depths, many):
        siz = struct.pack(">H", 38 + len(channels)) + whole[6:40]
        file = whole[:4] + siz + struct.pack(">H", 16384) + channels
        path = _put(tmp_path / "x.j2k", file + whole[51:])
        assert len(failure(path)) < 400 + len(str(path))
    deep = saved_tiff(DEEP, photometric="rgb")
    at = deep.index(struct.pack("<HHI", 258, 3, 3)) + 8
    place = int.from_bytes(deep[at : at + 4], "little")
    file = deep[:place] + struct.pack("<3H", 8, 16, 12) + deep[place + 6 :]
    assert "[8, 12, 16]" in failure(_put(tmp_path / "x.tif", file))


class Measured(io.BytesIO):
    """A file that remembers the most that was asked of it at once."""

    asked = 0

    def read(self, size=-1, /):
        self.asked = max(self.asked, size or 0)
        return super().read(size)


def test_no_more_is_asked_of_a_file_than_there_is():
    """Python makes room first: 4 GB for a length that nobody meant."""
    png = saved("PNG")
    at = png.index(b"IDAT") - 4
    png = png[:at] + b"\xff\xff\xff\xff" + png[at + 4 :]
    ftyp = b"\xff\xff\xff\xffftypavif" + bytes(200)
    for content in (png, ftyp):
        file = Measured(content)
        with suppress(RefusedError), damage():
            image, _ = open_image(file, sniff(file))
            image.load()
        assert 0 < file.asked <= len(content)
