"""Figures show what they say: the right pixels, the right error."""

import base64
import io
from itertools import pairwise

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from colorlib import figures
from colorlib.color import as_lab, as_pixels, without_color
from colorlib.data.samples import bundled
from colorlib.figures.charts import Chart
from colorlib.figures.picture import (
    ACROSS,
    GAP,
    LARGEST_ERROR,
    in_error_colors,
)
from colorlib.metrics import color_error

RED, GRAY = (200, 30, 30), (94, 94, 94)


def plain(color, height=40, width=60):
    return np.full((height, width, 3), color, np.uint8)


def opened(picture: figures.Picture, row: int = 0) -> np.ndarray:
    """The pixels of a row, with alpha if any of them shows the page."""
    return np.asarray(Image.open(io.BytesIO(picture.parts[row].webp)))


def panels(pixels: np.ndarray) -> list[np.ndarray]:
    """The photographs of a row: what lies between transparent columns."""
    if pixels.shape[2] == 3:
        return [pixels]
    there = np.pad(pixels[..., 3].all(axis=0).astype(int), 1)
    edges = np.flatnonzero(np.diff(there))
    return [pixels[:, a:b, :3] for a, b in edges.reshape(-1, 2)]


def parsed(picture: figures.Picture) -> BeautifulSoup:
    return BeautifulSoup(picture._repr_html_(), "html.parser")


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
    shown = figures.compare(plain(true), plain(model))
    gray = without_color(plain(true))[0, 0]
    for row, colors in enumerate([(gray, model), (true,)]):
        for panel, color in zip(
            panels(opened(shown, row)), colors, strict=False
        ):
            assert share_near(panel, color) > 0.9
    names = [span.text for span in parsed(shown).select(".names span")]
    assert names == ["gray", "model", "true", "color error"]


def test_the_map_has_one_scale_for_all_photographs():
    """A map that stretched itself would make small errors look large."""
    levels = np.array([[0.0, 10.0, LARGEST_ERROR, 99.0]])
    black, dark, most, more = in_error_colors(levels)[0].astype(int).sum(axis=1)
    assert black < 12
    assert black < dark < most / 2
    assert most == more > 3 * 150


def test_the_map_s_scale_is_in_letters_of_the_page():
    scale = parsed(figures.compare(plain(RED), plain(RED))).select_one(".scale")
    assert [s.text for s in scale.find_all("span")] == [
        *("0", "10", "20", "30", "40+")
    ]


def test_compare_refuses_photographs_of_two_sizes():
    with pytest.raises(ValueError, match="61 x 40 .* 60 x 40 pixels"):
        figures.compare(plain(RED), plain(RED, width=61))


def test_photographs_of_any_shape_share_a_row():
    row = figures.photographs(tall=plain(RED, 60, 30), wide=plain(GRAY, 30, 60))
    pixels = opened(row)
    assert pixels.shape[1] == ACROSS
    tall, wide = panels(pixels)
    assert share_near(tall, RED) == share_near(wide, GRAY) == 1
    assert tall.shape[1] / wide.shape[1] == pytest.approx(1 / 4, rel=0.02)
    assert repr(row) == "<Picture: tall, wide>"


def test_a_name_stands_over_its_photograph():
    """As text: pixels of letters are too small on a telephone."""
    row = figures.photographs(tall=plain(RED, 60, 30), a_b=plain(GRAY, 30, 60))
    names = parsed(row).select_one(".names")
    assert [span.text for span in names.find_all("span")] == ["tall", "a b"]
    assert "minmax(0, 0.5fr) minmax(0, 2fr)" in names["style"]
    assert f"column-gap: {GAP / ACROSS:.2%}" in names["style"]
    assert names.find_next_sibling("img")["width"] == str(ACROSS)


def test_between_photographs_the_page_shows():
    """A white ground would glare on a dark page."""
    pixels = opened(figures.photographs(a=plain(RED), b=plain(RED)))
    assert (pixels[..., 3] == 0).sum() == GAP * pixels.shape[0]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_gray_photograph_is_shown_gray(dtype):
    """Not in Matplotlib's colors, nor white because it has 16 bits."""
    plane = np.full((40, 60), 94 * (np.iinfo(dtype).max // 255), dtype)
    assert share_near(opened(figures.photographs(old=plane)), GRAY) == 1


@pytest.mark.parametrize("count", [0, 4, 12])
def test_rows_of_three_are_full(count):
    photos = {f"p{i}": plain(RED) for i in range(count)}
    with pytest.raises(ValueError, match=f"1 to 3, 6 or 9 .* got {count}"):
        figures.photographs(**photos)


def test_six_photographs_stand_in_two_rows():
    six = figures.photographs(
        **{f"p{i}": plain((i * 40,) * 3) for i in range(6)}
    )
    shown = [
        panel[0, 0, 0] for row in (0, 1) for panel in panels(opened(six, row))
    ]
    assert all(before < after for before, after in pairwise(shown))
    alts = [image["alt"] for image in parsed(six).find_all("img")]
    assert alts[0] == "p0, p1, p2, p3, p4, p5"
    assert alts[1].endswith("p3, p4, p5")


def test_pixels_of_a_tiny_picture_are_squares():
    """A digit of 8 x 8 is shown as it is, not as a blur."""
    tiny = np.kron(np.eye(2, dtype=np.uint8) * 255, np.ones((2, 2), np.uint8))
    pixels = opened(figures.photographs(digit=tiny)).astype(int)
    assert ((pixels < 20) | (pixels > 235)).mean() > 0.97


def test_a_stack_has_what_was_put_on_it():
    """From the top, and each image says something of its own."""
    chart = Chart("epoch", "loss")
    chart.axes.plot([1, 2], [2, 1])
    stacked = figures.stack(chart, figures.photographs(a=plain(RED)))
    first, second = parsed(stacked).find_all("img")
    assert first["src"].startswith("data:image/svg+xml;")
    assert second["src"].startswith("data:image/webp;")
    assert first["alt"] == "loss by epoch, a"
    assert second["alt"] != first["alt"]


def test_a_figure_is_small_enough_for_a_page():
    """A page may weigh little more than a megabyte."""
    noise = np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8)
    scene = np.asarray(
        Image.fromarray(noise).resize((64, 64)).resize((512, 512))
    )
    compared = figures.compare(scene, scene)
    assert sum(len(part.webp) for part in compared.parts) < 200_000


def test_a_figure_keeps_the_colors_of_areas():
    """The red of a suit must not leave the page as another red.

    WebP stores color at half the resolution: edges may blur, areas may not.
    """
    scene = bundled("astronaut")
    row = opened(figures.photographs(a=scene, b=scene))
    shown = Image.fromarray(panels(row)[0])
    scene = Image.fromarray(scene).resize(shown.size, Image.Resampling.LANCZOS)
    areas = (np.asarray(image.reduce(8)) for image in (shown, scene))
    assert color_error(*areas).mean() < 1


def test_a_figure_is_for_the_page_and_for_live_notebooks():
    """Colab and older Jupyters don't take WebP as an output, but their
    browsers do, and a known size keeps the page from jumping.
    """
    picture = figures.photographs(a_b=plain(RED))
    [image] = parsed(picture).find_all("img")
    _, _, webp = image["src"].partition("data:image/webp;base64,")
    assert base64.b64decode(webp) == picture.parts[0].webp
    assert image["alt"] == "a b"
    height, width = opened(picture).shape[:2]
    assert (image["width"], image["height"]) == (str(width), str(height))


def test_names_are_text_and_not_html():
    picture = figures.photographs(**{"<b> & 'c'": plain(RED)})
    assert parsed(picture).select_one(".names").text == "<b> & 'c'"
    assert parsed(picture).img["alt"] == "<b> & 'c'"
