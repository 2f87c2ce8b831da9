"""A good copy is good; whatever is done to it afterwards is found."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import ExifTags, Image
from skimage import data

from colorlib import photos
from colorlib.archive.verify import verify
from colorlib.color.recolor import recolor
from colorlib.files import sha256_of

GRAY = np.ascontiguousarray(data.camera()[:150, 100:300])
SUFFIXES = [".jpg", ".png", ".tif", ".webp"]


def original(path, pixels=GRAY, **fields):
    return photos.write(
        photos.from_array(pixels, dpi=(300.0, 300.0), **fields), path
    )


def color(path, copy, change=lambda pixels: pixels, **fields):
    """Color a photograph in a strong color that much of sRGB can't show."""
    photo = photos.read(path)
    ab = torch.full((2, 16, 16), 0.5)
    mark = photos.MadeBy("m", "0" * 64, "test", source_sha256=sha256_of(path))
    fields = {"pixels": recolor(photo.pixels, ab)[0], "made_by": mark} | fields
    fields["pixels"] = np.ascontiguousarray(change(fields["pixels"]))
    return photos.write(replace(photo, **fields), copy, overwrite=True)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("deep", [False, True])
def test_a_good_copy_is_good(tmp_path, suffix, deep):
    """Also where the gamut is too small for what was asked."""
    if deep and suffix in (".jpg", ".webp"):
        pytest.skip("8 bits only")
    pixels = GRAY.astype(np.uint16) * 257 + 3 if deep else GRAY
    path = original(tmp_path / f"a{suffix}", pixels)
    verdict = verify(path, color(path, tmp_path / f"b{suffix}"))
    assert verdict.good, verdict.line()
    assert verdict.line().endswith("of 100")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda x: x[:, :-1], "has 199 x 150 pixels, its original 200 x 150"),
        (lambda x: np.roll(x, 1, axis=1), "is shifted by 1, 0 pixels"),
        (lambda x: np.roll(x, -2, axis=0), "is shifted by 0, -2 pixels"),
        (lambda x: x[:, ::-1], "lightness is off by more than"),
        (lambda x: x[::-1, ::-1], "lightness is off by more than"),
        (lambda x: (x * 0.97).astype(np.uint8), "on average"),
        (lambda x: np.rint(x / 40).astype(np.uint8) * 40, "lightness is off"),
    ],
)
def test_pixels_that_are_not_the_originals_are_found(
    tmp_path, suffix, change, fault
):
    path = original(tmp_path / f"a{suffix}")
    verdict = verify(path, color(path, tmp_path / f"b{suffix}", change))
    assert not verdict.good
    assert fault in verdict.line()


def test_one_pixel_of_a_lossless_copy_is_found(tmp_path):
    """A speck that was retouched away is not the photograph any more."""

    def retouch(pixels):
        pixels[70, 70] = 255 - pixels[70, 70]
        return pixels

    path = original(tmp_path / "a.png")
    verdict = verify(path, color(path, tmp_path / "b.png", retouch))
    assert "in 0.00% of it, at most by" in verdict.line()


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"dpi": (72.0, 72.0)}, "DPI, its original 300 x 300"),
        ({"made_by": None}, "has no mark"),
        (
            {"made_by": photos.MadeBy("m", "0", "s", source_sha256="1" * 64)},
            "colored from another file",
        ),
        ({"exif": None}, "lost of its EXIF: Make"),
        ({"alpha": None}, "transparency"),
        ({"captions": photos.Captions()}, "lost 2 of its captions"),
    ],
)
@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_what_stands_beside_the_pixels_is_compared(
    tmp_path, suffix, fields, fault
):
    block = Image.Exif()
    block[ExifTags.Base.Make] = "Mamiya"
    alpha = GRAY // 2 + 100
    texts = ("Title", "On the pier"), ("Description", "서울, 1912")
    path = original(
        tmp_path / f"a{suffix}",
        exif=block.tobytes(),
        alpha=alpha,
        captions=photos.Captions(texts=texts),
    )
    assert verify(path, color(path, tmp_path / f"b{suffix}")).good
    verdict = verify(path, color(path, tmp_path / f"c{suffix}", **fields))
    assert fault in verdict.line()


def test_a_lost_resolution_is_found(tmp_path):
    path = original(tmp_path / "a.png")
    verdict = verify(path, color(path, tmp_path / "b.png", dpi=None))
    assert "has no DPI, its original 300 x 300" in verdict.line()


def test_a_lost_caption_is_found(tmp_path):
    """Whatever the field was: here a JPEG's comment."""
    Image.fromarray(GRAY).save(tmp_path / "a.jpg", comment="On the pier")
    Image.fromarray(GRAY).save(tmp_path / "b.jpg")
    verdict = verify(tmp_path / "a.jpg", tmp_path / "b.jpg")
    assert "lost 1 of its captions, such as 'On the pier'" in verdict.line()


def test_a_lossless_webp_has_a_lossless_copy(tmp_path):
    """Judged as other lossless copies are: one pixel off is one too many."""

    def retouch(pixels):
        pixels[70, 70] = 255 - pixels[70, 70]
        return pixels

    path = original(tmp_path / "a.webp", lossless=True)
    assert verify(path, color(path, tmp_path / "b.webp")).good
    assert not verify(path, color(path, tmp_path / "c.webp", retouch)).good
    verdict = verify(path, color(path, tmp_path / "d.webp", lossless=False))
    assert "was compressed with loss, its original" in verdict.line()


def test_fewer_bits_are_found(tmp_path):
    path = original(tmp_path / "a.png", GRAY.astype(np.uint16) * 257)
    copy = color(path, tmp_path / "b.png", lambda x: (x >> 8).astype(np.uint8))
    assert "has 8 bits, its original 16" in verify(path, copy).line()


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    path = original(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(path.read_bytes()[:99])
    verdict = verify(path, tmp_path / "b.png")
    assert "b.png: is damaged" in verdict.line()
    assert "missing.png" in verify(path, tmp_path / "missing.png").line()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (3, 3), (2, 5000)])
def test_the_smallest_photographs_too(tmp_path, shape):
    rows = np.random.default_rng(0).integers(0, 255, shape, np.uint8)
    path = original(tmp_path / "a.png", rows)
    verdict = verify(path, color(path, tmp_path / "b.png"))
    assert verdict.good, verdict.line()


def test_a_flat_photograph_is_not_shifted(tmp_path):
    path = original(tmp_path / "a.jpg", np.full((60, 60), 128, np.uint8))
    verdict = verify(path, color(path, tmp_path / "b.jpg"))
    assert verdict.good, verdict.line()


def test_bands_of_any_height_give_the_same_verdict(tmp_path):
    """Memory is bounded by the band, whatever the photograph."""
    path = original(tmp_path / "a.png")
    copy = color(path, tmp_path / "b.png", lambda x: (x * 0.9).astype(np.uint8))
    whole = verify(path, copy)
    assert verify(path, copy, band_pixels=700) == whole
