"""Mend what keeps some readers out, where others write the page.

tests/book/test_pages.py reads every page with axe-core. What it finds in our
own pages is mended there; what docutils, Sphinx, MyST-NB and the theme write
is mended here.
"""

import re

MENDED = {
    # A name that is not what the button shows can't be spoken to it.
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # A list holds items, and this role is no longer one.
    ' role="doc-biblioentry"': ' role="listitem"',
}
# A parameter a line: Sphinx writes a list of definitions without terms.
SIGNATURE = re.compile(r'<dt class="sig .*?</dt>', re.DOTALL)
LINES = {
    "<dl>": "",
    "</dl>": "",
    "<dd>": '<span class="sig-line">',
    "</dd>": "</span>",
}


def mend(app, pagename, templatename, context, doctree):
    """Replace, in the text of a page, what is known to be wrong."""
    for wrong, right in MENDED.items():
        if wrong in context.get("body", ""):
            context["body"] = context["body"].replace(wrong, right)


def mend_signatures(app, pagename, templatename, context, doctree):
    """Write the lines of a long signature as lines, not as a list."""

    def as_lines(signature: re.Match) -> str:
        text = signature[0]
        for tag, line in LINES.items():
            text = text.replace(tag, line)
        return text

    if "body" in context:
        context["body"] = SIGNATURE.sub(as_lines, context["body"])


def name_toggles(app, pagename, templatename, context, doctree):
    """Say what the arrow beside a page in the sidebar unfolds."""
    draw = context["generate_toctree_html"]

    def draw_named(*args, **kwargs):
        tree = draw(*args, **kwargs)
        for item in tree.select("li.has-children"):
            pages_of = f"Pages of {item.a.get_text(strip=True)}"
            item.summary["aria-label"] = pages_of
        return tree

    context["generate_toctree_html"] = draw_named


def setup(app):
    app.connect("html-page-context", mend)
    app.connect("html-page-context", mend_signatures)
    # After the theme, which makes what is mended here.
    app.connect("html-page-context", name_toggles, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
