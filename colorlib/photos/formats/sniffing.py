"""File formats, told by the first bytes of a file and by its name.

The contents decide. A name is only a promise, and old folders are full of
PNG files called `.jpg`. Kinds that are not read are known as well, so that an
intact Photoshop file is never called damaged, and a search of a folder can
name what it sets aside.
"""

import re
from io import BufferedIOBase
from pathlib import Path

from colorlib.photos.photo import RefusedError

SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".mpo": "JPEG",  # several JPEG pictures, of which the first is read
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".dib": "BMP",
    ".gif": "GIF",
    ".jp2": "JPEG2000",
    ".j2k": "JPEG2000",
    ".j2c": "JPEG2000",
    ".jpc": "JPEG2000",
    ".jpf": "JPEG2000",
    ".jpx": "JPEG2000",
    ".heic": "HEIC",
    ".heif": "HEIC",
    ".avif": "AVIF",
}

_RAW = "a camera's raw file"
UNREAD_SUFFIXES = {
    ".psd": "a Photoshop file",
    ".psb": "a Photoshop file",
    ".jxl": "a JPEG XL file",
    ".jxr": "a JPEG XR file",
    ".wdp": "a JPEG XR file",
    ".hdp": "a JPEG XR file",
    ".xcf": "a GIMP file",
    ".exr": "an OpenEXR file",
    ".hdr": "a Radiance file",
    ".dcm": "a DICOM file",
    ".fits": "a FITS file",
    ".djvu": "a DjVu document",
    ".ico": "an icon",
    ".tga": "a Targa file",
    ".pcx": "a PCX file",
    ".pct": "a PICT file",
    ".pict": "a PICT file",
    ".svg": "an SVG drawing",
    **dict.fromkeys([".pnm", ".ppm", ".pgm", ".pbm"], "a Netpbm file"),
    **dict.fromkeys(
        [".dng", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf"]
        + [".sr2", ".orf", ".rw2", ".raf", ".pef", ".srw", ".3fr", ".iiq"]
        + [".erf", ".mrw", ".x3f", ".kdc", ".dcr", ".mef", ".mos"],
        _RAW,
    ),
}
"""Pictures of kinds that are not read, by the ends of their names."""

_HEADS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",  # BigTIFF
    b"MM\0+": "TIFF",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG2000",
    b"\xff\x4f\xff\x51": "JPEG2000",
}
# Brands of the boxes-in-boxes format that HEIC shares with films.
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF = (b"avif", b"avis")

# Kinds that are not read, and what to do with them.
_AS_TIFF = "save it as TIFF"
_DEVELOP = "develop it to a TIFF first"
_AS_PNG = "export it as PNG"
_UNREAD = {
    b"8BPS": ("a Photoshop file", _AS_TIFF),
    b"\xff\x0a": ("a JPEG XL file", _AS_TIFF),
    b"\0\0\0\x0cJXL \r\n\x87\n": ("a JPEG XL file", _AS_TIFF),
    b"II\xbc\x01": ("a JPEG XR file", _AS_TIFF),
    b"gimp xcf": ("a GIMP file", _AS_TIFF),
    b"v/1\x01": ("an OpenEXR file", _AS_TIFF),
    b"#?RADIANCE": ("a Radiance file", _AS_TIFF),
    b"SIMPLE  =": ("a FITS file", _AS_TIFF),
    b"AT&TFORM": ("a DjVu document", _AS_TIFF),
    b"\0\0\1\0": ("an icon", _AS_PNG),
    b"\x8aMNG": ("an MNG animation", _AS_PNG),
    b"\x8bJNG": ("a JNG file", _AS_PNG),
    b"qoif": ("a QOI file", _AS_PNG),
    b"IIRO": (_RAW, _DEVELOP),  # Olympus
    b"IIRS": (_RAW, _DEVELOP),
    b"MMOR": (_RAW, _DEVELOP),
    b"IIU\0": (_RAW, _DEVELOP),  # Panasonic
    b"FUJIFILMCCD-RAW": (_RAW, _DEVELOP),
    b"FOVb": (_RAW, _DEVELOP),  # Sigma
    b"\0MRM": (_RAW, _DEVELOP),  # Minolta
    b"%PDF": ("a PDF document", _AS_PNG),
    b"%!PS": ("a PostScript document", _AS_PNG),
    b"<svg": ("an SVG drawing", _AS_PNG),
    b"<?xml": ("an XML or SVG text", _AS_PNG),
    b"PK\x03\x04": ("a ZIP archive", "unpack it"),
}
# The same, told by bytes that don't come first.
_UNREAD_LATER = {
    (0, b"II*\0\x10\0\0\0CR"): (_RAW, _DEVELOP),  # Canon, like a TIFF
    (12, b"CgBI"): ("a PNG of an iPhone's own kind", _AS_PNG),
    (128, b"DICM"): ("a DICOM file", _AS_TIFF),
}
_HEAD = 132  # what tells all formats but those that begin with a box


def sniff(file: BufferedIOBase) -> str:
    """Tell the format of an open file by its first bytes, and rewind it.

    Raises:
        RefusedError: if it is none that this package reads.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if head[4:8] == b"ftyp":  # a box that says its own length
        end = min(int.from_bytes(head[:4], "big"), file.seek(0, 2))
        file.seek(len(head))
        head += file.read(max(0, end - len(head)))
    file.seek(0)
    return format_of(head)


def format_of(head: bytes) -> str:
    """Tell a format by the head of a file; `sniff` reads as much as it needs.

    Raises:
        RefusedError: if it is none that this package reads.

    >>> format_of(b"GIF89a")
    'GIF'
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _format_of_boxes(head)
    for (at, mark), (name, remedy) in _UNREAD_LATER.items():
        if head.startswith(mark, at):
            raise _unread(name, remedy)
    for start, name in _HEADS.items():
        if head.startswith(start):
            return name
    for start, (name, remedy) in _UNREAD.items():
        if head.startswith(start) or head.lstrip().startswith(start):
            raise _unread(name, remedy)
    if re.match(rb"P[1-6]\s", head):
        raise _unread("a Netpbm file", _AS_PNG)
    raise RefusedError(
        "is not an image of a kind that can be read here",
        "give a JPEG, PNG, TIFF, WebP, BMP, GIF, JPEG 2000, AVIF or HEIC file",
    )


def _format_of_boxes(head: bytes) -> str:
    """Tell HEIC, AVIF, raw files and films apart, by their brands."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[i : i + 4] for i in range(16, end, 4))]
    if brands[0] in _AVIF or (
        brands[0] in (b"mif1", b"msf1") and any(b in _AVIF for b in brands)
    ):
        return "AVIF"
    if brands[0] in _HEIC:
        return "HEIC"
    if brands[0] == b"crx ":
        raise _unread(_RAW, _DEVELOP)
    raise _unread("a film, or a picture packed like one", "export it as PNG")


def _unread(name: str, remedy: str) -> RefusedError:
    return RefusedError(f"is {name}, which is not read here", remedy)


def name_note(path: Path, found: str) -> tuple[str, ...]:
    """A note for a name that promises another format than was found."""
    promised = SUFFIXES.get(path.suffix.lower(), found)
    if promised == found:
        return ()
    return (f"is a {found} file although its name ends in {path.suffix}",)
