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
        image = PILLOW[format](file)
    said = dict.fromkeys(" ".join(str(each.message).split()) for each in heard)
    return image, tuple(
        f"its decoder warns: {text}"
        for text in said
        if not any(part in text for part in _OF_EXIF)
    )
