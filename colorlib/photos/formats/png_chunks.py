"""PNG's chunks: what stands in a file beside its pixels, wherever it stands.

Pillow reads the chunks before the pixels, and libpng through imagecodecs
none.

Source: PNG (third edition), sections 5 and 11; ImageMagick's raw profiles.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase, BytesIO

_SIGNATURE_ENDS = 8
_MOST_CHUNK = 2**24  # bytes of one chunk that is no pixels
_MOST_BYTES = 2**26  # of all of them; more was made to harm
_MOST_CHUNKS = 2**20
_MOST_TEXTS = 256
_XMP = "XML:com.adobe.xmp"
_RAW = "Raw profile type "
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


@dataclass
class Chunks:
    """What is in a PNG beside its pixels."""

    first: dict[bytes, bytes] = field(default_factory=dict)
    """The first chunk of each kind but pixels and texts."""
    ended: bool = False
    """Whether the end mark, IEND, is there."""
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Keyword and text, from tEXt, zTXt and iTXt."""
    damaged: bool = False
    """Whether a text could not be read."""

    @property
    def exif(self) -> bytes | None:
        """The EXIF block, from eXIf or ImageMagick's text of it."""
        if block := self.first.get(b"eXIf") or self.raw_profile("exif"):
            return block
        block = self.raw_profile("APP1")  # the same, or XMP
        return block if block and block.startswith(b"Exif") else None

    @property
    def significant_bits(self) -> int | None:
        """The bits of the deepest channel, where sBIT says them.

        A file that keeps to the standard has shifted them up, and some have
        not.
        """
        return max(self.first.get(b"sBIT", b"")[:4], default=None)

    @property
    def xmp(self) -> bytes | None:
        """The XMP packet."""
        for keyword, text in self.texts:
            if keyword == _XMP:
                return text.encode()
        return self.raw_profile("xmp")

    @property
    def iptc(self) -> bytes | None:
        """IPTC-IIM as ImageMagick keeps it, among Photoshop's resources."""
        return self.raw_profile("iptc") or self.raw_profile("8bim")

    @property
    def profile(self) -> bytes | None:
        """The ICC profile.

        Raises:
            ValueError: if it is cut short, or too long.
        """
        if b"iCCP" not in self.first:
            return None
        _, _, packed = self.first[b"iCCP"].partition(b"\0")
        try:
            return _inflate(packed[1:], _MOST_CHUNK)
        except zlib.error as error:
            raise ValueError(str(error)) from None

    @property
    def captions(self) -> tuple[tuple[str, str], ...]:
        """The texts for people."""
        return tuple(
            (keyword, text)
            for keyword, text in self.texts
            if is_caption(keyword)
        )

    def raw_profile(self, kind: str) -> bytes | None:
        """A block of bytes that ImageMagick wrote as hexadecimal text."""
        for keyword, text in self.texts:
            if keyword.lower() != (_RAW + kind).lower():
                continue
            digits = "".join(text.split("\n")[3:])
            try:
                return bytes.fromhex(digits) or None
            except ValueError:
                return None
        return None


def is_caption(keyword: str) -> bool:
    """Whether a text of this keyword is for people."""
    return keyword != _XMP and not keyword.startswith(_RAW)


def walk_chunks(file: BufferedIOBase) -> Iterator[tuple[bytes, int]]:
    """Name the chunks of a PNG, with the length of their contents.

    The file stands at the contents when a chunk is named, and may be read.
    """
    at = _SIGNATURE_ENDS
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        yield kind, length
        at += length + 12


def read_chunks(file: BufferedIOBase) -> Chunks:
    """Read all chunks but the pixels."""
    found, room = Chunks(), _MOST_BYTES
    for kind, length in walk_chunks(file):
        if kind == b"IEND":
            found.ended = True
            break
        if kind in (b"IDAT", b"fdAT"):
            continue
        full = kind in _TEXTS and len(found.texts) == _MOST_TEXTS
        if full or length > min(room, _MOST_CHUNK):
            found.damaged |= kind in _TEXTS
            continue
        data, checksum = file.read(length), file.read(4)
        room -= length
        if kind in _TEXTS and checksum != _checksum(kind, data):
            found.damaged = True
            continue
        if kind not in _TEXTS:
            found.first.setdefault(kind, data)
            continue
        try:
            text = _text(kind, data, min(room, _MOST_CHUNK))
        except (zlib.error, IndexError, ValueError):
            found.damaged = True
            continue
        found.texts.append(text)
        room -= len(text[1])
    return found


def without_metadata(file: BufferedIOBase) -> BufferedIOBase:
    """A PNG without its texts, profile and EXIF.

    Pillow reads no picture whose text or profile is damaged, or has more than
    a megabyte.

    Returns:
        A copy in memory, or the same file if it has none of them.
    """
    left_out = []
    for kind, length in walk_chunks(file):
        if kind == b"IEND":
            break
        if kind in (*_TEXTS, b"iCCP", b"eXIf"):
            start = file.tell() - 8
            left_out.append((start, start + length + 12))
    if not left_out:
        return file
    copy, at = BytesIO(), 0
    for start, stop in left_out:
        file.seek(at)
        copy.write(file.read(start - at))
        at = stop
    file.seek(at)
    copy.write(file.read())
    return copy


def _text(kind: bytes, data: bytes, room: int) -> tuple[str, str]:
    """Decode a chunk of text.

    Raises:
        ValueError, IndexError, zlib.error: if it is none.
    """
    key, _, rest = data.partition(b"\0")
    keyword = key.decode("latin-1")
    if kind == b"tEXt":
        return keyword, rest.decode("latin-1")
    if kind == b"zTXt":
        return keyword, _inflate(rest[1:], room).decode("latin-1")
    packed, rest = rest[0], rest[2:]
    rest = rest.split(b"\0", 2)[2]  # the language, the keyword in it
    text = _inflate(rest, room) if packed else rest
    return keyword, text.decode("utf-8", "replace")


def _inflate(data: bytes, room: int) -> bytes:
    """Decompress, but not what is larger than there is room for."""
    inflater = zlib.decompressobj()
    text = inflater.decompress(data, max(room, 1))
    if not inflater.eof:
        raise ValueError("too long, or cut short")
    return text


def pack_chunk(kind: bytes, data: bytes) -> bytes:
    """Frame a chunk: length, kind, contents, checksum."""
    head = struct.pack(">I", len(data)) + kind
    return head + data + _checksum(kind, data)


def _checksum(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def pack_text(keyword: str, text: str) -> bytes:
    r"""Frame a text, in the chunk that holds its letters.

    >>> pack_text("Title", "Harbor")[4:19]
    b'tEXtTitle\x00Harbo'
    """
    key = re.sub("[^ -~\xa1-\xff]", "", keyword)[:79].strip() or "Comment"
    head = key.encode("latin-1") + b"\0"
    text = text.replace("\0", " ")
    try:
        return pack_chunk(b"tEXt", head + text.encode("latin-1"))
    except UnicodeEncodeError:
        # Plain, in no language, without a keyword in that language.
        return pack_chunk(b"iTXt", head + bytes(4) + _utf8(text))


def pack_xmp(packet: bytes) -> bytes:
    """Frame an XMP packet."""
    return pack_chunk(b"iTXt", _XMP.encode() + bytes(5) + packet)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
