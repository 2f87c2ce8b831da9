"""What a photo is, photos from arrays and images, and finding files."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from colorlib import photos
from colorlib.photos import MadeBy, Photo, PhotoError


def ramp(kind: type, channels: int = 3) -> np.ndarray:
    """Every value differs, so that nothing can be swapped unseen."""
    top = np.iinfo(kind).max
    values = np.linspace(0, top, 6 * 8 * channels).round().astype(kind)
    return values.reshape(6, 8, channels)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_arrays_of_levels_are_kept(kind, channels):
    """Gray, color, and both with opacity, at both depths."""
    array = ramp(kind, channels)
    photo = photos.from_array(array)
    color = array[..., :-1] if channels in (2, 4) else array
    assert np.array_equal(photo.pixels, np.squeeze(color))
    assert photo.is_gray == (channels < 3)
    assert (photo.alpha is not None) == (channels in (2, 4))
    assert (photo.height, photo.width) == (6, 8)
    assert photo.bits == array.itemsize * 8
    assert photo.pixels.flags.writeable  # torch warns of those that aren't


def test_levels_are_copied_only_if_they_must_be():
    """A scan of 250 megapixels should be in memory once."""
    array = ramp(np.uint8)
    assert photos.from_array(array).pixels is array
    array.flags.writeable = False
    assert photos.from_array(array).pixels.flags.writeable


def test_other_numbers_become_levels():
    """Floats and wide integers are 16 bits deep, bits are black and white."""
    floats = np.array([[0.0, 0.25, 1.0]])
    for kind in (np.float16, np.float32, np.float64):
        pixels = photos.from_array(floats.astype(kind)).pixels
        assert pixels.tolist() == [[0, 16384, 65535]]
        assert pixels.dtype == np.uint16
    wide = np.array([[0, 300, 65535]])
    for kind in (np.int32, np.uint32, np.int64, ">u2"):
        pixels = photos.from_array(wide.astype(kind)).pixels
        assert pixels.tolist() == wide.tolist()
        assert pixels.dtype == np.uint16
    bits = photos.from_array(np.array([[True, False]]))
    assert bits.pixels.tolist() == [[255, 0]]
    assert bits.bits == 8


@pytest.mark.parametrize(
    "array",
    [
        np.array([[-0.1, 0.5]]),
        np.array([[0.0, 1.01]]),
        np.array([[0.0, np.nan]]),
        np.array([[0.0, np.inf]]),
        np.array([[-1, 5]]),
        np.array([[0, 65536]]),
        np.zeros((2, 2), complex),
        np.array([["a"]]),
        np.zeros((0, 4), np.uint8),
        np.zeros((0, 4)),
        np.zeros(4, np.uint8),
        np.zeros((2, 2, 5), np.uint8),
        np.zeros((2, 2, 2, 3), np.uint8),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_arrays_that_are_no_picture_are_refused(array):
    """Clipping or scaling them would be a guess; the error says the range."""
    with pytest.raises(PhotoError, match="got|no picture|values"):
        photos.from_array(array)


def test_opacity_that_says_nothing_is_dropped():
    """So that an opaque RGBA picture can be written as JPEG."""
    array = ramp(np.uint8, 4)
    array[..., 3] = 255
    assert photos.from_array(array).alpha is None


def test_a_photo_is_never_inconsistent():
    """Else the mistake would show as damage in a file."""
    with pytest.raises(PhotoError, match="pixels must be"):
        Photo(np.zeros((4, 4, 4), np.uint8))
    with pytest.raises(PhotoError, match="alpha must be"):
        Photo(np.zeros((4, 4), np.uint8), alpha=np.zeros((4, 4), np.uint16))
    with pytest.raises(PhotoError, match="alpha must be"):
        Photo(np.zeros((4, 4), np.uint8), alpha=np.zeros((4, 5), np.uint8))


def test_to_8_bits_rounds_to_the_nearest_level():
    """Cutting the lower byte off would darken by half a level."""
    deep = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    photo = photos.from_array(np.dstack([deep, deep[::-1]])).to_8_bits()
    assert np.array_equal(photo.pixels, np.rint(deep / 257).astype(np.uint8))
    assert photo.alpha.dtype == np.uint8
    assert photo.to_8_bits() is photo


@given(
    arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=2, max_dims=2, max_side=5),
        elements=st.floats(0, 1, width=32),
    )
)
def test_floats_keep_16_bits(array):
    """Half a level of 65,536 is all that is lost."""
    levels = photos.from_array(array).pixels
    assert np.abs(levels / 65535 - array).max() <= 0.5 / 65535 + 1e-7


def test_made_by_must_fit_into_a_line_of_xml():
    """A control character would make the mark unreadable."""
    with pytest.raises(ValueError, match="printable"):
        MadeBy("two\nlines", "ab", "colorlib")


# Pillow images

IMAGE = Image.fromarray(ramp(np.uint8))


@pytest.mark.parametrize(
    "mode", "1 L LA La P PA RGB RGBX RGBA RGBa CMYK YCbCr HSV".split()
)
def test_pillow_images_in_every_8_bit_mode(mode):
    """As Pillow itself shows them in RGB."""
    image = Image.new(mode, (5, 4)) if mode == "La" else IMAGE.convert(mode)
    photo = photos.from_image(image)
    shown = image.convert("LA") if mode == "La" else image
    expected = np.asarray(shown.convert("RGB")).astype(int)
    pixels = photo.pixels[..., None] if photo.is_gray else photo.pixels
    assert np.abs(pixels - expected).max() <= (1 if mode == "CMYK" else 0)


@pytest.mark.parametrize("mode", ["I", "F", "I;16", "I;16B"])
def test_pillow_images_in_every_deep_mode(mode):
    """`convert("RGB")` would make nearly all of it white."""
    levels = np.linspace(0, 65535, 85).astype(np.uint16).reshape(5, 17)
    if mode == "F":
        image = Image.fromarray((levels / 65535).astype(np.float32))
    elif mode == "I;16B":
        data = levels.astype(">u2").tobytes()
        image = Image.frombytes("I;16B", (17, 5), data)
    else:
        image = Image.fromarray(levels).convert(mode)
    assert np.array_equal(photos.from_image(image).pixels, levels)


def test_pillow_images_that_hold_no_photograph_are_refused():
    """Lab would be taken for RGB."""
    with pytest.raises(PhotoError, match="the image: stores .* LAB"):
        photos.from_image(Image.new("LAB", (4, 4)))


# find


def test_find_walks_folders_and_takes_files_at_their_word(tmp_path):
    """Recursive, sorted, each once; hidden files only when they are named."""
    names = ["b.JPG", "a/z.tiff", "a/b/c.heic", "a.txt", ".hidden.png"]
    for name in [*names, ".git/x.png", "a/._mac.jpg"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def found(*paths):
        files = photos.find([tmp_path / path for path in paths])
        return [file.relative_to(tmp_path).as_posix() for file in files]

    assert found("") == ["a/b/c.heic", "a/z.tiff", "b.JPG"]
    assert found("b.JPG", "", "a") == ["a/b/c.heic", "a/z.tiff", "b.JPG"]
    assert found(".hidden.png", "a.txt") == [".hidden.png", "a.txt"]
    assert found("missing.jpg") == ["missing.jpg"]  # for read to report
    assert photos.find(str(tmp_path / "a")) == [
        tmp_path / "a/b/c.heic",
        tmp_path / "a/z.tiff",
    ]


def test_find_does_not_follow_links_round_in_circles(tmp_path):
    """A folder that links to its parent has no end."""
    (tmp_path / "x.png").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    assert photos.find(tmp_path) == [tmp_path / "x.png"]


def test_find_says_which_folder_it_could_not_list(tmp_path, monkeypatch):
    """What is silently left out would be missed after the night's work."""

    def scandir(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", scandir)
    with pytest.raises(PhotoError, match="can't be listed .Permission"):
        photos.find(tmp_path)
