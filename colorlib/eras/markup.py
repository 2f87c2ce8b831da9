"""Text out of the HTML that archives put into their fields.

Commons answers with an author as a link, a title as a table, and a date with
a hidden copy for machines, "1951date QS:P571,+1951-...". Chapter 15.
"""

import re
from html.parser import HTMLParser

LONGEST = 500
"""Characters that are kept of a field."""

_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
_HIDDEN = re.compile(r"display:\s*none", re.I)
_FOR_MACHINES = re.compile(r"\s*\b(?:date|title|label|object name)? ?QS:\S.*")
# A word of this kind glued to what stands before it: "1951date QS:P571,..."
_GLUED = re.compile(r"(?<=\w)(?=(?:date|title|label) QS:)")


def plain_text(html: object) -> str:
    """Return a field's text as one line.

    Args:
        html: what an archive answers: HTML, text, a list of texts, or None.

    Returns:
        What a reader would see of it, at most `LONGEST` characters, without
        hidden parts and without what can't be printed.

    >>> plain_text('<a href="//x">Kim  &amp; Lee</a><br>Seoul')
    'Kim & Lee Seoul'
    """
    if isinstance(html, list | tuple):
        return "; ".join(filter(None, map(plain_text, html)))[:LONGEST]
    reader = _Reader()
    reader.feed(str(html or ""))
    reader.close()
    text = "".join(c if c.isprintable() else " " for c in reader.text)
    text = _FOR_MACHINES.sub("", _GLUED.sub(" ", text))
    return " ".join(text.split())[:LONGEST].rstrip()


class _Reader(HTMLParser):
    """Collects text, but for what a page hides."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._hidden: list[str] = []  # open tags, from the hiding one on

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        style = dict(attrs).get("style") or ""
        hides = tag in ("script", "style") or _HIDDEN.search(style)
        if tag in _VOID:
            self.text += " " if tag == "br" else ""
        elif hides or self._hidden:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        elif tag in ("p", "div", "li", "td", "tr"):
            self.text += " "

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data
