"""JPEG's segments: what stands in a file before its pixels.

A segment holds at most 64 KB. What is longer is split: EXIF, XMP and
Photoshop's resources each in a way of their own.

Source: ITU-T T.81, annex B; XMP specification part 3, section 1.1.3.
"""

import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase

_APP1, _APP13, _COMMENT = 0xE1, 0xED, 0xFE
_SCAN, _END = 0xDA, 0xD9
_JFIF = b"\xff\xd8\xff\xe0"
_ALONE = (0x00, 0x01, *range(0xD0, 0xD9))  # markers without contents
_ROOM = 65533  # a segment counts its bytes, and the count's two, in 16 bits
_MOST_BYTES = 2**26  # of all segments; more was made to harm
_MOST_JUNK = 2**12  # bytes between segments, which decoders pass over

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_HASH = re.compile(rb"HasExtendedXMP\W{1,9}([0-9A-Fa-f]{32})")


@dataclass
class Segments:
    """What a JPEG says beside its pixels, as bytes."""

    xmp: bytes | None = None
    """The XMP packet, or the first part of it."""
    more_xmp: bytes | None = None
    """The rest of a packet that is too long for one segment."""
    photoshop: bytes = b""
    """Photoshop's resources, of which IPTC-IIM is one."""
    comments: list[bytes] = field(default_factory=list)


def walk_segments(file: BufferedIOBase) -> Iterator[tuple[int, bytes]]:
    """Read the segments of a JPEG up to its first scan.

    Args:
        file: at any place; it is read from the start.

    Yields:
        Marker, such as 0xE1, and contents. It ends without an error where
        the file is damaged, or has more than 64 MB of them.
    """
    file.seek(2)
    room, junk = _MOST_BYTES, _MOST_JUNK
    while room > 0 and junk > 0 and (byte := file.read(1)):
        junk -= 1
        if byte != b"\xff":
            continue
        while (byte := file.read(1)) == b"\xff" and junk > 0:  # fill bytes
            junk -= 1
        marker = byte[0] if byte else _END
        if marker in _ALONE:
            continue
        length = int.from_bytes(file.read(2), "big")
        if marker in (_SCAN, _END) or length < 2:
            return
        contents = file.read(length - 2)
        room -= length
        junk += 1
        yield marker, contents


def read_segments(file: BufferedIOBase) -> Segments:
    """Collect captions of all kinds; EXIF is Pillow's part."""
    found, parts = Segments(), []
    for marker, data in walk_segments(file):
        if marker == _COMMENT:
            found.comments.append(data)
        elif marker == _APP13 and data.startswith(_PHOTOSHOP):
            found.photoshop += data.removeprefix(_PHOTOSHOP)
        elif marker == _APP1 and data.startswith(_XMP):
            found.xmp = found.xmp or data.removeprefix(_XMP)
        elif marker == _APP1 and data.startswith(_MORE_XMP):
            parts.append(data.removeprefix(_MORE_XMP))
    if named := _HASH.search(found.xmp or b""):
        found.more_xmp = _joined(parts, named[1])
    return found


def _joined(parts: list[bytes], name: bytes) -> bytes:
    """Join the parts of an extended packet: hash, length, offset, bytes."""
    own = {
        part[36:40]: part[40:] for part in parts if part[:32] == name.upper()
    }
    return b"".join(own[offset] for offset in sorted(own))


def pack_segments(
    *,
    exif: bytes | None = None,
    xmp: bytes | None = None,
    mark: bytes | None = None,
    photoshop: bytes | None = None,
    comments: tuple[bytes, ...] = (),
) -> bytes:
    """Frame what a JPEG says beside its pixels.

    Args:
        exif: the block. Where it is longer than a segment it goes on in the
            next; readers that don't know find what is in the first 64 KB.
        xmp: the packet. A longer one becomes an extended packet.
        mark: an XMP packet for the first segment, if `xmp` is too long.
        photoshop: image resource blocks.
        comments: one segment each, or more.
    """
    out = b""
    if exif:
        block = exif.removeprefix(_EXIF)
        out += b"".join(
            _segment(_APP1, _EXIF + part)
            for part in _split(block, _ROOM - len(_EXIF))
        )
    if xmp:
        out += _pack_xmp(xmp, mark)
    if photoshop:
        for part in _split(photoshop, _ROOM - len(_PHOTOSHOP)):
            out += _segment(_APP13, _PHOTOSHOP + part)
    for comment in comments:
        for part in _split(comment, _ROOM):
            out += _segment(_COMMENT, part)
    return out


def insert_segments(jpeg: bytes, segments: bytes) -> list[bytes]:
    """Put segments where they belong: before all others but JFIF's."""
    at = 2
    if jpeg.startswith(_JFIF):
        at = 4 + int.from_bytes(jpeg[4:6], "big")
    return [jpeg[:at], segments, jpeg[at:]]


def _split(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


_SHORT_XMP = (
    b'<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    b' xmlns:xmpNote="http://ns.adobe.com/xmp/note/" rdf:about=""'
    b' xmpNote:HasExtendedXMP="%s"/></rdf:RDF>'
)
_EMPTY_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>'
    b"</x:xmpmeta>"
)


def _pack_xmp(xmp: bytes, mark: bytes | None) -> bytes:
    """One segment, or a short packet that leads to segments with the rest."""
    if len(_XMP) + len(xmp) <= _ROOM:
        return _segment(_APP1, _XMP + xmp)
    name = hashlib.md5(xmp, usedforsecurity=False).hexdigest().upper().encode()
    note = _SHORT_XMP % name
    first = (mark or _EMPTY_XMP).replace(b"</rdf:RDF>", note, 1)
    out = _segment(_APP1, _XMP + first)
    size = _ROOM - len(_MORE_XMP) - 40
    for i, part in enumerate(_split(xmp, size)):
        head = _MORE_XMP + name + struct.pack(">II", len(xmp), i * size)
        out += _segment(_APP1, head + part)
    return out
