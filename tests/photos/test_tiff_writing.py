"""TIFF: strips are written one by one, and others can read what came."""

import io
import struct
import tracemalloc

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image

from colorlib import photos
from colorlib.photos.formats.exif import CAMERA, PLACE, Exif, parse
from colorlib.photos.formats.ifd import Field
from colorlib.photos.formats.tiff_writing import write_tiff
from colorlib.photos.photo import RefusedError

NOISE = np.random.default_rng(0).integers(0, 65536, (61, 40, 4), np.uint16)
PIXELS = {
    "gray 8": (NOISE[..., 0] // 257).astype(np.uint8),
    "gray 16": NOISE[..., 0],
    "color 8": (NOISE[..., :3] // 257).astype(np.uint8),
    "color 16": NOISE[..., :3],
}


def exif_block(order: str) -> Exif:
    """Fields of all three directories, with an odd number of bytes."""
    exif = Exif(order)
    exif.directories = {
        0: {0x010E: Field(2, 7, "서울".encode() + b"\0")},
        CAMERA: {
            0x9003: Field(2, 20, b"1953:04:01 12:00:00\0"),
            0x927C: Field(7, 5, b"\1\2\3\4\5"),
        },
        PLACE: {0x0001: Field(2, 2, b"N\0")},
    }
    return exif


@pytest.mark.parametrize("strips", [1, 3, 61], ids="{} strips".format)
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("opacity", [False, True], ids=["opaque", "opacity"])
@pytest.mark.parametrize("kind", PIXELS)
def test_others_read_every_strip_and_tag(kind, opacity, order, strips):
    """Pixels by tifffile, most by Pillow too, EXIF by Pillow and by us."""
    pixels = PIXELS[kind]
    alpha = (NOISE[..., 3] >> 16 - 8 * pixels.itemsize).astype(pixels.dtype)
    channels = pixels if not opacity else np.dstack([pixels, alpha])
    file = io.BytesIO()
    write_tiff(
        file,
        pixels,
        exif_block(order),
        profile=b"a profile",
        alpha=alpha if opacity else None,
        xmp=b"<x/>",
        iptc=b"\x1c\2\5\0\4Busan",
        strip_bytes=-(-61 // strips) * channels[0].nbytes,
    )
    file.seek(0)
    with tifffile.TiffFile(file) as tiff:
        page = tiff.pages[0]
        assert tiff.byteorder == order
        assert len(page.dataoffsets) == strips
        assert np.array_equal(page.asarray(), channels)
        assert page.tags["InterColorProfile"].value == b"a profile"
        assert page.tags["XMP"].value == b"<x/>"
        assert page.tags["IPTCNAA"].value == b"\x1c\2\5\0\4Busan"
        assert page.tags["ExifTag"].value["DateTimeOriginal"].startswith("1953")
    if pixels.itemsize == 1 or channels.ndim == 2:  # else: no mode in Pillow
        image = Image.open(file)
        assert np.array_equal(np.asarray(image), channels)
        camera = image.getexif().get_ifd(ExifTags.IFD.Exif)
        assert camera[ExifTags.Base.MakerNote] == b"\1\2\3\4\5"
    file.seek(0)
    back = parse(file)
    assert not back.damaged
    assert back.directories == exif_block(order).directories


def test_one_strip_is_in_memory_beside_the_pixels(tmp_path):
    """A scan of a gigabyte would be there three times more otherwise."""
    pixels = np.tile(NOISE, (16, 16, 1))[..., :3].copy()
    alpha = pixels[..., 0].copy()
    strip_bytes = 2**14
    assert pixels.nbytes > 100 * strip_bytes
    with (tmp_path / "x.tif").open("wb") as file:
        tracemalloc.start()
        try:
            write_tiff(
                file,
                pixels,
                Exif(),
                profile=b"",
                alpha=alpha,
                strip_bytes=strip_bytes,
            )
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 10 * strip_bytes  # with its stages, and lists of offsets
    assert np.array_equal(photos.read(tmp_path / "x.tif").pixels, pixels)


def test_what_is_too_large_is_told_before_it_is_written():
    """Offsets of 32 bits reach no further than 4 GB."""
    room = 2**25 + 8192  # the directory's, and a part of the pixels'
    file = io.BytesIO()
    with pytest.raises(RefusedError, match="too large for a TIFF of 4 GB"):
        write_tiff(
            file,
            NOISE[..., :3],
            Exif(),
            profile=b"",
            strip_bytes=1024,
            most_bytes=room,
        )
    assert len(file.getvalue()) <= 8192


def test_the_header_leads_to_an_even_offset():
    """Whatever the strips' length is; TIFF demands it."""
    for width in range(1, 12):
        file = io.BytesIO()
        write_tiff(file, NOISE[:5, :width, 0], Exif(), profile=b"")
        (offset,) = struct.unpack_from("<I", file.getvalue(), 4)
        assert offset % 2 == 0
        file.seek(0)
        assert np.array_equal(tifffile.imread(file), NOISE[:5, :width, 0])
