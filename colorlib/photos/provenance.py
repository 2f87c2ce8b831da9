"""Saying in the file itself that an algorithm colored the photograph.

A colored photograph looks like a document, and will be taken for one once it
has lost its caption. So the mark travels inside the file, where IPTC's
standard puts it and where archives, search engines and ExifTool look:

- `Iptc4xmpExt:DigitalSourceType` is IPTC's term for "the compositing of
  trained algorithmic media with some other media". That is what we make: the
  lightness is the photograph's, the color is a network's. Not
  `trainedAlgorithmicMedia`, which is for pictures that are made up
  altogether, nor `algorithmicallyEnhanced`, which is for minor corrections.
- `Iptc4xmpExt:AISystemUsed` is the model, and `AISystemVersionUsed` the hash
  of its weights.
- `xmp:CreatorTool` is the program.
- Three properties in a name space of our own say what the copy came from:
  hash and size of the original file, and the settings. With them a batch run
  tells a finished copy from one of another scan with the same name.

Source: IPTC NewsCodes, Digital Source Type; IPTC Photo Metadata Standard
2025.1, section IPTC Extension; XMP specification part 1. Chapter 14.
"""

import re
from dataclasses import fields
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from colorlib.photos.photo import MadeBy

SOURCE_TYPE = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/"
    "compositeWithTrainedAlgorithmicMedia"
)

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_OWN = "urn:x-colorlib:provenance#"

_PACKET = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{rdf}">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{iptc}" xmlns:xmp="{xmp}"
    xmlns:colorlib="{own}">
   <Iptc4xmpExt:DigitalSourceType>{kind}</Iptc4xmpExt:DigitalSourceType>
   <Iptc4xmpExt:AISystemUsed>{model}</Iptc4xmpExt:AISystemUsed>
   <Iptc4xmpExt:AISystemVersionUsed>sha256:{sha256}</Iptc4xmpExt:AISystemVersionUsed>
   <xmp:CreatorTool>{software}</xmp:CreatorTool>
   <colorlib:Settings>{settings}</colorlib:Settings>
   <colorlib:SourceHash>sha256:{source_sha256}</colorlib:SourceHash>
   <colorlib:SourceBytes>{source_bytes}</colorlib:SourceBytes>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def to_xmp(made_by: MadeBy) -> bytes:
    """Write the mark as an XMP packet, in UTF-8."""
    packet = _PACKET.format(
        rdf=_RDF,
        iptc=_IPTC,
        xmp=_XMP,
        own=_OWN,
        kind=SOURCE_TYPE,
        **{
            field.name: escape(str(getattr(made_by, field.name)))
            for field in fields(made_by)
        },
    )
    return packet.encode()


def from_xmp(packet: bytes | None) -> MadeBy | None:
    """Find our mark in a file's XMP packet; None where there is none."""
    try:
        root = ElementTree.fromstring((packet or b"").strip(b"\0 \n"))
    except ElementTree.ParseError:
        return None
    if _property(root, _IPTC, "DigitalSourceType") != SOURCE_TYPE:
        return None
    model = _property(root, _IPTC, "AISystemUsed")
    version = _property(root, _IPTC, "AISystemVersionUsed") or ""
    software = _property(root, _XMP, "CreatorTool")
    marker, _, sha256 = version.partition("sha256:")
    if marker or not sha256 or model is None or software is None:
        return None  # colored by another program
    try:
        return MadeBy(model, sha256, software, **_source(root))
    except ValueError:
        return None


def _source(root: ElementTree.Element) -> dict[str, str | int]:
    """What the copy came from; nothing in a mark that doesn't say so."""
    source = (_property(root, _OWN, "SourceHash") or "").removeprefix("sha256:")
    size = _property(root, _OWN, "SourceBytes") or ""
    return {
        "settings": _property(root, _OWN, "Settings") or "",
        "source_sha256": source,
        "source_bytes": int(size) if re.fullmatch("[0-9]{1,19}", size) else 0,
    }


def _property(
    root: ElementTree.Element, namespace: str, name: str
) -> str | None:
    """A simple property: XMP allows an element and an attribute for it."""
    tag = f"{{{namespace}}}{name}"
    for about in root.iter(f"{{{_RDF}}}Description"):
        if tag in about.attrib:
            return about.attrib[tag]
        if (element := about.find(tag)) is not None:
            return element.text or ""
    return None
