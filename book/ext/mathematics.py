"""Load MathJax where there is mathematics, and leave its formulas room.

Sphinx loads it on every page above a formula's in the table of contents, for
there a title might hold one. Here the first page is above all others, and
MathJax weighs more than that page.

A formula arrives as TeX, and MathJax draws it when it has come. That moves the
text around it, unless the formula has its room from the start: formulas.json
beside this file holds the width of each formula in a line and the height of
each that stands alone, as `book/tools/measure_formulas.py` has measured them.
One that isn't in there gets no room; tests/book/test_pages.py names it.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.domains.math import MathDomain

ROOM = Path(__file__).with_name("formulas.json")


class OwnMathDomain(MathDomain):
    """Sphinx's, asked about one page at a time."""

    def has_equations(self, docname: str | None = None) -> bool:
        if docname is None:
            return super().has_equations()
        return self.data["has_equations"].get(docname, False)


def leave_room(app) -> None:
    """Wrap what Sphinx writes for a formula into a box of its size."""
    renderers = app.registry
    for renderer, kind, tag in (
        (renderers.html_inline_math_renderers, "inline", "span"),
        (renderers.html_block_math_renderers, "block", "div"),
    ):
        visit, depart = renderer["mathjax"]
        renderer["mathjax"] = _boxed(visit, kind, tag), depart


def _boxed(visit, kind: str, tag: str):
    room = json.loads(ROOM.read_text())[kind]

    def visit_math(self, node) -> None:
        style = ""
        if (size := room.get(node.astext().strip())) is not None:
            side = "width" if kind == "inline" else "height"
            style = f' style="{side}:{size}em"'
        self.body.append(f'<{tag} class="formula"{style}>')
        try:
            visit(self, node)
        except nodes.SkipNode:
            self.body.append(f"</{tag}>")
            raise
        self.body.append(f"</{tag}>")

    return visit_math


def setup(app):
    app.add_domain(OwnMathDomain, override=True)
    # After MyST, which puts a renderer of its own there when the builder is.
    app.connect("builder-inited", leave_room, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
