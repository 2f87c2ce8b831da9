"""Photographs from files and to files, safely. Told in chapter 01.

What others use is imported below. Inside, from the bottom up:

- photo.py: what a photograph is; from_array
- formats.py, finding.py: which formats there are; find
- trouble.py: what goes wrong with files, in words
- directories.py, exif.py, icc.py, provenance.py: what is in a file beside
  pixels, namely EXIF, color profiles and the mark of the algorithm
- scan.py, tiff_reading.py, decoding.py: a file to a scan
- reading.py: a scan to a photo; read, read_mark, from_bytes, from_image
- tiff_writing.py, encoding.py: a photo to bytes
- writing.py: bytes to the disk, whole or not at all; write
"""

from colorlib.photos.finding import find
from colorlib.photos.formats.sniffing import SUFFIXES
from colorlib.photos.photo import MadeBy, Photo, PhotoError, from_array
from colorlib.photos.reading import (
    MAX_MEGAPIXELS,
    from_bytes,
    from_image,
    read,
    read_mark,
)
from colorlib.photos.writing import WRITABLE, write

__all__ = [
    "MAX_MEGAPIXELS",
    "SUFFIXES",
    "WRITABLE",
    "MadeBy",
    "Photo",
    "PhotoError",
    "find",
    "from_array",
    "from_bytes",
    "from_image",
    "read",
    "read_mark",
    "write",
]
