"""The words in a photograph's file: EXIF, IPTC, XMP, comments.

Read with Pillow and tifffile, apart from how `photos` reads and writes them,
so that a mistake there can't hide itself. For `verify`.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import tifffile
from PIL import ExifTags, Image, IptcImagePlugin, UnidentifiedImageError

from colorlib.photos.errors import damage
from colorlib.photos.formats.tiff_pages import choose_page
from colorlib.photos.photo import RefusedError

# What tells how pixels are stored, and not of the photograph.
_STORAGE = {"Orientation", "XResolution", "YResolution", "ResolutionUnit"}
_STORAGE |= {"ColorSpace", "ExifImageWidth", "ExifImageHeight"}
_STORAGE |= {"ExifOffset", "GPSInfo", "ExifInteroperabilityOffset"}
_BELOW = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_TIFF_TEXTS = (
    269,
    270,
    285,
    315,
    33432,
)  # name, description, page, artist, (c)
_TIFF_XMP, _TIFF_IPTC = 700, 33723
_IPTC_PROGRAM = (0, 65, 70)  # version of the record, program, its version
# XMP of these name spaces is what people write: Dublin Core, Photoshop, IPTC
# and rights.
_WRITTEN = (
    "{http://purl.org/dc/elements/1.1/}",
    "{http://ns.adobe.com/photoshop/1.0/}",
    "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}",
    "{http://ns.adobe.com/xap/1.0/rights/}",
)
# PNG keeps these as text; tifffile writes its arrays' shape as a caption.
_NO_CAPTIONS = ("XML:com.adobe.xmp", "Raw profile type", "Software", "date:")
_SHAPE = '{"shape":'
_FORMAT = "{http://purl.org/dc/elements/1.1/}format"  # image/jpeg


def exif_fields(block: bytes | None) -> dict[str, object]:
    """List the fields of an EXIF block by name, but for those of storage.

    Args:
        block: as in `Photo.exif`; None for none.
    """
    exif = Image.Exif()
    exif.load(block or b"")
    fields = {ExifTags.TAGS.get(tag, hex(tag)): exif[tag] for tag in exif}
    for below in _BELOW:
        names = ExifTags.GPSTAGS if "GPS" in below.name else ExifTags.TAGS
        for tag, value in exif.get_ifd(below).items():
            fields[names.get(tag, hex(tag))] = value
    return {name: fields[name] for name in fields.keys() - _STORAGE}


def texts(path: Path) -> list[str]:
    """List the captions in a file: IPTC, XMP, comments, text fields.

    Args:
        path: a photograph. What is unknown to Pillow and tifffile has none.

    Returns:
        Each text once, without the space around it.

    Raises:
        PhotoError: if the file is damaged.
    """
    try:
        with damage():
            found = list(_tiff(path) if _is_tiff(path) else _others(path))
    except RefusedError as refusal:
        if not isinstance(refusal.__cause__, UnidentifiedImageError):
            raise refusal.about(path) from refusal.__cause__
        found = []
    stripped = (text.strip("\0 \r\n\t") for text in found)
    return [
        text
        for text in dict.fromkeys(stripped)
        if text and not text.startswith(_SHAPE)
    ]


def _is_tiff(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def _tiff(path: Path) -> Iterator[str]:
    with tifffile.TiffFile(path) as file:
        tags = choose_page(file)[0].tiff.tags
        values = {tag: tags[tag].value for tag in tags.keys()}
    for tag in _TIFF_TEXTS:
        yield _text(values.get(tag, ""))
    yield from _xmp(_bytes(values.get(_TIFF_XMP)))
    yield from _iptc(_bytes(values.get(_TIFF_IPTC)))


def _others(path: Path) -> Iterator[str]:
    with Image.open(path) as image:
        if image.format == "PNG":
            image.load()  # text may stand behind the pixels
            for key, value in getattr(image, "text", {}).items():
                if not key.startswith(_NO_CAPTIONS):
                    yield _text(value)
        yield _text(image.info.get("comment", ""))
        yield from _xmp(_bytes(image.info.get("xmp")))
        records = IptcImagePlugin.getiptcinfo(image) or {}
        exif = image.getexif()
    yield from _iptc_texts(records)
    for tag in _TIFF_TEXTS:  # Pillow takes UTF-8 for Latin-1
        yield _text(_text(exif.get(tag, "")).encode("latin-1", "replace"))


def _xmp(packet: bytes) -> Iterator[str]:
    if b"<!DOCTYPE" in packet:  # not of XMP, and may grow as it is read
        return
    try:
        root = ElementTree.fromstring(packet.strip(b"\0 \n"))
    except ElementTree.ParseError:
        return
    for element in root.iter():
        if element.tag.startswith(_WRITTEN) and element.tag != _FORMAT:
            yield from element.itertext()
        for name, value in element.attrib.items():
            if name.startswith(_WRITTEN) and name != _FORMAT:
                yield value


def _iptc(block: bytes) -> Iterator[str]:
    """Texts of an IPTC-IIM block, which TIFF holds as it is."""
    at = 0
    while block[at : at + 1] == b"\x1c" and at + 5 <= len(block):
        size = int.from_bytes(block[at + 3 : at + 5])
        is_text = block[at + 1] == 2 and block[at + 2] not in _IPTC_PROGRAM
        if is_text and size < 0x8000:
            yield _text(block[at + 5 : at + 5 + size])
        at += 5 + size


def _iptc_texts(records: dict) -> Iterator[str]:
    for (record, number), values in records.items():
        for value in values if isinstance(values, list) else [values]:
            if record == 2 and number not in _IPTC_PROGRAM:
                yield _text(value)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return bytes(value) if isinstance(value, (bytes, tuple)) else b""
