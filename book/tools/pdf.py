"""Print the whole book as one PDF, beside the pages that `make book` made.

    make pdf                              build the book, then print it
    python book/tools/pdf.py HTML         print the pages that lie in HTML

Chromium prints: the same engine that showed the pages while they were
written. It can't say in the contents on which page a chapter begins, because
it learns that by printing. So it prints twice. From the first PDF we read
where every place came to lie, write the numbers into the contents, and print
again. (CSS has target-counter() for this; Chromium doesn't know it.)

All that the document asks for is handed out from the folder, from an address
that nobody can own. Nothing else is answered, and a hole where a picture
should be is an error.
"""

import io
import mimetypes
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from binding import (
    HOME,
    BindingError,
    Chapter,
    bind,
    page_reference,
    reading_order,
)
from browsers import find_chromium
from PIL import Image
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Route, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

import colorlib

ROOT = Path(__file__).resolve().parents[2]
NAME = "back-in-color.pdf"
# A place on the first page where the link to the PDF goes. It stays empty in
# a book that was not printed.
LINK = re.compile(r'(<div id="whole-book"[^>]*>).*?(</div>)', re.S)

HEADINGS = r"""() =>
  [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter(heading => heading.checkVisibility())
    .map(heading => heading.innerText.replace(/\s+/g, " ").trim())"""
FILL = """numbers => {
  for (const e of document.querySelectorAll("[data-page]"))
    e.textContent = numbers[e.dataset.page] ?? "";
}"""
# As wide as bound.css leaves a page between its margins: 164 mm.
WIDTH = 619
WIDEST = """() => {
  const page = document.scrollingElement.clientWidth;
  const wide = [...document.querySelectorAll("main *")].filter(
    e => e.getBoundingClientRect().right > page + 1);
  return document.scrollingElement.scrollWidth > page + 1 && wide.length
    ? wide.at(-1).outerHTML.slice(0, 80) : "";
}"""
# MathJax sizes formulas by the letters around them, and those were late.
METRICS = 110  # its name for that step
# The whole book takes seconds, and minutes on a busy machine.
MOST_MS = 600_000
READY = f"""async () => {{
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
  window.MathJax?.startup?.document.rerender({METRICS});
}}"""


class PrintError(RuntimeError):
    """The book can't be printed. One line."""


def print_book(html: Path, chapters: list[Chapter], *, today: date) -> bytes:
    """Return the rendered book as a PDF.

    Args:
        html: the folder that `make book` rendered.
        chapters: what to print, in order.
        today: the date that its second page tells.

    Raises:
        BindingError: if a page was not rendered.
        PrintError: if there is no Chromium, or the pages ask for a file that
            is not in `html`.
    """
    about = yaml.safe_load((ROOT / "_config.yml").read_text())
    document = bind(
        html,
        chapters,
        title=about["title"],
        cover=COVER.format(**about),
        imprint=IMPRINT.format(
            version=colorlib.__version__,
            today=f"{today.day} {today:%B %Y}",
            credits=page_reference("book/credits"),
            **about,
        ),
    )
    with opened(document, html) as page:
        headings = page.evaluate(HEADINGS)
        pdf = PdfReader(io.BytesIO(print_numbered(page)))
    # Chromium's file stays as it is; this is appended to it.
    writer = PdfWriter(pdf, incremental=True)
    name_bookmarks(writer, headings)
    writer.add_metadata(
        {
            "/Title": about["title"],
            "/Author": about["author"],
            "/Subject": SUBJECT,
            "/Creator": "book/tools/pdf.py",
        }
    )
    writer.page_mode = "/UseOutlines"
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@contextmanager
def opened(document: str, html: Path) -> Iterator[Page]:
    """Open a document in a browser that sees the files in `html` only.

    Raises:
        PrintError: see `print_book`.
    """
    missing = []

    def answer(route: Route) -> None:
        url = route.request.url
        file = html / unquote(urlsplit(url).path).lstrip("/")
        if url == HOME:
            route.fulfill(body=document, content_type="text/html")
        elif url.startswith(HOME) and file.is_file():
            kind, _ = mimetypes.guess_type(file)
            body = file.read_bytes()
            if kind == "text/css":
                # A reader goes on without letters that are late, we wait.
                body = body.replace(b"display: optional", b"display: block")
            elif kind == "image/webp":
                kind, body = "image/jpeg", as_jpeg(body)
            route.fulfill(body=body, content_type=kind)
        else:
            missing.append(url)
            route.abort()

    with sync_playwright() as playwright:
        try:
            # Without a path Playwright looks for one of its own.
            browser = playwright.chromium.launch(
                executable_path=find_chromium()
            )
        except BrowserError as error:
            raise PrintError(
                "expected a Chromium or Chrome that starts, to print with, got:"
                f" {error.message.splitlines()[0]}; install one, or"
                " .venv/bin/playwright install chromium"
            ) from None
        page = browser.new_page(
            color_scheme="light", viewport={"width": WIDTH, "height": 900}
        )
        page.set_default_timeout(MOST_MS)
        page.route("**/*", answer)
        page.emulate_media(media="print")
        page.goto(HOME, wait_until="networkidle")
        page.evaluate(READY)
        if missing:
            raise PrintError(
                f"the pages ask for what is not in {html.name}/:"
                f" {missing[0]} ({len(missing)} in all)"
            )
        # Chromium would print everything smaller, or cut it off.
        if widest := page.evaluate(WIDEST):
            raise PrintError(f"wider than the paper: {widest}")
        yield page
        browser.close()


def as_jpeg(webp: bytes) -> bytes:
    """Encode a picture anew: in a PDF a JPEG stays one.

    Anything else becomes bare pixels, several times as large. WebP has lost
    what it loses already, so a high quality keeps the rest. Where a picture
    shows the page, it shows white paper.
    """
    out = io.BytesIO()
    image = Image.open(io.BytesIO(webp)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    paper.convert("RGB").save(
        out, format="jpeg", quality=92, subsampling="4:4:4"
    )
    return out.getvalue()


def print_numbered(page: Page) -> bytes:
    """Print until every page number that the document tells is true.

    The second time usually is the last: a number written in could push a
    line, and with it a chapter, to the next page.

    Raises:
        PrintError: if the numbers still change after five times.
    """
    told: dict[str, int] = {}
    for _ in range(5):
        page.evaluate(FILL, told)
        pdf = page.pdf(
            prefer_css_page_size=True,
            print_background=True,
            tagged=True,
            outline=True,
        )
        true = places(PdfReader(io.BytesIO(pdf)))
        if true == told:
            return pdf
        told = true
    raise PrintError("the page numbers don't settle")


def name_bookmarks(writer: PdfWriter, headings: list[str]) -> None:
    """Give every bookmark its heading's words.

    A heading that moved to the next page with what follows it was laid out
    twice, and Chromium writes both down: "SummarySummary".

    Raises:
        PrintError: if there are not as many bookmarks as headings.
    """
    bookmarks = list(_bookmarks(writer.root_object["/Outlines"]))
    if len(bookmarks) != len(headings):
        raise PrintError(
            f"{len(headings)} headings make {len(bookmarks)} bookmarks"
        )
    for bookmark, heading in zip(bookmarks, headings, strict=True):
        bookmark[NameObject("/Title")] = TextStringObject(heading)


def _bookmarks(above: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield what is below a bookmark, from the first page to the last."""
    item = above.get("/First")
    while item is not None:
        yield item.get_object()
        yield from _bookmarks(item.get_object())
        item = item.get_object().get("/Next")


def places(pdf: PdfReader) -> dict[str, int]:
    """Return the page, counted from 1, of every place that is linked to."""
    return {
        unquote(name).removeprefix("/"): 1
        + pdf.get_destination_page_number(destination)
        for name, destination in pdf.named_destinations.items()
    }


def link_to(pdf: Path, first_page: Path) -> None:
    """Tell on the book's first page that there is a PDF."""
    words = (
        f'<p>On paper or offline: <a href="../{pdf.name}">the whole book as one'
        f" PDF</a> ({pdf.stat().st_size / 1e6:.0f} MB).</p>"
    )
    text = first_page.read_text()
    first_page.write_text(LINK.sub(rf"\g<1>{words}\g<2>", text))


def main(arguments: list[str]) -> int:
    """Print the book that lies in a folder into that folder."""
    html = Path(arguments[0] if arguments else ROOT / "_build" / "html")
    try:
        chapters = reading_order(ROOT / "_toc.yml")
        pdf = print_book(html, chapters, today=date.today())
    except (BindingError, PrintError) as error:
        print(f"pdf.py: {error}", file=sys.stderr)
        return 1
    (html / NAME).write_bytes(pdf)
    link_to(html / NAME, html / "book" / "index.html")
    print(f"The book to print is {html / NAME}")
    return 0


SUBJECT = "A course on coloring historical photographs with neural networks"
COVER = f"""\
<p class="title">{{title}}</p>
<p class="subject">{SUBJECT}</p>
<img src="_static/made/cover.webp" alt="">
<p class="author">{{author}}</p>
"""
IMPRINT = """\
<p>{title}, version {version}, printed on {today}.</p>
<p>© {copyright} {author}. The text may be shared and changed under
CC BY 4.0, the code under the MIT license. Photographs have terms of their
own: see <a href="#book/credits">page {credits}</a>.</p>
<p>What moves on a screen stands still here, and what can be clicked there is
a question with its answer at the end. The pages that move, and the notebooks
to run, are made by <code>make book</code>.</p>
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
