"""What a reader's browser makes of every page, wide and narrow.

Each page is visited once in each width, and everything is looked at on that
visit: first in the light, then in the dark.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError

WIDTHS = {"wide": 1400, "narrow": 360}
# Bytes before the reader does anything. On a slow telephone (1.6 Mbit/s)
# that takes 6 s, most of it pictures.
HEAVIEST = 1_200_000
# Chromium's measure: share of the screen that moved, times how far.
LARGEST_SHIFT = 0.01

LOOK = Path(__file__).with_name("look.js").read_text()
# Before the page's own scripts. Images that come late move what is below.
WATCH_SHIFTS = """
  window.layoutShift = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.layoutShift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# All that a page's colors can break.
COLORS = ["color-contrast", "link-in-text-block"]
AXE = """async only => (await axe.run(document, {
  runOnly: only, resultTypes: ["violations"],
})).violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200),
                         v.nodes[0].failureSummary])"""
IN_THE_DARK = Path(__file__).with_name("dark.js").read_text()
ON_A_TELEPHONE = Path(__file__).with_name("telephone.js").read_text()
# Pixels: a telephone as most are, and letters that can be read on it.
TELEPHONE, SMALLEST = 390, 11
# Wider than its box, and no shadow at the edge that says so.
CUT = """() => [...document.querySelectorAll(
    "article pre, article .pst-scrollable-table-container")]
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .filter(e => !getComputedStyle(e).backgroundAttachment.includes("scroll"))
  .map(e => e.textContent.slice(0, 60))"""

MATHEMATICS_IS_DRAWN = """() => [...document.querySelectorAll(".math")]
  .every(e => e.querySelector("mjx-container"))"""
PAINTED = """() => performance.getEntriesByType("paint").length > 0
  && getComputedStyle(document.querySelector("h1")).visibility != "hidden"
"""
FAMILY = "getComputedStyle(document.querySelector('h1')).fontFamily"
LETTERS_ARE_HERE = """() => [...document.fonts].filter(
  f => f.family.includes("Source") && f.status == "loaded").length > 1"""
# The theme does this, some time after something has changed.
SCROLLED_BY_KEYBOARD = """() => [...document.querySelectorAll("article pre")]
  .every(e => e.scrollWidth <= e.clientWidth || e.tabIndex == 0)"""


@dataclass
class Visit:
    """What was seen on one page."""

    page: str
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    seen: dict = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    dark: dict = field(default_factory=dict)
    telephone: dict = field(default_factory=dict)
    barriers: list = field(default_factory=list)


@pytest.fixture(scope="module", params=WIDTHS.values(), ids=WIDTHS)
def visits(request, browser, site, pages, axe) -> list[Visit]:
    """Every page, visited in one of two widths."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 900},
        color_scheme="light",
        reduced_motion="reduce",  # else axe reads text that is fading in
    )
    context.set_default_timeout(120_000)  # the machine may be busy
    context.add_init_script(WATCH_SHIFTS)
    visits = [_visit(context, site, page, axe) for page in pages]
    context.close()
    return visits


def _visit(context, site: str, address: str, axe: str) -> Visit:
    visit = Visit(address)
    page = context.new_page()

    def on_console(message):
        if message.type == "error":
            visit.errors.append(message.text)

    def on_response(response):
        if response.status >= 400:
            visit.missing.append(response.url)

    page.on("request", lambda request: visit.asked.append(request.url))
    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.goto(site + address, wait_until="networkidle")
    # On a busy machine the network is quiet long before MathJax has drawn.
    _wait(page, MATHEMATICS_IS_DRAWN)
    visit.seen = page.evaluate(LOOK)
    _wait(page, SCROLLED_BY_KEYBOARD)
    visit.cut = page.evaluate(CUT)
    page.evaluate(axe)
    visit.barriers = page.evaluate(AXE, WCAG)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme == 'dark'")
    visit.dark = page.evaluate(IN_THE_DARK)
    visit.barriers += page.evaluate(AXE, COLORS)
    page.set_viewport_size({"width": TELEPHONE, "height": 900})
    visit.telephone = page.evaluate(ON_A_TELEPHONE)
    page.close()
    return visit


def _wait(page, condition: str) -> None:
    """Wait until it is so; if it never is, the tests below say where."""
    with suppress(TimeoutError):
        page.wait_for_function(condition, timeout=20_000)


def _tell(visits: list[Visit], what) -> list:
    return [(v.page, what(v)) for v in visits if what(v)]


@pytest.mark.browser
def test_no_page_has_an_error(visits):
    assert _tell(visits, lambda v: v.errors) == []


@pytest.mark.browser
def test_no_page_asks_another_host(visits, site):
    """A reader may be offline, and nobody should learn what they read."""
    ours = (site, "data:", "blob:", "about:")

    def foreign(visit):
        return [url for url in visit.asked if not url.startswith(ours)]

    assert _tell(visits, foreign) == []


@pytest.mark.browser
def test_no_page_asks_for_what_is_not_there(visits):
    assert _tell(visits, lambda v: v.missing) == []


@pytest.mark.browser
def test_mathematics_is_rendered(visits):
    """Neither left as TeX, nor red because of a macro that nobody defined."""
    assert any(v.seen["math"] for v in visits)
    assert _tell(visits, lambda v: v.seen["rawMath"]) == []
    assert _tell(visits, lambda v: v.seen["mathErrors"]) == []


@pytest.mark.browser
def test_letters_that_come_late_move_nothing(browser, site):
    """Chromium takes late ones as soon as MathJax brings letters of its own."""
    page = browser.new_page(viewport={"width": WIDTHS["wide"], "height": 900})
    page.add_init_script(WATCH_SHIFTS)
    letters, mathjax = [], []
    page.route("**/source-s*/*.woff2", lambda r: letters.append(r))
    page.route("**/tex-chtml.js*", lambda r: mathjax.append(r))
    page.goto(site + "chapters/04_lab.html", wait_until="commit")
    page.wait_for_function(PAINTED)
    for request in letters:
        request.continue_()
    page.wait_for_function(LETTERS_ARE_HERE)
    for request in mathjax:
        request.continue_()
    page.wait_for_load_state("networkidle")
    page.wait_for_function(MATHEMATICS_IS_DRAWN)
    shift = page.evaluate("window.layoutShift")
    page.close()
    assert (len(letters), len(mathjax)) == (3, 1)
    assert shift < LARGEST_SHIFT


@pytest.mark.parametrize(
    ("before", "family"),
    [
        # A minute for the letters, on a machine however busy.
        (
            "const real = setTimeout; window.setTimeout = (call, ms, ...more)"
            " => real(call, ms == 300 ? 60000 : ms, ...more)",
            '"Source Serif"',
        ),
        # An old browser, or one in which scripts may not load fonts.
        (
            "Object.defineProperty(document, 'fonts', {value: undefined})",
            "",
        ),
    ],
)
@pytest.mark.browser
def test_a_page_is_seen_and_in_its_letters(browser, site, before, family):
    page = browser.new_page()
    page.add_init_script(before)
    page.goto(site + "chapters/04_lab.html", wait_until="load")
    page.wait_for_function(PAINTED)
    found = page.evaluate(FAMILY)
    left = page.evaluate("document.documentElement.className")
    page.close()
    assert found.startswith(family)
    assert "letters" not in left


@pytest.mark.browser
def test_every_formula_has_its_room_from_the_start(visits):
    """Else the text jumps when MathJax draws it.

    Build the book, then: python book/tools/measure_formulas.py _build/html
    """
    assert _tell(visits, lambda v: v.seen["noRoom"]) == []


@pytest.mark.browser
def test_pages_without_mathematics_do_not_fetch_what_draws_it(visits):
    """MathJax weighs more than most pages."""

    def needless(visit):
        fetched = [url for url in visit.asked if "mathjax" in url]
        return fetched if not visit.seen["math"] else []

    assert _tell(visits, needless) == []


@pytest.mark.browser
def test_every_page_is_light(visits):
    """Half the world reads on a telephone, and pays for each megabyte."""
    assert all(v.seen["weight"] > 10_000 for v in visits)  # it is measured

    def too_much(visit):
        if visit.seen["weight"] > HEAVIEST:
            return visit.seen["weight"], visit.seen["heaviest"]

    assert _tell(visits, too_much) == []


@pytest.mark.browser
def test_every_icon_is_drawn(visits):
    """An icon that css/icons.css lacks would be a square of ink.

    And none may call for the theme's own, which weigh more than a page.
    """
    assert _tell(visits, lambda v: v.seen["noIcon"]) == []
    theirs = _tell(visits, lambda v: [u for u in v.asked if "awesome" in u])
    assert theirs == []


@pytest.mark.browser
def test_nothing_moves_while_a_page_arrives(visits):
    """Who has begun to read must not lose the line. Pictures come late."""
    shifts = _tell(visits, lambda v: max(v.seen["shift"] - LARGEST_SHIFT, 0))
    assert shifts == []


@pytest.mark.browser
def test_no_page_is_wider_than_the_screen(visits):
    too_wide = _tell(
        visits, lambda v: v.seen["overflow"] > 0 and v.seen["widest"]
    )
    assert too_wide == []
    assert [v.page for v in visits if v.seen["overflow"] > 0] == []


@pytest.mark.browser
def test_every_reader_can_read(visits):
    """By ear, by keyboard, with weak eyes: WCAG 2.1 A and AA, as far as a
    program can tell, in the light and in the dark.
    """
    assert _tell(visits, lambda v: v.barriers) == []


@pytest.mark.browser
def test_the_theme_measures_again_when_letters_have_come(browser, site):
    """Otherwise code that they make too wide can't be scrolled by keyboard."""
    page = browser.new_page()
    page.add_init_script("""
      window.measured = 0;
      addEventListener("resize", () => {
        window.measured += document.fonts.status == "loaded";
      });
    """)
    page.goto(f"{site}chapters/08_unet.html")
    page.wait_for_function("window.measured > 0")
    page.close()


@pytest.mark.browser
def test_the_theme_leaves_colors_alone(visits):
    """In dark mode it dims pictures; here the color is the content."""
    assert _tell(visits, lambda v: v.dark["photographs"]) == []


@pytest.mark.browser
def test_charts_are_dark_in_the_dark(visits):
    assert _tell(visits, lambda v: v.dark["charts"]) == []


@pytest.mark.browser
def test_no_picture_has_a_white_ground_in_the_dark(visits):
    """It would glare, and its letters be a hole in the page."""
    assert _tell(visits, lambda v: v.dark["white"]) == []


@pytest.mark.browser
def test_letters_in_pictures_can_be_read_on_a_telephone(visits):
    """Where a picture is shrunk, its letters are, too."""
    letters = [size for v in visits for _, size in v.telephone["letters"]]
    assert len(letters) > 50  # they are found
    assert all(0 < size < 40 for size in letters)

    def small(visit):
        found = visit.telephone["letters"]
        return [(what, size) for what, size in found if size < SMALLEST]

    assert _tell(visits, small) == []


@pytest.mark.browser
def test_no_table_loses_a_column_on_a_telephone(visits):
    """The last one often is the one that matters."""
    assert _tell(visits, lambda v: v.telephone["cut"]) == []


@pytest.mark.browser
def test_what_is_cut_at_the_edge_shows_it(visits):
    assert _tell(visits, lambda v: v.cut) == []


@pytest.mark.browser
def test_the_root_leads_to_the_first_page(browser, site):
    page = browser.new_page()
    page.goto(site)
    page.wait_for_url("**/book/index.html")
    page.close()
