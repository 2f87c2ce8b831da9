"""A forced choice in a browser: judged by keys, kept, and told at the end."""

import base64
import contextlib
import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image
from visitor import FORBIDDEN, Visitor

from colorlib import widgets
from colorlib.evaluation.answers import read_answers, summarize_answers
from colorlib.evaluation.choices import trials_needed, wilson_interval
from colorlib.figures.picture import Strip, encoded
from colorlib.widgets.choice_page import choice_page
from colorlib.widgets.choosing import QUESTION, ChoiceTrial

pytestmark = pytest.mark.browser

RED, BLUE = (200, 30, 30), (30, 30, 200)
PAIRS = 4
READY = ".trial[aria-busy=false]"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
AXE = """async rules => (await axe.run('main', {runOnly: rules})).violations
    .map(v => [v.id, v.nodes[0].html.slice(0, 200)])"""
# A judge's number decides who sees which side; tests choose it.
NUMBER = "crypto.getRandomValues = numbers => numbers.fill({})"


def plain(color, mark):
    """A wall with a stripe, as long as the number of its photograph."""
    pixels = np.full((240, 320, 3), color, np.uint8)
    pixels[:20, : 40 * mark] = 255
    return pixels


def page_of(pairs=PAIRS, **options):
    """The page of `colorlib compare`."""

    def strip(color, mark):
        return Strip(encoded(Image.fromarray(plain(color, mark))), 320, 240)

    trials = [
        ChoiceTrial(f"photo, {i}.jpg", (strip(RED, i), strip(BLUE, i)))
        for i in range(pairs)
    ]
    return choice_page(trials, ("crimson", "azure"), **options)


def widget_of(pairs=PAIRS, **options):
    made = {
        "crimson": [plain(RED, i) for i in range(pairs)],
        "azure": [plain(BLUE, i) for i in range(pairs)],
    }
    return widgets.forced_choice(made, alt="a wall", **options)


def in_book(*made):
    body = "\n<p>between</p>\n".join(widget.html for widget in made)
    return f"<!doctype html><main>{body}<p id=below>below</p></main>"


class Judge(Visitor):
    """A browser at a page, with a judge in front of it."""

    def __init__(self, browser, html, *, number=0, scripts=(), **context):
        scripts = NUMBER.format(number), *scripts
        super().__init__(browser, html, scripts=scripts, **context)

    def begin(self):
        self.page.get_by_role("button", name="Start").click()
        self.wait()

    def wait(self):
        self.page.locator(READY).first.wait_for()

    def place(self, color) -> int:
        """Where the picture of this color stands."""
        [left] = [
            image
            for image in self.page.locator(".side").first.locator("img").all()
            if image.is_visible()
        ]
        content = base64.b64decode(left.get_attribute("src").split(",")[1])
        image = Image.open(io.BytesIO(content)).convert("RGB")
        red = image.getpixel((100, 200))[0] > 100
        return 0 if red == (color == RED) else 1

    def press(self, *keys):
        for key in keys:
            self.wait()
            self.page.keyboard.press(key)

    def prefer(self, color, times=PAIRS):
        for _ in range(times):
            self.wait()
            self.press(("1", "2")[self.place(color)])

    def progress(self) -> str:
        self.wait()
        return self.page.locator(".bar output").inner_text()

    def result(self) -> str:
        self.page.locator(".result").wait_for()
        return self.page.locator(".end").inner_text().replace("\xa0", " ")

    def answers(self, path):
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="Download").click()
        download.value.save_as(path)
        return read_answers([path])


@pytest.mark.parametrize("number", [0, 1, 2, 2**32 - 1])
def test_who_prefers_red_is_told_so(browser, number, tmp_path):
    """By keys; on either side, from any start; and nothing before the end."""
    with Judge(browser, page_of(), number=number) as judge:
        judge.page.get_by_label("Your name").fill('Kim "K", 김')
        judge.begin()
        for trial in range(PAIRS):
            assert judge.progress() == f"{trial + 1} of {PAIRS}"
            for name in ("crimson", "azure"):
                assert name not in judge.page.content()
            judge.prefer(RED, 1)
        low, high = wilson_interval(PAIRS, PAIRS)
        told = judge.result()
        assert told.startswith(
            f"crimson was preferred to azure in 4 of 4 trials, 100.0 %, with a"
            f" 95 % interval from {100 * low:.1f} % to {100 * high:.1f} %."
        )
        assert "chosen in 2 of 4 trials" in told
        answers = judge.answers(tmp_path / "a.csv")
    assert {answer.judge for answer in answers} == {'Kim "K", 김'}
    assert {answer.preferred for answer in answers} == {"crimson"}
    assert Counter(a.left for a in answers) == {"crimson": 2, "azure": 2}
    assert {a.pair for a in answers} == {f"photo, {i}.jpg" for i in range(4)}
    together = summarize_answers(answers).together
    assert (together.first.low, together.first.high) == pytest.approx(
        (1 - high, 1 - low)  # shares are azure's, which comes first
    )


def test_two_judges_see_the_sides_mirrored_and_another_start(browser, tmp_path):
    """What favors a side or an order favors each alternative as often."""
    seen = []
    for number in (0, 1, 2):
        with Judge(browser, page_of(), number=number) as judge:
            judge.begin()
            judge.press(*["ArrowLeft"] * PAIRS)
            told = judge.result()
            assert told.startswith("Neither of crimson and azure won: each")
            assert "chosen in 4 of 4 trials" in told
            seen.append(judge.answers(tmp_path / f"{number}.csv"))
    even, odd, later = seen
    assert {a.judge for a in even} == {"judge-00000000"}
    assert [(a.pair, a.left) for a in even] == [(a.pair, a.right) for a in odd]
    assert [a.pair for a in later] == [a.pair for a in [*even[1:], *even[:1]]]


def test_a_closed_tab_loses_nothing(browser):
    with Judge(browser, page_of(), number=1) as judge:
        judge.page.get_by_label("Your name").fill("ann")
        judge.begin()
        judge.prefer(BLUE, 3)
        judge.wait()
        judge.page.close()
        judge.open()
        assert judge.progress() == "4 of 4"
        judge.prefer(BLUE, 1)
        assert "azure was preferred to crimson in 4 of 4" in judge.result()
        judge.page.reload()
        assert "azure was preferred to crimson in 4 of 4" in judge.result()
        judge.page.get_by_role("button", name="Start again").click()
        judge.begin()
        assert judge.progress() == "1 of 4"
        judge.prefer(RED)
        assert "crimson was preferred to azure in 4 of 4" in judge.result()


def test_a_browser_that_keeps_nothing_says_so(browser):
    with Judge(browser, page_of(), scripts=[FORBIDDEN]) as judge:
        judge.begin()
        assert judge.page.get_by_text("keeps nothing").is_visible()
        judge.prefer(RED)
        assert "crimson was preferred" in judge.result()


def test_slips_are_no_answers(browser):
    """A held key, a double click, a shortcut; and one answer taken back."""
    with Judge(browser, page_of()) as judge:
        judge.begin()
        undo = judge.page.get_by_role("button", name="Undo")
        assert undo.is_disabled()
        for _ in range(4):
            judge.page.keyboard.down("ArrowRight")
            judge.wait()
        judge.page.keyboard.up("ArrowRight")
        assert judge.progress() == "2 of 4"
        judge.page.locator(".side").first.click()
        assert judge.progress() == "3 of 4"
        judge.page.mouse.down(click_count=2)  # of a double click, the second
        judge.page.mouse.up(click_count=2)
        assert judge.progress() == "3 of 4"
        judge.press("Control+1", "Alt+ArrowRight", "3", "Home")
        assert judge.progress() == "3 of 4"
        undo.click()
        assert judge.progress() == "2 of 4"
        judge.press("1", "ArrowLeft", "2")
        assert "in 2 of 4 trials" in judge.result()


def test_one_can_choose_by_tab_and_enter_alone(browser):
    """An Enter that is held is one answer."""
    with Judge(browser, page_of()) as judge:
        judge.begin()
        judge.page.keyboard.press("Tab")
        for _ in range(3):
            judge.page.keyboard.down("Enter")
            judge.wait()
        judge.page.keyboard.up("Enter")
        assert judge.progress() == "2 of 4"
        judge.press("Enter", "Tab", "Enter", "Enter")
        assert "chosen in 2 of 4 trials" in judge.result()


@pytest.mark.parametrize("chosen", [0, 3, 10, 20])
def test_the_page_computes_what_python_does(browser, chosen):
    with Judge(browser, in_book(widget_of())) as judge:
        element = "customElements.get('forced-choice')"
        theirs = judge.page.evaluate(f"{element}.wilson({chosen}, 20)")
        assert theirs == pytest.approx(wilson_interval(chosen, 20), abs=1e-14)
        for share in (0.51, 0.55, 0.6, 0.75, 0.9, 0.99):
            found = judge.page.evaluate(f"{element}.trialsNeeded({share})")
            assert found == trials_needed(share)


def test_the_end_plans_the_next_test(browser):
    with Judge(browser, page_of(detect=0.7)) as judge:
        judge.begin()
        judge.prefer(RED)
        assert "takes 47 trials" in judge.result()
        judge.page.get_by_label("To tell a share of").fill("55")
        assert f"takes {trials_needed(0.55)} trials" in judge.result()
        judge.page.get_by_text("Trial by trial").click()
        rows = judge.page.locator("tbody tr").all_inner_texts()
        assert len(rows) == PAIRS
        assert all(row.split("\t")[4] == "crimson" for row in rows)


def test_a_widget_hears_keys_only_where_the_focus_is(browser):
    """Two on one page, and a page that scrolls."""
    made = widget_of(seed=1), widget_of(seed=2)
    with Judge(browser, in_book(*made)) as judge:
        start = judge.page.get_by_role("button", name="Start")
        start.first.click()
        start.first.click()  # the other one; the first is hidden now
        judge.page.locator(READY).nth(1).wait_for()
        judge.page.locator("#below").click()
        judge.page.evaluate("document.activeElement.blur()")
        judge.page.keyboard.press("2")
        shown = judge.page.locator(".bar output")
        assert shown.all_inner_texts() == ["1 of 4", "1 of 4"]
        judge.page.locator(".side").nth(2).focus()
        judge.page.keyboard.press("2")
        judge.page.locator(f"{READY} >> nth=1").wait_for()
        judge.page.get_by_text("2 of 4").wait_for()
        assert shown.all_inner_texts() == ["1 of 4", "2 of 4"]


@pytest.mark.parametrize("how", ["print", "no script"])
def test_there_is_a_still(browser, how):
    """All pairs, and nothing that can't be used."""
    context = {"java_script_enabled": how != "no script"}
    with Judge(browser, in_book(widget_of()), **context) as judge:
        if how == "print":
            judge.begin()
            judge.page.emulate_media(media="print")
        images = judge.page.locator("img").all()
        assert len(images) == 8
        for image in images:
            image.wait_for(state="visible")
        for control in ("input", "progress", ".undo", ".main", "kbd"):
            assert not judge.page.locator(control).filter(visible=True).count()
        asked = judge.page.get_by_text(QUESTION).filter(visible=True)
        assert asked.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("made", [page_of, lambda: in_book(widget_of())])
def test_everybody_can_judge(browser, axe, scheme, made):
    """On a telephone, by ear, in the dark, with focus that can be seen."""
    context = {
        "viewport": {"width": 360, "height": 740},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
    html = made().replace("<main>", f"<main style='color-scheme: {scheme}'>")
    with Judge(browser, html, **context) as judge:
        judge.page.evaluate(axe)

        def look():
            assert judge.page.evaluate(AXE, WCAG) == []
            root = "document.scrollingElement.scrollWidth"
            assert judge.page.evaluate(root) == 360

        look()
        judge.begin()
        look()
        first, second = (
            s.bounding_box() for s in judge.page.locator(".side").all()
        )
        assert first["y"] + first["height"] < second["y"]
        assert second["y"] + second["height"] < 740
        for side in judge.page.locator(".side").all():
            before = judge.page.screenshot()
            side.press("Tab")
            judge.page.keyboard.press("Shift+Tab")
            assert judge.page.screenshot() != before
        judge.prefer(RED)
        judge.result()
        judge.page.get_by_text("Trial by trial").click()
        look()


def test_side_by_side_and_whole_on_a_screen(browser):
    """Nobody should scroll to compare, and no ground may change a color."""
    viewport = {"width": 1400, "height": 400}
    with Judge(browser, page_of(), viewport=viewport) as judge:
        judge.begin()
        sides = judge.page.locator(".side")
        sides.first.hover()
        first, second = (s.bounding_box() for s in sides.all())
        assert first["y"] == second["y"]
        assert first["width"] == pytest.approx(second["width"], abs=1)
        bar = judge.page.locator(".bar").bounding_box()
        assert bar["y"] + bar["height"] < 400
        ground = "e => getComputedStyle(e).backgroundColor"
        assert sides.first.evaluate(ground) == sides.last.evaluate(ground)


def test_a_page_needs_no_network(browser, tmp_path):
    """Opened from a stick, its policy lets it ask nobody."""
    path = tmp_path / "compare.html"
    path.write_text(page_of(), encoding="utf-8")
    with contextlib.closing(browser.new_context(offline=True)) as context:
        page = context.new_page()
        asked, errors = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text))
        page.goto(path.as_uri())
        page.get_by_role("button", name="Start").click()
        page.locator(READY).wait_for()
        page.keyboard.press("1")
        page.get_by_text("2 of 4").wait_for()
        assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
        assert errors == []
