"""Turn "Chapter 09" into a link, on every page, if that chapter is written.

Docstrings, the glossary and the chapters themselves name chapters in plain
words, which read well in an editor and on Colab. Here the words become links.
A chapter that isn't there yet stays plain text, and becomes a link by itself
on the day it is. (Of other people's books write "ch. 13".)
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

# "Chapter 09", "Chapters 07 and 10", "chapters 10 to 12".
MENTION = re.compile(r"\b[Cc]hapters?\s+\d\d(?:(?:,| and| to)\s+\d\d)*\b")
NUMBER = re.compile(r"(?:[Cc]hapter\s+)?\d\d\b")
# Where a link would be wrong, or inside another one.
NOT_IN = (
    nodes.reference,
    nodes.literal,
    nodes.title,
    addnodes.pending_xref,
    nodes.FixedTextElement,
)


class ChapterLinks(SphinxTransform):
    """Link the chapters that a page's prose mentions."""

    default_priority = 700

    def apply(self, **kwargs) -> None:
        chapters = {
            found[1]: name
            for name in self.env.found_docs - {self.env.docname}
            if (found := re.match(r"chapters/(\d\d)_", name))
        }
        for text in list(self.document.findall(nodes.Text)):
            if not _is_inside(text, NOT_IN):
                pieces = link(str(text), chapters)
                if len(pieces) > 1:
                    text.parent.replace(text, pieces)


def link(text: str, chapters: dict[str, str]) -> list[nodes.Node]:
    """Split a text where it names chapters that there are.

    Args:
        text: running text.
        chapters: documents by their number, "09".

    Returns:
        Texts and references in turn; one text if there is nothing to link.
    """
    pieces, done = [], 0
    for mention in MENTION.finditer(text):
        for number in NUMBER.finditer(text, mention.start(), mention.end()):
            target = chapters.get(number[0][-2:])
            if target:
                pieces.append(nodes.Text(text[done : number.start()]))
                pieces.append(_reference(number[0], target))
                done = number.end()
    return [*pieces, nodes.Text(text[done:])]


def _reference(words: str, target: str) -> nodes.Node:
    return addnodes.pending_xref(
        "",
        nodes.inline("", words),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{target}",
        refexplicit=True,
        refwarn=True,
    )


def _is_inside(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    while (node := node.parent) is not None:
        if isinstance(node, kinds):
            return True
    return False


def setup(app):
    app.add_transform(ChapterLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
