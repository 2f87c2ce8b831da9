"""The gallery in a browser: decided by keys, kept, and read again."""

import contextlib
import csv
import hashlib
import io
import time

import numpy as np
import pytest
from visitor import FORBIDDEN, Visitor

from colorlib.archive.review import COLUMNS, Review, copy_key, read_review
from colorlib.files.spreadsheets import to_cell
from colorlib.widgets.gallery import GalleryPhoto, gallery_page
from tests.cli.test_colorize_gallery import ABOUT

pytestmark = pytest.mark.browser

NAMES = ["=a.jpg", "b, 2.jpg", "서울.jpg", "d.jpg", "e.jpg"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """async rules => (await axe.run(document, {runOnly: rules})).violations
    .map(v => [v.id, v.nodes[0].html.slice(0, 200)])"""
# Generous: on a loaded machine a frame may take long, but a page that works
# through all photographs at each key takes longer.
SECONDS = 10.0


def photograph(name, side=60, **more):
    pixels = np.full((side * 2 // 3, side, 3), 90, np.uint8)
    return GalleryPhoto(
        name=name,
        before=pixels,
        after=pixels + np.uint8(30),
        copy=f"out/{name}",
        source_sha256="ab" * 32,
        copy_sha256=hashlib.sha256(name.encode()).hexdigest(),
        **more,
    )


def page_of(names=NAMES, **more):
    return gallery_page((photograph(name, **more) for name in names), ABOUT)


def entry_of(name):
    """The photograph in a report."""
    return {
        "input": name,
        "output": f"out/{name}",
        "status": "colored",
        "source_sha256": "ab" * 32,
    }


class Reviewer(Visitor):
    """A browser at a page, with somebody in front of it."""

    def press(self, keys):
        for key in keys.split():
            self.page.keyboard.press(key)

    def button(self, name):
        return self.page.get_by_role("button", name=name)

    def article(self, name):
        return self.page.get_by_role("article", name=name, exact=True)

    def current(self) -> str:
        return self.page.locator("[aria-current]").get_attribute("aria-label")

    def status(self) -> str:
        return self.page.get_by_role("status").inner_text()

    def shown(self) -> list[str]:
        shown = self.page.locator("article:not([hidden])").all()
        return [each.get_attribute("aria-label") for each in shown]

    def counts(self) -> list[str]:
        return self.page.locator(".bar [data-show]").all_inner_texts()

    def decisions(self) -> list[str]:
        return self.page.locator(".decision").all_text_contents()

    def comments(self) -> list[str]:
        fields = self.page.locator("textarea").all()
        return [field.input_value() for field in fields]

    def load(self, content, *, press="", answer=None) -> str:
        """Give the page a file; what it asks, which is answered."""
        asked = []

        def reply(dialog):
            asked.append(dialog.message)
            dialog.accept() if answer else dialog.dismiss()

        self.page.once("dialog", reply)
        button = self.button("Load a CSV")
        self.page.evaluate("document.querySelector('.status').textContent = ''")
        with self.page.expect_file_chooser() as chooser:
            button.press(press) if press else button.click()
        chooser.value.set_files(
            {"name": "theirs.csv", "mimeType": "text/csv", "buffer": content}
        )
        self.page.locator(".status.whole:not(:empty)").wait_for()
        if not asked:
            self.page.remove_listener("dialog", reply)
        assert bool(asked) == (answer is not None)
        # Else a browser would not hear of the same file again.
        assert self.page.locator("[type=file]").input_value() == ""
        return asked[0] if asked else ""

    def download(self, path):
        with self.page.expect_download() as download:
            self.button("Download").click()
        assert download.value.suggested_filename == "colorlib-review.csv"
        download.value.save_as(path)
        return path


def test_one_decides_by_keys_and_colorlib_reads_it(browser, tmp_path):
    """Names and comments that a spreadsheet would compute stay texts."""
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.press("n")  # nothing is at hand: to what is on the screen
        assert reviewer.current() == NAMES[0]
        assert reviewer.status() == f"1 of 5: {NAMES[0]}"
        reviewer.press("a n r c")
        reviewer.page.keyboard.type('=narc, "the coat"')
        reviewer.press("Enter")
        reviewer.page.keyboard.type("was gray")
        reviewer.press("Escape n c")
        reviewer.page.keyboard.insert_text("  저고리는 흰색  ")
        reviewer.press("Escape n r p n")
        assert reviewer.current() == NAMES[3]
        assert reviewer.decisions() == [
            *("accepted", "rejected", "open", "rejected", "open")
        ]
        assert reviewer.counts() == [
            *("All 5", "Open 2", "Accepted 1", "Rejected 2")
        ]
        path = reviewer.download(tmp_path / "review.csv")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfphotograph,copy,source_sha256,")
    [_, first, second, *_] = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert first[0] == to_cell(NAMES[0]) == "'=a.jpg"
    assert second[5] == '\'=narc, "the coat"\nwas gray'
    entries = [entry_of(name) for name in NAMES]
    found = read_review(path, {"photographs": entries}, tmp_path)
    assert [found[copy_key(entry)] for entry in entries] == [
        Review("accepted"),
        Review("rejected", '=narc, "the coat" was gray'),
        Review("open", "저고리는 흰색"),
        Review("rejected"),
        Review("open"),
    ]


def test_one_decides_with_the_mouse(browser):
    with Reviewer(browser, page_of()) as reviewer:
        second = reviewer.article(NAMES[1])
        accept = second.get_by_role("button", name="Accept")
        accept.click()
        assert accept.get_attribute("aria-pressed") == "true"
        assert reviewer.status() == f"{NAMES[1]}: accepted. 4 open."
        second.get_by_role("button", name="Reject").dblclick()  # is one click
        assert reviewer.decisions()[1] == "rejected"
        second.get_by_role("button", name="Reject").click()
        assert reviewer.decisions() == ["open"] * 5
        reviewer.button("Undo").click()
        assert reviewer.decisions()[1] == "rejected"


def test_a_closed_tab_loses_nothing(browser):
    """And a copy that was colored again is open again, the others not."""
    with Reviewer(browser, page_of()) as reviewer:
        assert reviewer.page.get_by_text("Your browser keeps").is_visible()
        reviewer.press("n a n r c x y Escape")
        reviewer.page.close()
        reviewer.open()
        assert reviewer.decisions()[:3] == ["accepted", "rejected", "open"]
        field = reviewer.article(NAMES[1]).get_by_label("Comment")
        assert field.input_value() == "xy"
        assert reviewer.counts()[1] == "Open 3"
        changed = hashlib.sha256(NAMES[1].encode()).hexdigest()
        reviewer.page.close()
        reviewer.open(reviewer.html.replace(changed, "cd" * 32))
        assert reviewer.decisions()[:3] == ["accepted", "open", "open"]
        assert reviewer.page.locator("textarea").nth(1).input_value() == ""


def test_a_browser_that_keeps_nothing_says_so(browser):
    with Reviewer(browser, page_of(), scripts=[FORBIDDEN]) as reviewer:
        assert (
            "keeps nothing" in reviewer.page.get_by_role("alert").inner_text()
        )
        assert not reviewer.page.get_by_text("Your browser keeps").is_visible()
        reviewer.press("n a")
        assert reviewer.decisions()[0] == "accepted"


def to_csv(*rows):
    """The CSV of a gallery: name, decision and comment of each row."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for name, decision, comment, *sha256 in rows:
        digest = sha256 or [hashlib.sha256(name.encode()).hexdigest()]
        cells = [name, f"out/{name}", "ab" * 32, *digest, decision, comment]
        table.writerow(map(to_cell, cells))
    return text.getvalue().encode("utf-8-sig")


def test_a_csv_comes_back_into_another_browser(browser, tmp_path):
    """By keyboard. The page then gives the same file again."""
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.press("n a n r c")
        reviewer.page.keyboard.type('=narc, "the coat"')
        reviewer.press("Enter x Escape n c")
        reviewer.page.keyboard.insert_text("저고리는 흰색")
        first = reviewer.download(tmp_path / "first.csv").read_bytes()
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.load(first, press="Enter")
        assert reviewer.status() == (
            "theirs.csv: photographs with a new decision or comment: 3."
        )
        assert reviewer.decisions() == [
            *("accepted", "rejected", "open", "open", "open")
        ]
        assert reviewer.comments()[1:3] == [
            *('=narc, "the coat"\nx', "저고리는 흰색")
        ]
        assert reviewer.counts()[1] == "Open 3"
        again = reviewer.download(tmp_path / "again.csv").read_bytes()
        assert again == first
        reviewer.load(first)
        assert reviewer.status().endswith("comment: 0.")
        reviewer.page.close()
        reviewer.open()  # kept, too
        assert reviewer.decisions()[:2] == ["accepted", "rejected"]


def test_what_a_csv_would_replace_is_asked_and_can_be_undone(browser):
    theirs = to_csv(
        (NAMES[0], "rejected", ""),
        (NAMES[1], "open", "theirs"),
        (NAMES[2], "open", ""),
        (NAMES[3], "accepted", ""),
    )
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.press("n a c x Escape n c y Escape n r")
        mine = reviewer.decisions(), reviewer.comments()
        asked = reviewer.load(theirs, answer=False)
        assert asked == (
            "theirs.csv has another decision or comment than this page for 2"
            f" of its photographs: {NAMES[0]}, {NAMES[1]}. Replace them here?"
        )
        assert reviewer.status() == "theirs.csv: nothing was changed."
        assert (reviewer.decisions(), reviewer.comments()) == mine
        reviewer.load(theirs, answer=True)
        assert reviewer.decisions() == [
            *("rejected", "open", "rejected", "accepted", "open")
        ]
        assert reviewer.comments()[:2] == ["x", "theirs"]  # empty says nothing
        assert reviewer.status() == (
            "theirs.csv: photographs with a new decision or comment: 3;"
            " replaced: 2."
        )
        field = reviewer.article(NAMES[3]).get_by_label("Comment")
        field.fill("since then")
        reviewer.button("Undo").click()
        decisions, comments = mine
        comments[3] = "since then"
        assert (reviewer.decisions(), reviewer.comments()) == (
            *(decisions, comments),
        )
        assert reviewer.counts()[1] == "Open 3"
        assert reviewer.status() == "theirs.csv: taken back."


def test_rows_that_are_not_on_the_page_are_counted_and_named(browser):
    theirs = to_csv(
        (NAMES[1], "accepted", ""),
        *((f"far/{i}.jpg", "accepted", "") for i in range(5)),
        (NAMES[0], "rejected", "of an older copy", "cd" * 32),
    )
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.load(theirs)
        assert reviewer.status() == (
            "theirs.csv: photographs with a new decision or comment: 1; not on"
            " this page: 5 (far/0.jpg, far/1.jpg, far/2.jpg and 2 more);"
            f" colored again since: 1 ({NAMES[0]})."
        )
        assert reviewer.decisions()[:2] == ["open", "accepted"]


BROKEN = {
    b"": "is no CSV of decisions",
    b"photograph,decision\na.jpg,accepted\n": "is no CSV of decisions",
    to_csv(): "has no decisions",
    to_csv(("d.jpg", "maybe", "")): "line 2: decision is maybe, not one of",
    to_csv(("d.jpg", "", "")): "line 2: decision is empty, not one of",
    to_csv(("d.jpg", "open", "a\nb"), ("d.jpg", "open", "")): (
        "line 4: d.jpg stands there twice"
    ),
    to_csv(("d.jpg", "accepted", ""), ("e.jpg", "maybe", "")): "line 3: ",
    to_csv(("d.jpg", "accepted", ""))
    + b"a,b\r\n": "line 3: has 2 columns, not",
    to_csv(("d.jpg", "accepted", "")) + b'a,"b': "line 3: a quote is out of",
    to_csv(("d.jpg", "accepted", "")) + b"\xff": "is not in UTF-8",
    b"x" * 20_000_001: "is larger than 20 MB",
}


def test_another_file_is_one_line_and_changes_nothing(browser, tmp_path):
    """What the page takes, `colorlib card` takes, and nothing else."""
    report = {"photographs": [entry_of(name) for name in NAMES]}
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.press("n a")
        for content, said in BROKEN.items():
            reviewer.load(content)
            status = reviewer.status()
            assert status.startswith(f"theirs.csv: {said}"), status
            assert status.endswith("; nothing was changed.")
            assert "\n" not in status
            path = tmp_path / "theirs.csv"
            path.write_bytes(content)
            with pytest.raises(ValueError, match=r"theirs\.csv"):
                read_review(path, report, tmp_path)
        assert reviewer.decisions() == ["accepted", *["open"] * 4]
        reviewer.load(to_csv(("d.jpg", "accepted", "")))
        assert reviewer.decisions()[3] == "accepted"


def test_slips_decide_nothing(browser):
    """A held key, a shortcut, a text, and a letter after scrolling away."""
    with Reviewer(browser, page_of([str(i) for i in range(40)])) as reviewer:
        reviewer.press("a")
        assert reviewer.decisions() == ["open"] * 40
        assert reviewer.current() == "0"
        for _ in range(3):
            reviewer.page.keyboard.down("a")
        reviewer.page.keyboard.up("a")
        assert reviewer.counts()[2] == "Accepted 1"
        reviewer.press("n Control+a Alt+r Shift+R c a r u n Escape")
        assert reviewer.counts()[1:] == ["Open 39", "Accepted 1", "Rejected 0"]
        assert reviewer.current() == "1"
        reviewer.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        reviewer.press("r")  # nobody rejects what they don't see
        assert reviewer.counts()[3] == "Rejected 0"
        assert int(reviewer.current()) > 20
        reviewer.press("r")
        assert reviewer.counts()[3] == "Rejected 1"
        reviewer.page.get_by_label("letters are keys").uncheck()
        reviewer.press("a n")
        assert reviewer.counts()[3] == "Rejected 1"


def test_a_keyboard_without_latin_letters_decides_too(browser):
    korean = """code => dispatchEvent(new KeyboardEvent(
        "keydown", {key: "ㅁ", code, bubbles: true}))"""
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.press("n")
        reviewer.page.evaluate(korean, "KeyA")
        assert reviewer.decisions()[0] == "accepted"


def test_the_filter_shows_what_is_open_and_goes_on(browser):
    """With one key a photograph; undo brings it back."""
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.button("Open 5").click()
        reviewer.press("n a a r")
        assert reviewer.shown() == NAMES[3:]
        assert reviewer.current() == NAMES[3]
        reviewer.press("u")
        assert reviewer.shown() == NAMES[2:]
        assert reviewer.current() == NAMES[2]
        reviewer.button("Accepted 2").click()
        assert reviewer.shown() == NAMES[:2]
        reviewer.button("Rejected 0").click()
        assert reviewer.shown() == []
        assert reviewer.status() == "0 of 5 shown."
        reviewer.button("All 5").click()
        assert reviewer.shown() == NAMES


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_everybody_can_decide(browser, axe, scheme, width):
    context = {
        "viewport": {"width": width, "height": 740},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
    photographs = (
        photograph(name, thumbnail=width == 1200, notes=("a note",))
        for name in NAMES
    )
    absent = ["far/" * 30 + "f.jpg: is empty"] * 11
    html = gallery_page(photographs, ABOUT, absent=absent)
    with Reviewer(browser, html, **context) as reviewer:
        reviewer.page.locator("summary").last.press("Enter")
        far = [(f"{'far' * 40}{i}.jpg", "open", "") for i in range(4)]
        reviewer.load(to_csv(*far), press="Enter")
        whole = "e => e.scrollWidth <= e.clientWidth"
        assert reviewer.page.locator(".status").evaluate(whole)
        reviewer.page.evaluate(axe)
        assert reviewer.page.evaluate(AXE, WCAG) == []
        root = "document.scrollingElement.scrollWidth"
        assert reviewer.page.evaluate(root) == width
        reviewer.press("n a n r c x Escape")
        assert reviewer.page.evaluate(AXE, WCAG) == []
        assert reviewer.page.evaluate(root) == width
        pressed = reviewer.page.locator("[data-decision][aria-pressed=true]")
        sign = "e => getComputedStyle(e, '::before').content"
        assert "\u2713" in pressed.nth(0).evaluate(sign)
        assert "\u2717" in pressed.nth(1).evaluate(sign)
        reject = reviewer.article(NAMES[1]).get_by_role("button", name="Reject")
        reject.press("Shift+Tab")  # to "Accept"
        before = reviewer.page.screenshot()
        reviewer.press("Tab")
        assert reviewer.page.screenshot() != before
        bar = reviewer.page.locator(".bar").bounding_box()
        assert bar["height"] < 740 / 4


def test_in_print_the_decision_and_the_comment_stay(browser):
    with Reviewer(browser, page_of()) as reviewer:
        reviewer.press("n r c x y Escape")
        reviewer.page.emulate_media(media="print")
        first = reviewer.article(NAMES[0])
        assert first.inner_text().split()[-2:] == ["rejected", "xy"]
        for control in ("button", "textarea", "input", "kbd"):
            shown = reviewer.page.locator(control).filter(visible=True)
            assert not shown.count()


def test_without_a_script_there_is_a_still(browser):
    with Reviewer(browser, page_of(), java_script_enabled=False) as reviewer:
        controls = reviewer.page.locator("button, textarea, kbd")
        assert not controls.filter(visible=True).count()


def test_it_needs_no_network(browser, tmp_path):
    """Opened from a stick, its policy lets it ask nobody."""
    path = tmp_path / "colorlib-gallery.html"
    path.write_text(page_of(), encoding="utf-8")
    with contextlib.closing(browser.new_context(offline=True)) as context:
        page = context.new_page()
        asked, errors = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text))
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        for key in "na":
            page.keyboard.press(key)
        page.reload(wait_until="domcontentloaded")
        assert page.get_by_text("Accepted 1").is_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").click()
        text = download.value.path().read_text("utf-8-sig")
        assert text.count(",accepted,") == 1
        schemes = {url.partition(":")[0] for url in asked}
        assert schemes <= {"file", "data", "blob"}
        assert errors == []


def test_a_thousand_photographs_are_no_burden(browser):
    """To the end, a key, a decision and back: each within `SECONDS`."""
    names = [f"{number}.jpg" for number in range(1000)]
    rest = """new Promise(done => requestAnimationFrame(
        () => requestAnimationFrame(done)))"""

    with Reviewer(browser, page_of(names, thumbnail=True)) as reviewer:

        def timed(do):
            start = time.perf_counter()
            do()
            reviewer.page.evaluate(rest)
            assert time.perf_counter() - start < SECONDS

        end = "scrollTo(0, document.body.scrollHeight)"
        timed(lambda: reviewer.page.evaluate(end))
        timed(lambda: reviewer.press("n"))
        assert int(reviewer.current().removesuffix(".jpg")) > 900
        timed(lambda: reviewer.press("r"))
        # Not by its role, for which Playwright looks at all buttons.
        timed(lambda: reviewer.page.locator("[data-show=open]").click())
        timed(lambda: reviewer.press("n"))
        timed(lambda: reviewer.page.evaluate("scrollTo(0, 0)"))
        timed(lambda: reviewer.press("n"))
        assert reviewer.current() == "0.jpg"
        timed(lambda: reviewer.press("a"))
        assert reviewer.counts() == [
            *("All 1000", "Open 998", "Accepted 1", "Rejected 1")
        ]
        # What is far from the screen is neither laid out nor drawn.
        skipped = "e => !e.checkVisibility({contentVisibilityAuto: true})"
        last = reviewer.page.locator("article h2").last
        assert last.evaluate(skipped)
