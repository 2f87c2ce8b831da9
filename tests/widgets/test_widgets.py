"""Widgets carry the right frames, say what they show, and stay small."""

import base64
import io
import json
import re
import sys

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from colorlib import figures, mimebundle, widgets
from colorlib.color import as_lab, as_pixels
from colorlib.figures.charts import Chart
from colorlib.widgets import frames

RED, BLUE, GRAY = (200, 30, 30), (30, 30, 200), (94, 94, 94)


def plain(color, height=40, width=60):
    return np.full((height, width, 3), color, np.uint8)


def parsed(widget):
    html = widget._repr_mimebundle_()["text/html"]
    return BeautifulSoup(html, "html.parser")


def pixels_of(image) -> np.ndarray:
    """The pixels of an <img>, from inside of its address."""
    content = base64.b64decode(image["src"].partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def shows(pixels, color) -> bool:
    return bool((np.abs(pixels.astype(int) - color).max(axis=-1) < 12).all())


def in_notebook(widget):
    """What a live notebook shows: the picture's pixels, and the text."""
    page = BeautifulSoup(widget.live.children[0].value, "html.parser")
    return pixels_of(page.img), page.div.text


def compared(**options):
    options = {"alt": "a wall"} | options
    return widgets.before_after(plain(RED), plain(BLUE), **options)


def scrubbed(sliders=None, **options):
    pictures = [plain((level, 30, 30)) for level in (0, 60, 120, 180)]
    sliders = sliders or {"epoch": [1, 5, 20, 100]}
    options = {"alt": "a wall"} | options
    return widgets.scrubber(pictures, sliders, **options)


def hovered(values=None, **options):
    values = values or {"error": np.arange(6.0).reshape(2, 3)}
    options = {"alt": "a wall"} | options
    return widgets.hover(plain(RED), values, **options)


ALL = pytest.mark.parametrize("widget", [compared, scrubbed, hovered])


@ALL
def test_every_frame_has_alternative_text_and_a_size(widget):
    """No frame may move the page when it arrives, or be silent."""
    images = parsed(widget()).find_all("img")
    assert images
    for image in images:
        assert image["alt"].startswith("a wall")
        assert (image["width"], image["height"]) == ("60", "40")
        assert image["loading"] == "lazy"
    assert len({image["alt"] for image in images}) == len(images)


@ALL
def test_every_slider_has_a_name(widget):
    """Else a screen reader says "slider", and nothing more."""
    sliders = parsed(widget()).find_all("input", type="range")
    assert sliders
    for slider in sliders:
        label = slider.find_parent("label")
        assert slider.get("aria-label") or label.get_text(strip=True)


@ALL
def test_a_widget_without_alternative_text_is_refused(widget):
    with pytest.raises(ValueError, match="alt is empty; say what"):
        widget(alt=" ")


@ALL
def test_a_page_gets_all_that_it_needs(widget):
    """No kernel, no other host, no second file."""
    page = parsed(widget())
    assert "customElements.define" in page.script.text
    assert "@media print" in page.style.text
    assert not page.find_all(src=re.compile("^(?!data:)"))
    assert not page.find_all(href=True)


@ALL
def test_a_live_notebook_gets_an_ipywidget(widget):
    shown = widget()
    model = shown._repr_mimebundle_()[mimebundle.WIDGET]["model_id"]
    assert model == shown.live.model_id


@ALL
def test_without_ipywidgets_there_is_the_page_s_version(widget, monkeypatch):
    """The course installs on a bare Python, too."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert set(widget()._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_before_is_left_and_after_right():
    """Swapped, the book would praise the wrong picture."""
    before, after = parsed(compared(labels=("gray", "a < b"))).select(".side")
    assert shows(pixels_of(before.img), RED)
    assert shows(pixels_of(after.img), BLUE)
    assert before.img["alt"] == "a wall: gray"
    assert after.find(class_="name").text == "a < b"


def test_the_notebook_s_line_moves():
    widget = compared()
    widget.live.children[1].value = 20
    pixels, _ = in_notebook(widget)
    assert shows(pixels[:, :10], RED)
    assert shows(pixels[:, 14:], BLUE)


def test_one_frame_is_shown_and_it_is_the_one_asked_for():
    page = parsed(scrubbed(start={"epoch": 20}))
    [shown] = [i for i in page.find_all("img") if not i.has_attr("hidden")]
    assert shown["alt"] == "a wall, epoch 20"
    assert shows(pixels_of(shown), (120, 30, 30))
    assert page.input["value"] == "2"
    assert page.output.text == "20"


def test_two_sliders_count_like_two_loops():
    """[frame(a, b) for a in first for b in second], on page and live."""
    two = {"weight": [0.0, 0.5], "epoch": [1, 20]}
    widget = scrubbed(two, start={"weight": 0.5})
    page = parsed(widget)
    assert [image["alt"] for image in page.find_all("img")] == [
        "a wall, weight 0, epoch 1",
        "a wall, weight 0, epoch 20",
        "a wall, weight 0.5, epoch 1",
        "a wall, weight 0.5, epoch 20",
    ]
    assert page.find("img", hidden=False)["alt"].endswith("0.5, epoch 1")
    weight, epoch = widget.live.children[1:]
    weight.value, epoch.value = 0, 1
    pixels, text = in_notebook(widget)
    assert shows(pixels, (60, 30, 30))
    assert text == "weight 0, epoch 20"


@pytest.mark.parametrize(
    ("sliders", "start", "message"),
    [
        ({"epoch": [1, 5]}, None, "4 frames for 2 positions of 1 sliders"),
        ({"a": [1], "b": [1, 2, 3]}, None, "4 frames for 1 x 3 positions"),
        ({"a": [1], "b": [1, 2], "c": [1, 2]}, None, "one or two sliders"),
        ({"epoch": [1, 2, 3, 4]}, {"epoch": 5}, r"5} is not in {'epoch': \[1"),
        ({"epoch": [1, 2, 3, 4]}, {"time": 1}, "'time': 1} is not in"),
    ],
)
def test_sliders_must_fit_the_frames(sliders, start, message):
    """Every position has a frame, or the reader would see another's."""
    with pytest.raises(ValueError, match=message):
        scrubbed(sliders, start=start)


def test_a_slider_needs_something_to_slide_to():
    with pytest.raises(ValueError, match="1 frames for 1 positions"):
        widgets.scrubber([plain(RED)], {"epoch": [1]}, alt="a wall")


def test_the_read_out_is_the_value_of_that_cell():
    """Rows down, columns across, and what the page says first is true."""
    widget = hovered(digits=2)
    page = parsed(widget)
    numbers = json.loads(page.find("value-hover")["data-numbers"])
    assert numbers == {"error": "0.00 1.00 2.00 3.00 4.00 5.00"}
    column, row = page.find_all("input")
    assert (column["value"], column["max"]) == ("2", "3")
    assert (row["value"], row["max"]) == ("2", "2")
    assert page.output.text == "row 2, column 2: error 4.00"


def test_the_notebook_s_read_out_moves():
    widget = hovered({"a<b": np.arange(6).reshape(2, 3), "c": np.ones((2, 3))})
    row, column = widget.live.children[1:]
    row.value, column.value = 0, 2
    pixels, text = in_notebook(widget)
    assert text == "row 1, column 3: a<b 2.0, c 1.0"
    assert shows(pixels[5:15, 45:55], RED)
    assert pixels[0, 50].min() > 150  # the cell's frame is white
    assert shows(pixels[25:, :], RED)


def test_many_values_are_averaged_to_what_a_finger_can_point_at():
    values = np.zeros((128, 256))
    values[:, 128:] = 8
    page = parsed(hovered({"error": values}))
    numbers = json.loads(page.find("value-hover")["data-numbers"])["error"]
    numbers = np.array(numbers.split(), float).reshape(64, 64)
    assert (numbers[:, :32] == 0).all()
    assert (numbers[:, 32:] == 8).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "named arrays of one shape, rows x columns, got none"),
        ({"a": np.ones((2, 3)), "b": np.ones((3, 2))}, "(2, 3) and (3, 2)"),
        ({"a": np.full((2, 3), np.nan)}, "no number (nan or inf)"),
    ],
)
def test_values_that_can_t_be_read_out_are_refused(values, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        widgets.hover(plain(RED), values, alt="a wall")


def test_frames_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="got 60 x 40 and 61 x 40 pixels"):
        widgets.before_after(plain(RED), plain(RED, width=61), alt="a wall")


@pytest.mark.parametrize(
    "pixels", [np.zeros((40, 60, 3)), np.zeros((3, 40, 60), np.uint8)]
)
def test_what_is_no_picture_is_refused(pixels, as_outside_pytest):
    """Floats, or channels first: the two that everybody hands over once."""
    with pytest.raises(ValueError, match="uint8, height x width x 3, got"):
        widgets.before_after(pixels, pixels, alt="a wall")


def test_gray_photographs_and_finished_figures_are_frames():
    gray = np.full((40, 60), 94, np.uint8)
    [image] = parsed(
        widgets.hover(gray, {"error": np.ones((1, 1))}, alt="a wall")
    ).find_all("img")
    assert shows(pixels_of(image), GRAY)
    figure = figures.photographs(wall=plain(RED))
    [frame] = frames.as_frames([figure])
    [strip] = figure.parts
    assert (frame.width, frame.height) == (strip.width, strip.height)


def test_names_of_photographs_stand_above_their_frames():
    """As text of the page, once; pixels of letters would be too small."""
    rows = [
        figures.photographs(model=plain((level,) * 3), true=plain(RED))
        for level in (0, 200)
    ]
    widget = widgets.scrubber(rows, {"step": [0, 1]}, alt="a wall")
    [names] = parsed(widget).select(".names")
    assert [name.text for name in names.find_all("span")] == ["model", "true"]
    assert names.find_next_sibling()["class"] == ["stage"]
    live = BeautifulSoup(widget.live.children[0].value, "html.parser")
    assert live.select_one(".names").text == "modeltrue"


def test_what_differs_from_frame_to_frame_the_slider_says():
    rows = [figures.photographs(**{n: plain(RED)}) for n in ("a", "b")]
    widget = widgets.scrubber(rows, {"which": ["a", "b"]}, alt="a wall")
    assert parsed(widget).select(".names") == []


def test_a_chart_s_frames_say_how_large_their_letters_are():
    """The page turns their colors over in the dark, and a test of the pages
    knows from it what a reader can read."""
    chart = Chart("epoch", "loss")
    chart.axes.plot([1, 2], [2, 1])
    widget = widgets.scrubber(
        [chart.picture()] * 2, {"step": [0, 1]}, alt="a loss"
    )
    for image in parsed(widget).find_all("img"):
        assert image["class"] == ["chart"]
        assert float(image["data-letters"]) / int(image["width"]) > 11 / 320
    photograph = parsed(scrubbed()).img
    assert not photograph.has_attr("class")


def test_a_figure_of_two_rows_is_no_frame():
    two = figures.compare(plain(RED), plain(BLUE))
    with pytest.raises(ValueError, match="one row, got 2 parts .* fewer"):
        frames.as_frames([two])


def test_a_large_photograph_is_shrunk_to_the_column():
    [frame] = frames.as_frames([plain(RED, 1000, 1500)])
    assert (frame.width, frame.height) == (720, 480)


def test_a_usual_widget_fits_and_a_small_one_is_sharper():
    """A dozen epochs of a photograph, as good as there is room for."""
    epochs = [as_pixels(_faded(level / 11)) for level in range(12)]
    together = [len(frame.webp) for frame in frames.as_frames(epochs)]
    assert sum(together) <= frames.MOST_BYTES
    [alone] = frames.as_frames(epochs[-1:])
    assert len(alone.webp) > 1.3 * together[-1]


def _faded(strength):
    from colorlib.data.samples import bundled

    lab = as_lab(bundled("astronaut"))
    lab[1:] *= strength
    return lab


def test_a_widget_too_heavy_for_a_page_says_what_to_do():
    """And what it advises, helps."""
    shape = (4, 512, 512, 3)
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    with pytest.raises(ValueError, match="4 frames weigh") as error:
        frames.as_frames(list(noise))
    advice = re.search(r"at most (\d+) .* (\d+) x (\d+)", str(error.value))
    most, *size = map(int, advice.groups())
    frames.as_frames(list(noise[:most]))
    smaller = [Image.fromarray(pixels).resize(size) for pixels in noise]
    frames.as_frames([np.asarray(image) for image in smaller])
