"""EXIF: what the camera or the scanner noted, kept byte for byte.

A block is taken apart no further than into fields, whose types and bytes stay.
Pillow's `Image.Exif` interprets values and writes them anew: a maker's note
and a user's comment change from UNDEFINED to BYTE, LONG becomes SHORT, FLOAT
becomes DOUBLE, fractions are reduced, text of Exif 3.0's type UTF-8 is dropped,
and other text that is not ASCII becomes "?" unless each is encoded by hand. Of
a damaged directory it keeps what stands before the damage; here all that can
be read is kept. And a TIFF file is a block of EXIF in which further fields
lead to the pixels: the same code reads those of any page, in BigTIFF too, and
writes them beside 16-bit pixels. What is not kept: where a value stands. A
maker's note that counts its own offsets from the start of the block is kept,
but its offsets then lead elsewhere.

Source: CIPA DC-008 (Exif 2.32), section 4.5.
"""

import io
import struct
from dataclasses import dataclass, field
from io import BufferedIOBase

from colorlib.photos.formats.ifd import (
    LONG,
    RATIONAL,
    SHORT,
    SIZES,
    ByteOrder,
    Directory,
    Field,
    numbers,
    pack_directory,
    read_directory,
)

# Directories, by the tag of the field that leads to them.
IMAGE = 0
CAMERA = 0x8769
PLACE = 0x8825
_BELOW = frozenset([CAMERA, PLACE])

ORIENTATION = 0x0112
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
_COLOR_SPACE, _X_DIMENSION, _Y_DIMENSION = 0xA001, 0xA002, 0xA003
_INTEROPERABILITY = 0xA005  # a third level, says only which color space

_STORAGE = frozenset([ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT])
_ORDERS: dict[bytes, ByteOrder] = {b"II": "<", b"MM": ">"}
# Of the first directory, what tells of the photograph and not of how its
# bytes are stored: description, maker, model, software, date, artist, host,
# copyright, names of document and page, rating and Windows' five fields.
_DESCRIBING = _STORAGE | frozenset(
    [0x010D, 0x010E, 0x010F, 0x0110, 0x011D, 0x0131, 0x0132, 0x013B]
    + [0x013C, 0x4746, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F]
)


@dataclass
class Exif:
    """An EXIF block taken apart."""

    order: ByteOrder = "<"
    """Byte order of all fields, "<" little-endian or ">" big-endian."""
    directories: dict[int, Directory] = field(default_factory=dict)
    """`IMAGE`, and where there are any, `CAMERA` and `PLACE`."""
    damaged: bool = False
    """Whether something could not be read and was left out."""

    def number(self, tag: int) -> int | float | None:
        """The first number of a field of the first directory, if any."""
        kind, _, data = self.directories.get(IMAGE, {}).get(tag, (0, 0, b""))
        formats = {SHORT: "H", LONG: "I", RATIONAL: "II"}
        if kind not in formats or len(data) < SIZES[kind]:
            return None
        number, *below = struct.unpack_from(self.order + formats[kind], data)
        if not below:
            return number
        return number / below[0] if below[0] else None

    @property
    def tells_something(self) -> bool:
        """Whether there is more than orientation and resolution."""
        image = self.directories.get(IMAGE, {}).keys() - _STORAGE
        return bool(image or self.directories.keys() - {IMAGE})

    @property
    def orientation(self) -> int:
        """How the camera was held, 1 to 8; 1 where nothing valid is said."""
        value = self.number(ORIENTATION)
        return int(value) if value and value in range(1, 9) else 1

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Dots per inch; None where no unit of length is given."""
        unit = self.number(RESOLUTION_UNIT) or 2  # inches, if it isn't said
        scale = {2.0: 1.0, 3.0: 2.54}.get(unit)
        x, y = self.number(X_RESOLUTION), self.number(Y_RESOLUTION)
        return (x * scale, y * scale) if scale and x and y else None

    def set_upright(self, width: int, height: int) -> None:
        """Say what is true after reading: upright, this size, sRGB."""
        image = self.directories.setdefault(IMAGE, {})
        image[ORIENTATION] = self.shorts(1)
        camera = self.directories.get(CAMERA, {})
        camera.pop(_INTEROPERABILITY, None)
        for tag, value in [
            (_X_DIMENSION, self.longs(width)),
            (_Y_DIMENSION, self.longs(height)),
            (_COLOR_SPACE, self.shorts(1)),
        ]:
            if tag in camera:
                camera[tag] = value

    def set_dpi(self, dpi: tuple[float, float]) -> None:
        """Write a resolution in dots per inch, to a thousandth."""
        image = self.directories.setdefault(IMAGE, {})
        for tag, value in zip((X_RESOLUTION, Y_RESOLUTION), dpi, strict=True):
            ratio = self.longs(round(value * 1000), 1000)
            image[tag] = Field(RATIONAL, 1, ratio.data)
        image[RESOLUTION_UNIT] = self.shorts(2)

    def shorts(self, *values: int) -> Field:
        """A field of 16-bit numbers in this block's byte order."""
        return numbers(self.order, SHORT, *values)

    def longs(self, *values: int) -> Field:
        """A field of 32-bit numbers in this block's byte order."""
        return numbers(self.order, LONG, *values)

    def tobytes(self) -> bytes:
        """The block as JPEG, PNG, WebP and TIFF carry it."""
        return self.header(8) + pack(self, 8)

    def header(self, offset: int) -> bytes:
        """The eight bytes that lead to the first directory."""
        mark = b"II" if self.order == "<" else b"MM"
        return mark + struct.pack(self.order + "HI", 42, offset)


def parse(source: bytes | BufferedIOBase, directory: int | None = None) -> Exif:
    """Take an EXIF block, or a page of a TIFF file, apart.

    The thumbnail and what only describes the stored bytes are left out, and
    so is, with `damaged` set, what can't be read.

    Args:
        source: the block, or the file from its start.
        directory: where the page's directory is; None for the first one.

    Raises:
        ValueError: if it does not start like one.
    """
    if isinstance(source, bytes):
        source = io.BytesIO(source.removeprefix(b"Exif\0\0"))
    start = source.read(16)
    order = _ORDERS.get(start[:2])
    version = int.from_bytes(start[2:4], "big" if order == ">" else "little")
    if order is None or version not in (42, 43) or len(start) < 8:
        raise ValueError("no EXIF: it must start with II or MM and 42")
    # BigTIFF, version 43, has 64 bits where TIFF has 32.
    long, at = ("I", 4) if version == 42 else ("Q", 8)
    exif = Exif(order)
    try:
        (first,) = struct.unpack_from(order + long, start, at)
        first = first if directory is None else directory
        image, whole = read_directory(
            source, order, first, long, _DESCRIBING | _BELOW
        )
        exif.damaged = not whole
        exif.directories[IMAGE] = {
            tag: image[tag] for tag in image if tag in _DESCRIBING
        }
        for tag in _BELOW & image.keys():
            (offset,) = struct.unpack(order + long, image[tag].data)
            fields, whole = read_directory(source, order, offset, long)
            exif.directories[tag] = fields
            exif.damaged |= not whole
    except (struct.error, OverflowError):  # OverflowError: absurd offsets
        exif.damaged = True
    return exif


def pack(exif: Exif, start: int) -> bytes:
    """Lay the directories out as bytes that will stand at offset `start`.

    The camera's comes last: a maker's note in it may be long.
    """
    image = dict(exif.directories.get(IMAGE, {}))
    below = [tag for tag in (PLACE, CAMERA) if exif.directories.get(tag)]
    image |= {tag: exif.longs(0) for tag in below}
    offset = start + len(pack_directory(exif.order, image, start))
    tail = b""
    for tag in below:
        at = offset + len(tail)
        image[tag] = exif.longs(at)
        tail += pack_directory(exif.order, exif.directories[tag], at)
    return pack_directory(exif.order, image, start) + tail
