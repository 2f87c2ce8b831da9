"""One output for two places: the rendered page and the live notebook.

The page has no kernel, so it takes the HTML (book/ext/no_kernel.py sees to
that). A live notebook takes the ipywidget.
"""

from collections.abc import Callable
from typing import Any, Protocol

WIDGET = "application/vnd.jupyter.widget-view+json"


class IpyWidget(Protocol):
    """What is used of an ipywidget, which may not be installed."""

    model_id: str
    """What a notebook's page finds it by."""


def mimebundle(
    *, html: str, text: str, widget: Callable[[], IpyWidget]
) -> dict[str, Any]:
    """Offer HTML and text to everyone, and to a live notebook a widget.

    Args:
        html: works without a kernel.
        text: for a terminal.
        widget: makes the ipywidget with the same content.

    Returns:
        What `_repr_mimebundle_` returns. Without ipywidgets installed there
        is no widget in it.
    """
    bundle: dict[str, Any] = {"text/html": html, "text/plain": text}
    try:
        model = widget().model_id
    except ModuleNotFoundError as error:
        if error.name != "ipywidgets":
            raise
        return bundle
    # By hand: ipywidgets 7.7, Colab's, has no _repr_mimebundle_ yet.
    view = {"version_major": 2, "version_minor": 0, "model_id": model}
    return bundle | {WIDGET: view}
