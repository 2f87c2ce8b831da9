"""TIFF, the format of archives, in most of the forms that scanners write.

Pillow turns 16-bit color into 8 bits here, knows few layouts of the planes,
and lets its library print to the terminal; tifffile hands over what is in
the file: this module gives it a meaning.

Source: TIFF 6.0, and Adobe's supplements to it.
"""

from io import BufferedIOBase
from itertools import pairwise
from typing import IO, cast

import numpy as np
import tifffile

from colorlib.photos.formats.captions import of_tiff
from colorlib.photos.formats.decoded import DAMAGED_EXIF, Decoded, Fits
from colorlib.photos.formats.exif import (
    IMAGE,
    RESOLUTION_UNIT,
    X_RESOLUTION,
    Y_RESOLUTION,
    Exif,
    parse,
)
from colorlib.photos.formats.jpeg_reading import check_strip
from colorlib.photos.formats.tiff_pages import Page, choose_page
from colorlib.photos.levels import to_likely_levels, widen
from colorlib.photos.photo import RefusedError, rescale

# Channels of color, by the name of the photometric interpretation.
_CHANNELS = {
    "MINISBLACK": 1,
    "MINISWHITE": 1,
    "PALETTE": 1,
    "RGB": 3,
    "YCBCR": 3,
    "SEPARATED": 4,
}
_PREMULTIPLIED, _ALPHA = 1, 2  # of ExtraSamples; 0 may be anything
_MAX_SAMPLE_VALUE = 281
_JPEG = 7  # of Compression


def read_tiff(file: BufferedIOBase, fits: Fits) -> Decoded:
    """Read the first page that is a picture and not a preview."""
    with _opened(file) as tiff:
        chosen, notes = choose_page(tiff)
        page = chosen.tiff
        fits(page.imagewidth, page.imagelength)
        _check_layout(page)
        notes += _check_complete(page, tiff.filehandle.size)
        _check_strips(page, file)
        stored = page.asarray()
        profile = page.iccprofile
        captions = of_tiff(file, chosen)
    exif = _exif_of(chosen, file)
    samples, alpha, level_notes = _interpret(page, stored)
    return Decoded(
        samples,
        alpha,
        exif,
        exif.dpi,
        profile,
        captions,
        notes + level_notes + ((DAMAGED_EXIF,) if exif.damaged else ()),
    )


def find_tiff_xmp(file: BufferedIOBase) -> bytes | None:
    """Find the XMP packet of the page that `read_tiff` reads."""
    with _opened(file) as tiff:
        return of_tiff(file, choose_page(tiff)[0]).xmp


def _opened(file: BufferedIOBase) -> tifffile.TiffFile:
    # A cast, because to typeshed a BufferedIOBase is no IO[bytes].
    return tifffile.TiffFile(cast(IO[bytes], file))


def _exif_of(page: Page, file: BufferedIOBase) -> Exif:
    """Read the fields of a page, and those of the page that leads to it.

    The leading page is a preview of the same photograph. Its resolution is
    that of the preview.
    """
    file.seek(0)
    exif = parse(file, page.tiff.offset)
    if page.parent:
        file.seek(0)
        led = parse(file, page.parent.offset)
        for tag in (X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT):
            led.directories.get(IMAGE, {}).pop(tag, None)
        for name, fields in led.directories.items():
            own = exif.directories.get(name, {})
            exif.directories[name] = {**fields, **own}
        exif.damaged |= led.damaged
    return exif


def _check_layout(page: tifffile.TiffPage) -> None:
    """Refuse what has no reading as gray, RGB or CMYK."""
    name = _photometric(page)
    channels = _CHANNELS.get(name)
    # tifffile makes RGB of YCbCr only where JPEG is inside.
    raw_ycbcr = name == "YCBCR" and page.compression not in (6, 7)
    if channels is None or raw_ycbcr:
        raise RefusedError(
            f"stores its colors as {name}, which is not read here",
            "save it as gray, RGB or CMYK",
        )
    bits = page.bitspersample
    many = page.samplesperpixel - channels
    if page.axes not in ("YX", "YXS", "SYX") or not 0 <= many <= 2:
        raise RefusedError(
            f"is laid out as {page.axes or 'nothing'}, a {name} with"
            f" {page.samplesperpixel} samples a pixel, which is not read here",
            "save it as gray, RGB or CMYK",
        )
    if not isinstance(bits, int):
        raise RefusedError(
            f"has channels of different depths, {sorted(set(bits))[:4]}",
            "save it with 8 or 16 bits a channel",
        )


def _photometric(page: tifffile.TiffPage) -> str:
    """Name what numbers stand for; it is a number where tifffile knows none."""
    return getattr(page.photometric, "name", str(page.photometric))


def _check_complete(page: tifffile.TiffPage, size: int) -> tuple[str, ...]:
    """Refuse a file that ends before its pixels; mend counts that are wrong.

    JPEG inside a TIFF would be completed in gray, without a word.
    """
    if not page.dataoffsets or len(page.dataoffsets) != len(
        page.databytecounts
    ):
        raise RefusedError(
            "is damaged: it doesn't say where its pixels are",
            "copy or download it again",
        )
    stated = tuple(page.databytecounts)
    page.databytecounts = _mended_counts(page, size)
    ends = map(sum, zip(page.dataoffsets, page.databytecounts, strict=True))
    end = max(ends)
    if end > size or 0 in page.databytecounts:
        raise RefusedError(
            f"is cut short: {size} bytes, where its pixels need {end}",
            "copy or download it again",
        )
    if stated == page.databytecounts:
        return ()
    return ("its counts of bytes are wrong and were computed anew",)


def _check_strips(page: tifffile.TiffPage, file: BufferedIOBase) -> None:
    """Refuse a page whose strips are JPEGs that are not whole."""
    if page.compression != _JPEG:
        return
    for at, size in zip(page.dataoffsets, page.databytecounts, strict=True):
        file.seek(at)
        strip = file.read(size)
        if page.jpegtables:  # which stand once, without an end
            strip = page.jpegtables[:-2] + strip[2:]
        check_strip(strip)


def _mended_counts(page: tifffile.TiffPage, size: int) -> tuple[int, ...]:
    """Compute how many bytes each strip has, where a writer said it wrong.

    Some say 0, or the size before compression.
    """
    counts = tuple(page.databytecounts)
    if page.compression == 1 and not page.is_tiled:
        return _counts_of_rows(page) or counts
    following = dict(pairwise(sorted({*page.dataoffsets, size})))
    room = tuple(following.get(at, at) - at for at in page.dataoffsets)
    last = max(page.dataoffsets)
    wrong = any(
        count == 0 or (at != last and count > space)
        for at, count, space in zip(page.dataoffsets, counts, room, strict=True)
    )
    return room if wrong else counts


def _counts_of_rows(page: tifffile.TiffPage) -> tuple[int, ...] | None:
    """The bytes of each strip, from the rows that are in it."""
    samples = 1 if page.planarconfig == 2 else page.samplesperpixel
    row = -(-page.imagewidth * samples * page.bitspersample // 8)
    rows = min(page.rowsperstrip or page.imagelength, page.imagelength)
    strips = -(-page.imagelength // rows)
    last = page.imagelength - rows * (strips - 1)
    planes = page.samplesperpixel if page.planarconfig == 2 else 1
    if strips * planes != len(page.dataoffsets):
        return None
    return ((rows * row,) * (strips - 1) + (last * row,)) * planes


def _interpret(
    page: tifffile.TiffPage, stored: np.ndarray
) -> tuple[np.ndarray, np.ndarray | None, tuple[str, ...]]:
    """Make levels of what is stored: depth, palette, negative, opacity."""
    if page.axes == "SYX":
        stored = np.moveaxis(stored, 0, -1)
    if _photometric(page) == "PALETTE":
        return _look_up(page, stored), None, ()
    levels, notes = _levels_of(page, stored)
    channels = _CHANNELS[_photometric(page)]
    color, extra = levels, levels[..., :0]
    if levels.ndim == 3:
        color, extra = levels[..., :channels], levels[..., channels:]
    color, widened = widen(color, _declared_bits(page))
    if widened:
        extra, _ = widen(extra, _declared_bits(page))
    notes += widened
    if _photometric(page) == "MINISWHITE":
        color = np.iinfo(color.dtype).max - color
    if channels == 1 and color.ndim == 3:
        color = color[..., 0]
    for kind, alpha in zip(
        page.extrasamples, np.moveaxis(extra, -1, 0), strict=False
    ):
        if kind == _PREMULTIPLIED:
            return _divide(color, alpha), alpha, notes
        if kind == _ALPHA:
            return color, alpha, notes
    return color, None, notes


def _levels_of(
    page: tifffile.TiffPage, stored: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Make uint8 or uint16 of any depth, with notes of what was guessed."""
    bits = page.bitspersample
    if 1 < bits < 16 and bits != 8:  # stored as 8 or 16, used up to 2^bits-1
        top = 255 if bits < 8 else 65535
        levels = rescale(stored, 2**bits - 1, top)
        return levels, ()
    return to_likely_levels(stored)


def _declared_bits(page: tifffile.TiffPage) -> int | None:
    """How many bits are used, where MaxSampleValue says a number of bits.

    Some writers put the brightest value there, which says nothing.
    """
    floats = page.dtype is not None and page.dtype.kind == "f"
    if page.bitspersample < 16 or floats:
        return 16  # all, since `_levels_of`
    value = page.tags.valueof(_MAX_SAMPLE_VALUE)
    highest = max(value, default=0) if isinstance(value, tuple) else value
    return {2**bits - 1: bits for bits in range(9, 17)}.get(highest)


def _look_up(page: tifffile.TiffPage, indices: np.ndarray) -> np.ndarray:
    """Replace indices by the palette's colors, 8 bits each."""
    if page.colormap is None:
        raise ValueError("its palette is missing")
    palette: np.ndarray = page.colormap.T
    if palette.max() > 255:  # else it is in 8 bits, against the standard
        palette = palette >> 8
    return palette.astype(np.uint8)[indices.astype(np.intp)]


def _divide(color: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Undo the multiplication of colors by opacity."""
    top = int(np.iinfo(color.dtype).max)
    below = np.maximum(alpha, 1).astype(np.uint32)
    below = below if color.ndim == 2 else below[..., None]
    divided = (color.astype(np.uint32) * top + below // 2) // below
    return np.minimum(divided, top).astype(color.dtype)
