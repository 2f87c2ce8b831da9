"""Pictures for the chapters: photographs side by side, and where they differ.

Every function returns a `Picture`, which a notebook shows when it is the last
line of a cell. There is no pyplot and no global state, so a figure can't
appear twice or in the wrong cell. What a picture shows, for those who can't
see it, is the cell's `mystnb.image.alt`. Chapter 01 uses them first.
"""

import base64
import html
import io

import numpy as np
from jaxtyping import UInt8, UInt16
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image

from colorlib.color.arrays import without_color
from colorlib.metrics.errors import ErrorMap, color_error
from colorlib.shapes import RGBArray

# What `Photo.pixels` may hold: gray or color, 8 or 16 bits.
PhotoPixels = UInt8[np.ndarray, "..."] | UInt16[np.ndarray, "..."]
Box = tuple[float, float, float, float]  # left, bottom, width, height

# Inches, with letters of 12 points: still legible on a telephone, where the
# picture is shrunk to a third.
WIDTH, TITLE, GAP = 6.0, 0.27, 0.08
LETTERS = 12
DPI = 180  # 1,080 pixels across; two photographs side by side keep theirs
# The same for all photographs, so that maps can be compared. Few errors are
# larger, and beyond 40 a color is simply another color.
LARGEST_ERROR = 40.0
# Dark to light in even steps, also for readers who are color-blind.
ERROR_COLORS = "magma"
# WebP halves the resolution of color, so edges between strong colors suffer
# and areas don't. JPEG without that halving takes more bytes.
WEBP = {"quality": 85, "method": 4}


class Picture:
    """A finished picture, as WebP.

    A photograph as PNG would be far larger. MyST-NB makes a file of
    `image/webp` and gives it the cell's `mystnb.image.alt`. Not every
    notebook knows WebP as an output, but every browser does inside HTML.
    """

    def __init__(self, figure: Figure, shows: str):
        buffer = io.BytesIO()
        figure.savefig(
            buffer,
            format="webp",
            dpi=DPI,
            facecolor="white",
            pil_kwargs=WEBP,
        )
        self.webp = buffer.getvalue()
        self.width, self.height = Image.open(buffer).size
        self.shows = shows

    def __repr__(self) -> str:
        return f"<Picture: {self.shows}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        webp = base64.b64encode(self.webp).decode()
        tag = (
            f'<img src="data:image/webp;base64,{webp}"'
            f' alt="{html.escape(self.shows)}"'
            f' width="{self.width}" height="{self.height}"'
            ' style="max-width: 100%; height: auto">'
        )
        return {"image/webp": webp, "text/html": tag}


def photographs(**pixels: PhotoPixels) -> Picture:
    """Show photographs side by side, each under its name.

    Args:
        pixels: name=photograph, up to three, gray or in color, 8 or 16
            bits; an underscore in a name is printed as a space.

    Returns:
        One row. Photographs of different shapes get the same height.

    Raises:
        ValueError: if there is no photograph, or more than fit in a row.

    See Also:
        Chapter 01.
    """
    if not 1 <= len(pixels) <= 3:
        raise ValueError(f"a row holds 1 to 3 photographs, got {len(pixels)}")
    aspects = [p.shape[1] / p.shape[0] for p in pixels.values()]
    # A single photograph across the whole column would be a poster.
    room = WIDTH if len(pixels) > 1 else WIDTH * 0.6
    height = (room - GAP * (len(pixels) - 1)) / sum(aspects)
    figure = Figure((room, height + TITLE))
    left = 0.0
    for (name, photograph), aspect in zip(pixels.items(), aspects, strict=True):
        box = (left, 0.0, height * aspect, height)
        _panel(figure, box, name.replace("_", " "), photograph)
        left += height * aspect + GAP
    return Picture(figure, ", ".join(pixels).replace("_", " "))


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
    error = color_error(colored, true)
    width = (WIDTH - GAP) / 2
    height = width * true.shape[0] / true.shape[1]
    scale = 0.52  # room for the scale of the map, below it
    lower, upper = scale, scale + height + TITLE + GAP
    right = width + GAP

    figure = Figure((WIDTH, upper + height + TITLE))
    gray = without_color(true)
    _panel(figure, (0.0, upper, width, height), "gray", gray)
    _panel(figure, (right, upper, width, height), "model", colored)
    _panel(figure, (0.0, lower, width, height), "true", true)
    image = _panel(figure, (right, lower, width, height), "color error", error)
    bar = _axes(figure, (right + 0.1, scale - 0.2, width - 0.2, 0.13))
    figure.colorbar(image, cax=bar, orientation="horizontal", extend="max")
    bar.tick_params(labelsize=LETTERS - 2)
    return Picture(figure, "gray, model, true, and a map of the color error")


def _panel(
    figure: Figure, box: Box, title: str, pixels: PhotoPixels | ErrorMap
) -> AxesImage:
    """Draw a photograph (bytes) or a map of color errors (floats)."""
    axes = _axes(figure, box)
    axes.set_axis_off()
    axes.set_title(title, fontsize=LETTERS, loc="left", pad=4)
    if pixels.dtype.kind == "f":
        return axes.imshow(
            pixels, cmap=ERROR_COLORS, vmin=0, vmax=LARGEST_ERROR
        )
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    pixels = _fit(pixels, int(WIDTH * DPI / 2))
    return axes.imshow(pixels, cmap="gray", vmin=0, vmax=255)


def _axes(figure: Figure, box: Box) -> Axes:
    """Axes at (left, bottom, width, height), in inches."""
    across, up = figure.get_size_inches()
    left, bottom, width, height = box
    return figure.add_axes(
        (left / across, bottom / up, width / across, height / up)
    )


def _fit(pixels: np.ndarray, longest: int) -> np.ndarray:
    """Shrink with a filter made for photographs; never enlarge."""
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return np.asarray(image)
