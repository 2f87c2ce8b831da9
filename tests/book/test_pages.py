"""What a reader's browser makes of every page, wide and narrow."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup

VIEWS = {
    "wide-light": (1400, "light"),
    "wide-dark": (1400, "dark"),
    "narrow-light": (360, "light"),
    "narrow-dark": (360, "dark"),
}
FILE_NAME = re.compile(r"(^|/)_images|\.(png|jpe?g|svg|webp|gif)$", re.I)


@dataclass
class Visit:
    """What was seen on one page."""

    page: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    seen: dict = field(default_factory=dict)


LOOK = """async () => {
  await window.MathJax?.startup?.promise;
  // What is folded must fit, too: solutions, answers, code.
  document.querySelectorAll("details").forEach(e => { e.open = true; });
  document.querySelectorAll(".toggle-hidden").forEach(
    e => e.classList.remove("toggle-hidden"));
  const root = document.scrollingElement;
  const wide = [...document.querySelectorAll("main *")].filter(e =>
    e.getBoundingClientRect().right > root.clientWidth + 1 &&
    !e.closest("pre, table, .pst-scrollable-table-container"));
  const image = document.querySelector(".cell_output img");
  return {
    overflow: root.scrollWidth - root.clientWidth,
    widest: wide.slice(0, 3).map(e => e.outerHTML.slice(0, 90)),
    rawMath: [...document.querySelectorAll(".math")]
      .filter(e => !e.querySelector("mjx-container")).length,
    mathErrors: document.querySelectorAll("mjx-merror").length,
    theme: document.documentElement.dataset.theme,
    filter: image ? getComputedStyle(image).filter : "none",
  };
}"""


@pytest.fixture(scope="module", params=VIEWS.values(), ids=VIEWS)
def visits(request, browser, site, pages) -> list[Visit]:
    """Every page, visited in one of four views."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    visits = [_visit(context, site, page) for page in pages]
    context.close()
    for visit in visits:
        assert visit.seen["theme"] == scheme
    return visits


def _visit(context, site: str, address: str) -> Visit:
    visit = Visit(address)
    page = context.new_page()

    def on_request(request):
        ours = (site, "data:", "blob:", "about:")
        if not request.url.startswith(ours):
            visit.foreign.append(request.url)

    def on_console(message):
        if message.type == "error":
            visit.errors.append(message.text)

    def on_response(response):
        if response.status >= 400:
            visit.missing.append(response.url)

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.goto(site + address, wait_until="networkidle")
    page.wait_for_function("document.documentElement.dataset.theme != 'auto'")
    visit.seen = page.evaluate(LOOK)
    page.close()
    return visit


def _tell(visits: list[Visit], what) -> list:
    return [(v.page, what(v)) for v in visits if what(v)]


@pytest.mark.browser
def test_no_page_has_an_error(visits):
    assert _tell(visits, lambda v: v.errors) == []


@pytest.mark.browser
def test_no_page_asks_another_host(visits):
    """A reader may be offline, and nobody should learn what they read."""
    assert _tell(visits, lambda v: v.foreign) == []


@pytest.mark.browser
def test_no_page_asks_for_what_is_not_there(visits):
    assert _tell(visits, lambda v: v.missing) == []


@pytest.mark.browser
def test_mathematics_is_rendered(visits):
    """Neither left as TeX, nor red because of a macro that nobody defined."""
    assert _tell(visits, lambda v: v.seen["rawMath"]) == []
    assert _tell(visits, lambda v: v.seen["mathErrors"]) == []


@pytest.mark.browser
def test_no_page_is_wider_than_the_screen(visits):
    too_wide = _tell(
        visits, lambda v: v.seen["overflow"] > 0 and v.seen["widest"]
    )
    assert too_wide == []
    assert [v.page for v in visits if v.seen["overflow"] > 0] == []


@pytest.mark.browser
def test_the_theme_leaves_colors_alone(visits):
    """In dark mode it dims pictures; here the color is the content."""
    assert _tell(visits, lambda v: v.seen["filter"] != "none") == []


@pytest.mark.browser
def test_mathematics_would_be_rendered(browser, site):
    """The MathJax that lies here typesets, also while no page has any."""
    page = browser.new_page()
    page.goto(site + "book/index.html", wait_until="load")
    page.set_content(r"<p class='math'>\(\sqrt{a^{*2} + b^{*2}}\)</p>")
    page.add_script_tag(url=site + "_static/vendor/mathjax/tex-chtml.js")
    page.wait_for_selector("mjx-container", timeout=20_000)
    page.close()


@pytest.mark.browser
def test_the_root_leads_to_the_first_page(browser, site):
    page = browser.new_page()
    page.goto(site)
    page.wait_for_url("**/book/index.html")
    page.close()


@pytest.fixture(scope="module")
def soups(html, pages) -> dict[str, BeautifulSoup]:
    return {
        page: BeautifulSoup((html / page).read_text(), "html.parser")
        for page in pages
    }


def test_links_inside_the_book_lead_somewhere(soups, html):
    """Files and the places inside them."""
    ids = {
        page: {tag["id"] for tag in soup.find_all(id=True)}
        for page, soup in soups.items()
    }
    broken = []
    for page, soup in soups.items():
        for link in soup.find_all("a", href=True):
            url = urljoin(f"http://book/{page}", link["href"])
            if not url.startswith("http://book/"):
                continue
            path, anchor = urldefrag(unquote(url).removeprefix("http://book/"))
            path = path.partition("?")[0]
            if not (html / path).exists():
                broken.append((page, link["href"]))
            elif anchor and path in ids and anchor not in ids[path]:
                broken.append((page, link["href"]))
    assert broken == []


def test_every_picture_says_what_it_shows(soups):
    """A file name as alternative text is read out letter by letter."""
    silent = [
        (page, image.get("src", "")[-60:], image.get("alt"))
        for page, soup in soups.items()
        for image in soup.find_all("img")
        if not image.get("alt") or FILE_NAME.search(image["alt"])
    ]
    assert silent == []


def test_every_picture_says_how_large_it_is(soups):
    """One that arrives late would push away the line that is being read."""
    sizeless = [
        (page, image["src"][-60:])
        for page, soup in soups.items()
        for image in soup.select("main img")
        if not (image.get("width") and image.get("height"))
    ]
    assert sizeless == []


def test_photographs_are_webp(soups):
    """A page of PNGs or JPEGs takes a telephone several times as long."""
    pictures = [
        image["src"].rpartition(".")[2]
        for soup in soups.values()
        for image in soup.select(".cell_output img")
    ]
    assert set(pictures) == {"webp"}


def test_the_card_of_the_model_is_on_its_page(soups):
    """The page must show the model that ships, not last month's."""
    import json

    from colorlib.models import weights

    card = json.loads(weights.SHIPPED.with_suffix(".json").read_text())
    text = soups["book/model-card.html"].get_text(" ")
    assert card["sha256"] in text
    assert card["name"] in text
