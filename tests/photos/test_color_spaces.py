"""Color spaces that a file names instead of holding a profile."""

import struct

import imagecodecs
import numpy as np
import pytest
from PIL import Image
from skimage import data

from colorlib import photos
from tests.photos.test_declared import RAMP, chunk, gamma, png
from tests.photos.test_reading import ADOBE, P3, SRGB, in_srgb

COLOR = np.ascontiguousarray(data.astronaut()[40:72, 200:248])
DEEP = COLOR.astype(np.uint16) * 257
WHITE = (0.3127, 0.3290)


def with_chunks(path, levels: np.ndarray, *chunks: bytes) -> photos.Photo:
    """Read a PNG in color that has chunks before its pixels."""
    file = imagecodecs.png_encode(levels)
    path.write_bytes(file[:33] + b"".join(chunks) + file[33:])
    return photos.read(path)


def chrm(space) -> bytes:
    numbers = [*WHITE, *np.ravel(space[0])]
    whole = [round(number * 100_000) for number in numbers]
    return chunk(b"cHRM", struct.pack(">8I", *whole))


def cicp(primaries: int, transfer: int, full: int = 1) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, full]))


@pytest.mark.parametrize("levels", [COLOR, DEEP], ids=["8 bits", "16 bits"])
def test_primaries_of_a_png_are_converted(tmp_path, levels):
    """cHRM with gAMA: Adobe RGB, as programs without profiles say it."""
    photo = with_chunks(
        tmp_path / "x.png", levels, gamma(256 / 563), chrm(ADOBE)
    )
    expected = in_srgb(COLOR / 255, ADOBE)
    top = np.iinfo(levels.dtype).max
    assert np.abs(photo.pixels / top - expected).max() <= 1.01 / 255
    assert np.abs(expected - COLOR / 255).max() > 10 / 255  # it did matter
    assert photo.notes == ("its primaries (cHRM) were converted to sRGB",)


def test_the_primaries_of_srgb_change_nothing(tmp_path):
    """They are written beside sRGB everywhere, rounded in many ways."""
    photo = with_chunks(tmp_path / "x.png", COLOR, gamma(0.45455), chrm(SRGB))
    assert np.array_equal(photo.pixels, COLOR)
    assert photo.notes == ()


def test_primaries_that_make_no_sense_are_told(tmp_path):
    nothing = chunk(b"cHRM", bytes(32))
    photo = with_chunks(tmp_path / "x.png", COLOR, nothing)
    assert np.array_equal(photo.pixels, COLOR)
    assert photo.notes == ("its primaries make no sense",)


@pytest.mark.parametrize("levels", [COLOR, DEEP], ids=["8 bits", "16 bits"])
def test_display_p3_by_number(tmp_path, levels):
    """cICP 12/13, which goes before all other chunks."""
    photo = with_chunks(
        tmp_path / "x.png", levels, cicp(12, 13), chunk(b"sRGB", b"\0")
    )
    expected = in_srgb(COLOR / 255, P3)
    top = np.iinfo(levels.dtype).max
    assert np.abs(photo.pixels / top - expected).max() <= 1.01 / 255
    assert photo.notes == ()


@pytest.mark.parametrize("numbers", [(1, 13), (2, 2), (1, 1)])
def test_srgb_by_number_goes_before_gamma(tmp_path, numbers):
    photo = with_chunks(tmp_path / "x.png", COLOR, cicp(*numbers), gamma(1.0))
    assert np.array_equal(photo.pixels, COLOR)
    assert photo.notes == ()


@pytest.mark.parametrize(
    ("code", "note"),
    [
        (cicp(9, 16), "its color space (CICP 9/16) was read as sRGB"),
        (cicp(1, 13, 0), "its levels of television (16 to 235) were kept"),
    ],
)
def test_what_is_not_converted_is_told(tmp_path, code, note):
    """High dynamic range, and the narrow range of television."""
    photo = with_chunks(tmp_path / "x.png", COLOR, code)
    assert np.array_equal(photo.pixels, COLOR)
    assert photo.notes == (note,)


def test_a_gray_png_of_linear_light_by_number(tmp_path):
    (tmp_path / "x.png").write_bytes(png(RAMP, before=[cicp(1, 8)]))
    (tmp_path / "y.png").write_bytes(png(RAMP, before=[gamma(1.0)]))
    by_number = photos.read(tmp_path / "x.png").pixels
    assert np.array_equal(by_number, photos.read(tmp_path / "y.png").pixels)
    assert by_number[20, 30] > RAMP[20, 30] + 40


@pytest.mark.parametrize("bits", [8, 10])
def test_an_avif_in_display_p3(tmp_path, bits):
    """Telephones name the space by number, at every depth."""
    path = tmp_path / "x.avif"
    if bits == 8:
        Image.fromarray(COLOR).save(path, quality=100, subsampling="4:4:4")
    else:
        ten = imagecodecs.avif_encode(
            DEEP >> 6, level=100, bitspersample=10, pixelformat="444"
        )
        path.write_bytes(ten)
    file = path.read_bytes()
    at = file.index(b"nclx") + 4
    path.write_bytes(file[:at] + struct.pack(">HH", 12, 13) + file[at + 4 :])
    photo = photos.read(path)
    off = photo.pixels / (2**photo.bits - 1) - in_srgb(COLOR / 255, P3)
    assert np.abs(off).mean() < 0.005
    assert photo.notes == ()


def test_the_log_of_the_decoder_is_a_note(tmp_path, capfd):
    """libpng says it to Python's log, which would print it."""
    path = tmp_path / "x.png"
    file = bytearray(imagecodecs.png_encode(DEEP))
    ihdr = slice(12, 29)
    file[26] = 1  # another method of compression than there is
    crc = imagecodecs.zlib_crc32(bytes(file[ihdr]))
    file[29:33] = struct.pack(">I", crc)
    path.write_bytes(file)
    with pytest.raises(photos.PhotoError):
        photos.read(path)
    assert capfd.readouterr() == ("", "")
