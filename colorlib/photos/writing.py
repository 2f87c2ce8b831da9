"""Writing a photograph: whole or not at all, and never over another.

A photograph is written to a hidden file beside its place, and moved there in
one step when the disk has confirmed it (see `files.replacing`). Whatever
happens before (a full disk, Ctrl-C, a power cut), the place is as it was.
"""

from collections.abc import Callable
from pathlib import Path

from colorlib.files import replacing
from colorlib.photos.errors import disk_errors
from colorlib.photos.formats.encoding import check_fits, encode
from colorlib.photos.formats.sniffing import SUFFIXES
from colorlib.photos.photo import Photo, RefusedError

WRITABLE = ("JPEG", "PNG", "TIFF", "WEBP")


def write(
    photo: Photo,
    path: str | Path,
    *,
    overwrite: bool = False,
    quality: int = 95,
    finish: Callable[[Path], None] | None = None,
) -> Path:
    """Write one photograph, in the format that the name ends in.

    With an sRGB profile, EXIF, captions and resolution as they were,
    Orientation 1, and if `made_by` is set, marked as colored by a trained
    algorithm. IPTC-IIM, comments and texts that the format has no place for
    become XMP. Folders on the way are made.

    Args:
        photo: what to write.
        path: where; `.jpg`, `.png`, `.tif` or `.webp` (or their variants).
        overwrite: replace what is there.
        quality: 1 to 100, for JPEG and WebP. At 100 WebP is lossless, and
            always if the photo was.
        finish: is called with the complete file before that takes its place,
            and may replace it, as who signs it does.

    Returns:
        The path.

    Raises:
        PhotoError: if something is there and `overwrite` is not set, if the
            format can't hold 16 bits or transparency that the photo has, or
            if the disk does not take it.

    Example:
        >>> import numpy as np
        >>> from colorlib.photos import from_array
        >>> photo = from_array(np.full((4, 6, 3), 128, np.uint8))
        >>> write(photo, "colorized/old.jpg").name
        'old.jpg'
    """
    path = Path(path)
    try:
        format = SUFFIXES.get(path.suffix.lower())
        if format not in WRITABLE:
            raise RefusedError(
                f"nothing is written in the format {path.suffix or '(none)'}",
                "use a name that ends in .jpg, .png, .tif or .webp",
            )
        check_fits(photo, format, quality)  # before a folder is made
        with disk_errors(), replacing(path, overwrite=overwrite) as part:
            with part.open("wb") as file:
                encode(photo, format, quality, file)
            if finish:
                finish(part)
    except RefusedError as refusal:
        raise refusal.about(path) from refusal.__cause__
    return path
