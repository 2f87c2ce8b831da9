"""Bind the rendered pages into one document, ready to be printed.

Sixteen chapters on paper are one book: one run of page numbers, one list of
contents, and a reference from chapter 12 to chapter 04 that leads there. So
the pages that `make book` rendered are put behind one another in the order
of _toc.yml. What had its name on one page gets one in the whole book: the
place `two-lines` of `chapters/01_five_minutes` is then called
`chapters/01_five_minutes/two-lines`, and every link is turned to match.

Folds are unfolded. Answers leave their chapter for the end of the book, so
that nobody reads them by accident. pdf.py prints what comes out of here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from bs4 import BeautifulSoup, Tag
from sphinx_external_toc.parsing import SiteMap, parse_toc_yaml

# The book's address while it is bound and printed. Nobody can own this host.
HOME = "http://book.invalid/"

# What a screen needs and paper doesn't.
SCREEN_ONLY = ".headerlink, .no-print, noscript, script, details.hide > summary"
ANSWERS = ".solution, .print-at-end"
# Code or a table is kept on one page up to this many lines: about half of one.
LONG = 35


class BindingError(ValueError):
    """A page of the book is missing, or is no page. One line."""


@dataclass(frozen=True)
class Chapter:
    """A page of the book and what stands before it."""

    page: str
    """Its file without the ending, as in _toc.yml: `book/how-to-use`."""
    part: str = ""
    """The caption of the part that begins with it."""


def reading_order(toc: Path) -> list[Chapter]:
    """Return the pages from first to last, as _toc.yml lists them."""
    site = parse_toc_yaml(toc)
    return [Chapter(site.root.docname), *_below(site.root.docname, site)]


def bind(
    html: Path, chapters: list[Chapter], *, title: str, cover: str, imprint: str
) -> str:
    """Return the whole book as one HTML document.

    Its addresses are relative to `html`. Elements with `data-page` want the
    number of the page on which the place that they name begins.

    Args:
        html: the folder that `make book` rendered.
        chapters: what to bind, in order.
        title: the document's title.
        cover: the inside of the first page, as HTML.
        imprint: the inside of the page behind it.

    Raises:
        BindingError: if a page was not rendered.
    """
    order = {chapter.page for chapter in chapters}
    sheets = {c.page: _read(html, c.page) for c in chapters}
    sections = {
        page: _section(sheet, page, order) for page, sheet in sheets.items()
    }
    answers = _move_answers(sections)
    contents = [_part_and_lines(c, sections[c.page]) for c in chapters]
    if answers:
        contents.append(_line(answers["id"], "h1", answers.h1.get_text()))
        sections[answers["id"]] = answers
    for chapter in chapters:
        if chapter.part:
            part = f'<p class="part">{escape(chapter.part)}</p>'
            sections[chapter.page].insert(0, _html(part))
    body = "\n".join(map(str, sections.values()))
    return DOCUMENT.format(
        title=escape(title),
        head="\n".join(_head(sheets)),
        running=_running_heads(sections),
        cover=cover,
        imprint=imprint,
        contents="\n".join(contents),
        body=body,
    )


def page_reference(place: str) -> str:
    """Return the element that will say on which page a place is."""
    return f'<span class="number" data-page="{escape(place)}"></span>'


DOCUMENT = """\
<!doctype html>
<html lang="en" class="bound" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<title>{title}</title>
{head}
<link rel="stylesheet" href="_static/css/bound.css">
<style>
{running}
</style>
</head>
<body>
<div class="front">{cover}</div>
<div class="imprint">{imprint}</div>
<nav class="book-contents bd-article" id="contents">
<h1>Contents</h1>
{contents}
</nav>
<main class="bd-content">
{body}
</main>
</body>
</html>
"""


def _below(page: str, site: SiteMap) -> Iterator[Chapter]:
    """Yield all pages under a page, each part's caption with its first."""
    for tree in site[page].subtrees:
        caption = tree.caption or ""
        for item in tree.items:
            if item not in site:  # an address, which is no page of the book
                continue
            yield Chapter(item, caption)
            yield from _below(item, site)
            caption = ""


def _read(html: Path, page: str) -> BeautifulSoup:
    path = html / f"{page}.html"
    if not path.exists():
        raise BindingError(
            f"expected the rendered page {page}.html in {html.name}/, found"
            " none: make book"
        )
    return BeautifulSoup(path.read_text(), "html.parser")


def _section(sheet: BeautifulSoup, page: str, order: set[str]) -> Tag:
    """Take the article out of a page, and make it fit for a bound book."""
    article = sheet.select_one("article.bd-article")
    for tag in article.select(SCREEN_ONLY):
        tag.decompose()
    for fold in article.select("details"):
        fold.name = "div"
    for title in article.select("summary"):
        title.name = "p"
    for tag in article.select("pre, table"):
        rows = tag.select("tr") or tag.get_text().split("\n")
        if len(rows) > LONG:
            tag["class"] = [*tag.get("class", []), "long"]
    for tag in article.find_all(True):
        _rename(tag, page)
    for link in article.select("a[href]"):
        _turn(link, page, order)
    article.name = "section"
    article["id"] = page
    return article


def _rename(tag: Tag, page: str) -> None:
    """Give a place its name in the whole book, a file its path from the top."""
    if tag.get("id"):
        tag["id"] = f"{page}/{tag['id']}"
    for attribute in ("for", "aria-labelledby", "aria-describedby"):
        if attribute in tag.attrs:
            names = " ".join(tag.get_attribute_list(attribute)).split()
            tag[attribute] = " ".join(f"{page}/{name}" for name in names)
    for attribute in ("src", "data"):
        if attribute in tag.attrs:
            tag[attribute] = urljoin(f"{HOME}{page}", tag[attribute])
    if tag.name == "img":
        # Paper has no "later".
        tag.attrs.pop("loading", None)


def _turn(link: Tag, page: str, order: set[str]) -> None:
    """Lead a link to the same place in the bound book.

    Who reads on paper can't click, but can turn to a page or type an
    address: both are told, except in code, where every name is a link. What
    is not bound (downloads, the index) has no place: its words stay.
    """
    url, place = urldefrag(urljoin(f"{HOME}{page}.html", link["href"]))
    if not url.startswith(HOME):
        address = link["href"].partition("://")[2]
        said = link.get_text().partition(":")[2] or link.get_text()
        if address and said.strip("/ ") not in address and not _code(link):
            told = f' <span class="address">({escape(address)})</span>'
            link.insert_after(_html(told))
        return
    target = unquote(url.removeprefix(HOME)).removesuffix(".html")
    if target not in order:
        link.unwrap()
        return
    name = f"{target}/{unquote(place)}" if place else target
    link["href"] = f"#{name}"
    if target != page and link.select_one(".std-doc, .std-ref, .std-numref"):
        link.insert_after(_html(f" (page {page_reference(name)})"))


def _move_answers(sections: dict[str, Tag]) -> Tag | None:
    """Gather what answers a question at the end; leave a page number."""
    end = _html(
        '<section class="bd-article" id="answers"><h1>Answers</h1></section>'
    ).section
    for page, section in sections.items():
        found = [
            tag for tag in section.select(ANSWERS) if not _inside(tag, ANSWERS)
        ]
        if found:
            title = section.h1.get_text()
            end.append(_html(f"<h2>{escape(title)}</h2>"))
        for number, tag in enumerate(found, start=1):
            name = tag.attrs.setdefault("id", f"{page}/answer-{number}")
            pointer = (
                f'<p class="pointer"><a href="#{escape(name)}">Answered on page'
                f" {page_reference(name)}</a></p>"
            )
            tag.replace_with(_html(pointer))
            end.append(tag)
    return end if end.h2 else None


def _code(link: Tag) -> bool:
    return bool(link.find_parent(["pre", "code"]) or link.find("code"))


def _inside(tag: Tag, selector: str) -> bool:
    return any(parent.css.match(selector) for parent in tag.parents)


def _part_and_lines(chapter: Chapter, section: Tag) -> str:
    """Return a chapter's lines in the contents: itself, then its sections."""
    lines = []
    if chapter.part:
        lines.append(f'<p class="part">{escape(chapter.part)}</p>')
    for heading in section.select("section > h1, section > h2"):
        name = heading.get("id") or heading.parent.get("id")
        if name:
            lines.append(_line(name, heading.name, heading.get_text()))
    return "\n".join(lines)


def _line(name: str, level: str, title: str) -> str:
    return (
        f'<p class="to-{level}"><a href="#{escape(name)}">'
        f"<span>{escape(title)}</span>{page_reference(name)}</a></p>"
    )


def _head(sheets: dict[str, BeautifulSoup]) -> Iterator[str]:
    """Yield the style sheets of all pages, and MathJax if one has it."""
    seen = set()
    for page, sheet in sheets.items():
        for tag in sheet.select("link[rel=stylesheet], head script"):
            attribute = "href" if tag.name == "link" else "src"
            if tag.get(attribute):
                tag[attribute] = urljoin(f"{HOME}{page}", tag[attribute])
            mathematics = "MathJax" in tag.text or "mathjax" in str(tag)
            if tag.name == "script" and not mathematics:
                continue
            if str(tag) not in seen:
                seen.add(str(tag))
                yield str(tag)


def _running_heads(sections: dict[str, Tag]) -> str:
    """Return a kind of page for each chapter, with its title at the top.

    Chromium knows no way to take the running head from the page itself.
    """
    rules = []
    for number, (page, section) in enumerate(sections.items()):
        title = section.h1.get_text().replace("\\", "\\\\").replace('"', '\\"')
        rules.append(
            f'[id="{page}"] {{ page: chapter{number}; }}\n'
            f"@page chapter{number}:left {{"
            f' @top-left {{ content: "{title}"; }} }}\n'
            f"@page chapter{number}:right {{"
            f' @top-right {{ content: "{title}"; }} }}'
        )
    return "\n".join(rules)


def _html(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")
