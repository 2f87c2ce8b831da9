"""What a photograph is in this package: pixels, and what is known of them.

Everything that reads gives a `Photo`, everything that writes takes one. The
rest of the package never meets a file format, an embedded color profile or a
camera held sideways. Told in chapter 01.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np


class PhotoError(ValueError):
    """A photograph that can't be read or written: one line for its owner.

    The line names the file, says what is wrong and what to do about it.
    """


class RefusedError(Exception):
    """What is wrong and what to do, from below, where no file has a name.

    `read`, `write` and `from_array` turn it into a `PhotoError`.
    """

    def __init__(self, wrong: str, remedy: str):
        super().__init__(wrong, remedy)
        self.wrong, self.remedy = wrong, remedy

    def about(self, name: str | Path) -> PhotoError:
        """Add the name. File names may hold line breaks and odd bytes."""
        name = os.fsencode(name).decode("utf-8", "backslashreplace")
        line = f"{name}: {self.wrong}; {self.remedy}"
        return PhotoError(" ".join(line.split()))


@dataclass(frozen=True)
class MadeBy:
    """The trained algorithm that colored a photograph."""

    model: str
    """The name of the model."""
    sha256: str
    """SHA-256 of its weights, 64 hexadecimal digits."""
    software: str
    """The program and its version, such as `colorlib 0.1.0`."""
    settings: str = ""
    """The settings that change the result, such as `sizes=256`."""
    source_sha256: str = ""
    """SHA-256 of the file that was colored; empty if it was no file."""
    source_bytes: int = 0
    """The size of that file."""
    date: str = ""
    """The day in UTC, such as `2026-11-29`. No time of day, so that a run that
    is repeated on one day gives the same bytes."""
    hints: tuple[str, ...] = ()
    """Colors that somebody knew and gave to it, a line each, with sources."""

    def __post_init__(self) -> None:
        text = self.model + self.sha256 + self.software
        text += self.settings + self.source_sha256 + self.date
        text += "".join(self.hints)
        if not text.isprintable():  # XML has no way to write such characters
            raise ValueError(
                f"MadeBy takes printable text on one line, got {self}"
            )


@dataclass(frozen=True)
class Captions:
    """What people wrote about a photograph, beside EXIF.

    Example:
        >>> harbor = Captions(texts=(("Description", "The harbor, 1912"),))
        >>> photo = Photo(np.zeros((4, 6), np.uint8), captions=harbor)
        >>> photo.captions.texts[0]
        ('Description', 'The harbor, 1912')
    """

    xmp: bytes | None = None
    """An XMP packet, without the mark of an algorithm."""
    iptc: bytes | None = None
    """IPTC-IIM, the captions of press photographs."""
    texts: tuple[tuple[str, str], ...] = ()
    """Keyword and text: those of a PNG, and comments as `Comment`."""


@dataclass(frozen=True, eq=False)
class Photo:
    """One photograph: upright, in sRGB, as deep as it came.

    Raises:
        PhotoError: if the arrays are not shaped and typed as said below;
            `from_array` accepts more.
    """

    pixels: np.ndarray
    """(H, W) gray or (H, W, 3) sRGB; uint8 in 0..255, uint16 in 0..65535."""
    path: Path | None = None
    """The file that it was read from."""
    format: str = "PNG"
    """JPEG, PNG, TIFF, WEBP, BMP, GIF, JPEG2000, AVIF or HEIC."""
    lossless: bool = False
    """Whether it was a WebP without loss, and becomes one as a WebP."""
    alpha: np.ndarray | None = None
    """(H, W) opacity, of the pixels' type; None where all is opaque."""
    exif: bytes | None = None
    """The EXIF block, its Orientation 1 and its thumbnail gone."""
    captions: Captions = Captions()
    """XMP, IPTC and comments."""
    dpi: tuple[float, float] | None = None
    """Dots per inch, horizontal and vertical."""
    made_by: MadeBy | None = None
    """What colored it; None if no algorithm did, as far as the file says."""
    notes: tuple[str, ...] = ()
    """What its owner should be told, a sentence each."""

    def __post_init__(self) -> None:
        shape, kind = self.pixels.shape, self.pixels.dtype
        if (
            kind not in (np.uint8, np.uint16)
            or shape[2:] not in ((), (3,))
            or len(shape) < 2
            or 0 in shape
        ):
            raise RefusedError(
                "pixels must be (H, W) or (H, W, 3), uint8 or uint16, got"
                f" {shape} of {kind}",
                "give gray or RGB; photos.from_array takes opacity and floats",
            ).about(self.path or "a photo")
        if self.alpha is not None and (
            self.alpha.shape != shape[:2] or self.alpha.dtype != kind
        ):
            raise RefusedError(
                f"alpha must be {shape[:2]} of {kind} like the pixels, got"
                f" {self.alpha.shape} of {self.alpha.dtype}",
                "make both of one array with photos.from_array",
            ).about(self.path or "a photo")

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

    @property
    def rgb(self) -> np.ndarray:
        """Pixels in three channels, which are equal if it is gray."""
        return np.dstack([self.pixels] * 3) if self.is_gray else self.pixels

    def without_equal_channels(self) -> "Photo":
        """Take a gray photograph that was stored as RGB for what it is.

        Example:
            >>> stored = np.zeros((4, 6, 3), np.uint8)
            >>> Photo(stored).without_equal_channels().pixels.shape
            (4, 6)
        """
        if self.is_gray:
            return self
        red, green, blue = self.pixels.transpose(2, 0, 1)
        if np.array_equal(red, green) and np.array_equal(green, blue):
            return replace(self, pixels=np.ascontiguousarray(green))
        return self

    def to_8_bits(self) -> "Photo":
        """Round 16 bits to the nearest of 256 levels; 8 bits stay."""
        if self.bits == 8:
            return self
        alpha = None if self.alpha is None else rescale(self.alpha, 65535, 255)
        return replace(
            self, pixels=rescale(self.pixels, 65535, 255), alpha=alpha
        )


def rescale(levels: np.ndarray, old_top: int, new_top: int) -> np.ndarray:
    """Map 0..old_top to 0..new_top, rounded to the nearest level."""
    room: type[np.unsignedinteger] = (
        np.uint32 if old_top <= 65535 else np.uint64
    )
    wide = levels.astype(room) * room(new_top) + room(old_top // 2)
    wide //= room(old_top)
    return wide.astype(np.uint8 if new_top == 255 else np.uint16)
