"""Frames: the pictures of a widget, of one size and small enough for a page.

Everything that a widget can show is computed beforehand. That costs bytes,
and a reader on a telephone pays for them, so there is a limit, and what
exceeds it is an error while the chapter is written. Chapter 01.
"""

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from colorlib.figures.picture import Picture

Pixels = UInt8[np.ndarray, "..."]  # sRGB, or one channel of gray

MOST_BYTES = 300_000
LONGEST = 720  # pixels; the page's column is hardly wider
# The best at which all frames fit. Below the last an attentive eye would see
# what is lost.
QUALITIES = (85, 75, 65)


@dataclass(frozen=True)
class Frame:
    """One picture as WebP, with its size in pixels."""

    webp: bytes
    width: int
    height: int

    @classmethod
    def of(cls, image: Image.Image, quality: int = QUALITIES[0]) -> "Frame":
        """Encode an image."""
        buffer = io.BytesIO()
        image.save(buffer, format="webp", quality=quality)
        return cls(buffer.getvalue(), *image.size)

    def image(self) -> Image.Image:
        """Return it decoded, to draw on."""
        return Image.open(io.BytesIO(self.webp)).convert("RGB")

    def tag(self, alt: str, *, hidden: bool = False) -> str:
        """Return it as HTML; a page's browser fetches it when it is seen."""
        return (
            f'<img src="data:image/webp;base64,{_base64(self.webp)}"'
            f' alt="{escape(alt)}" width="{self.width}"'
            f' height="{self.height}" loading="lazy"{" hidden" * hidden}>'
        )


def as_frames(pictures: Sequence[Pixels | Picture]) -> list[Frame]:
    """Encode the pictures of a widget.

    Args:
        pictures: sRGB bytes, height x width x 3 (or height x width, gray),
            or finished figures. Photographs are shrunk to 720 pixels.

    Returns:
        Frames of one size, together at most 300 kB.

    Raises:
        ValueError: if they are no bytes, differ in size, or weigh more.
    """
    images = [_as_image(picture) for picture in pictures]
    sizes = {image.size for image in images}
    if len(sizes) > 1:
        got = " and ".join(f"{w} x {h}" for w, h in sorted(sizes))
        raise ValueError(
            f"all frames must have one size, got {got} pixels; crop or resize"
            " them, so that nothing jumps when the reader moves"
        )
    for quality in QUALITIES:
        frames = [Frame.of(image, quality) for image in images]
        weight = sum(len(frame.webp) for frame in frames)
        if weight <= MOST_BYTES:
            return frames
    # Small photographs hold more detail in each pixel than large ones.
    side = 0.9 * math.sqrt(MOST_BYTES / weight)
    width, height = (int(side * pixels) for pixels in images[0].size)
    raise ValueError(
        f"{len(frames)} frames weigh {weight / 1000:.0f} kB, and a page has"
        f" room for {MOST_BYTES / 1000:.0f}: show at most"
        f" {len(frames) * MOST_BYTES // weight} of them, or make them about"
        f" {width} x {height} pixels"
    )


def _as_image(picture: Pixels | Picture) -> Image.Image:
    if isinstance(picture, Picture):
        return Image.open(io.BytesIO(picture.webp)).convert("RGB")
    is_gray = picture.ndim == 2
    is_color = picture.ndim == 3 and picture.shape[2] == 3
    if picture.dtype != np.uint8 or not (is_gray or is_color):
        raise ValueError(
            "a frame must be uint8, height x width x 3, got"
            f" {picture.dtype} of shape {picture.shape}; as_pixels"
            " makes such bytes of a Lab image"
        )
    image = Image.fromarray(picture)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return image


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
