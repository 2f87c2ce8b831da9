"""The directories that TIFF and EXIF are made of.

A directory is a list of fields of twelve bytes each: what it is (the tag),
the type of its values, how many, and the values themselves, or where they
are if they are longer than four bytes. A block or a file starts with eight
bytes that say the byte order and where the first directory is.

Source: TIFF 6.0, section 2; BigTIFF.
"""

import struct
from io import BufferedIOBase
from typing import Literal, NamedTuple

BYTE, SHORT, LONG, RATIONAL, UNDEFINED = 1, 3, 4, 5, 7
# Bytes of one value, by type; 129 is the UTF-8 of Exif 3.0.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8}
SIZES |= {11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8, 129: 1}

# A directory larger than this was made to harm, or is no directory.
_MOST_BYTES = 2**24


class Field(NamedTuple):
    """One field: its type, how many values, and their bytes."""

    kind: int
    length: int
    data: bytes


Directory = dict[int, Field]
ByteOrder = Literal["<", ">"]


def numbers(order: str, kind: int, *values: int) -> Field:
    """A field of 16-bit (`SHORT`) or 32-bit (`LONG`) numbers."""
    letter = {SHORT: "H", LONG: "I"}[kind]
    data = struct.pack(f"{order}{len(values)}{letter}", *values)
    return Field(kind, len(values), data)


def read_directory(
    source: BufferedIOBase,
    order: str,
    offset: int,
    long: str,
    wanted: frozenset[int] | None = None,
) -> tuple[Directory, bool]:
    """Read one directory.

    Args:
        source: the whole block or file.
        order: "<" or ">".
        offset: where in it the directory begins.
        long: "I" for TIFF and EXIF, "Q" for the 64-bit offsets of BigTIFF.
        wanted: tags to read; None for all.

    Returns:
        Its fields, and whether all of them could be read.

    Raises:
        struct.error: if there is no directory.
    """
    count, inline = ("H", 4) if long == "I" else ("Q", 8)
    entry = struct.Struct(f"{order}HH{long}{inline}s")
    source.seek(offset)
    head = source.read(struct.calcsize(order + count))
    (entries,) = struct.unpack(order + count, head)
    table = source.read(entry.size * min(entries, 65535))
    table = table[: len(table) // entry.size * entry.size]
    fields, room = {}, _MOST_BYTES
    whole = len(table) == entries * entry.size
    for tag, kind, n, data in entry.iter_unpack(table):
        if wanted is not None and tag not in wanted:
            continue
        size = SIZES.get(kind, 0) * n
        if inline < size <= room:
            source.seek(struct.unpack(order + long, data)[0])
            data = source.read(size)
        if 0 < size <= len(data):
            fields[tag] = Field(kind, n, data[:size])
            room -= size
        else:
            whole = False
    return fields, whole


def pack_directory(order: str, fields: Directory, start: int) -> bytes:
    """Lay one directory out as bytes that will stand at offset `start`.

    The count, the fields by tag, an end mark, then the values that don't fit
    into a field, the longest last: a reader that stops after the first 64 KB
    of a JPEG's EXIF then misses one value, and not all behind it.
    """
    at = start + 2 + 12 * len(fields) + 4
    places, values = {}, []
    for tag, field in sorted(
        fields.items(), key=lambda item: (len(item[1].data), item[0])
    ):
        if len(field.data) <= 4:
            places[tag] = field.data.ljust(4, b"\0")
            continue
        places[tag] = struct.pack(order + "I", at)
        values += [field.data, bytes(len(field.data) % 2)]  # on even offsets
        at += len(field.data) + len(field.data) % 2
    table = [struct.pack(order + "H", len(fields))]
    for tag, (kind, count, _) in sorted(fields.items()):
        table += [struct.pack(order + "HHI", tag, kind, count), places[tag]]
    return b"".join([*table, bytes(4), *values])
