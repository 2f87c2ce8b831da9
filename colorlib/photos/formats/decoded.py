"""What a decoder finds in a file, before anybody asks what it means."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from colorlib.photos.formats.exif import Exif, parse
from colorlib.photos.photo import Captions

Fits = Callable[[int, int], None]
"""Takes a width and a height from a header, and refuses what is too large.

Decoders call it before they decode: a file of some kilobytes can ask for more
memory than the machine has.
"""


@dataclass
class Decoded:
    """The contents of one image file, at the depth of the file."""

    samples: np.ndarray
    """(H, W) gray, (H, W, 3) RGB or (H, W, 4) CMYK, 255 or 65535 full ink."""
    alpha: np.ndarray | None = None
    """(H, W) opacity, of the samples' type."""
    exif: Exif | None = None
    dpi: tuple[int | float, int | float] | None = None
    """From the format's own field; EXIF may have another."""
    profile: bytes | None = None
    """An embedded ICC profile."""
    captions: Captions = Captions()
    notes: tuple[str, ...] = ()
    lossless: bool = False
    """Whether it is a WebP that was compressed without loss."""


def parse_exif(block: bytes | None) -> tuple[Exif | None, tuple[str, ...]]:
    """Take an EXIF block apart; what can't be read is noted, not fatal."""
    if not block:
        return None, ()
    try:
        exif = parse(block)
    except ValueError:
        return None, ("its EXIF block is damaged and was left out",)
    return exif, (DAMAGED_EXIF,) if exif.damaged else ()


DAMAGED_EXIF = "its EXIF block is damaged; what could be read of it was kept"
