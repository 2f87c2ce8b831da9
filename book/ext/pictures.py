"""Pictures on the page: images of cells in files, each with its size.

A figure of colorlib and a widget carry their images inside their HTML, so
that they also work in a notebook. On the page they become files: a frame that
nobody asks for is not fetched, and a script is not searched for words.

MyST-NB gives a cell's `mystnb.image.alt` and `width` to images, not to HTML;
here a figure of colorlib gets them.

A picture whose size the browser doesn't know moves the text below it when it
arrives, so each gets `width` and `height`. Then it may also arrive late: only
when the reader comes near, or prints.
"""

import base64
import hashlib
import html
import re
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

from docutils import nodes
from myst_nb.core.render import load_mime_renders
from PIL import Image

INLINE = re.compile(r'"data:image/(webp|svg\+xml);base64,([^"]+)"')
PICTURE, ALT = '<div class="picture" style="', re.compile(r'(?<= alt=")[^"]*')
VIEW_BOX = re.compile(r'<svg[^>]* viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"')
SIZELESS = re.compile(r'<img(?![^>]* width=)([^>]* src="([^":]+)"[^>]*?) ?/?>')


class Described:
    """A renderer of MyST-NB's: a figure of colorlib, as its cell says."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int]]] = []

    @staticmethod
    def handle_mime(renderer, data, inline: bool) -> list[nodes.raw] | None:
        if data.mime_type != "text/html" or PICTURE not in data.string:
            return None
        options = renderer.renderer.get_cell_level_config(
            "render_image_options", data.cell_metadata, line=data.line
        )
        text = data.string
        if "alt" in options:
            alt = html.escape(options["alt"])
            text = ALT.sub(lambda _: alt, text, count=1)
        if "width" in options:
            width = f"{PICTURE}width: {options['width']}; "
            text = text.replace(PICTURE, width)
        classes = ["output", "text_html"]
        return [nodes.raw(text=text, format="html", classes=classes)]


def finish(app, pagename, templatename, context, doctree):
    """Take pictures out of a page's HTML, and say how large each is."""
    if app.builder.format != "html" or "body" not in context:
        return
    images = Path(app.outdir, app.builder.imagedir)
    # They are copied after the last page is written.
    sources = {name: path for path, name in app.builder.images.items()}

    def to_file(match: re.Match) -> str:
        content = base64.b64decode(match[2])
        kind = match[1].partition("+")[0]
        name = f"{hashlib.sha256(content).hexdigest()}.{kind}"
        images.mkdir(exist_ok=True)
        (images / name).write_bytes(content)
        uri = context["pathto"](f"{app.builder.imagedir}/{name}", resource=True)
        return f'"{uri}"'

    def with_size(match: re.Match) -> str:
        path = sources.get(unquote(match[2]).rpartition("/")[2])
        if not path:
            return match[0]
        width, height = _size(Path(app.srcdir, path))
        size = f'width="{width}" height="{height}"'
        return f'<img{match[1]} {size} loading="lazy" />'

    body = INLINE.sub(to_file, context["body"])
    context["body"] = SIZELESS.sub(with_size, body)


def _size(path: Path) -> tuple[int, int]:
    """Width and height of a picture; of a drawing, in units of its own."""
    if path.suffix == ".svg":
        box = VIEW_BOX.search(path.read_text())
        if not box:
            raise ValueError(f"{path.name} has no viewBox; give it one")
        width, height = (round(float(side)) for side in box.groups())
        return width, height
    with Image.open(path) as image:
        return image.size


def setup(app):
    # The public way is an entry point of an installed package; this is the
    # list that those end up in.
    load_mime_renders().append(Described)
    app.connect("html-page-context", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
