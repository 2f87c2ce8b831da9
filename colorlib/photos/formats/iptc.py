"""IPTC-IIM, the captions of press photographs since 1991.

JPEG and TIFF have a place for it. Elsewhere its texts go into the XMP
properties that mean the same.

Source: IPTC-NAA Information Interchange Model 4.2; Adobe Photoshop File
Formats, "Image Resource Blocks"; IPTC Photo Metadata Standard, mapping.
"""

import struct
from collections.abc import Iterator

_RESOURCE, _IPTC = b"8BIM", 0x0404
_MOST_TEXTS = 256
_APPLICATION = 2  # the record with captions
_CHARACTER_SET, _UTF8 = (1, 90), b"\x1b%G"

# Data sets of record 2, and the XMP properties that mean the same.
_PROPERTIES = {
    5: "dc:title",
    10: "photoshop:Urgency",
    15: "photoshop:Category",
    20: "photoshop:SupplementalCategories",
    25: "dc:subject",
    40: "photoshop:Instructions",
    55: "photoshop:DateCreated",
    80: "dc:creator",
    85: "photoshop:AuthorsPosition",
    90: "photoshop:City",
    92: "Iptc4xmpCore:Location",
    95: "photoshop:State",
    100: "Iptc4xmpCore:CountryCode",
    101: "photoshop:Country",
    103: "photoshop:TransmissionReference",
    105: "photoshop:Headline",
    110: "photoshop:Credit",
    115: "photoshop:Source",
    116: "dc:rights",
    118: "Contact",  # no simple property: it gets a line of the description
    120: "dc:description",
    122: "photoshop:CaptionWriter",
}


def from_photoshop(resources: bytes) -> bytes | None:
    """Find IPTC-IIM among Photoshop's resources, or take it as it is."""
    if resources[:1] == b"\x1c":
        return resources
    at = 0
    while resources[at : at + 4] == _RESOURCE and len(resources) >= at + 12:
        kind = int.from_bytes(resources[at + 4 : at + 6], "big")
        name = 1 + resources[at + 6]
        start = at + 6 + name + name % 2
        size = int.from_bytes(resources[start : start + 4], "big")
        if kind == _IPTC:
            return resources[start + 4 : start + 4 + size] or None
        at = start + 4 + size + size % 2
    return None


def to_photoshop(iptc: bytes) -> bytes:
    """Frame IPTC-IIM as Photoshop's resource of it, and the only one."""
    head = _RESOURCE + struct.pack(">HHI", _IPTC, 0, len(iptc))
    return head + iptc + bytes(len(iptc) % 2)


def properties(iptc: bytes) -> list[tuple[str, str]]:
    r"""List what has an XMP property: its name and the text.

    >>> properties(b"\x1c\x02\x5a\0\5Busan")
    [('photoshop:City', 'Busan')]
    """
    found, encoding = [], "utf-8"
    for record, number, data in _data_sets(iptc):
        if (record, number) == _CHARACTER_SET and data != _UTF8:
            encoding = "latin-1"
        if record == _APPLICATION and number in _PROPERTIES:
            text = _decode(data, encoding).strip("\0 \r\n\t")
            found.append((_PROPERTIES[number], text))
    return [(name, text) for name, text in found if text][:_MOST_TEXTS]


def _data_sets(iptc: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Take a block apart: record, number, contents."""
    at = 0
    while iptc[at : at + 1] == b"\x1c" and len(iptc) >= at + 5:
        record, number = iptc[at + 1], iptc[at + 2]
        size = int.from_bytes(iptc[at + 3 : at + 5], "big")
        if size > 0x7FFF:  # an extended length, which no caption has
            return
        yield record, number, iptc[at + 5 : at + 5 + size]
        at += 5 + size


def _decode(text: bytes, encoding: str) -> str:
    """Decode; many programs wrote UTF-8 or Latin-1 without saying so."""
    try:
        return text.decode(encoding)
    except UnicodeDecodeError:
        return text.decode("latin-1")
