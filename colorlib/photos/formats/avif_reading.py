"""AVIF at the depth of the file: Pillow would hand over 8 bits of 10 or 12.

The boxes are those of JPEG 2000, and of films.

Source: ISO/IEC 14496-12, section 4.2 (boxes); AV1 Codec ISO Media File Format
Binding, section 2.3 (av1C); AVIF 1.1.
"""

import struct
from io import BufferedIOBase

import imagecodecs
import numpy as np

from colorlib.photos.formats.cicp import SRGB
from colorlib.photos.formats.jp2_boxes import walk_boxes
from colorlib.photos.photo import rescale

_FULL_BOX = 4  # bytes of version and flags before what a meta box holds
_HIGH, _TWELVE = 0x40, 0x20  # in the third byte of av1C


def read_avif_levels(
    file: BufferedIOBase,
) -> tuple[np.ndarray | None, tuple[int, int]]:
    """Decode the first picture if it has more than 8 bits.

    Returns:
        Levels from 0 to 65535, or None for 8 bits; and the numbers of the
        color space, see `cicp.profile_of_numbers`.
    """
    bits, space = 8, SRGB
    for kind, body in _properties(file):
        if kind == b"av1C" and len(body) > 2 and body[2] & _HIGH:
            bits = max(bits, 12 if body[2] & _TWELVE else 10)
        if kind == b"colr" and body[:4] == b"nclx" and len(body) >= 8:
            space = struct.unpack_from(">HH", body, 4)
    if bits == 8:
        return None, space
    file.seek(0)
    levels = imagecodecs.avif_decode(file.read(), index=0)
    return rescale(levels, 2**bits - 1, 65535), space


def _properties(file: BufferedIOBase) -> list[tuple[bytes, bytes]]:
    """List the properties of all pictures in the file."""
    places = [(0, file.seek(0, 2))]
    for name, skipped in ((b"meta", _FULL_BOX), (b"iprp", 0), (b"ipco", 0)):
        places = [
            (start + skipped, stop)
            for place in places
            for kind, start, stop in walk_boxes(file, *place)
            if kind == name
        ]
    found = []
    for place in places:
        for kind, start, stop in walk_boxes(file, *place):
            file.seek(start)
            found.append((kind, file.read(min(stop - start, 64))))
    return found
