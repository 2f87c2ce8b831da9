"""From a cell's output to a page: pictures in files, and no kernel."""

import base64
import io
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from colorlib import figures
from colorlib.figures.charts import Chart

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
FRAME = webp((30, 30, 200))


def plain(color) -> np.ndarray:
    return np.full((40, 60, 3), color, np.uint8)


def figure() -> str:
    """Two rows of a figure and a chart, as a cell hands them over."""
    chart = Chart("epoch", "loss")
    chart.axes.plot([1, 2], [2, 1], label="D")
    compared = figures.compare(plain((200, 30, 30)), plain((94, 94, 94)))
    return figures.stack(compared, chart)._repr_html_()


FIGURE = figure()


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    """A page of a figure, a widget and a chart, through Sphinx and MyST-NB."""
    from sphinx.testing.util import SphinxTestApp

    picture = {"text/html": FIGURE}
    frame = f'<img src="data:image/webp;base64,{FRAME}" alt="a frame">'
    widget = {VIEW: {"model_id": "0"}, "text/html": frame}
    chart = {"image/svg+xml": CHART}
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# A page"),
        *map(_cell, (picture, widget, chart)),
    ]
    said = {"alt": 'all of it "red" & gray', "width": "60%"}
    notebook.cells[1].metadata.mystnb = {"image": said}
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


def test_the_images_of_a_figure_become_files(rendered, images):
    """Each with a size, and fetched only when the reader is near."""
    inside = re.findall(r'"data:image/[a-z+]+;base64,([^"]+)"', FIGURE)
    assert len(inside) == 3
    for image, content in zip(images, inside, strict=False):
        file = rendered / image["src"]
        assert file.read_bytes() == base64.b64decode(content)
        assert image["width"]
        assert image["height"]
        assert image["loading"] == "lazy"
    kinds = [Path(image["src"]).suffix for image in images[:3]]
    assert kinds == [".webp", ".webp", ".svg"]


def test_a_figure_is_described_and_sized_as_its_cell_says(images):
    """The first image tells of all of it, and the others say where they are."""
    assert images[0]["alt"] == 'all of it "red" & gray'
    assert images[1]["alt"].endswith("true, color error")
    assert (
        images[0]
        .find_parent(class_="picture")["style"]
        .startswith("width: 60%; max-width: 1080px")
    )


def test_the_names_of_photographs_are_text_of_the_page(images):
    names = images[0].find_parent(class_="picture").select(".names span")
    assert [n.text for n in names] == ["gray", "model", "true", "color error"]


def test_a_frame_inside_html_becomes_a_file(rendered, images):
    """Else a page holds all frames of a widget that nobody may move."""
    content = (rendered / images[3]["src"]).read_bytes()
    assert content == base64.b64decode(FRAME)
    assert images[3]["alt"] == "a frame"
    assert len(images) == 5


def test_a_chart_has_a_size_too(images):
    """A drawing has no pixels, but a width and a height."""
    assert (images[4]["width"], images[4]["height"]) == ("432", "230")


def test_no_page_carries_what_needs_a_kernel(rendered):
    """Neither the state of ipywidgets nor scripts from another host."""
    page = (rendered / "index.html").read_text()
    assert "vnd.jupyter" not in page
    assert "cdn" not in page
