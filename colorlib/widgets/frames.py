"""Frames: the pictures of a widget, of one size and small enough for a page.

Everything that a widget can show is computed beforehand. That costs bytes,
and a reader on a telephone pays for them, so there is a limit, and what
exceeds it is an error while the chapter is written. Chapter 01.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from colorlib.figures.picture import Picture, Strip, encoded

Pixels = UInt8[np.ndarray, "..."]  # sRGB, with alpha, or a channel of gray

MOST_BYTES = 300_000
LONGEST = 720  # pixels; the page's column is hardly wider
# The best at which all frames fit. Below the last an attentive eye would see
# what is lost.
QUALITIES = (85, 75, 65)


def as_frames(
    pictures: Sequence[Pixels | Picture],
    *,
    qualities: Sequence[int] = QUALITIES,
) -> list[Strip]:
    """Encode the pictures of a widget.

    Args:
        pictures: sRGB bytes, height x width x 3 (or x 4 with alpha, or
            height x width, gray), or finished figures of one strip. They are
            shrunk to 720 pixels.
        qualities: of WebP, 0 to 100: the first at which all fit is taken.

    Returns:
        Frames of one size, together at most 300 kB.

    Raises:
        ValueError: if they are no bytes or no single strip, differ in size,
            or weigh more.
    """
    opened = [_open(picture) for picture in pictures]
    sizes = {image.size for image, _ in opened}
    if len(sizes) > 1:
        got = " and ".join(f"{w} x {h}" for w, h in sorted(sizes))
        raise ValueError(
            f"all frames must have one size, got {got} pixels; crop or resize"
            " them, so that nothing jumps when the reader moves"
        )
    for quality in qualities:
        frames = [
            replace(like, webp=encoded(image, quality))
            for image, like in opened
        ]
        weight = sum(len(frame.webp) for frame in frames)
        if weight <= MOST_BYTES:
            return frames
    # Small photographs hold more detail in each pixel than large ones.
    side = 0.9 * math.sqrt(MOST_BYTES / weight)
    width, height = (int(side * pixels) for pixels in opened[0][0].size)
    raise ValueError(
        f"{len(frames)} frames weigh {weight / 1000:.0f} kB, and a page has"
        f" room for {MOST_BYTES / 1000:.0f}: show at most"
        f" {len(frames) * MOST_BYTES // weight} of them, or make them about"
        f" {width} x {height} pixels"
    )


def decoded(frame: Strip) -> Image.Image:
    """Return a frame's pixels, to draw on."""
    return Image.open(io.BytesIO(frame.webp))


def drawn(image: Image.Image) -> Strip:
    """Return a frame that shows what was drawn."""
    return Strip(encoded(image), *image.size)


def _open(picture: Pixels | Picture) -> tuple[Image.Image, Strip]:
    """Return its pixels, shrunk, and a frame of that size without them."""
    if not isinstance(picture, Picture):
        image = Image.fromarray(_checked(picture))
        image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        return image, Strip(b"", *image.size)
    match picture.parts:
        case [Strip() as strip]:
            image = decoded(strip)
            wide = image.width
            image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
            letters = strip.letters and strip.letters * image.width / wide
            width, height = image.size
            return image, replace(
                strip, webp=b"", width=width, height=height, letters=letters
            )
    raise ValueError(
        f"a frame must be a picture of one row, got {len(picture.parts)} parts"
        f" in {picture!r}; show fewer photographs in it"
    )


def _checked(pixels: Pixels) -> Pixels:
    channels = pixels.shape[2:] if pixels.ndim == 3 else ()
    if (
        pixels.dtype != np.uint8
        or pixels.ndim not in (2, 3)
        or channels not in ((), (3,), (4,))
    ):
        raise ValueError(
            "a frame must be uint8, height x width x 3, got"
            f" {pixels.dtype} of shape {pixels.shape}; as_pixels"
            " makes such bytes of a Lab image"
        )
    return pixels
