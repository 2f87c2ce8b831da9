"""Say of Korean terms in the glossary that they are Korean.

A screen reader then pronounces them as such, and a browser picks Korean
letter shapes where Chinese and Japanese share the code points.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

HANGUL = re.compile("[가-힣]")


class KoreanTerms(SphinxTransform):
    """Give lang="ko" to every term written in Hangul."""

    default_priority = 700

    def apply(self, **kwargs) -> None:
        for term in self.document.findall(nodes.term):
            if HANGUL.search(term.astext()):
                # docutils writes this class as the attribute lang.
                term["classes"].append("language-ko")


def setup(app):
    app.add_transform(KoreanTerms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
