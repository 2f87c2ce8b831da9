"""Widgets in a browser: moved by keys and fingers, still where they can't be.

The page is made of the widgets' own HTML. What the book makes of that HTML,
frames in files, is in test_pictures.py.
"""

import base64
import io
import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from colorlib import widgets

pytestmark = pytest.mark.browser

RED, BLUE = (200, 30, 30), (30, 30, 200)
ADDRESS = "http://book.test/"
FRAME = re.compile(r"data:image/webp;base64,([^\"]+)")

LAST = "document.querySelectorAll('img')[5]"


def plain(color):
    return np.full((360, 480, 3), color, np.uint8)


def compared():
    return widgets.before_after(plain(RED), plain(BLUE), alt="a wall")


def scrubbed():
    frames = [plain((level, 0, 0)) for level in range(0, 240, 40)]
    sliders = {"weight": [0, 1], "epoch": [1, 20, 100]}
    return widgets.scrubber(frames, sliders, alt="a wall")


def hovered():
    numbers = np.arange(12.0).reshape(3, 4)
    return widgets.hover(plain(RED), {"error": numbers}, alt="a wall")


class Book:
    """A page of widgets between two lines of text, its frames in files."""

    def __init__(self, browser, *made, **context):
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.frames: list[bytes] = []
        body = "\n<p>between</p>\n".join(widget.html for widget in made)
        body = f"<!doctype html><main>{body}<p id=below>below</p></main>"
        self.text = FRAME.sub(self._to_file, body)
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", self._answer)

    def __enter__(self):
        self.page.goto(ADDRESS)
        return self

    def __exit__(self, *_):
        self.context.close()
        assert self.errors == []

    def pixels(self, selector: str) -> np.ndarray:
        screenshot = self.page.locator(selector).first.screenshot()
        return np.asarray(Image.open(io.BytesIO(screenshot)).convert("RGB"))

    def visible(self, selector: str) -> list:
        found = self.page.locator(selector).all()
        return [element for element in found if element.is_visible()]

    def shown(self) -> list[str]:
        return [frame.get_attribute("alt") for frame in self.visible("img")]

    def _to_file(self, match: re.Match) -> str:
        self.frames.append(base64.b64decode(match[1]))
        return f"{len(self.frames) - 1}.webp"

    def _answer(self, route):
        name = route.request.url.removeprefix(ADDRESS)
        if name.endswith(".webp"):
            self.asked.append(name)
            content = self.frames[int(name.removesuffix(".webp"))]
            route.fulfill(body=content, content_type="image/webp")
        elif name == "":
            route.fulfill(body=self.text, content_type="text/html")
        else:
            route.fulfill(status=404)


def near(pixels, color) -> bool:
    return bool((np.abs(pixels.astype(int) - color).max(axis=-1) < 12).all())


@pytest.fixture(params=["light", "dark"])
def narrow(request, browser) -> Iterator[Book]:
    made = compared(), scrubbed(), hovered()
    context = {
        "viewport": {"width": 360, "height": 800},
        "color_scheme": request.param,
        "has_touch": True,
    }
    with Book(browser, *made, **context) as book:
        yield book


def test_the_line_moves_by_keyboard(browser):
    """Home shows after alone, End before alone, and the middle is halves."""
    with Book(browser, compared()) as book:
        book.page.wait_for_load_state("networkidle")
        corner, opposite = np.s_[300:350, 10:200], np.s_[300:350, 280:470]
        middle = book.pixels("before-after .stage")
        assert near(middle[corner], RED)
        assert near(middle[opposite], BLUE)
        book.page.keyboard.press("Tab")
        book.page.keyboard.press("Home")
        stage = book.pixels("before-after .stage")
        assert near(stage[corner], BLUE)
        book.page.keyboard.press("End")
        stage = book.pixels("before-after .stage")
        assert near(stage[opposite], RED)


def test_the_line_is_where_the_finger_is(narrow):
    box = narrow.page.locator("before-after .stage").bounding_box()
    across = box["x"] + 0.3 * box["width"]
    narrow.page.touchscreen.tap(across, box["y"] + 20)
    line = narrow.page.locator("before-after .line").bounding_box()
    assert line["x"] == pytest.approx(across, abs=3)


def test_a_long_position_leaves_room_for_the_slider(browser):
    """Between its name and "deck, no workers" a telephone had 45 pixels."""
    loaders = ["deck, no workers", "deck, 2 workers"]
    frames = [plain(RED), plain(BLUE)]
    made = widgets.scrubber(frames, {"ms a step": loaders}, alt="a wall")
    with Book(browser, made, viewport={"width": 360, "height": 800}) as book:
        slider = book.page.locator("input").bounding_box()
        name = book.page.locator("label span").bounding_box()
        position = book.page.locator("output").bounding_box()
        assert slider["width"] > 250
        assert name["y"] == pytest.approx(position["y"], abs=3)
        assert slider["y"] > name["y"]


def test_frames_change_by_keyboard(browser):
    """Either slider, its read-out, and what a screen reader says."""
    with Book(browser, scrubbed()) as book:
        assert book.shown() == ["a wall, weight 0, epoch 1"]
        book.page.keyboard.press("Tab")
        book.page.keyboard.press("ArrowRight")
        book.page.keyboard.press("Tab")
        book.page.keyboard.press("End")
        name = "a wall, weight 1, epoch 100"
        book.page.get_by_alt_text(name).wait_for()
        assert book.shown() == [name]
        frame = book.pixels("img:not([hidden])")
        assert near(frame[9:-9, 9:-9], (200, 0, 0))
        epoch = book.page.get_by_label("epoch")
        assert epoch.get_attribute("aria-valuetext") == "100"
        assert book.page.locator("output").all_inner_texts() == ["1", "100"]


def test_frames_are_fetched_when_the_reader_reaches_for_them(browser):
    """Three hundred kilobytes that nobody may want must not come first."""
    with Book(browser, scrubbed()) as book:
        book.page.wait_for_load_state("networkidle")
        assert book.asked == ["0.webp"]
        book.page.keyboard.press("Tab")
        book.page.wait_for_function(f"{LAST}.complete")
        assert sorted(book.asked) == [f"{i}.webp" for i in range(6)]


def test_the_old_frame_stays_until_the_new_one_is_there(browser):
    """On a slow line a blank would flash at every step."""
    with Book(browser, scrubbed()) as book:
        held = []
        book.page.wait_for_load_state("networkidle")
        book.page.route("**/1.webp", lambda route: held.append(route))
        book.page.keyboard.press("Tab")
        book.page.keyboard.press("Tab")
        book.page.keyboard.press("ArrowRight")
        book.page.wait_for_function(
            "document.querySelectorAll('img')[5].complete"
        )
        assert book.shown() == ["a wall, weight 0, epoch 1"]
        held[0].fulfill(body=book.frames[1], content_type="image/webp")
        book.page.get_by_alt_text("a wall, weight 0, epoch 20").wait_for()


def read_out(book):
    return book.page.locator("output").inner_text()


def test_numbers_are_read_out_under_the_pointer(browser):
    with Book(browser, hovered()) as book:
        stage = book.page.locator("value-hover .stage")
        stage.hover(position={"x": 470, "y": 10})
        assert read_out(book) == "row 1, column 4: error 3.0"
        stage.hover(position={"x": 10, "y": 350})
        assert read_out(book) == "row 3, column 1: error 8.0"


def test_numbers_are_read_out_by_arrow_keys(browser):
    """Up is up on the picture, and edges hold."""
    with Book(browser, hovered()) as book:
        book.page.keyboard.press("Tab")
        read = []
        for key in ("Up", "Right", "Right", "Down", "Left"):
            book.page.keyboard.press(f"Arrow{key}")
            read.append(read_out(book).partition(": ")[2])
        assert read == [f"error {n}.0" for n in (2, 3, 3, 7, 6)]
        row = book.page.get_by_label("row")
        assert row.get_attribute("aria-valuetext") == "2: error 6.0"


def test_two_of_a_kind_move_apart(browser):
    """The script comes with each widget; once is enough, twice no error."""
    with Book(browser, scrubbed(), scrubbed()) as book:
        second = book.page.locator("frame-scrubber").nth(1)
        second.get_by_label("epoch").press("End")
        second.get_by_alt_text("a wall, weight 0, epoch 100").wait_for()
        assert book.shown() == [
            "a wall, weight 0, epoch 1",
            "a wall, weight 0, epoch 100",
        ]


@pytest.mark.parametrize("how", ["print", "no script"])
def test_there_is_a_still(browser, how):
    """Every picture whole, a name for it, and nothing that can't be used."""
    context = {"java_script_enabled": how != "no script"}
    with Book(browser, compared(), scrubbed(), hovered(), **context) as book:
        if how == "print":
            book.page.emulate_media(media="print")
        book.page.wait_for_load_state("networkidle")
        assert book.shown() == [
            "a wall: before",
            "a wall: after",
            "a wall, weight 0, epoch 1",
            "a wall",
        ]
        assert book.visible("input") == []
        left = book.pixels("before-after .side >> nth=0")
        right = book.pixels("before-after .side >> nth=1")
        assert near(left[50:100, 20:-20], RED)
        assert near(right[50:100, 20:-20], BLUE)
        words = book.page.locator("frame-scrubber").inner_text().split()
        assert words == ["weight", "0", "epoch", "1"]


def test_frames_that_arrive_late_move_nothing(browser):
    with Book(browser, compared(), scrubbed(), hovered()) as book:
        below = book.page.locator("#below")
        book.page.wait_for_load_state("networkidle")
        after = below.bounding_box()
        book.page.route("**/*.webp", lambda route: None)  # never arrive
        book.page.reload(wait_until="domcontentloaded")
        assert below.bounding_box() == after


def test_widgets_fit_a_telephone(narrow):
    root = "document.scrollingElement"
    assert narrow.page.evaluate(f"{root}.scrollWidth") == 360
    for frame in narrow.visible("img"):
        box = frame.bounding_box()
        assert box["width"] < 360
        assert box["width"] / box["height"] == pytest.approx(4 / 3, rel=0.01)


def test_focus_can_be_seen(narrow):
    """Whoever moves by keyboard must see what the keys would move."""
    for number in range(narrow.page.locator("input").count()):
        before = narrow.pixels("body")
        narrow.page.keyboard.press("Tab")
        after = narrow.pixels("body")
        assert (before != after).any(), number


def test_nobody_is_shut_out(narrow, axe):
    """By names, roles or contrasts: what axe-core can find, there is none."""
    narrow.page.evaluate(axe)
    found = narrow.page.evaluate(
        "async rules => (await axe.run('main', {runOnly: rules})).violations"
        ".map(v => [v.id, v.nodes[0].html.slice(0, 200)])",
        ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    )
    assert found == []
