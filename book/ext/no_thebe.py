"""Take sphinx-thebe out of the pages.

Jupyter Book 1 always loads it. It names another host on every page, and it
declares its constants twice: a JavaScript error on every page. This book's
interactive parts need no kernel, so nothing is lost.
"""


def remove_thebe(app, config):
    """Disconnect sphinx-thebe's handlers and drop its style sheet."""
    for event, listeners in app.events.listeners.items():
        app.events.listeners[event] = [
            listener
            for listener in listeners
            if not listener.handler.__module__.startswith("sphinx_thebe")
        ]
    files = app.registry.css_files
    files[:] = [file for file in files if "thebe" not in str(file[0])]


def setup(app):
    app.connect("config-inited", remove_thebe, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
