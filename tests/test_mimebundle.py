"""One output, two places: HTML for the page, a widget for the notebook."""

import pytest

from colorlib import mimebundle


class Widget:
    model_id = "f00"


def shown(widget=Widget) -> dict:
    return mimebundle.mimebundle(html="<b>a</b>", text="a", widget=widget)


def missing(name):
    raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_a_live_notebook_gets_the_widget_too():
    """In the form of ipywidgets 7 and 8; HTML for when there is no kernel."""
    bundle = shown()
    assert bundle[mimebundle.WIDGET]["model_id"] == "f00"
    assert (bundle["text/html"], bundle["text/plain"]) == ("<b>a</b>", "a")


def test_without_ipywidgets_there_is_html():
    bundle = shown(lambda: missing("ipywidgets"))
    assert set(bundle) == {"text/html", "text/plain"}


def test_another_missing_package_is_told():
    """It is a fault of ours, and not to be hidden."""
    with pytest.raises(ModuleNotFoundError, match="numpy"):
        shown(lambda: missing("numpy"))
