"""Mend what keeps some readers out, where others write the page.

tests/book/test_pages.py reads every page with axe-core. What it finds in our
own pages is mended there; what docutils and MyST-NB write, here.
"""

MENDED = {
    # A name that is not what the button shows can't be spoken to it.
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # A list holds items, and this role is no longer one.
    ' role="doc-biblioentry"': ' role="listitem"',
}


def mend(app, pagename, templatename, context, doctree):
    """Replace, in the text of a page, what is known to be wrong."""
    for wrong, right in MENDED.items():
        if wrong in context.get("body", ""):
            context["body"] = context["body"].replace(wrong, right)


def setup(app):
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
