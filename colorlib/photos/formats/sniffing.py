"""Which formats there are: by the name of a file, and by what it contains.

The contents decide. A name is only a promise, and old folders are full of
PNG files called `.jpg`.
"""

from pathlib import Path

from colorlib.photos.photo import RefusedError

SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".dib": "BMP",
    ".gif": "GIF",
    ".jp2": "JPEG2000",
    ".j2k": "JPEG2000",
    ".jpf": "JPEG2000",
    ".jpx": "JPEG2000",
    ".heic": "HEIC",
    ".heif": "HEIC",
}

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

_NO_PHOTOS = {
    b"%PDF": "a PDF document",
    b"%!PS": "a PostScript document",
    b"<svg": "an SVG drawing",
    b"<?xml": "an XML or SVG text",
    b"8BPS": "a Photoshop document",
    b"PK\x03\x04": "a ZIP archive",
}


def format_of(head: bytes) -> str:
    """Tell a format by the first 32 bytes of a file.

    Raises:
        RefusedError: if it is none that this package reads.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "HEIC"
    if head[:4] == b"II*\0" and head[8:10] == b"CR":
        raise RefusedError(
            "is a camera's raw file", "develop it to a TIFF first"
        )
    for start, name in _HEADS.items():
        if head.startswith(start):
            return name
    for start, name in _NO_PHOTOS.items():
        if head.lstrip().startswith(start):
            raise RefusedError(
                f"is {name}, not a photograph", "export it as PNG"
            )
    raise RefusedError(
        "is not an image of a kind that can be read here",
        "give a JPEG, PNG, TIFF, WebP, BMP, GIF, JPEG 2000 or HEIC file",
    )


def name_note(path: Path, found: str) -> tuple[str, ...]:
    """A note for a name that promises another format than was found."""
    promised = SUFFIXES.get(path.suffix.lower(), found)
    if promised == found:
        return ()
    return (f"is a {found} file although its name ends in {path.suffix}",)
