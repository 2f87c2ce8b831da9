"""Load MathJax on pages that have mathematics, and on no others.

Sphinx also loads it on every page above them in the table of contents, for
there a title might hold a formula. Here the first page is above all others,
and MathJax weighs more than that page.
"""

from sphinx.domains.math import MathDomain


class OwnMathDomain(MathDomain):
    """Sphinx's, asked about one page at a time."""

    def has_equations(self, docname: str | None = None) -> bool:
        if docname is None:
            return super().has_equations()
        return self.data["has_equations"].get(docname, False)


def setup(app):
    app.add_domain(OwnMathDomain, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
