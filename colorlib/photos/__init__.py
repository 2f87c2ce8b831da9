"""Photographs from files and to files, safely. Told in chapter 01.

What others use is imported below. Inside, from the bottom up:

- photo.py: what a photograph is
- levels.py: numbers of any kind to levels of 8 or 16 bits; from_array
- limits.py, finding.py: how large it may be; find
- errors.py: what goes wrong with files, in words
- xmp.py, provenance.py: captions in XMP; the mark of the algorithm
- formats/: what is in a file of each format, to pixels and back
- reading.py: a file to a photo; read, read_mark, from_bytes, from_image
- writing.py: bytes to the disk, whole or not at all; write
"""

from colorlib.photos.finding import find
from colorlib.photos.formats.sniffing import SUFFIXES, UNREAD_SUFFIXES
from colorlib.photos.levels import from_array
from colorlib.photos.limits import MAX_MEGAPIXELS
from colorlib.photos.photo import Captions, MadeBy, Photo, PhotoError
from colorlib.photos.reading import from_bytes, from_image, read, read_mark
from colorlib.photos.writing import WRITABLE, write

__all__ = [
    "MAX_MEGAPIXELS",
    "SUFFIXES",
    "UNREAD_SUFFIXES",
    "WRITABLE",
    "Captions",
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
