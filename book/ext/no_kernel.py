"""Keep ipywidgets out of the pages: there is no kernel behind them.

A live notebook shows colorlib's widgets and quizzes as ipywidgets; a page
shows the HTML beside them. Left alone, MyST-NB prefers the ipywidget, writes
the state of every one that a cell made into the page, and has the page ask
another host for two scripts.
"""

from myst_nb.core.render import WIDGET_VIEW_MIMETYPE
from myst_nb.sphinx_ import NbMetadataCollector


def prefer_html(app, config):
    """Strike the ipywidget off MyST-NB's list of what a page can show."""
    strike = ("*", WIDGET_VIEW_MIMETYPE, None)
    config.nb_mime_priority_overrides = [
        *config.nb_mime_priority_overrides,
        strike,
    ]


def drop_state(app, doctree):
    """Forget the state, and the scripts, of the page just read."""
    NbMetadataCollector.get_js_files(app.env, app.env.docname).clear()


def setup(app):
    app.connect("config-inited", prefer_html)
    app.connect("doctree-read", drop_state)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
