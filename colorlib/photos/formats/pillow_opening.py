"""Opening a file with Pillow, which then knows its size and not its pixels."""

import threading
import warnings
from collections.abc import Callable
from io import BufferedIOBase

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

# Not Image.open: it has a limit of its own on the size, for the process.
PILLOW: dict[str, Callable[..., Image.Image]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "JPEG2000": Jpeg2KImagePlugin.Jpeg2KImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
}
"""Formats that Pillow opens."""

# `warnings` is one for the whole process: two threads that change it at once
# can leave it changed.
_WARNINGS = threading.Lock()
# EXIF is read by this package itself, and damage to it told there.
_OF_EXIF = ("EXIF", "Tag data", "Truncated File Read", "Metadata Warning")


class Bounded(BufferedIOBase):
    """A file of which no more is asked than there is.

    Python makes room for all bytes that are asked for before it reads, and
    Pillow asks for as many as a damaged header says.
    """

    def __init__(self, file: BufferedIOBase):
        super().__init__()
        self._file = file
        at = file.tell()
        self._end = file.seek(0, 2)
        file.seek(at)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read so many bytes, or all that are left."""
        room = max(0, self._end - self._file.tell())
        if size is None or size < 0 or size > room:
            size = room
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where it stands."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Whether it can go to a place: yes."""
        return True

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True


def open_image(
    file: BufferedIOBase, format: str
) -> tuple[Image.Image, tuple[str, ...]]:
    """Open a file of a known format.

    Returns:
        The image, to be decoded when its pixels are asked for, and Pillow's
        warnings as notes.
    """
    file.seek(0)
    with _WARNINGS, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        image = PILLOW[format](Bounded(file))
    said = dict.fromkeys(" ".join(str(each.message).split()) for each in heard)
    return image, tuple(
        f"its decoder warns: {text}"
        for text in said
        if not any(part in text for part in _OF_EXIF)
    )
