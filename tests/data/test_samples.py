"""The bundled photographs are there, in color, and credited."""

from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image

from colorlib.data import samples
from colorlib.data.samples import BUNDLED, HISTORICAL, bundled, bundled_file

CREDITS = Path(__file__).parents[2] / "data" / "bundled.md"


@pytest.mark.parametrize("name", BUNDLED)
def test_is_a_color_photograph(name):
    """They stand for photographs in every figure, and need no network."""
    pixels = bundled(name)
    assert pixels.dtype == np.uint8
    assert min(pixels.shape[:2]) >= 300
    assert np.ptp(pixels.astype(int), axis=2).mean() > 5


def test_is_what_its_package_shows():
    assert np.array_equal(bundled("astronaut"), skimage.data.astronaut())


def test_a_color_profile_is_respected():
    """The rocket is not stored in sRGB; read as if it were, it is too pale."""
    with Image.open(bundled_file("rocket")) as image:
        assert image.info["icc_profile"]
        as_stored = np.asarray(image)
    assert np.abs(bundled("rocket") - as_stored.astype(int)).mean() > 3


@pytest.mark.parametrize("name", HISTORICAL)
def test_what_is_from_the_past_is_gray(name):
    pixels = bundled(name).astype(int)
    assert min(pixels.shape[:2]) >= 300
    assert np.ptp(pixels, axis=2).max() == 0


@pytest.mark.parametrize("name", [*BUNDLED, *HISTORICAL])
def test_is_credited(name):
    """Photographer and license of each stand in data/bundled.md."""
    assert f"## {name}\n" in CREDITS.read_text()


def test_unknown_names_are_an_error_that_lists_the_known():
    with pytest.raises(ValueError, match=r"'lena'.*astronaut, chelsea"):
        bundled("lena")


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(samples, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"'china'.*sklearn"):
        bundled("china")
