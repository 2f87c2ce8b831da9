"""Figures show what they say: the right pixels, the right error."""

import base64
import io

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from colorlib import figures
from colorlib.color import as_lab, as_pixels, without_color
from colorlib.data.samples import bundled
from colorlib.figures.picture import DPI, GAP, WIDTH
from colorlib.metrics import color_error

RED, GRAY = (200, 30, 30), (94, 94, 94)


def plain(color, height=40, width=60):
    return np.full((height, width, 3), color, np.uint8)


def opened(picture: figures.Picture) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.webp)))


def share_near(pixels: np.ndarray, color) -> float:
    """Share of the picture that has nearly this color."""
    away = np.abs(pixels.astype(int) - np.array(color)).max(axis=-1)
    return (away < 12).mean()


def test_no_error_where_the_color_is_right():
    """The map must not blame the model for rounding or for lightness."""
    photograph = np.random.default_rng(0).integers(0, 256, (8, 9, 3), np.uint8)
    assert color_error(photograph, photograph).max() == 0


def test_error_is_where_the_color_is_wrong():
    """Rows and columns of the map are those of the photograph."""
    true = plain(GRAY)
    colored = true.copy()
    colored[5:10, 20:50] = RED
    wrong = color_error(colored, true) > 10
    expected = np.zeros((40, 60), bool)
    expected[5:10, 20:50] = True
    assert (wrong == expected).all()


def test_without_color_keeps_lightness_and_nothing_else():
    gray = without_color(plain(RED))
    assert (gray == gray[..., :1]).all()
    before, after = as_lab(plain(RED)), as_lab(gray)
    assert abs(before[0] - after[0]).max() < 0.3  # half an 8-bit level


def test_bytes_survive_the_way_to_lab_and_back():
    levels = np.arange(0, 256, 15, dtype=np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1)
    pixels = grid.reshape(-1, 18, 3)
    assert (as_pixels(as_lab(pixels)) == pixels).all()


def test_compare_shows_gray_model_and_true():
    """Mixing up model and true would turn every chapter's point around."""
    model, true = (30, 60, 200), (30, 160, 60)
    pixels = opened(figures.compare(plain(true), plain(model)))
    height, width = pixels.shape[:2]
    quarters = {
        "gray": (pixels[: height // 2, : width // 2], None),
        "model": (pixels[: height // 2, width // 2 :], model),
        "true": (pixels[height // 2 :, : width // 2], true),
    }
    for name, (quarter, color) in quarters.items():
        if color is None:
            color = without_color(plain(true))[0, 0]
        assert share_near(quarter, color) > 0.6, name


def test_the_map_has_one_scale_for_all_photographs():
    """A map that stretched itself would make small errors look large."""
    same = opened(figures.compare(plain(RED), plain(RED)))
    other = opened(figures.compare(plain(RED), plain((30, 200, 30))))
    height, width = same.shape[:2]
    corner = np.s_[height * 5 // 8, width * 3 // 4]  # within the map
    assert same[corner].max() < 12  # zero is black
    assert other[corner].min() > 150  # beyond 40 is nearly white


def test_compare_refuses_photographs_of_two_sizes():
    with pytest.raises(ValueError, match="61 x 40 .* 60 x 40 pixels"):
        figures.compare(plain(RED), plain(RED, width=61))


def test_photographs_of_any_shape_share_a_row():
    row = figures.photographs(tall=plain(RED, 60, 30), wide=plain(GRAY, 30, 60))
    pixels = opened(row)
    assert pixels.shape[1] == WIDTH * DPI
    below = pixels[-1]  # the last line: no title, both photographs reach it
    assert share_near(below, RED) == pytest.approx(0.2, abs=0.02)
    assert share_near(below, GRAY) == pytest.approx(0.8, abs=0.02)
    assert repr(row) == "<Picture: tall, wide>"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_gray_photograph_is_shown_gray(dtype):
    """Not in Matplotlib's colors, nor white because it has 16 bits."""
    plane = np.full((40, 60), 94 * (np.iinfo(dtype).max // 255), dtype)
    assert share_near(opened(figures.photographs(old=plane)), GRAY) > 0.7


@pytest.mark.parametrize("count", [0, 4])
def test_a_row_has_one_to_three_photographs(count):
    with pytest.raises(ValueError, match=f"1 to 3 photographs, got {count}"):
        figures.photographs(**{f"p{i}": plain(RED) for i in range(count)})


def test_a_figure_is_small_enough_for_a_page():
    """A page may weigh little more than a megabyte."""
    noise = np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8)
    scene = np.asarray(
        Image.fromarray(noise).resize((64, 64)).resize((512, 512))
    )
    assert len(figures.compare(scene, scene).webp) < 200_000


def test_a_figure_keeps_the_colors_of_areas():
    """The red of a suit must not leave the page as another red.

    WebP stores color at half the resolution: edges may blur, areas may not.
    """
    scene = bundled("astronaut")
    row = Image.open(io.BytesIO(figures.photographs(a=scene, b=scene).webp))
    side = round((WIDTH - GAP) / 2 * DPI)
    shown = row.crop((0, row.height - side, side, row.height))  # no title
    scene = Image.fromarray(scene).resize(shown.size, Image.Resampling.LANCZOS)
    areas = (np.asarray(image.reduce(8)) for image in (shown, scene))
    assert color_error(*areas).mean() < 1


def test_a_figure_is_for_the_page_and_for_live_notebooks():
    """MyST-NB has rules for a picture of its own, such as alt text.

    Colab and older Jupyters don't take WebP as an output, but their browsers
    do, and a known size keeps the page from jumping.
    """
    picture = figures.photographs(a_b=plain(RED))
    bundle = picture._repr_mimebundle_()
    assert base64.b64decode(bundle["image/webp"]) == picture.webp
    image = BeautifulSoup(bundle["text/html"], "html.parser").img
    assert image["src"] == f"data:image/webp;base64,{bundle['image/webp']}"
    assert image["alt"] == "a b"
    height, width = opened(picture).shape[:2]
    assert (image["width"], image["height"]) == (str(width), str(height))
