"""TIFF with 16 bits and EXIF, which no library at hand writes.

Pillow has no 16-bit color, and tifffile no EXIF.

Source: TIFF 6.0, sections 8 (fields) and 14 (differences).
"""

from itertools import accumulate

import imagecodecs
import numpy as np

from colorlib.photos.formats.exif import IMAGE, Exif, pack
from colorlib.photos.formats.ifd import BYTE, UNDEFINED, Field
from colorlib.photos.photo import RefusedError

_STRIP_BYTES = 2**18
_DEFLATE, _PREDICTOR_DIFFERENCES = 8, 2


def write_tiff(
    channels: np.ndarray,
    exif: Exif,
    *,
    has_alpha: bool,
    profile: bytes,
    xmp: bytes | None = None,
    iptc: bytes | None = None,
) -> list[bytes]:
    """Write TIFF: strips of differences, deflated, and one directory.

    The pixels come before the directory, so that their places are known when
    it is written.

    Args:
        channels: (H, W), or (H, W, channels) with opacity last; uint8 or
            uint16.
        exif: what else the directory says; fields are added to it.
        has_alpha: whether the last channel is opacity.
        profile: an ICC profile.
        xmp: an XMP packet, if any.
        iptc: captions as IPTC-IIM, if any.

    Returns:
        The file, in parts that follow each other.

    Raises:
        RefusedError: if it does not fit into the 4 GB of a TIFF.
    """
    rows = max(1, _STRIP_BYTES // channels[0].nbytes)
    strips = [
        _strip(channels[top : top + rows], exif.order)
        for top in range(0, len(channels), rows)
    ]
    counts = [len(strip) for strip in strips]
    *places, end = accumulate(counts, initial=8)
    if end > 2**32 - 2**25:
        raise RefusedError("is too large for a TIFF of 4 GB", "save it as .png")
    depth = 1 if channels.ndim == 2 else channels.shape[2]
    image = exif.directories.setdefault(IMAGE, {})
    image |= {
        256: exif.longs(channels.shape[1]),
        257: exif.longs(len(channels)),
        258: exif.shorts(*[8 * channels.itemsize] * depth),
        259: exif.shorts(_DEFLATE),
        262: exif.shorts(1 if depth < 3 else 2),  # black is zero, or RGB
        273: exif.longs(*places),
        277: exif.shorts(depth),
        278: exif.longs(rows),
        279: exif.longs(*counts),
        # All levels are used, however dark: see `levels.widen`.
        281: exif.shorts(*[2 ** (8 * channels.itemsize) - 1] * depth),
        317: exif.shorts(_PREDICTOR_DIFFERENCES),
        34675: _bytes(UNDEFINED, profile),
    }
    if has_alpha:
        image[338] = exif.shorts(2)  # colors not multiplied by opacity
    if xmp:
        image[700] = _bytes(BYTE, xmp)
    if iptc:
        image[33723] = _bytes(UNDEFINED, iptc)
    even = bytes(end % 2)
    end += end % 2
    return [exif.header(end), *strips, even, pack(exif, end)]


def _strip(rows: np.ndarray, order: str) -> bytes:
    """Compress rows as differences from the pixel to the left."""
    differences = imagecodecs.delta_encode(rows, axis=1)
    stored = differences.astype(differences.dtype.newbyteorder(order))
    return imagecodecs.zlib_encode(stored.tobytes())


def _bytes(kind: int, data: bytes) -> Field:
    return Field(kind, len(data), data)
