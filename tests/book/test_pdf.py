"""The book on paper: bound, printed, and every page number true."""

import io
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import binding
import browsers
import pdf
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 1)
LAID_OUT = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const size = element => parseFloat(getComputedStyle(element).fontSize);
  return {
    pictures: all("img").length,
    formulas: all("p mjx-container").map(e => size(e) / size(e.parentElement)),
    exercises: all(".exercise, .solution").map(
      e => getComputedStyle(e).breakInside),
  };
}"""


# Binding


@pytest.fixture
def small(tmp_path) -> Path:
    """A rendered book of two pages that know of each other."""
    pages = {
        "first": """
            <h1>First<a class="headerlink" href="#a">#</a></h1>
            <p id="a"><a href="sub/second.html#a"><span class="std-ref">there
            </span></a> <a href="#a">here</a> <a href="../x.ipynb">file</a>
            <a href="https://example.org/x">outside</a></p>
            <p class="no-print">Slide me</p><p class="only-print">Still</p>
            <div class="exercise">Why?</div>
            <div class="solution" id="why">Because.</div>
            <details><summary>Fold</summary>Folded</details>""",
        "sub/second": """
            <h1>Second</h1><p id="a"><label for="b">b</label><i id="b"></i></p>
            <img src="../_images/one.png" loading="lazy" alt="One">""",
    }
    for name, inside in pages.items():
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f'<article class="bd-article"><section id="top">{inside}'
            "</section></article>"
        )
    return tmp_path


def bound(html: Path) -> BeautifulSoup:
    chapters = [binding.Chapter("first"), binding.Chapter("sub/second", "Two")]
    text = binding.bind(html, chapters, title="T & T", cover="", imprint="")
    return BeautifulSoup(text, "html.parser")


def test_pages_come_in_the_order_of_the_contents():
    """Also those below another page, and a caption only before its first."""
    chapters = binding.reading_order(ROOT / "_toc.yml")
    assert chapters[0] == binding.Chapter("book/index")
    listed = re.findall(
        r"(?m)^ *- file: (\S+)", (ROOT / "_toc.yml").read_text()
    )
    assert [chapter.page for chapter in chapters[1:]] == listed
    parts = [chapter.part for chapter in chapters if chapter.part]
    assert len(parts) == len(set(parts)) > 1


def test_places_of_the_same_name_are_told_apart(small):
    """Two chapters have a `summary`; a link must not lead to the other one."""
    book = bound(small)
    ids = [tag["id"] for tag in book.find_all(id=True)]
    assert len(ids) == len(set(ids))
    links = {a.get_text().strip(): a["href"] for a in book.select("p a")}
    assert links["there"] == "#sub/second/a"
    assert links["here"] == "#first/a"
    assert links["outside"] == "https://example.org/x"
    assert "file" not in links
    assert book.select_one("label")["for"] == "sub/second/b"


def test_a_reader_of_paper_is_told_where_links_lead(small):
    words = " ".join(bound(small).get_text().split())
    assert "there (page )" in words
    assert "outside (example.org/x)" in words


def test_what_paper_can_do_and_what_not(small):
    book = bound(small)
    assert "Slide me" not in book.get_text()
    assert "Still" in book.get_text()
    assert "Folded" in book.get_text()
    assert not book.select("details, summary, .headerlink")
    picture = book.select_one("img")
    assert picture["src"] == f"{binding.HOME}_images/one.png"
    assert "loading" not in picture.attrs


@pytest.mark.parametrize("rows", [30, 40])
def test_only_what_is_long_may_be_cut(small, rows):
    """A table has more lines as HTML than it has rows on paper."""
    row = "<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n"
    page = small / "first.html"
    code = "x\n" * rows
    extra = f"<table>{row * rows}</table><pre>{code}</pre></section>"
    page.write_text(page.read_text().replace("</section>", extra))
    for tag in bound(small).select("table, pre"):
        assert ("long" in tag.get("class", [])) == (rows > binding.LONG)


def test_answers_stand_at_the_end(small):
    """Not below the question, where one can't help reading them."""
    book = bound(small)
    assert "Because." not in book.find(id="first").get_text()
    assert "Because." in book.find(id="answers").get_text()
    pointer = book.select_one("[id='first'] .pointer a")
    assert pointer["href"] == "#first/why"
    assert pointer.select_one("[data-page='first/why']")


def test_every_link_of_the_whole_book_finds_its_place(html):
    """Chromium drops a link to nowhere without a word."""
    chapters = binding.reading_order(ROOT / "_toc.yml")
    text = binding.bind(html, chapters, title="", cover="", imprint="")
    book = BeautifulSoup(text, "html.parser")
    ids = {tag["id"] for tag in book.find_all(id=True)}
    links = {a["href"][1:] for a in book.select("a[href^='#']")}
    assert links - ids == set()
    assert {tag["data-page"] for tag in book.select("[data-page]")} <= links


def test_a_page_that_was_not_rendered_is_one_clear_line(tmp_path):
    with pytest.raises(binding.BindingError, match=r"first\.html.*make book"):
        bound(tmp_path)


# Printing


def apart(function, *arguments, **settings):
    """Call what starts Playwright in a thread of its own.

    The tests of other modules keep theirs open in this one, and a second
    beside it is refused.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments, **settings).result()


@pytest.fixture(scope="module")
def chapters() -> list[binding.Chapter]:
    """Two pages and a chapter: enough to get every number wrong."""
    order = binding.reading_order(ROOT / "_toc.yml")
    with_answers = next(c for c in order if c.page.startswith("chapters/"))
    return [*order[:2], with_answers]


@pytest.fixture(scope="module")
def printed(html, chromium, chapters) -> bytes:
    return apart(pdf.print_book, html, chapters, today=DAY)


@pytest.fixture(scope="module")
def book(printed) -> PdfReader:
    return PdfReader(io.BytesIO(printed))


@pytest.fixture(scope="module")
def texts(book) -> list[str]:
    """What stands on each page, spaces evened out."""
    return [" ".join(page.extract_text().split()) for page in book.pages]


@pytest.fixture(scope="module")
def contents(book) -> list[tuple[str, int]]:
    """The lines of the contents: a title and the number of its page."""
    text = "\n".join(page.extract_text() for page in book.pages[:8])
    text = text.partition("Contents\n")[2]
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"(.+?) ?(\d+)", line)
        if match:
            found.append((" ".join(match[1].split()), int(match[2])))
        if line.startswith("Answers"):
            return found
    raise AssertionError(f"no line for the answers: {text[:500]}")


@pytest.mark.browser
def test_page_numbers_in_the_contents_are_true(contents, texts):
    """Read from the paper: the heading stands on the page that is named."""
    assert len(contents) > 20
    wrong = [line for line in contents if line[0] not in texts[line[1] - 1]]
    assert wrong == []
    numbers = [number for _, number in contents]
    assert numbers == sorted(numbers)
    assert numbers[-1] > numbers[0] > 2


@pytest.mark.browser
def test_every_page_says_its_number(texts):
    """All but the cover and the imprint, and the number counts from them."""
    told = [
        str(number) in re.findall(r"\d+", text)
        for number, text in enumerate(texts, start=1)
    ]
    assert all(told[2:])


@pytest.mark.browser
def test_every_page_of_the_book_is_in_it(html, chapters, contents):
    titles = [title for title, _ in contents]
    for chapter in chapters:
        page = (html / f"{chapter.page}.html").read_text()
        h1 = BeautifulSoup(page, "html.parser").select_one("article h1")
        h1.select_one(".headerlink").decompose()
        assert h1.get_text() in titles


@pytest.mark.browser
def test_links_lead_into_the_book_or_to_the_web(book, printed):
    """Never to a folder of whoever printed it."""
    places = set(book.named_destinations)
    inside = 0
    for page in book.pages:
        for note in page.get("/Annots", []):
            link = note.get_object()
            if "/Dest" in link:
                assert link["/Dest"] in places
                inside += 1
            else:
                assert link["/A"]["/URI"].startswith(("http", "mailto:"))
    assert inside > 20
    for private in (b"file:", b"book.invalid", str(ROOT).encode()):
        assert private not in printed


@pytest.mark.browser
def test_the_file_says_what_it_is(book, chapters):
    """Title, author, language; headings as bookmarks; readable aloud."""
    assert book.metadata.title == "Back in Color"
    assert "contributors" in book.metadata.author
    assert book.root_object["/Lang"] == "en"
    assert book.root_object["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in book.root_object
    top = [item for item in book.outline if not isinstance(item, list)]
    assert len(top) == len(chapters) + 2  # the contents, the answers


@pytest.mark.browser
def test_every_bookmark_says_its_heading_once(book, texts):
    """A heading that moved to the next page was written down twice."""

    def below(items):
        for item in items:
            yield from below(item) if isinstance(item, list) else [item]

    for item in below(book.outline):
        words = " ".join(item.title.split())
        assert words
        page = texts[book.get_destination_page_number(item)]
        assert words in page, item.title


@pytest.mark.browser
def test_fonts_travel_with_it(book):
    """Else Hangul is boxes on a machine without a Korean font."""
    fonts = [
        font.get_object()
        for page in book.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        if font["/Subtype"] == "/Type3":  # drawn glyph by glyph, in the file
            continue
        (inner,) = font["/DescendantFonts"]
        descriptor = inner.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), font
    names = {str(font.get("/BaseFont")) for font in fonts}
    assert any("SourceSerif" in name for name in names), names


@pytest.mark.browser
def test_photographs_are_jpeg_in_it(book):
    """Chromium unpacks WebP, and bare pixels make a PDF twice as large."""
    found = [
        picture.get_object()["/Filter"]
        for page in book.pages
        for picture in page["/Resources"].get("/XObject", {}).values()
        if picture.get_object()["/Subtype"] == "/Image"
    ]
    assert found
    assert set(found) == {"/DCTDecode"}


def test_where_a_picture_shows_the_page_it_shows_paper():
    """Between two photographs; JPEG knows no transparency."""
    row = Image.new("RGBA", (40, 20), (200, 30, 30, 255))
    row.paste((0, 0, 0, 0), (16, 0, 24, 20))
    webp = io.BytesIO()
    row.save(webp, format="webp", lossless=True)
    paper = Image.open(io.BytesIO(pdf.as_jpeg(webp.getvalue())))
    assert min(paper.getpixel((20, 10))) > 240
    red, *others = paper.getpixel((4, 10))
    assert red > 190 > 50 > max(others)


@pytest.fixture(scope="module")
def laid_out(html, chromium) -> dict:
    """How the whole book lies on paper, before it is printed.

    `opened` refuses what is wider than a page, and a missing picture.
    """
    everything = binding.reading_order(ROOT / "_toc.yml")
    document = binding.bind(html, everything, title="", cover="", imprint="")
    read = Path.read_bytes

    def read_letters_late(path: Path) -> bytes:
        if path.suffix == ".woff2":
            time.sleep(0.5)
        return read(path)

    def lay_out() -> dict:
        with pdf.opened(document, html) as page:
            return page.evaluate(LAID_OUT)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", read_letters_late)
        return apart(lay_out)


@pytest.mark.browser
def test_the_whole_book_fits_the_paper(laid_out):
    assert laid_out["pictures"] > 10


@pytest.mark.browser
def test_formulas_are_as_large_as_the_text(laid_out):
    """MathJax measures the letters around them: not those of a stand-in."""
    assert laid_out["formulas"]
    assert all(1 < size < 1.2 for size in laid_out["formulas"])


@pytest.mark.browser
def test_an_exercise_may_end_on_the_next_page(laid_out):
    """The theme holds boxes together, and left half pages empty."""
    assert set(laid_out["exercises"]) == {"auto"}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<img src="/x.png"><img src="http://127.0.0.1:9/x.png">', "2 in all"),
        ('<pre style="width: 30cm">wide</pre>', "wider than the paper.*<pre"),
    ],
    ids=["missing", "wide"],
)
def test_what_would_spoil_the_print_stops_it(chromium, tmp_path, inside, said):
    def look():
        with pdf.opened(f"<main>{inside}</main>", tmp_path):
            pass

    with pytest.raises(pdf.PrintError, match=said):
        apart(look)


def test_no_browser_is_one_clear_line(small, monkeypatch, capsys):
    monkeypatch.setattr(browsers, "BROWSERS", ())
    monkeypatch.setattr(pdf, "reading_order", lambda _: [])
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(small))
    assert apart(pdf.main, [str(small)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "playwright install chromium" in err


def test_the_first_page_links_to_the_latest_pdf(tmp_path):
    """Printing again must not add a second link, nor keep the old size."""
    page = tmp_path / "index.html"
    page.write_text('<p>a</p><div id="whole-book" class="no-print"></div>')
    for size in (2_600_000, 4_100_000):
        (tmp_path / "b.pdf").write_bytes(bytes(size))
        pdf.link_to(tmp_path / "b.pdf", page)
    assert page.read_text().count('href="../b.pdf"') == 1
    assert "(4 MB)" in page.read_text()


def test_the_first_page_has_a_place_for_the_link():
    assert pdf.LINK.search((ROOT / "book/index.md").read_text())
