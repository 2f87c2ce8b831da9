"""Tell every picture's width and height in the page, before it is there.

A browser that knows them keeps the place free, so that nothing moves when a
picture arrives late. Sphinx writes neither, and pictures come from many
hands: figures, cells, the theme. So the finished pages are gone through once,
when all their pictures lie beside them.
"""

import re
from pathlib import Path
from urllib.parse import unquote

from PIL import Image
from sphinx.errors import ExtensionError

IMAGE = re.compile(r"<img\b[^>]*>")
SOURCE = re.compile(r'\ssrc="([^"]*)"')
SIZED = re.compile(r"\s(?:width|height)=")
VIEW_BOX = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')


def with_sizes(html: str, folder: Path) -> str:
    """Return a page in which every picture has a width and a height.

    Args:
        html: the page. A picture that has a size keeps it, and so does one
            that is written into the page (`data:`).
        folder: where the page lies; pictures are named from there.

    Raises:
        FileNotFoundError: if a picture is not where the page looks for it.
    """

    def sized(match: re.Match) -> str:
        tag = match[0]
        source = SOURCE.search(tag)
        if not source or ":" in source[1] or SIZED.search(tag):
            return tag
        width, height = size(folder / unquote(source[1].partition("?")[0]))
        return f'<img width="{width}" height="{height}"{tag[4:]}'

    return IMAGE.sub(sized, html)


def size(path: Path) -> tuple[int, int]:
    """Return the width and height of a picture file, in pixels."""
    if path.suffix == ".svg":
        box = VIEW_BOX.search(path.read_text())
        if not box:
            raise ValueError(f"{path.name} has no viewBox; give it one")
        return round(float(box[1])), round(float(box[2]))
    with Image.open(path) as image:
        return image.size


def finish(app, exception):
    """Go through the pages when they are written."""
    if exception or app.builder.format != "html":
        return
    for page in app.outdir.rglob("*.html"):
        folder = page.parent
        if page.name == "404.html":  # it names its pictures from the root
            continue
        html = page.read_text()
        try:
            sized = with_sizes(html, folder)
        except (OSError, ValueError) as error:
            raise ExtensionError(f"{page.name}: {error}") from error
        if sized != html:
            page.write_text(sized)


def setup(app):
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
