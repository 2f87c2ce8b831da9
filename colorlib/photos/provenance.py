"""Saying in the file itself that an algorithm colored the photograph.

A colored photograph looks like a document, and will be taken for one once it
has lost its caption. So the mark stands inside the file, where IPTC's standard
puts it and where archives, search engines and ExifTool look:

- `Iptc4xmpExt:DigitalSourceType` is IPTC's term for "the compositing of
  trained algorithmic media with some other media". That is what we make: the
  lightness is the photograph's, the color is a network's. Not
  `trainedAlgorithmicMedia`, which is for pictures that are made up
  altogether, nor `algorithmicallyEnhanced`, which is for minor corrections.
- `Iptc4xmpExt:AISystemUsed` is the model, and `AISystemVersionUsed` the hash
  of its weights.
- `xmp:CreatorTool` is the program, unless a scanner's stands there already.
- Properties in a name space of our own say which program it was, on which day,
  and what the copy came from: hash and size of the original file, and the
  settings. With them a batch run tells a finished copy from one of another
  scan with the same name. Where somebody knew colors, a list has each of these
  hints with its source: they are not the network's.

What else the owner's packet says is kept.

Source: IPTC NewsCodes, Digital Source Type; IPTC Photo Metadata Standard
2025.1, section IPTC Extension; XMP specification part 1. Chapter 14.
"""

import re

from colorlib.photos.photo import MadeBy
from colorlib.photos.xmp import XMP, Packet

SOURCE_TYPE = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/"
    "compositeWithTrainedAlgorithmicMedia"
)

_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_OWN = "urn:x-colorlib:provenance#"


def to_xmp(made_by: MadeBy) -> bytes:
    """Write the mark as an XMP packet of its own, in UTF-8."""
    packet = Packet()
    mark(packet, made_by)
    return packet.tobytes()


def from_xmp(data: bytes | None) -> MadeBy | None:
    """Find our mark in a file's XMP packet; None where there is none."""
    try:
        return find_mark(Packet(data)) if data else None
    except ValueError:
        return None


def mark(packet: Packet, made_by: MadeBy) -> None:
    """Add the mark to a packet, and leave all else in it as it is.

    A scanner's program stays the first tool that made the picture. The
    source type of the original, such as a digitized negative, is put aside.
    """
    original = packet.get(_IPTC, "DigitalSourceType")
    if original not in (None, SOURCE_TYPE):
        packet.set("colorlib", _OWN, "OriginalSourceType", original)
    version = f"sha256:{made_by.sha256}"
    for name, value in [
        ("DigitalSourceType", SOURCE_TYPE),
        ("AISystemUsed", made_by.model),
        ("AISystemVersionUsed", version),
    ]:
        packet.set("Iptc4xmpExt", _IPTC, name, value)
    if packet.get(XMP, "CreatorTool") is None:
        packet.set("xmp", XMP, "CreatorTool", made_by.software)
    for name, value in [
        ("Software", made_by.software),
        ("Settings", made_by.settings),
        ("SourceHash", f"sha256:{made_by.source_sha256}"),
        ("SourceBytes", str(made_by.source_bytes)),
        ("Date", made_by.date),
    ]:
        packet.set("colorlib", _OWN, name, value)
    packet.set_list("colorlib", _OWN, "Hints", made_by.hints)


def remove_mark(packet: Packet, made_by: MadeBy) -> None:
    """Remove a mark that `find_mark` found, and undo what `mark` did."""
    original = packet.get(_OWN, "OriginalSourceType")
    for name in ("DigitalSourceType", "AISystemUsed", "AISystemVersionUsed"):
        packet.remove(_IPTC, name)
    if packet.get(XMP, "CreatorTool") == made_by.software:
        packet.remove(XMP, "CreatorTool")
    packet.remove(_OWN)
    if original is not None:
        packet.set("Iptc4xmpExt", _IPTC, "DigitalSourceType", original)


def find_mark(packet: Packet) -> MadeBy | None:
    """Find our mark; None where there is none."""
    if packet.get(_IPTC, "DigitalSourceType") != SOURCE_TYPE:
        return None
    model = packet.get(_IPTC, "AISystemUsed")
    version = packet.get(_IPTC, "AISystemVersionUsed") or ""
    software = packet.get(_OWN, "Software") or packet.get(XMP, "CreatorTool")
    marker, _, sha256 = version.partition("sha256:")
    if marker or not sha256 or model is None or software is None:
        return None  # colored by another program
    try:
        hints = [" ".join(h.split()) for h in packet.get_list(_OWN, "Hints")]
        return MadeBy(
            model, sha256, software, *_source(packet), hints=tuple(hints)
        )
    except ValueError:
        return None


def _source(packet: Packet) -> tuple[str, str, int, str]:
    """Settings, the source's hash and size, and the day, where it says so."""
    source = packet.get(_OWN, "SourceHash") or ""
    size = packet.get(_OWN, "SourceBytes") or ""
    return (
        packet.get(_OWN, "Settings") or "",
        source.removeprefix("sha256:"),
        int(size) if re.fullmatch("[0-9]{1,19}", size) else 0,
        packet.get(_OWN, "Date") or "",
    )
