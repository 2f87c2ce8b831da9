"""What a photograph is in this package: pixels, and what is known of them.

Everything that reads gives a `Photo`, everything that writes takes one. The
rest of the package never meets a file format, an embedded profile or a
rotated camera. Told in chapter 01.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8, UInt16

Pixels = (
    UInt8[np.ndarray, "height width"]
    | UInt16[np.ndarray, "height width"]
    | UInt8[np.ndarray, "height width 3"]
    | UInt16[np.ndarray, "height width 3"]
)
Plane = UInt8[np.ndarray, "height width"] | UInt16[np.ndarray, "height width"]


class PhotoError(ValueError):
    """A photograph that can't be read or written: one line for its owner.

    The line names the file, says what is wrong and what to do about it.
    """


def photo_error(path: str | Path, wrong: str, remedy: str) -> PhotoError:
    """Make the one line: the file, what is wrong, what to do."""
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    return PhotoError(" ".join(f"{name}: {wrong}; {remedy}".split()))


@dataclass(frozen=True)
class MadeBy:
    """The trained algorithm that colored a photograph."""

    model: str
    """The model's name."""
    sha256: str
    """SHA-256 of the model's weights, hexadecimal."""
    software: str
    """The program and its version, such as "colorlib 0.1.0"."""


@dataclass(frozen=True)
class Photo:
    """One photograph: upright, in sRGB, at the depth that it came in."""

    pixels: Pixels
    """(H, W) gray or (H, W, 3) sRGB; uint8 in 0..255 or uint16 in 0..65535."""
    path: Path | None = None
    """The file that it was read from."""
    format: str = "PNG"
    """"JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "JPEG2000" or "HEIC"."""
    alpha: Plane | None = None
    """(H, W) opacity, as deep as the pixels; None where all is opaque."""
    exif: bytes | None = None
    """An EXIF block whose Orientation is 1, without thumbnail."""
    dpi: tuple[float, float] | None = None
    """Dots per inch, horizontal and vertical."""
    made_by: MadeBy | None = None
    """What colored it; None for a photograph that no algorithm colored."""
    notes: tuple[str, ...] = ()
    """What its owner should be told, a sentence each."""

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return self.pixels.shape[1]

    @property
    def bits(self) -> int:
        """Bits a channel: 8 or 16."""
        return 8 * self.pixels.dtype.itemsize

    @property
    def is_gray(self) -> bool:
        """Whether there is one channel only."""
        return self.pixels.ndim == 2


def from_array(array: np.ndarray, **fields) -> Photo:
    """Make a photo of an array; see `Photo` for the other fields."""
    raise NotImplementedError
