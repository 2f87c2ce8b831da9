"""TIFF with 16 bits and EXIF, which no library at hand writes.

Pillow has no 16-bit color, and tifffile no EXIF.

Source: TIFF 6.0, sections 8 (fields) and 14 (differences).
"""

from io import BufferedIOBase
from itertools import accumulate

import imagecodecs
import numpy as np

from colorlib.photos.formats.exif import IMAGE, Exif, pack
from colorlib.photos.formats.ifd import BYTE, UNDEFINED, ByteOrder, Field
from colorlib.photos.photo import RefusedError

_DEFLATE, _PREDICTOR_DIFFERENCES = 8, 2
_HEADER = 8  # bytes before the first strip
_DIRECTORY_ROOM = 2**25  # for all that follows the pixels


def write_tiff(
    file: BufferedIOBase,
    pixels: np.ndarray,
    exif: Exif,
    *,
    profile: bytes,
    alpha: np.ndarray | None = None,
    xmp: bytes | None = None,
    iptc: bytes | None = None,
    strip_bytes: int = 2**18,
    most_bytes: int = 2**32,
) -> None:
    """Write TIFF: strips of differences, deflated, and one directory.

    The pixels come before the directory, so that their places are known when
    it is written. Strips are written as they are made: of a scan of a
    gigabyte, only its pixels and one strip are in memory.

    Args:
        file: where to write; empty, and open for seeking.
        pixels: (H, W) or (H, W, 3); uint8 or uint16.
        exif: what else the directory says; fields are added to it.
        profile: an ICC profile.
        alpha: (H, W) opacity, of the pixels' type, if any.
        xmp: an XMP packet, if any.
        iptc: captions as IPTC-IIM, if any.
        strip_bytes: the size of a strip before it is deflated; at least one
            row of pixels is in each.
        most_bytes: what offsets of 32 bits can reach.

    Raises:
        RefusedError: if it does not fit into the 4 GB of a TIFF.
        OSError: what the disk says.
    """
    samples = pixels[0, 0].size + (alpha is not None)  # a pixel
    rows = max(1, strip_bytes // (pixels.itemsize * samples * pixels.shape[1]))
    file.write(exif.header(0))  # the directory's place is not known yet
    counts, end = [], _HEADER
    for top in range(0, len(pixels), rows):
        strip = _strip(pixels, alpha, slice(top, top + rows), exif.order)
        counts.append(len(strip))
        end += len(strip)
        if end > most_bytes - _DIRECTORY_ROOM:
            raise RefusedError(
                "is too large for a TIFF of 4 GB", "save it as .png"
            )
        file.write(strip)
    image = exif.directories.setdefault(IMAGE, {})
    image |= {
        256: exif.longs(pixels.shape[1]),
        257: exif.longs(len(pixels)),
        258: exif.shorts(*[8 * pixels.itemsize] * samples),
        259: exif.shorts(_DEFLATE),
        262: exif.shorts(1 if pixels.ndim == 2 else 2),  # gray, or RGB
        273: exif.longs(*accumulate(counts[:-1], initial=_HEADER)),
        277: exif.shorts(samples),
        278: exif.longs(rows),
        279: exif.longs(*counts),
        # All levels are used, however dark: see `levels.widen`.
        281: exif.shorts(*[2 ** (8 * pixels.itemsize) - 1] * samples),
        317: exif.shorts(_PREDICTOR_DIFFERENCES),
        34675: _bytes(UNDEFINED, profile),
    }
    if alpha is not None:
        image[338] = exif.shorts(2)  # colors not multiplied by opacity
    if xmp:
        image[700] = _bytes(BYTE, xmp)
    if iptc:
        image[33723] = _bytes(UNDEFINED, iptc)
    file.write(bytes(end % 2))  # directories begin on even offsets
    end += end % 2
    file.write(pack(exif, end))
    file.seek(0)
    file.write(exif.header(end))


def _strip(
    pixels: np.ndarray, alpha: np.ndarray | None, rows: slice, order: ByteOrder
) -> bytes:
    """Compress rows as differences from the pixel to the left."""
    channels = pixels[rows]
    if alpha is not None:
        channels = np.dstack([channels, alpha[rows]])
    differences = imagecodecs.delta_encode(channels, axis=1)
    stored = differences.astype(differences.dtype.newbyteorder(order))
    return bytes(imagecodecs.zlib_encode(stored.tobytes()))


def _bytes(kind: int, data: bytes) -> Field:
    return Field(kind, len(data), data)
