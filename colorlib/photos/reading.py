"""From any file to a `Photo`: upright, sRGB, and nothing lost silently."""

from dataclasses import replace
from io import BufferedIOBase, BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from colorlib.photos.errors import damage, opened
from colorlib.photos.formats import icc
from colorlib.photos.formats.decoded import Decoded
from colorlib.photos.formats.decoder_log import decoder_log
from colorlib.photos.formats.decoding import decode, find_xmp
from colorlib.photos.formats.pillow_pixels import scan_image
from colorlib.photos.formats.sniffing import name_note, sniff
from colorlib.photos.levels import drop_opaque
from colorlib.photos.limits import MAX_MEGAPIXELS
from colorlib.photos.photo import MadeBy, Photo, RefusedError
from colorlib.photos.provenance import find_mark, from_xmp, remove_mark
from colorlib.photos.xmp import Packet

# How each EXIF orientation is brought upright (Exif 2.32, section 4.6.4).
_TURNS = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a[::-1].swapaxes(0, 1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: a[:, ::-1].swapaxes(0, 1),
}


_NO_RESOLUTION = (72.0, 72.0)


def read(
    path: str | Path, *, max_megapixels: float | int = MAX_MEGAPIXELS
) -> Photo:
    """Read one photograph, whatever its format, depth and color space.

    JPEG, PNG, TIFF, WebP, BMP, GIF, JPEG 2000, AVIF, and HEIC with the extra
    `heic`. Its contents decide what it is, not its name. The first photograph
    of several is read. EXIF orientation is applied, an embedded color profile
    converted to sRGB, CMYK as well; 16 bits stay 16 bits. What was done, and
    what is doubtful, stands in `notes`.

    Args:
        path: the file.
        max_megapixels: larger pictures are refused before they are decoded.

    Returns:
        The photo, with EXIF, captions, resolution and mark of origin.

    Raises:
        PhotoError: if there is no such file, or none that can be read.

    Example:
        >>> from colorlib import photos
        >>> gray = np.full((4, 6), 128, np.uint8)
        >>> path = photos.write(photos.from_array(gray), "old.png")
        >>> photo = photos.read(path)
        >>> photo.pixels.shape, photo.pixels.dtype, photo.format
        ((4, 6), dtype('uint8'), 'PNG')
    """
    path = Path(path)
    try:
        with opened(path) as file:
            return _read_file(file, path, max_megapixels)
    except RefusedError as refusal:
        raise refusal.about(path) from refusal.__cause__


def read_mark(path: str | Path) -> MadeBy | None:
    """Read which model colored a file, without decoding its pixels.

    Args:
        path: the file, in a format that `write` writes; others have no mark.

    Returns:
        The mark, or None where there is none.

    Raises:
        PhotoError: if there is no such file, or it is no photograph.
    """
    path = Path(path)
    try:
        with opened(path) as file:
            found = sniff(file)
            with damage():
                return from_xmp(find_xmp(file, found))
    except RefusedError as refusal:
        raise refusal.about(path) from refusal.__cause__


def from_bytes(
    data: bytes,
    path: str | Path,
    *,
    max_megapixels: float | int = MAX_MEGAPIXELS,
) -> Photo:
    """Make a photo of a file's bytes, as `read` would of the file.

    Args:
        data: all bytes of the file, such as a member of a tar archive.
        path: what the file is called; errors name it.
        max_megapixels: larger pictures are refused before they are decoded.

    Raises:
        PhotoError: if it can't be read.
    """
    path = Path(path)
    try:
        if not data:
            raise RefusedError("is empty", "copy or download it again")
        return _read_file(BytesIO(data), path, max_megapixels)
    except RefusedError as refusal:
        raise refusal.about(path) from refusal.__cause__


def from_image(image: Image.Image, **fields: Any) -> Photo:
    """Make a photo of a Pillow image, as `read` does of a file.

    Args:
        image: in any mode that can hold a photograph. EXIF, color profile and
            resolution come along where Pillow keeps them, in `image.info`.
        **fields: fields of `Photo` that replace what the image says.

    Raises:
        PhotoError: if it is in another mode, or its values are out of range.
    """
    name = fields.get("path") or getattr(image, "filename", "") or "the image"
    try:
        with damage():
            if "exif" not in image.info and (tags := image.getexif()):
                # Set by hand: Pillow keeps it apart until it saves.
                image = image.copy()
                image.info["exif"] = tags.tobytes()
            scan = scan_image(image)
        format = image.format or "PNG"
        found = "JPEG" if format == "MPO" else format
        return _develop(scan, None, found, (), **fields)
    except RefusedError as refusal:
        raise refusal.about(name) from refusal.__cause__


def _read_file(
    file: BufferedIOBase, path: Path, max_megapixels: float | int
) -> Photo:
    """Read an open file, whose contents decide what it is."""

    def fits(width: int, height: int) -> None:
        if width < 1 or height < 1:
            raise RefusedError(
                f"says that it has {width} x {height} pixels",
                "copy or download it again",
            )
        if width * height > max_megapixels * 1e6:
            raise RefusedError(
                f"has {width} x {height} pixels, {width * height / 1e6:g}"
                f" million, above the limit of {max_megapixels:g}",
                "shrink it, or raise the limit of megapixels",
            )

    found = sniff(file)
    with damage(), decoder_log() as warnings:
        scan = decode(file, found, fits)
    scan.notes += tuple(f"its decoder warns: {each}" for each in warnings)
    return _develop(scan, path, found, name_note(path, found))


def _develop(
    scan: Decoded,
    path: Path | None,
    found: str,
    notes: tuple[str, ...],
    **fields: Any,
) -> Photo:
    """Give a scan its meaning: color space, orientation, resolution."""
    samples, color_notes = _to_srgb(scan.samples, scan.profile)
    turn = _TURNS[scan.exif.orientation if scan.exif else 1]
    pixels = np.ascontiguousarray(turn(samples))
    alpha = None if scan.alpha is None else drop_opaque(turn(scan.alpha))
    dpi, dpi_notes = _resolution(scan)
    if dpi and scan.exif and scan.exif.orientation >= 5:
        dpi = dpi[::-1]
    exif = None
    if scan.exif and scan.exif.tells_something:
        scan.exif.set_upright(pixels.shape[1], pixels.shape[0])
        exif = b"Exif\0\0" + scan.exif.tobytes()
    xmp, made_by, xmp_notes = _open_xmp(scan.captions.xmp)
    found_out = {
        "path": path,
        "format": found,
        "lossless": scan.lossless,
        "alpha": alpha,
        "exif": exif,
        "dpi": dpi,
        "captions": replace(scan.captions, xmp=xmp),
        "made_by": made_by,
        "notes": notes + scan.notes + color_notes + dpi_notes + xmp_notes,
    }
    return Photo(pixels, **(found_out | fields))


def _open_xmp(
    data: bytes | None,
) -> tuple[bytes | None, MadeBy | None, tuple[str, ...]]:
    """Take our mark and what tells of stored bytes out of a packet."""
    if not data:
        return None, None, ()
    try:
        packet = Packet(data)
    except ValueError as error:
        return None, None, (f"its XMP {error} and was left out",)
    changed = packet.remove_storage()
    if made_by := find_mark(packet):
        remove_mark(packet, made_by)
    if packet.is_empty:
        return None, made_by, ()
    return packet.tobytes() if changed or made_by else data, made_by, ()


def _to_srgb(
    samples: np.ndarray, profile: bytes | None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Convert to sRGB by the profile, or as well as goes without."""
    notes: tuple[str, ...] = ()
    if profile:
        try:
            return icc.to_srgb(samples, profile), ()
        except ValueError as error:
            notes = (f"its color profile can't be used ({error})",)
    if samples.ndim == 3 and samples.shape[2] == 4:
        notes += ("is in CMYK without a profile: its colors are a guess",)
        return icc.from_ink(samples), notes
    return samples, notes


def _resolution(
    scan: Decoded,
) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    """Choose between the format's own resolution and EXIF's.

    72 dpi is what programs write that know none, so the other one is better.
    """
    own, exif = _sane(scan.dpi), _sane(scan.exif.dpi if scan.exif else None)
    if not own or not exif or abs(own[0] - exif[0]) <= 1:
        return own or exif, ()
    chosen = exif if own == _NO_RESOLUTION else own
    return chosen, (
        f"its header says {own[0]:g} dpi and its EXIF {exif[0]:g}:"
        f" {chosen[0]:g} was kept",
    )


def _sane(
    dpi: tuple[int | float, int | float] | None,
) -> tuple[float, float] | None:
    """Round a resolution (PNG stores it by the meter); drop nonsense."""
    if not dpi or not all(1 <= value <= 65535 for value in dpi):
        return None
    return round(float(dpi[0]), 2), round(float(dpi[1]), 2)
