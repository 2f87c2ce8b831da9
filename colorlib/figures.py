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
import torch
from jaxtyping import Float, UInt8, UInt16
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image

from colorlib.color import join_lab, lab_to_rgb, rgb_to_lab, split_lab
from colorlib.metrics import ciede2000
from colorlib.shapes import Lab

# Without names, height and width may differ between arguments.
Pixels = UInt8[np.ndarray, "_ _ 3"]  # sRGB
# What `Photo.pixels` may hold: gray or color, 8 or 16 bits.
PhotoPixels = UInt8[np.ndarray, "..."] | UInt16[np.ndarray, "..."]
ErrorMap = Float[np.ndarray, "_ _"]  # CIEDE2000
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
# WebP halves the resolution of color, so edges between strong colors suffer.
# Areas don't: at quality 85 the mean of 4 x 4 pixels of `astronaut` is off by
# CIEDE2000 0.96, which is hardly visible. (JPEG of quality 88 without that
# halving: 0.46, for twice the bytes.) More effort than 4 saves a twentieth.
WEBP = {"quality": 85, "method": 4}


class Picture:
    """A finished picture, as WebP.

    A photograph as PNG is ten times as large. MyST-NB makes a file of
    `image/webp` and gives it the cell's `mystnb.image.alt`. Not every
    notebook knows WebP as an output, but every browser does inside HTML.
    """

    def __init__(self, figure: Figure, shows: str):
        buffer = io.BytesIO()
        options = {"facecolor": "white", "pil_kwargs": WEBP}
        figure.savefig(buffer, format="webp", dpi=DPI, **options)
        self.webp = buffer.getvalue()
        self.width, self.height = Image.open(buffer).size
        self.shows = shows

    def __repr__(self) -> str:
        return f"<Picture: {self.shows}>"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
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

    Reference:
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


def compare(true: Pixels, colored: Pixels) -> Picture:
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


def color_error(picture: Pixels, true: Pixels) -> ErrorMap:
    """Tell how far the color of each pixel is from the true one.

    Args:
        picture: sRGB bytes.
        true: the photograph that it should be, of the same size.

    Returns:
        CIEDE2000: 0 is equal, 1 just visible, above 10 plainly another.

    Raises:
        ValueError: if the two differ in size.

    Reference:
        `metrics.ciede2000`, on the pixels of photographs. Chapter 01.
    """
    if picture.shape != true.shape:
        raise ValueError(
            f"the picture is {_size(picture)} and the true photograph"
            f" {_size(true)} pixels; compare them at one size"
        )
    return ciede2000(as_lab(picture), as_lab(true)).numpy()


def without_color(pixels: Pixels) -> Pixels:
    """Return the photograph as black-and-white film would: L* alone.

    Args:
        pixels: sRGB bytes.

    Returns:
        The same size: a* = b* = 0, so the three channels are equal up to
        rounding.

    Reference:
        Chapter 04; chapter 14 for what film really did.
    """
    L, ab = split_lab(as_lab(pixels))
    return as_pixels(join_lab(L, torch.zeros_like(ab)))


def as_lab(pixels: Pixels) -> Lab:
    """Turn a photograph's bytes into CIE L*a*b*, channels first.

    Args:
        pixels: sRGB bytes, height x width x 3.

    Returns:
        3 x height x width, L* in [0, 100].

    Reference:
        `color.rgb_to_lab`. Chapter 04.
    """
    return rgb_to_lab(torch.from_numpy(np.array(pixels)).permute(2, 0, 1))


def as_pixels(lab: Lab) -> Pixels:
    """Turn CIE L*a*b* into bytes to look at; what sRGB lacks is clipped.

    Args:
        lab: 3 x height x width, L* in [0, 100].

    Returns:
        sRGB bytes, height x width x 3.

    Reference:
        `color.lab_to_rgb`. Chapter 04.
    """
    rgb = lab_to_rgb(lab).clamp(0, 1).mul(255).round().byte()
    return rgb.permute(1, 2, 0).numpy()


def _panel(
    figure: Figure, box: Box, title: str, pixels: PhotoPixels | ErrorMap
) -> AxesImage:
    """Draw a photograph (bytes) or a map of color errors (floats)."""
    axes = _axes(figure, box)
    axes.set_axis_off()
    axes.set_title(title, fontsize=LETTERS, loc="left", pad=4)
    if pixels.dtype.kind == "f":
        how = {"cmap": ERROR_COLORS, "vmin": 0, "vmax": LARGEST_ERROR}
        return axes.imshow(pixels, **how)
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


def _size(pixels: np.ndarray) -> str:
    return f"{pixels.shape[1]} x {pixels.shape[0]}"


def _fit(pixels: np.ndarray, longest: int) -> np.ndarray:
    """Shrink with a filter made for photographs; never enlarge."""
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return np.asarray(image)
