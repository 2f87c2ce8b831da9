"""Captions beside EXIF, in and out of each format's own places.

Each format has other places for them. What the written one has no place for
becomes a property of XMP, which all four have:

====  =========  ====================  =======================
      IPTC-IIM   JPEG's comment        PNG's texts
====  =========  ====================  =======================
JPEG  as it was  as it was             XMP
PNG   XMP        a text, `Comment`     as they were
TIFF  as it was  XMP                   XMP
WebP  XMP        XMP                   XMP
====  =========  ====================  =======================

Source: IPTC Photo Metadata Standard, mapping; PNG (third edition), section
11.3.3 (keywords).
"""

import struct
from io import BufferedIOBase

import tifffile
from PIL import Image

from colorlib.photos.formats.ifd import LONG, Field, read_directory
from colorlib.photos.formats.iptc import from_photoshop, properties
from colorlib.photos.formats.jp2_boxes import Boxes
from colorlib.photos.formats.jpeg_segments import read_segments
from colorlib.photos.formats.png_chunks import Chunks, is_caption
from colorlib.photos.formats.tiff_pages import Page
from colorlib.photos.photo import Captions, Photo, RefusedError
from colorlib.photos.provenance import mark
from colorlib.photos.xmp import Packet

COMMENT = "Comment"
_XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG = 700, 33723, 34377
_IPTC_RESOURCE = 0x0404

# PNG's keywords, and the XMP properties that mean the same.
_PROPERTIES = {
    "Title": "dc:title",
    "Author": "dc:creator",
    "Description": "dc:description",
    "Copyright": "dc:rights",
    COMMENT: "dc:description",
}
# Keywords of texts that programs write for programs.
_FOR_PROGRAMS = ("Software", "date:", "Thumb::", "png:", "exif:", "icc:")
_INCOMPLETE = "its XMP is incomplete; what could be read of it was kept"


def of_jpeg(file: BufferedIOBase) -> tuple[Captions, tuple[str, ...]]:
    """Captions in the segments of a JPEG, and what is amiss with them."""
    found = read_segments(file)
    packet = found.xmp
    notes: tuple[str, ...] = ()
    if found.more_xmp is not None:
        try:
            first = Packet(found.xmp)
            first.join(Packet(found.more_xmp or b"incomplete"))
            packet = first.tobytes()
        except ValueError:
            notes = (_INCOMPLETE,)
    texts = tuple((COMMENT, _decode(comment)) for comment in found.comments)
    return Captions(packet, from_photoshop(found.photoshop), texts), notes


def of_png(chunks: Chunks) -> Captions:
    """Captions in the chunks of a PNG."""
    iptc = from_photoshop(chunks.iptc or b"")
    return Captions(chunks.xmp, iptc, chunks.captions)


def of_jp2(boxes: Boxes) -> Captions:
    """Captions in the boxes of a JPEG 2000."""
    return Captions(boxes.xmp, from_photoshop(boxes.iptc or b""))


def of_tiff(file: BufferedIOBase, page: Page) -> Captions:
    """Captions in the fields of a page, or of the page that leads to it.

    Not those that EXIF has as well, such as a description.
    """
    fields = _fields_of(file, page.tiff)
    if page.parent:
        fields = _fields_of(file, page.parent) | fields
    xmp, iptc, photoshop = (
        fields.get(tag, Field(0, 0, b""))
        for tag in (_XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG)
    )
    found = from_photoshop(_in_file_order(iptc))
    return Captions(xmp.data or None, found or from_photoshop(photoshop.data))


def _fields_of(
    file: BufferedIOBase, page: tifffile.TiffPage
) -> dict[int, Field]:
    """Read the fields of captions as bytes, whatever their type."""
    tiff = page.parent
    long = "Q" if tiff.is_bigtiff else "I"
    wanted = frozenset([_XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG])
    return read_directory(file, tiff.byteorder, page.offset, long, wanted)[0]


def _in_file_order(field: Field) -> bytes:
    """The bytes of a field; as 32-bit numbers they may have been swapped."""
    if field.kind != LONG or field.data[:1] == b"\x1c":
        return field.data
    count = len(field.data) // 4
    return struct.pack(f"<{count}I", *struct.unpack(f">{count}I", field.data))


def of_image(image: Image.Image) -> Captions:
    """Captions of a Pillow image, as far as Pillow keeps them."""
    info = image.info
    resources = info.get("photoshop")
    iptc = resources.get(_IPTC_RESOURCE) if isinstance(resources, dict) else b""
    texts = [
        (keyword, str(text))
        for keyword, text in getattr(image, "text", {}).items()
        if is_caption(keyword)
    ]
    if comment := info.get("comment"):
        texts.append((COMMENT, _decode(comment)))
    xmp = info.get("xmp")
    return Captions(
        xmp.encode() if isinstance(xmp, str) else xmp,
        from_photoshop(iptc or b""),
        tuple(texts),
    )


def _decode(comment: bytes | str) -> str:
    """Decode a comment, which says nothing of its character set."""
    if isinstance(comment, str):
        return comment
    try:
        return comment.decode().rstrip("\0")
    except UnicodeDecodeError:
        return comment.decode("latin-1").rstrip("\0")


def comments_for_jpeg(captions: Captions) -> tuple[bytes, ...]:
    """The texts that a JPEG's comments hold."""
    return tuple(
        text.encode("utf-8", "replace")
        for keyword, text in captions.texts
        if keyword == COMMENT
    )


def xmp_for(photo: Photo, format: str) -> bytes | None:
    """The XMP packet to write: the owner's, captions moved to it, the mark.

    Raises:
        RefusedError: if the photo's packet is no XMP.
    """
    moved = _without_place(photo.captions, format)
    if not moved and not photo.made_by:
        return photo.captions.xmp
    try:
        packet = Packet(photo.captions.xmp)
    except ValueError as error:
        raise RefusedError(
            f"its XMP {error}", "give a packet of XMP, or none"
        ) from error
    for name, text in moved:
        packet.add(name, text)
    if photo.made_by:
        mark(packet, photo.made_by)
    return packet.tobytes()


def _without_place(captions: Captions, format: str) -> list[tuple[str, str]]:
    """Captions that a format has no place for, as properties of XMP."""
    moved = []
    if captions.iptc and format not in ("JPEG", "TIFF"):
        moved = properties(captions.iptc)
    for keyword, text in captions.texts:
        kept = format == "PNG" or (format == "JPEG" and keyword == COMMENT)
        if not kept and not keyword.startswith(_FOR_PROGRAMS):
            moved.append((_PROPERTIES.get(keyword, keyword), text))
    return moved
