"""Reading: every format at its depth, upright and in sRGB."""

import io
import struct
import subprocess
import sys
import zlib

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps
from skimage import data

from colorlib import photos
from colorlib.photos import PhotoError
from colorlib.photos.photo import rescale

COLOR = np.ascontiguousarray(data.astronaut()[40:72, 200:248])
GRAY = np.ascontiguousarray(COLOR[..., 1])
# Sixteen bits that are not eight bits twice.
DEEP = COLOR.astype(np.uint16) * 256 + 255 - COLOR
DEEP_GRAY = np.ascontiguousarray(DEEP[..., 1])
OPACITY = np.linspace(0, 255, GRAY.size).astype(np.uint8).reshape(GRAY.shape)
DEEP_OPACITY = OPACITY.astype(np.uint16) * 251


def opened(tmp_path, image: Image.Image, name: str, **options):
    """What `read` makes of a file that Pillow wrote."""
    image.save(tmp_path / name, **options)
    return photos.read(tmp_path / name)


def as_pillow_sees(path) -> Image.Image:
    with Image.open(path) as image:
        return image.copy()


# Modes and formats

MODES = {
    "JPEG": ["L", "RGB", "CMYK", "YCbCr"],
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"],
    "TIFF": ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "F", "I;16"],
    "WEBP": ["RGB", "RGBA"],
    "BMP": ["1", "L", "P", "RGB"],
    "GIF": ["1", "L", "P", "RGB"],
    "JPEG2000": ["L", "LA", "RGB", "RGBA", "I;16"],
}
LOSSLESS = {"WEBP": {"lossless": True, "exact": True}}
SUFFIX = {"JPEG": "jpg", "TIFF": "tif", "JPEG2000": "jp2"}


@pytest.mark.parametrize(
    ("format", "mode"), [(f, mode) for f in MODES for mode in MODES[f]]
)
def test_every_mode_in_every_format(tmp_path, format, mode):
    """The numbers that Pillow wrote, at the depth that it wrote."""
    if mode in ("I", "I;16"):
        image = Image.fromarray(DEEP_GRAY).convert(mode)
    elif mode == "F":
        image = Image.fromarray((DEEP_GRAY / 65535).astype(np.float32))
    else:
        image = Image.fromarray(np.dstack([COLOR, OPACITY])).convert(mode)
    name = f"photo.{SUFFIX.get(format, format.lower())}"
    photo = opened(tmp_path, image, name, **LOSSLESS.get(format, {}))

    assert photo.format == format
    if mode in ("I", "F", "I;16"):
        assert photo.bits == 16
        assert np.array_equal(photo.pixels, DEEP_GRAY)
        return
    assert photo.bits == 8
    if format in ("JPEG", "GIF"):  # not what it was given, what it stored
        image = as_pillow_sees(tmp_path / name)
    expected = np.asarray(image.convert("RGB")).astype(int)
    if photo.is_gray:
        expected = expected[..., 0]
    assert np.abs(photo.pixels - expected).max() <= (mode == "CMYK")
    if mode in ("LA", "RGBA"):
        assert np.array_equal(photo.alpha, OPACITY)


@pytest.mark.parametrize(
    ("mode", "transparency"),
    [
        ("P", int(GRAY[3, 4])),
        ("P", bytes(range(256))),
        ("L", int(GRAY[3, 4])),
    ],
)
def test_transparency_without_a_channel(tmp_path, mode, transparency):
    """PNG can name transparent colors instead of storing opacity."""
    image = Image.fromarray(GRAY).convert(mode)
    photo = opened(tmp_path, image, "x.png", transparency=transparency)
    expected = as_pillow_sees(tmp_path / "x.png").convert("RGBA")
    assert np.array_equal(photo.alpha, np.asarray(expected)[..., 3])


def test_transparent_gif(tmp_path):
    """Its palette has one color that is nothing."""
    image = Image.fromarray(GRAY).quantize(16)
    photo = opened(tmp_path, image, "x.gif", transparency=2)
    assert set(np.unique(photo.alpha)) == {0, 255}


@pytest.mark.parametrize(
    "array",
    [DEEP, DEEP_GRAY, np.dstack([DEEP, DEEP_OPACITY])],
    ids=["color", "gray", "opacity"],
)
def test_png_of_16_bits_is_exact(tmp_path, array):
    """Pillow gives 8 bits for color, and for gray with opacity."""
    (tmp_path / "x.png").write_bytes(imagecodecs.png_encode(array))
    photo = photos.read(tmp_path / "x.png")
    color = array[..., :3] if array.ndim == 3 else array
    assert photo.pixels.dtype == np.uint16
    assert np.array_equal(photo.pixels, color)
    if array.shape[2:] == (4,):
        assert np.array_equal(photo.alpha, DEEP_OPACITY)


def test_a_16_bit_ramp_is_not_crushed_to_white(tmp_path):
    """Image.open(...).convert("RGB") makes 99.6 % of it 255."""
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    for name in ("x.png", "x.tif"):
        photo = opened(tmp_path, Image.fromarray(ramp), name)
        assert np.array_equal(photo.pixels, ramp)


def test_jpeg_2000_of_16_and_12_bits(tmp_path):
    """Pillow gives 8 bits of color; 12 bits are brought to 16."""
    deep = imagecodecs.jpeg2k_encode(DEEP, reversible=True, level=0)
    (tmp_path / "x.jp2").write_bytes(deep)
    assert np.array_equal(photos.read(tmp_path / "x.jp2").pixels, DEEP)
    twelve = imagecodecs.jpeg2k_encode(
        DEEP >> 4, bitspersample=12, reversible=True, level=0
    )
    (tmp_path / "x.jp2").write_bytes(twelve)
    expected = rescale(DEEP >> 4, 4095, 65535)
    assert np.array_equal(photos.read(tmp_path / "x.jp2").pixels, expected)


# TIFF, the format of a hundred formats


def tiff(tmp_path, array: np.ndarray, **options) -> photos.Photo:
    tifffile.imwrite(tmp_path / "x.tif", array, **options)
    return photos.read(tmp_path / "x.tif")


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("compression", [None, "lzw", "deflate", "packbits"])
def test_tiff_layouts(tmp_path, order, planes, compression):
    """Byte order, planes and compression are the scanner's choice."""
    stored = DEEP if planes == "contig" else np.moveaxis(DEEP, -1, 0)
    photo = tiff(
        tmp_path,
        stored,
        photometric="rgb",
        planarconfig=planes,
        byteorder=order,
        compression=compression,
    )
    assert np.array_equal(photo.pixels, DEEP)
    assert photo.notes == ()


@pytest.mark.parametrize(
    "options",
    [
        {"tile": (16, 16)},
        {"bigtiff": True},
        {"compression": "deflate", "predictor": True},
        {"rowsperstrip": 5, "compression": "lzw"},
    ],
    ids=lambda options: next(iter(options)),
)
def test_more_tiff_layouts(tmp_path, options):
    """Tiles, 64-bit offsets, differences, strips that don't divide."""
    photo = tiff(tmp_path, DEEP, photometric="rgb", **options)
    assert np.array_equal(photo.pixels, DEEP)


@pytest.mark.parametrize("kind", [bool, np.uint8, np.uint16])
def test_tiff_where_zero_is_white(tmp_path, kind):
    """Read as it is stored, it would come out as a negative."""
    levels = {bool: GRAY > 99, np.uint8: GRAY, np.uint16: DEEP_GRAY}[kind]
    photo = tiff(tmp_path, levels, photometric="miniswhite")
    top = 65535 if kind is np.uint16 else 255
    stored = levels.astype(int) * (255 if kind is bool else 1)
    assert np.array_equal(photo.pixels, top - stored)


@pytest.mark.parametrize(("bits", "top"), [(4, 255), (12, 65535)])
def test_tiff_of_odd_depths(tmp_path, bits, top):
    """White of 4 or 12 bits is white, not dark gray."""
    levels = GRAY >> 4 if bits == 4 else DEEP_GRAY >> 4
    photo = tiff(tmp_path, levels, photometric="minisblack", bitspersample=bits)
    assert np.array_equal(photo.pixels, rescale(levels, 2**bits - 1, top))


def test_tiff_of_floats_and_wide_integers(tmp_path):
    """They have a meaning in one range, and say that it was assumed."""
    for stored in [
        (DEEP_GRAY / 65535).astype(np.float32),
        DEEP_GRAY / 65535,
        DEEP_GRAY.astype(np.uint32),
        DEEP_GRAY.astype(np.int32),
    ]:
        photo = tiff(tmp_path, stored, photometric="minisblack")
        assert np.array_equal(photo.pixels, DEEP_GRAY)
        assert f"{stored.dtype} numbers" in photo.notes[0]
    for stored in [DEEP_GRAY * np.float32(2), DEEP_GRAY.astype(np.int32) - 1e6]:
        with pytest.raises(PhotoError, match="its values .* run from"):
            tiff(tmp_path, stored, photometric="minisblack")


def test_tiff_with_a_palette(tmp_path):
    """Colors of 16 bits, or against the standard of 8."""
    colors = np.random.default_rng(0).integers(0, 256, (3, 256))
    for scale in (257, 1):
        photo = tiff(
            tmp_path,
            GRAY,
            photometric="palette",
            colormap=(colors * scale).astype(np.uint16),
        )
        assert np.array_equal(photo.pixels, colors.T[GRAY])


def test_tiff_without_its_palette(tmp_path):
    """What is wrong is said in words; it was "'NoneType' object" once."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GRAY, photometric="minisblack")
    with tifffile.TiffFile(path, mode="r+b") as file:
        file.pages.first.tags["PhotometricInterpretation"].overwrite(3)
    with pytest.raises(PhotoError, match="its palette is missing"):
        photos.read(path)


def test_tiff_opacity(tmp_path):
    """Plain, multiplied into the colors, and a fourth channel of nobody."""
    four = np.dstack([DEEP, DEEP_OPACITY])
    plain = tiff(tmp_path, four, photometric="rgb", extrasamples=["unassalpha"])
    assert np.array_equal(plain.pixels, DEEP)
    assert np.array_equal(plain.alpha, DEEP_OPACITY)

    opacity = np.maximum(DEEP_OPACITY, 20000).astype(np.uint64)
    times = (DEEP * opacity[..., None] // 65535).astype(np.uint16)
    four = np.dstack([times, opacity.astype(np.uint16)])
    divided = tiff(
        tmp_path, four, photometric="rgb", extrasamples=["assocalpha"]
    )
    assert np.abs(divided.pixels.astype(int) - DEEP).max() <= 4

    four = np.dstack([COLOR, OPACITY])
    ignored = tiff(
        tmp_path, four, photometric="rgb", extrasamples=["unspecified"]
    )
    assert np.array_equal(ignored.pixels, COLOR)
    assert ignored.alpha is None


@pytest.mark.parametrize("compression", ["group3", "group4", "jpeg"])
def test_tiff_of_fax_machines_and_cameras(tmp_path, compression):
    """Codecs that libtiff has and tifffile borrows."""
    image = Image.fromarray(COLOR)
    image = image if compression == "jpeg" else image.convert("1")
    photo = opened(tmp_path, image, "x.tif", compression=compression)
    expected = np.asarray(as_pillow_sees(tmp_path / "x.tif")).astype(int)
    expected = expected if compression == "jpeg" else expected * 255
    assert np.abs(photo.pixels - expected).max() <= 2  # JPEG decoders differ


def test_the_first_page_is_read_and_the_others_told(tmp_path):
    """Unless it is a preview: then the picture behind it."""
    with tifffile.TiffWriter(tmp_path / "pages.tif") as file:
        for _ in range(3):
            file.write(COLOR, photometric="rgb")
    photo = photos.read(tmp_path / "pages.tif")
    assert np.array_equal(photo.pixels, COLOR)
    assert photo.notes == ("page 1 of 3 was read",)

    with tifffile.TiffWriter(tmp_path / "preview.tif") as file:
        file.write(COLOR[::4, ::4], photometric="rgb", subfiletype=1)
        file.write(COLOR, photometric="rgb")
    photo = photos.read(tmp_path / "preview.tif")
    assert np.array_equal(photo.pixels, COLOR)


@pytest.mark.parametrize("name", ["x.gif", "x.png", "x.webp"])
def test_the_first_picture_of_an_animation_is_read(tmp_path, name):
    """And the user is told."""
    first, second = Image.fromarray(GRAY), Image.fromarray(255 - GRAY)
    options = {"save_all": True, "append_images": [second]}
    options |= LOSSLESS["WEBP"] if name == "x.webp" else {}
    photo = opened(tmp_path, first, name, **options)
    gray = photo.pixels if photo.is_gray else photo.pixels[..., 0]
    assert np.array_equal(gray, GRAY)
    assert photo.notes == ("is the first picture of an animation",)


# What a file is


def test_the_contents_decide_not_the_name(tmp_path):
    """Old folders are full of PNG files called .jpg."""
    Image.fromarray(COLOR).save(tmp_path / "x.jpg", "PNG")
    photo = photos.read(tmp_path / "x.jpg")
    assert photo.format == "PNG"
    assert photo.path == tmp_path / "x.jpg"
    assert photo.notes == ("is a PNG file although its name ends in .jpg",)


def test_a_camera_held_sideways(tmp_path):
    """All eight orientations, against a pattern and against Pillow."""
    corners = np.zeros((4, 6), np.uint8)
    corners[0, 0], corners[0, -1], corners[-1, 0] = 50, 100, 150
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        image = Image.fromarray(corners)
        photo = opened(tmp_path, image, "x.png", exif=exif)
        expected = ImageOps.exif_transpose(as_pillow_sees(tmp_path / "x.png"))
        assert np.array_equal(photo.pixels, np.asarray(expected)), turn
        if turn == 6:  # the camera's left is up: its bottom left is top left
            assert photo.pixels.shape == (6, 4)
            assert photo.pixels[0, 0] == 150
            assert photo.pixels[0, -1] == 50
            assert photo.pixels[-1, -1] == 100


def test_opacity_and_resolution_turn_along(tmp_path):
    """And a TIFF turns as a PNG does."""
    exif = Image.Exif()
    exif[0x0112] = 8
    image = Image.fromarray(np.dstack([COLOR, OPACITY]))
    for name in ("x.png", "x.tif"):
        photo = opened(tmp_path, image, name, exif=exif, dpi=(300, 100))
        assert np.array_equal(photo.alpha, np.rot90(OPACITY))
        assert np.array_equal(photo.pixels, np.rot90(COLOR))
        assert photo.dpi == (100.0, 300.0)


def test_resolution_that_is_none_is_dropped(tmp_path):
    """A scanner that does not know writes zero, or one pixel an inch."""
    image = Image.fromarray(GRAY)
    assert opened(tmp_path, image, "x.png", dpi=(0.5, 0.5)).dpi is None
    assert opened(tmp_path, image, "x.jpg").dpi is None
    exif = Image.Exif()
    exif[0x010E] = "Pillow says 72 where nothing is said"
    assert opened(tmp_path, image, "x.jpg", exif=exif).dpi is None


# Color spaces

# Primaries and tone curve: Adobe RGB (1998) and Display P3, from their
# standards; the matrices below are Lindbloom's way from primaries to XYZ.
ADOBE = ([[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]], 563 / 256)
P3 = ([[0.68, 0.32], [0.265, 0.69], [0.15, 0.06]], None)
SRGB = ([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]], None)
D65 = [0.3127, 0.3290]


def to_xyz(primaries) -> np.ndarray:
    """The matrix from linear RGB to XYZ, white D65."""
    x, y = np.array(primaries).T
    columns = np.array([x / y, np.ones(3), (1 - x - y) / y])
    white = np.array([D65[0] / D65[1], 1, (1 - sum(D65)) / D65[1]])
    return columns * np.linalg.solve(columns, white)


def linear(levels, gamma=None):
    if gamma:
        return levels**gamma
    low = levels <= 0.04045
    return np.where(low, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def encoded(light):
    light = np.clip(light, 0, 1)
    low = light <= 0.0031308
    return np.where(low, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def in_srgb(levels, space) -> np.ndarray:
    """A second implementation of the conversion, by matrices."""
    primaries, gamma = space
    matrix = np.linalg.solve(to_xyz(SRGB[0]), to_xyz(primaries))
    return encoded(linear(levels, gamma) @ matrix.T)


def profile_of(space) -> bytes:
    primaries, gamma = space
    curve = {"gamma": gamma}
    if gamma is None:
        table = linear(np.linspace(0, 1, 4096)).astype(np.float32)
        curve = {"transferfunction": table}
    xyy = [*np.ravel(primaries)]
    return imagecodecs.cms_profile(
        "rgb", whitepoint=[*D65, 1.0], primaries=xyy, **curve
    )


@pytest.mark.parametrize("space", [ADOBE, P3], ids=["Adobe RGB", "Display P3"])
def test_other_color_spaces_become_srgb(tmp_path, space):
    """Within a level of 256, and at 16 bits within a thousandth of that.

    Little CMS is far worse at 16 bits unless it is told not to optimize.
    """
    profile = profile_of(space)
    image = Image.fromarray(COLOR)
    photo = opened(tmp_path, image, "x.png", icc_profile=profile)
    expected = in_srgb(COLOR / 255, space)
    assert np.abs(photo.pixels / 255 - expected).max() <= 1.01 / 255
    assert np.abs(expected - COLOR / 255).max() > 10 / 255  # it did matter

    tifffile.imwrite(
        tmp_path / "x.tif", DEEP, photometric="rgb", iccprofile=profile
    )
    photo = photos.read(tmp_path / "x.tif")
    expected = in_srgb(DEEP / 65535, space)
    assert photo.bits == 16
    assert np.abs(photo.pixels / 65535 - expected).max() <= 0.3 / 255


@pytest.mark.parametrize("gamma", [1.8, 2.2])
def test_gray_profiles(tmp_path, gamma):
    """Scans of black-and-white prints carry them, at both depths."""
    profile = imagecodecs.cms_profile("gray", gamma=gamma)
    for levels, name in ((GRAY, "x.png"), (DEEP_GRAY, "x.tif")):
        image = Image.fromarray(levels)
        photo = opened(tmp_path, image, name, icc_profile=profile)
        top = np.iinfo(levels.dtype).max
        expected = encoded((levels / top) ** gamma)
        assert photo.is_gray
        assert photo.pixels.dtype == levels.dtype
        assert np.abs(photo.pixels / top - expected).max() <= 0.6 / 255


def test_gray_pixels_under_a_color_profile(tmp_path):
    """Many programs leave the profile in when they drop the color."""
    image = Image.fromarray(GRAY)
    photo = opened(tmp_path, image, "x.jpg", icc_profile=profile_of(ADOBE))
    stored = np.asarray(as_pillow_sees(tmp_path / "x.jpg")) / 255
    expected = encoded(stored ** (563 / 256))
    assert photo.is_gray
    assert np.abs(photo.pixels / 255 - expected).max() <= 0.6 / 255


def test_an_srgb_profile_changes_nothing(tmp_path):
    """Whoever made it: they differ in their last digits only."""
    image = Image.fromarray(COLOR)
    for profile in (imagecodecs.cms_profile("srgb"), profile_of(SRGB)):
        photo = opened(tmp_path, image, "x.png", icc_profile=profile)
        assert np.array_equal(photo.pixels, COLOR)
        photo = tiff(tmp_path, DEEP, photometric="rgb", iccprofile=profile)
        assert np.array_equal(photo.pixels, DEEP)


@pytest.mark.parametrize(
    "profile",
    [
        b"junk" * 50,
        profile_of(ADOBE)[:200],
        imagecodecs.cms_profile("gray", gamma=1.8),
    ],
    ids=["junk", "cut", "for gray"],
)
def test_a_broken_profile_is_told_and_ignored(tmp_path, profile):
    """The photograph is worth more than its profile."""
    image = Image.fromarray(COLOR)
    photo = opened(tmp_path, image, "x.tif", icc_profile=profile)
    assert np.array_equal(photo.pixels, COLOR)
    assert "its color profile can't be used" in photo.notes[0]


def test_cmyk_of_adobe_is_not_inverted(tmp_path):
    """Photoshop stores ink upside down in JPEG, and everybody follows."""
    paper = Image.new("CMYK", (8, 8), (0, 0, 0, 0))
    photo = opened(tmp_path, paper, "x.jpg")
    assert photo.pixels.min() >= 253
    assert photo.notes == (
        "is in CMYK without a profile: its colors are a guess",
    )


def test_cmyk_of_16_bits(tmp_path):
    """Ink takes its share of the light, at the depth of the file."""
    ink = np.dstack([DEEP, DEEP_OPACITY])
    photo = tiff(tmp_path, ink, photometric="separated")
    light = 1 - ink / 65535
    expected = light[..., :3] * light[..., 3:] * 65535
    assert photo.bits == 16
    assert np.abs(photo.pixels - expected).max() <= 0.51


# More than one at a time


def test_threads_read_the_same(tmp_path):
    """And none leaves warnings silenced, which are one for the process.

    In a process of its own: the checks under pytest silence warnings, too.
    """
    Image.fromarray(COLOR).save(tmp_path / "x.png")
    script = """
import sys, warnings
from concurrent.futures import ThreadPoolExecutor
from colorlib import photos

filters, alone = list(warnings.filters), photos.read(sys.argv[1]).pixels
sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(8) as pool:
    read = list(pool.map(photos.read, sys.argv[1:] * 200))
assert all((photo.pixels == alone).all() for photo in read)
assert list(warnings.filters) == filters
"""
    command = [sys.executable, "-c", script, str(tmp_path / "x.png")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_heic_needs_its_extra(tmp_path, monkeypatch):
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    (tmp_path / "x.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    with pytest.raises(PhotoError, match="pip install pillow-heif"):
        photos.read(tmp_path / "x.heic")


def test_heic(tmp_path):
    """A telephone's photograph, where the extra is installed."""
    heif = pytest.importorskip("pillow_heif")
    for array, bits in ((COLOR, 8), (DEEP, 16)):
        mode = "RGB" if bits == 8 else "RGB;16"
        file = heif.from_bytes(mode, array.shape[1::-1], array.tobytes())
        file.save(tmp_path / "x.heic", quality=100)
        photo = photos.read(tmp_path / "x.heic")
        assert photo.format == "HEIC"
        assert photo.bits == bits
        off = photo.pixels / (2**bits - 1) - array / (2**bits - 1)
        assert np.abs(off).mean() < 0.02


def test_a_heic_held_sideways_is_turned_once(tmp_path):
    """libheif turns it, and its EXIF must not turn it again."""
    heif = pytest.importorskip("pillow_heif")
    image = Image.new("L", (64, 32))
    image.paste(255, (0, 0, 64, 8))  # light at the top as the camera saw it
    exif = Image.Exif()
    exif[0x0112] = 6
    file = heif.from_pillow(image)
    file.save(tmp_path / "x.heic", exif=exif.tobytes(), quality=90)
    photo = photos.read(tmp_path / "x.heic")
    gray = photo.pixels if photo.is_gray else photo.pixels[..., 0]
    assert gray.shape == (64, 32)
    assert gray[:, -6:].min() > 200 > 50 > gray[:, :20].max()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def test_transparent_color_in_a_16_bit_png(tmp_path):
    """One color of 2^48, which no 8-bit comparison would find."""
    r, g, b = map(int, DEEP[3, 4])
    file = imagecodecs.png_encode(DEEP)
    chunk = png_chunk(b"tRNS", struct.pack(">3H", r, g, b))
    (tmp_path / "x.png").write_bytes(file[:33] + chunk + file[33:])
    photo = photos.read(tmp_path / "x.png")
    assert np.array_equal(photo.pixels, DEEP)
    same = (DEEP == DEEP[3, 4]).all(axis=-1)
    assert np.array_equal(photo.alpha == 0, same)


def test_a_photograph_in_memory_is_read_as_from_a_file(tmp_path):
    """A Pillow image brings its EXIF and its profile along."""
    exif = Image.Exif()
    exif[0x0112] = 3
    file = io.BytesIO()
    image = Image.fromarray(COLOR)
    image.save(file, "PNG", exif=exif, icc_profile=profile_of(ADOBE))
    (tmp_path / "x.png").write_bytes(file.getvalue())
    photo = photos.from_image(Image.open(file))
    assert np.array_equal(photo.pixels, photos.read(tmp_path / "x.png").pixels)


def test_bytes_are_read_as_their_file(tmp_path):
    """A member of a tar archive is a file that has no place."""
    Image.fromarray(COLOR).save(tmp_path / "x.png")
    content = (tmp_path / "x.png").read_bytes()
    photo = photos.from_bytes(content, "shard.tar/x.jpg")
    assert np.array_equal(photo.pixels, COLOR)
    assert "is a PNG file although" in photo.notes[0]
    with pytest.raises(PhotoError, match="^shard.tar/x.jpg: is damaged"):
        photos.from_bytes(content[:200], "shard.tar/x.jpg")
    with pytest.raises(PhotoError, match="^x: is empty"):
        photos.from_bytes(b"", "x")
