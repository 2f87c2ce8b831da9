"""Load MathJax on the pages that have mathematics, and on no others.

Sphinx asks the pages below a page, too, so that the book's first page would
load it for the sake of a formula ten pages on.
"""


def drop_mathjax(app, pagename, templatename, context, doctree):
    """Take MathJax off a page without a formula of its own."""
    if app.env.domaindata["math"]["has_equations"].get(pagename):
        return
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "mathjax" not in f"{script.filename} {script.attributes}".lower()
    ]


def setup(app):
    app.connect("html-page-context", drop_mathjax, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
