"""EXIF: what the camera or the scanner noted, kept byte for byte.

Pillow reads EXIF too, but writes every letter that is not ASCII back as "?",
and a caption in Korean with it. So here is the format itself. It is small: a
block starts with eight bytes that say which byte order it uses and where its
first directory is; a directory is a list of fields of twelve bytes; a field
that is too long for its four bytes of value says where the value is; and some
fields lead to further directories. A TIFF file is nothing else (the pixels
are one more thing that fields lead to), so this module reads and writes
those as well.

Source: CIPA DC-008 (Exif 2.32), section 4.5; TIFF 6.0, section 2; BigTIFF.
"""

import io
import struct
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import NamedTuple

# Directories, by the tag of the field that leads to them.
IMAGE = 0
CAMERA = 0x8769
PLACE = 0x8825
_BELOW = frozenset([CAMERA, PLACE])

ORIENTATION = 0x0112
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
MAKER_NOTE = 0x927C
_COLOR_SPACE, _X_DIMENSION, _Y_DIMENSION = 0xA001, 0xA002, 0xA003
_INTEROPERABILITY = 0xA005  # a third level, says only which color space

_STORAGE = frozenset([ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT])
# Of the first directory, what tells of the photograph and not of how its
# bytes are stored: description, maker, model, software, date, artist, host,
# copyright, document name, rating and Windows' five fields.
_DESCRIBING = _STORAGE | frozenset(
    [0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x4746]
    + [0x8298, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F]
)

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
# Bytes of one value, by type; 129 is the UTF-8 of Exif 3.0.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8}
_SIZES |= {11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8, 129: 1}


# A directory larger than this was made to harm, or is no directory.
_MOST_BYTES = 2**24


class Field(NamedTuple):
    """One field: its type, how many values, and their bytes."""

    kind: int
    count: int
    data: bytes


Directory = dict[int, Field]


@dataclass
class Exif:
    """An EXIF block taken apart."""

    order: str = "<"
    """Byte order of all fields, "<" little-endian or ">" big-endian."""
    directories: dict[int, Directory] = field(default_factory=dict)
    """`IMAGE`, and where there are any, `CAMERA` and `PLACE`."""
    damaged: bool = False
    """Whether something could not be read and was left out."""

    def number(self, tag: int) -> int | float | None:
        """The first number of a field of the first directory, if any."""
        kind, _, data = self.directories.get(IMAGE, {}).get(tag, (0, 0, b""))
        formats = {SHORT: "H", LONG: "I", RATIONAL: "II"}
        if kind not in formats or len(data) < _SIZES[kind]:
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
        return value if value in range(1, 9) else 1

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Dots per inch; None where no unit of length is given."""
        scale = {2: 1.0, 3: 2.54}.get(self.number(RESOLUTION_UNIT))
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
        return self._pack(SHORT, "H", values)

    def longs(self, *values: int) -> Field:
        """A field of 32-bit numbers in this block's byte order."""
        return self._pack(LONG, "I", values)

    def _pack(self, kind: int, letter: str, values: tuple[int, ...]) -> Field:
        data = struct.pack(f"{self.order}{len(values)}{letter}", *values)
        return Field(kind, len(values), data)

    def tobytes(self) -> bytes:
        """The block as JPEG, PNG, WebP and TIFF carry it."""
        return self.header(8) + pack(self, 8)

    def header(self, offset: int) -> bytes:
        """The eight bytes that lead to the first directory."""
        mark = b"II" if self.order == "<" else b"MM"
        return mark + struct.pack(self.order + "HI", 42, offset)


def parse(source: bytes | BufferedIOBase) -> Exif:
    """Take an EXIF block, or the first page of a TIFF file, apart.

    The thumbnail and what only describes the stored bytes are left out, and
    so is, with `damaged` set, what can't be read.

    Raises:
        ValueError: if it does not start like one.
    """
    if isinstance(source, bytes):
        source = io.BytesIO(source.removeprefix(b"Exif\0\0"))
    start = source.read(16)
    order = {b"II": "<", b"MM": ">"}.get(start[:2])
    version = int.from_bytes(start[2:4], "big" if order == ">" else "little")
    if order is None or version not in (42, 43) or len(start) < 8:
        raise ValueError("no EXIF: it must start with II or MM and 42")
    # BigTIFF, version 43, has 64 bits where TIFF has 32.
    long, at = ("I", 4) if version == 42 else ("Q", 8)
    exif = Exif(order)
    try:
        (first,) = struct.unpack_from(order + long, start, at)
        image = _read_directory(source, exif, first, long, _DESCRIBING | _BELOW)
        exif.directories[IMAGE] = {
            tag: image[tag] for tag in image if tag in _DESCRIBING
        }
        for tag in _BELOW & image.keys():
            (offset,) = struct.unpack(order + long, image[tag].data)
            exif.directories[tag] = _read_directory(source, exif, offset, long)
    except (struct.error, OverflowError):  # OverflowError: absurd offsets
        exif.damaged = True
    return exif


def pack(exif: Exif, start: int) -> bytes:
    """Lay the directories out as bytes that will stand at offset `start`."""
    image = dict(exif.directories.get(IMAGE, {}))
    below = [tag for tag in sorted(_BELOW) if exif.directories.get(tag)]
    image |= {tag: exif.longs(0) for tag in below}
    offset = start + len(_pack_directory(exif.order, image, start))
    tail = b""
    for tag in below:
        image[tag] = exif.longs(offset + len(tail))
        tail += _pack_directory(
            exif.order, exif.directories[tag], offset + len(tail)
        )
    return _pack_directory(exif.order, image, start) + tail


def _read_directory(
    source: BufferedIOBase,
    exif: Exif,
    offset: int,
    long: str,
    wanted: frozenset[int] | None = None,
) -> Directory:
    """Read the fields of one directory, `damaged` noting what was not."""
    count, inline = ("H", 4) if long == "I" else ("Q", 8)
    entry = struct.Struct(f"{exif.order}HH{long}{inline}s")
    source.seek(offset)
    head = source.read(struct.calcsize(exif.order + count))
    (entries,) = struct.unpack(exif.order + count, head)
    table = source.read(entry.size * min(entries, 65535))
    table = table[: len(table) // entry.size * entry.size]
    exif.damaged |= len(table) < entries * entry.size
    fields, room = {}, _MOST_BYTES
    for tag, kind, n, data in entry.iter_unpack(table):
        if wanted is not None and tag not in wanted:
            continue
        size = _SIZES.get(kind, 0) * n
        if inline < size <= room:
            source.seek(struct.unpack(exif.order + long, data)[0])
            data = source.read(size)
        if 0 < size <= len(data):
            fields[tag] = Field(kind, n, data[:size])
            room -= size
        else:
            exif.damaged = True
    return fields


def _pack_directory(order: str, fields: Directory, start: int) -> bytes:
    """Lay one directory out: count, fields by tag, end mark, long values."""
    values_at = start + 2 + 12 * len(fields) + 4
    table, values = struct.pack(order + "H", len(fields)), b""
    for tag, (kind, count, data) in sorted(fields.items()):
        if len(data) > 4:
            place = struct.pack(order + "I", values_at + len(values))
            values += data + b"\0" * (len(data) % 2)  # on even offsets
        else:
            place = data.ljust(4, b"\0")
        table += struct.pack(order + "HHI", tag, kind, count) + place
    return table + bytes(4) + values
