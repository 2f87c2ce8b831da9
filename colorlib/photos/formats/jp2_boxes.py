"""JPEG 2000's boxes: depth, color profile, EXIF and captions.

Source: ISO/IEC 15444-1, annexes A.5 (SIZ) and I (boxes).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase

from colorlib.photos.photo import RefusedError

_CODESTREAM = b"\xff\x4f\xff\x51"
_COUNT_AT, _DEPTH_AT = 40, 42  # in the codestream; three bytes a channel
_MOST_CHANNELS = 4
_MOST_BYTES = 2**24  # of a profile or a caption
_ENUMERATED, _ICC = 1, (2, 3)  # the methods of a colr box
_READ_AS_RGB = (16, 17, 18)  # sRGB, gray, sYCC
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_IPTC = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
_EXIF = b"JpgTiffExif->JP2"


@dataclass
class Boxes:
    """What is in a JPEG 2000 file beside its pixels."""

    bits: int = 8
    signed: bool = False
    profile: bytes | None = None
    enumerated: int | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    codestream_last: bool = False
    """Whether the pixels' end is the file's."""

    @property
    def notes(self) -> tuple[str, ...]:
        """A color space that is named and not converted."""
        if self.profile or self.enumerated in (None, *_READ_AS_RGB):
            return ()
        number = self.enumerated
        return (f"its color space (number {number}) was not converted",)


def read_boxes(file: BufferedIOBase) -> Boxes:
    """Walk through the boxes; a bare codestream has none."""
    end = file.seek(0, 2)
    file.seek(0)
    found = Boxes()
    if file.read(4) == _CODESTREAM:
        _read_depth(file, 0, found)
        found.codestream_last = True
        return found
    for kind, start, stop in walk_boxes(file, 0, end):
        if kind == b"jp2c":
            _read_depth(file, start, found)
            found.codestream_last = stop == end
            break
        if kind == b"jp2h":
            for inner, *place in walk_boxes(file, start, stop):
                if inner == b"colr" and not found.profile:
                    _read_color(_body(file, *place), found)
        elif kind == b"uuid":
            _read_uuid(_body(file, start, stop), found)
    return found


def walk_boxes(
    file: BufferedIOBase, at: int, end: int
) -> Iterator[tuple[bytes, int, int]]:
    """Name each box, and where its contents start and stop."""
    while at + 8 <= end:
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        start = at + 8
        if size == 1:  # a longer number follows
            if len(long := file.read(8)) < 8:
                return
            size, start = int.from_bytes(long, "big"), at + 16
        stop = min(at + size, end) if size else end
        if stop < start:
            return
        yield kind, start, stop
        at = stop


def _body(file: BufferedIOBase, start: int, stop: int) -> bytes:
    file.seek(start)
    return file.read(stop - start) if stop - start <= _MOST_BYTES else b""


def _read_depth(file: BufferedIOBase, start: int, found: Boxes) -> None:
    """Read SIZ, which always comes first in the codestream."""
    file.seek(start)
    head = file.read(_DEPTH_AT)
    if head[:4] != _CODESTREAM or len(head) < _DEPTH_AT:
        return
    count = int.from_bytes(head[_COUNT_AT:_DEPTH_AT], "big")
    depths = set(file.read(3 * min(count, _MOST_CHANNELS))[::3])
    if len(depths) > 1:
        kinds = sorted((depth & 127) + 1 for depth in depths)
        raise RefusedError(
            f"has channels of different depths, {kinds}",
            "save it with 8 or 16 bits a channel",
        )
    for depth in depths:
        found.bits, found.signed = (depth & 127) + 1, depth > 127


def _read_color(body: bytes, found: Boxes) -> None:
    if body[:1] and body[0] in _ICC:
        found.profile = body[3:]
    elif body[:1] and body[0] == _ENUMERATED:
        found.enumerated = int.from_bytes(body[3:7], "big")


def _read_uuid(body: bytes, found: Boxes) -> None:
    names = {_XMP: "xmp", _IPTC: "iptc", _EXIF: "exif"}
    if name := names.get(body[:16]):
        setattr(found, name, body[16:])
