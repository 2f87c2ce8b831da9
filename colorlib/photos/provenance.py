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

Source: IPTC NewsCodes, Digital Source Type; IPTC Photo Metadata Standard
2025.1, section IPTC Extension; XMP specification part 1. Chapter 14.
"""

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

_PACKET = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{rdf}">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{iptc}" xmlns:xmp="{xmp}">
   <Iptc4xmpExt:DigitalSourceType>{kind}</Iptc4xmpExt:DigitalSourceType>
   <Iptc4xmpExt:AISystemUsed>{model}</Iptc4xmpExt:AISystemUsed>
   <Iptc4xmpExt:AISystemVersionUsed>sha256:{sha256}</Iptc4xmpExt:AISystemVersionUsed>
   <xmp:CreatorTool>{software}</xmp:CreatorTool>
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
        kind=SOURCE_TYPE,
        model=escape(made_by.model),
        sha256=escape(made_by.sha256),
        software=escape(made_by.software),
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
        return MadeBy(model, sha256, software)
    except ValueError:
        return None


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
