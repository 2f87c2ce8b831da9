"""Numbers become the levels that their writer meant, and a note says how."""

import struct

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image
from skimage import data

from colorlib import photos
from colorlib.photos import PhotoError
from colorlib.photos.levels import widen
from colorlib.photos.photo import rescale
from tests.photos.test_declared import chunk, png

COLOR = np.ascontiguousarray(data.astronaut()[40:72, 200:248])
GRAY = np.ascontiguousarray(COLOR[..., 1])
DEEP = GRAY.astype(np.uint16) * 256 + 255 - GRAY
UNIT = (DEEP / 65535).astype(np.float32)


def tiff(tmp_path, levels: np.ndarray, **options) -> photos.Photo:
    options = {"photometric": "minisblack", "metadata": None} | options
    tifffile.imwrite(tmp_path / "x.tif", levels, **options)
    return photos.read(tmp_path / "x.tif")


def in_bits(bits: int) -> np.ndarray:
    """The photograph, its numbers from 0 to 2^bits - 1."""
    return rescale(DEEP, 65535, 2**bits - 1).astype(np.uint16)


# 8, 10 and 12 bits stored in 16


@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("format", ["tif", "png", "jp2"])
def test_fewer_bits_stored_in_16(tmp_path, bits, format):
    """Nearly black as they are stored; a photograph as they were meant."""
    few, path = in_bits(bits), tmp_path / f"few.{format}"
    if format == "tif":
        tifffile.imwrite(path, few)
    else:
        encode = {"png": imagecodecs.png_encode, "jp2": _jp2}[format]
        path.write_bytes(encode(few))
    photo = photos.read(path)
    top = 2**bits - 1
    assert np.array_equal(photo.pixels, rescale(few, top, 65535))
    assert photo.notes == (
        f"of its 16 bits {bits} are used: {top} was read as white",
    )


def _jp2(levels: np.ndarray) -> bytes:
    return imagecodecs.jpeg2k_encode(levels, reversible=True, level=0)


def test_12_bits_where_zero_is_white(tmp_path):
    """Stretched first, then inverted; else the picture is white."""
    photo = tiff(tmp_path, in_bits(12), photometric="miniswhite")
    assert np.array_equal(
        photo.pixels, 65535 - rescale(in_bits(12), 4095, 65535)
    )


def test_12_bits_of_color_with_full_opacity_in_16(tmp_path):
    color = np.dstack([in_bits(12)] * 3)
    alpha = np.linspace(0, 65535, GRAY.size).astype(np.uint16)
    four = np.dstack([color, alpha.reshape(GRAY.shape)])
    photo = tiff(tmp_path, four, photometric="rgb", extrasamples=["unassalpha"])
    assert np.array_equal(photo.pixels, rescale(color, 4095, 65535))
    assert np.array_equal(photo.alpha, four[..., 3])


@pytest.mark.parametrize("bits", [9, 14, 15])
def test_a_tiff_that_says_how_many_of_its_bits_are_used(tmp_path, bits):
    """MaxSampleValue; 14 bits can't be told by looking."""
    few = in_bits(bits)
    top = (281, "H", 1, 2**bits - 1, True)
    photo = tiff(tmp_path, few, extratags=[top])
    assert np.array_equal(photo.pixels, rescale(few, 2**bits - 1, 65535))
    assert f"{bits} are used" in photo.notes[0]


def test_the_brightest_value_of_a_tiff_says_nothing_of_bits(tmp_path):
    """Many writers take MaxSampleValue for that, as TIFF 6.0 does."""
    dark = DEEP // 2
    photo = tiff(
        tmp_path, dark, extratags=[(281, "H", 1, int(dark.max()), True)]
    )
    assert np.array_equal(photo.pixels, dark)
    assert photo.notes == ()


def test_a_png_that_says_how_many_of_its_bits_are_used(tmp_path):
    """By the standard it has shifted them up; some have not."""
    few = in_bits(14)
    path = tmp_path / "x.png"
    path.write_bytes(png(few, before=[chunk(b"sBIT", b"\x0e")]))
    expected = rescale(few, 2**14 - 1, 65535)
    assert np.array_equal(photos.read(path).pixels, expected)
    shifted = few << 2
    path.write_bytes(png(shifted, before=[chunk(b"sBIT", b"\x0e")]))
    assert np.array_equal(photos.read(path).pixels, shifted)
    assert photos.read(path).notes == ()


def test_dark_pictures_that_stay_dark(tmp_path):
    """Shifted up already, or all 16 bits declared, or nothing but black."""
    dark = in_bits(12)
    shifted = (in_bits(8) << 4).astype(np.uint16)
    for levels, declared in [(shifted, None), (dark, 16), (dark * 0, None)]:
        same, notes = widen(levels, declared)
        assert np.array_equal(same, levels)
        assert notes == ()


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_a_dark_photo_comes_back_as_dark_as_it_was_written(tmp_path, suffix):
    photo = photos.from_array(np.dstack([in_bits(12)] * 3))
    path = photos.write(photo, tmp_path / f"dark.{suffix}")
    assert np.array_equal(photos.read(path).pixels, photo.pixels)


# Integers and floats


def test_signed_integers_of_16_bits(tmp_path):
    """Their white is 32767; with numbers below zero it can't be told."""
    half = (DEEP // 2).astype(np.int16)
    photo = tiff(tmp_path, half)
    assert np.array_equal(photo.pixels, rescale(half, 32767, 65535))
    assert photo.notes == ("its int16 numbers were read as levels 0 to 32767",)
    with pytest.raises(PhotoError, match="its values .int16. run from -"):
        tiff(tmp_path, half - np.int16(9000))


@pytest.mark.parametrize("kind", [np.int16, np.uint32, np.int32])
def test_12_bits_in_wider_integers(tmp_path, kind):
    photo = tiff(tmp_path, in_bits(12).astype(kind))
    assert np.array_equal(photo.pixels, rescale(in_bits(12), 4095, 65535))
    assert "4095 was read as white" in photo.notes[-1]


def test_bytes_in_wider_integers_are_told(tmp_path):
    photo = tiff(tmp_path, GRAY.astype(np.int32))
    assert np.array_equal(photo.pixels, GRAY)
    note = "its int32 numbers, none above 255, were read as levels 0 to 255"
    assert photo.notes == (note,)


@pytest.mark.parametrize("top", [255, 1023, 4095, 65535])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_floats_of_another_range(tmp_path, top, kind):
    photo = tiff(tmp_path, UNIT.astype(kind) * top)
    assert np.abs(photo.pixels.astype(int) - DEEP).max() <= 1
    name = np.dtype(kind).name
    assert photo.notes == (
        f"its {name} numbers were read as levels 0 to {top}",
    )


@pytest.mark.parametrize("top", [1, 255])
def test_floats_that_leave_their_range_a_little(tmp_path, top):
    """Sharpening does that. They are clipped, and not scaled by it."""
    stored = UNIT * top
    stored[0, 0], stored[0, 1] = -0.01 * top, 1.02 * top
    photo = tiff(tmp_path, stored)
    assert tuple(photo.pixels[0, :2]) == (0, 65535)
    assert np.abs(photo.pixels[1:].astype(int) - DEEP[1:]).max() <= 1
    assert f"2 of its values lie outside 0 to {top}: clipped" in photo.notes


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
def test_a_border_of_no_numbers_becomes_black(tmp_path, nothing):
    stored = UNIT.copy()
    stored[:2] = nothing
    photo = tiff(tmp_path, stored)
    assert not photo.pixels[:2].any()
    assert np.array_equal(photo.pixels[2:], DEEP[2:])
    count = 2 * GRAY.shape[1]
    assert photo.notes == (
        f"{count} of its values are no numbers and became black",
    )


@pytest.mark.parametrize("factor", [1.2, 20, 80_000, np.nan, -1])
def test_floats_that_could_mean_anything_are_refused(tmp_path, factor):
    with pytest.raises(PhotoError, match="its values .*; s"):
        tiff(tmp_path, UNIT / UNIT.max() * np.float32(factor))


def test_an_array_is_taken_at_its_word():
    """A caller knows what is in it; only files are guessed at."""
    dark = photos.from_array(in_bits(12))
    assert np.array_equal(dark.pixels, in_bits(12))
    with pytest.raises(PhotoError, match="0 to 1 has a meaning"):
        photos.from_array(UNIT * 255)


# AVIF


@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("opaque", [True, False])
def test_avif_of_every_depth(tmp_path, bits, opaque):
    """Pillow hands over 8 bits of them all."""
    stored = COLOR if bits == 8 else np.dstack([in_bits(bits)] * 3)
    if not opaque:
        stored = np.dstack([stored, stored[..., 0]])
    path = tmp_path / "x.avif"
    path.write_bytes(
        imagecodecs.avif_encode(
            stored, level=100, bitspersample=bits, pixelformat="444"
        )
    )
    photo = photos.read(path)
    assert photo.bits == (8 if bits == 8 else 16)
    expected = stored / (2**bits - 1)
    top = 2**photo.bits - 1
    assert np.abs(photo.pixels / top - expected[..., :3]).max() < 0.005
    if not opaque:
        assert np.abs(photo.alpha / top - expected[..., 3]).max() < 0.005
    assert photo.notes == ()


def test_an_avif_of_another_color_space_says_so(tmp_path):
    """BT.2020 with the curve of PQ, as television in high contrast has."""
    path = tmp_path / "x.avif"
    Image.fromarray(COLOR).save(path, quality=100)
    data = path.read_bytes()
    at = data.index(b"nclx") + 4
    path.write_bytes(data[:at] + struct.pack(">HH", 9, 16) + data[at + 4 :])
    notes = photos.read(path).notes
    assert notes == ("its color space (CICP 9/16) was read as sRGB",)
