"""Pictures for the chapters: photographs side by side, and where they differ.

Every function returns a `Picture`, which a notebook shows when it is the last
line of a cell. Pixels are pixels only: the names of the photographs are text
of the page, as large as its other text on a desk and on a telephone, and in
the page's colors, light or dark. What a picture shows, for those who can't
see it, is the cell's `mystnb.image.alt`. Chapter 01 uses them first.
"""

import base64
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import UInt8, UInt16
from matplotlib import colormaps
from PIL import Image

from colorlib.color.arrays import without_color
from colorlib.metrics.errors import ErrorMap, color_error
from colorlib.shapes import RGBArray

# What `Photo.pixels` may hold, gray or color, 8 or 16 bits; and what is
# drawn, with an alpha channel: 0 where the page shows through.
PhotoPixels = UInt8[np.ndarray, "..."] | UInt16[np.ndarray, "..."]

# Pixels: a row of photographs, and the gap between two of them. The page's
# column is 768 wide; two photographs of 512 side by side keep theirs.
ACROSS, GAP = 1080, 14
# Share of a row that a photograph alone gets; all of it would be a poster.
ALONE = 0.6
IN_A_ROW = 3
# From here on, enlarged pixels are squares, as in a digit of 8 x 8.
SQUARES = 3
# The same for all photographs, so that maps can be compared. Few errors are
# larger, and beyond 40 a color is simply another color.
LARGEST_ERROR = 40.0
# Dark to light in even steps, also for readers who are color-blind.
ERROR_COLORS = "magma"
# WebP halves the resolution of color, so edges between strong colors suffer
# and areas don't. JPEG without that halving takes more bytes.
QUALITY = 85


@runtime_checkable
class Part(Protocol):
    """A part of a picture: a strip of photographs or a chart."""

    @property
    def shows(self) -> str:
        """What it shows, in a few words."""
        ...

    def html(self, alt: str) -> str:
        """Return it as HTML whose image has this alternative text."""
        ...


@dataclass(frozen=True)
class Strip:
    """Photographs in a row, as one WebP, and what stands above and below."""

    webp: bytes
    width: int
    height: int
    names: tuple[tuple[str, float], ...] = ()
    """Each photograph's name, and its width in any unit."""
    note: str = ""
    """A line below it."""
    letters: float | None = None
    """Of a chart: the size of its smallest letters, in pixels. Only a chart
    has any; in dark mode the page turns its colors over."""

    @property
    def shows(self) -> str:
        """The names."""
        return ", ".join(name for name, _ in self.names)

    def html(self, alt: str) -> str:
        """Return all of it as HTML whose image has this text."""
        return f"{self.above}{self.tag(alt)}{self.below}"

    @property
    def above(self) -> str:
        """The names as HTML, each over its photograph."""
        if not self.names:
            return ""
        columns = " ".join(f"minmax(0, {w:.4g}fr)" for _, w in self.names)
        names = "".join(f"<span>{html.escape(n)}</span>" for n, _ in self.names)
        return (
            '<div class="names" style="display: grid; align-items: end;'
            f" column-gap: {GAP / self.width:.2%}; line-height: 1.3;"
            f' grid-template-columns: {columns}">{names}</div>'
        )

    @property
    def below(self) -> str:
        """The note as HTML."""
        note = html.escape(self.note)
        return f'<div class="note">{note}</div>' if note else ""

    def tag(self, alt: str, *, hidden: bool = False) -> str:
        """Return the image as HTML; a browser fetches it when it is seen."""
        chart = ""
        if self.letters is not None:
            chart = f' class="chart" data-letters="{self.letters:g}"'
        return (
            f'<img src="{data_uri("webp", self.webp)}"'
            f' alt="{html.escape(alt)}" width="{self.width}"'
            f' height="{self.height}" loading="lazy"{chart}'
            ' style="display: block; max-width: 100%; height: auto"'
            f"{' hidden' * hidden}>"
        )


class Picture:
    """A finished picture: one part below the other.

    A photograph as PNG would be far larger than this WebP. The book makes a
    file of each image and gives the first the cell's `mystnb.image.alt`
    (book/ext/pictures.py). Not every notebook knows WebP as an output, but
    every browser does inside HTML.

    Args:
        parts: strips of photographs and charts, from the top.
        shows: what all of it shows, in a few words.
        foot: HTML that stands at the end, without an image.
    """

    def __init__(self, parts: Sequence[Part], shows: str, *, foot: str = ""):
        self.parts = tuple(parts)
        self.shows = shows
        self.foot = foot

    def __repr__(self) -> str:
        return f"<Picture: {self.shows}>"

    def _repr_html_(self) -> str:
        strips = [part for part in self.parts if isinstance(part, Strip)]
        width = max((strip.width for strip in strips), default=ACROSS)
        height = sum(strip.height for strip in strips) or width
        first, *others = self.parts
        # Each image says something, and no two the same.
        inside = [
            first.html(self.shows),
            *(p.html(f"Below, in the same figure: {p.shows}") for p in others),
        ]
        return (
            f'<div class="picture" style="max-width: {width}px;'
            f' --aspect: {width / height:.3f}">'
            f"{''.join(inside)}{self.foot}</div>"
        )


def photographs(**pixels: PhotoPixels) -> Picture:
    """Show photographs side by side, each under its name.

    Args:
        pixels: name=photograph, up to three, or six or nine, gray or in
            color, 8 or 16 bits; an underscore in a name is printed as a
            space.

    Returns:
        Rows of three. Photographs of a row get the same height.

    Raises:
        ValueError: if they are of any other number.

    See Also:
        Chapter 01.
    """
    if len(pixels) not in (1, 2, 3, 6, 9):
        raise ValueError(
            "a picture holds 1 to 3, 6 or 9 photographs, got"
            f" {len(pixels)}; show some of them in another cell"
        )
    named = [(name.replace("_", " "), each) for name, each in pixels.items()]
    rows = (named[i : i + IN_A_ROW] for i in range(0, len(named), IN_A_ROW))
    strips = [strip(dict(row)) for row in rows]
    return Picture(strips, ", ".join(name for name, _ in named))


def compare(true: RGBArray, colored: RGBArray) -> Picture:
    """Show the four things an honest colorization is judged by.

    Args:
        true: the color photograph.
        colored: the same scene, colored from its lightness.

    Returns:
        Gray, model and true, and a map of the color error of the model,
        CIEDE2000 from 0 (dark) to 40 and more (light).

    Raises:
        ValueError: if the two differ in size.

    Reference:
        Sharma, Wu, Dalal, Color Research and Application 30(1), 2005.
        Chapter 01.
    """
    error = in_error_colors(color_error(colored, true))
    upper = strip({"gray": without_color(true), "model": colored})
    lower = strip({"true": true, "color error": error})
    shows = "gray, model, true, and a map of the color error"
    return Picture([upper, lower], shows, foot=_scale())


def stack(*shown: Picture | Part) -> Picture:
    """Put pictures and charts below each other, as one figure.

    Args:
        shown: from the top: what `photographs` returns, or a chart.

    See Also:
        Chapter 03.
    """
    parts: list[Part] = []
    for each in shown:
        parts += each.parts if isinstance(each, Picture) else [each]
    return Picture(parts, ", ".join(each.shows for each in shown))


def in_error_colors(error: ErrorMap) -> RGBArray:
    """Paint a map of color errors: 0 is black, 40 and more nearly white.

    Args:
        error: CIEDE2000, height x width.
    """
    share = np.clip(error / LARGEST_ERROR, 0, 1)
    return colormaps[ERROR_COLORS](share, bytes=True)[..., :3]


def strip(pixels: Mapping[str, PhotoPixels], *, note: str = "") -> Strip:
    """Lay photographs side by side, all of one height.

    Args:
        pixels: by name.
        note: a line that stands below them.

    See Also:
        Chapter 01.
    """
    images = [_as_image(each) for each in pixels.values()]
    aspects = [image.width / image.height for image in images]
    room = ACROSS - GAP * (len(images) - 1)
    width = ACROSS if len(images) > 1 else round(ACROSS * ALONE)
    height = round((room if len(images) > 1 else width) / sum(aspects))
    # Edges first, then sizes: rounded widths would not add up.
    edges = np.cumsum([0, *aspects]) / sum(aspects)
    row = Image.new("RGBA", (width, height))
    for place, image in enumerate(images):
        left, right = (
            round(edge * (width - GAP * (len(images) - 1))) + place * GAP
            for edge in edges[place : place + 2]
        )
        row.paste(_resized(image, (right - left, height)), (left, 0))
    names = tuple(zip(pixels, aspects, strict=True))
    return Strip(encoded(row), width, height, names, note)


def encoded(image: Image.Image, quality: int = QUALITY) -> bytes:
    """Return a picture as WebP, with an alpha channel only if it needs one."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        image = image.convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, format="webp", quality=quality)
    return buffer.getvalue()


def data_uri(kind: str, content: bytes) -> str:
    """Return an image as an address that holds the image."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _scale() -> str:
    """What the colors of a map of errors mean, below its right half."""
    shades = colormaps[ERROR_COLORS](np.linspace(0, 1, 9), bytes=True)
    colors = ", ".join(f"rgb({r} {g} {b})" for r, g, b, _ in shades)
    ticks = *range(0, int(LARGEST_ERROR), 10), f"{LARGEST_ERROR:g}+"
    numbers = "".join(f"<span>{tick}</span>" for tick in ticks)
    return (
        '<div class="scale" style="margin: 0.4em 0 0 50.65%; line-height: 1.3">'
        '<div style="height: 0.7em; print-color-adjust: exact; background:'
        f' linear-gradient(to right, {colors})"></div>'
        '<div style="display: flex; justify-content: space-between">'
        f"{numbers}</div></div>"
    )


def _as_image(pixels: PhotoPixels) -> Image.Image:
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    return Image.fromarray(pixels).convert("RGBA")


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """With a filter made for photographs; few pixels stay squares."""
    if size[0] >= SQUARES * image.width:
        return image.resize(size, Image.Resampling.NEAREST)
    return image.resize(size, Image.Resampling.LANCZOS)
