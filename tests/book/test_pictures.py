"""From a cell's output to a page: pictures in files, and no kernel."""

import base64
import io
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "ext"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def webp(color) -> str:
    """A picture of 60 x 40 pixels, as a cell hands it over."""
    pixels = np.full((40, 60, 3), color, np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="webp")
    return base64.b64encode(buffer.getvalue()).decode()


CHART = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 432 230.4"/>'
CELL, FRAME = webp((200, 30, 30)), webp((30, 30, 200))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    """A page of one picture and one widget, through Sphinx and MyST-NB."""
    from sphinx.testing.util import SphinxTestApp

    picture = {"image/webp": CELL, "text/html": "<p>for a live notebook</p>"}
    frame = f'<img src="data:image/webp;base64,{FRAME}" alt="a frame">'
    widget = {VIEW: {"model_id": "0"}, "text/html": frame}
    chart = {"image/svg+xml": CHART}
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# A page"),
        *map(_cell, (picture, widget, chart)),
    ]
    notebook.cells[1].metadata.mystnb = {"image": {"alt": "all of it red"}}
    state = {"state": {"0": {"model_name": "BoxModel"}}}
    notebook.metadata.language_info = {"name": "python"}
    notebook.metadata.widgets = {STATE: state}

    source = tmp_path_factory.mktemp("book")
    nbformat.write(notebook, source / "index.ipynb")
    extensions = ["myst_nb", "pictures", "no_kernel"]
    (source / "conf.py").write_text(
        f"extensions = {extensions}\nnb_execution_mode = 'off'\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXTENSIONS)
        app = SphinxTestApp(srcdir=source)
        app.build()
        warnings = app.warning.getvalue()
        app.cleanup()
        for name in extensions[1:]:
            del sys.modules[name]
    assert warnings == ""
    return Path(app.outdir)


def _cell(data: dict):
    output = nbformat.v4.new_output("display_data", data)
    return nbformat.v4.new_code_cell("show()", outputs=[output])


@pytest.fixture(scope="module")
def images(rendered):
    page = (rendered / "index.html").read_text()
    return BeautifulSoup(page, "html.parser").select(".cell_output img")


def test_a_webp_of_a_cell_is_a_picture_of_the_page(rendered, images):
    """With the cell's alternative text, a size, and only when it is near."""
    image = images[0]
    content = (rendered / image["src"]).read_bytes()
    assert content == base64.b64decode(CELL)
    assert image["alt"] == "all of it red"
    assert (image["width"], image["height"]) == ("60", "40")
    assert image["loading"] == "lazy"


def test_a_frame_inside_html_becomes_a_file(rendered, images):
    """Else a page holds all frames of a widget that nobody may move."""
    content = (rendered / images[1]["src"]).read_bytes()
    assert content == base64.b64decode(FRAME)
    assert images[1]["alt"] == "a frame"
    assert len(images) == 3


def test_a_chart_has_a_size_too(images):
    """A drawing has no pixels, but a width and a height."""
    assert (images[2]["width"], images[2]["height"]) == ("432", "230")


def test_no_page_carries_what_needs_a_kernel(rendered):
    """Neither the state of ipywidgets nor scripts from another host."""
    page = (rendered / "index.html").read_text()
    assert "vnd.jupyter" not in page
    assert "cdn" not in page
