"""Photographs from files and to files, safely. Told in chapter 01.

photo.py         what a photograph is; from_array
formats.py       which formats there are
finding.py       find
scan.py          what a decoder finds in a file
tiff_reading.py  TIFF to a scan
decoding.py      the other formats to a scan
exif.py          EXIF, and the directories of TIFF
icc.py           color profiles to sRGB
provenance.py    the mark of the algorithm that colored it
reading.py       read, from_bytes, from_image: a scan to a photo
encoding.py      a photo to bytes
writing.py       write: bytes to the disk, whole or not at all
"""

from colorlib.photos.finding import find
from colorlib.photos.photo import MadeBy, Photo, PhotoError, from_array
from colorlib.photos.reading import (
    MAX_MEGAPIXELS,
    from_bytes,
    from_image,
    read,
)
from colorlib.photos.writing import WRITABLE, write

__all__ = [
    "MAX_MEGAPIXELS",
    "WRITABLE",
    "MadeBy",
    "Photo",
    "PhotoError",
    "find",
    "from_array",
    "from_bytes",
    "from_image",
    "read",
    "write",
]
