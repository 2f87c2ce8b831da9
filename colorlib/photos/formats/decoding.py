"""From the bytes of a file to pixels, format by format.

Pillow reads nearly everything, and reduces some of it to 8 bits without a
word: a decoder here hands over the depth that is in the file.
"""

from collections.abc import Callable
from io import BufferedIOBase, BytesIO

import imagecodecs
import numpy as np
from PIL import Image

from colorlib.photos.formats import captions
from colorlib.photos.formats.avif_reading import read_avif_levels
from colorlib.photos.formats.cicp import profile_of_chunks, profile_of_numbers
from colorlib.photos.formats.decoded import Decoded, Fits, parse_exif
from colorlib.photos.formats.exif import IMAGE, ORIENTATION
from colorlib.photos.formats.jp2_boxes import read_boxes
from colorlib.photos.formats.jpeg_reading import read_jpeg
from colorlib.photos.formats.pillow_opening import PILLOW, open_image
from colorlib.photos.formats.pillow_pixels import scan_image, split_channels
from colorlib.photos.formats.png_chunks import read_chunks, without_metadata
from colorlib.photos.formats.tiff_reading import find_tiff_xmp, read_tiff
from colorlib.photos.formats.webp_chunks import is_lossless
from colorlib.photos.levels import to_levels, widen
from colorlib.photos.photo import Captions, RefusedError, rescale

_PNG_DEPTH_AT = 24  # where IHDR says how deep the first channel is
_NO_END = "lacks its end mark; all of its pixels are there"
_JP2_END = b"\xff\xd9"
_LOST_TEXTS = "some of its texts are damaged or too many, and were left out"


def decode(file: BufferedIOBase, format: str, fits: Fits) -> Decoded:
    """Decode a file of a known format.

    Raises:
        RefusedError: if it can't be read, for a reason that can be told.
            Whatever else decoders raise means damage.
    """
    special: dict[str, Callable[[BufferedIOBase, Fits], Decoded]] = {
        "AVIF": _read_avif,
        "HEIC": _read_heic,
        "JPEG": _read_jpeg,
        "JPEG2000": _read_jp2,
        "PNG": _read_png,
        "TIFF": read_tiff,
    }
    if format in special:
        return special[format](file, fits)
    image, notes = open_image(file, format)
    fits(*image.size)
    scan = scan_image(image)
    if format == "WEBP":
        scan.lossless = is_lossless(file)
    if format == "GIF":
        scan.notes += _gif_notes(file, image)
    scan.notes += notes
    return scan


def find_xmp(file: BufferedIOBase, format: str) -> bytes | None:
    """Find a file's XMP packet, from its head alone; None without one."""
    if format == "TIFF":
        return find_tiff_xmp(file)
    if format == "PNG":
        return read_chunks(file).xmp
    if format not in PILLOW:
        return None
    image, _ = open_image(file, format)
    return image.info.get("xmp")


def _read_jpeg(file: BufferedIOBase, fits: Fits) -> Decoded:
    image, notes = read_jpeg(file, fits)
    scan = scan_image(image)
    scan.captions, more = captions.of_jpeg(file)
    scan.notes += notes + more
    return scan


def _read_avif(file: BufferedIOBase, fits: Fits) -> Decoded:
    """Read AVIF, with Pillow if it has 8 bits."""
    image, notes = open_image(file, "AVIF")
    fits(*image.size)
    deep, space = read_avif_levels(file)
    scan = scan_image(image, deep)
    if not scan.profile:
        gray = scan.samples.ndim == 2
        scan.profile, more = profile_of_numbers(*space, gray=gray)
        scan.notes += more
    scan.notes += notes
    return scan


def _gif_notes(file: BufferedIOBase, image: Image.Image) -> tuple[str, ...]:
    """What is to be told of a GIF: other pictures, a missing end mark."""
    notes: tuple[str, ...] = ()
    if getattr(image, "is_animated", False):
        notes += ("is the first picture of an animation",)
    end = file.seek(0, 2)
    file.seek(max(0, end - 1024))
    # Its pixels end with 0, and some programs write more after the mark.
    if b"\0;" not in file.read():
        notes += (_NO_END,)
    return notes


def _read_png(file: BufferedIOBase, fits: Fits) -> Decoded:
    """Read PNG, with Pillow if it has 8 bits."""
    chunks = read_chunks(file)
    image, notes = open_image(without_metadata(file), "PNG")
    fits(*image.size)
    image.info["exif"] = chunks.exif
    scan = scan_image(image, _deep_samples(file))
    _widen(scan, chunks.significant_bits)
    gray = scan.samples.ndim == 2
    scan.profile, color_notes = profile_of_chunks(chunks.first, gray=gray)
    try:
        own = chunks.profile if b"cICP" not in chunks.first else None
    except ValueError as error:
        own = None
        color_notes += (f"its color profile can't be used ({error})",)
    scan.profile = scan.profile or own
    scan.notes += color_notes
    scan.captions = captions.of_png(chunks)
    if chunks.damaged:
        scan.notes += (_LOST_TEXTS,)
    if not chunks.ended:
        scan.notes += (_NO_END,)
    scan.notes += notes
    return scan


def _deep_samples(file: BufferedIOBase) -> np.ndarray | None:
    """Decode a PNG deeper than 8 bits, which Pillow would reduce."""
    file.seek(_PNG_DEPTH_AT)
    if file.read(1) <= b"\x08":
        return None
    file.seek(0)
    return imagecodecs.png_decode(file.read())


def _widen(scan: Decoded, declared: int | None = None) -> None:
    """Stretch 12 bits stored in 16; see `levels.widen`."""
    scan.samples, notes = widen(scan.samples, declared)
    if notes and scan.alpha is not None:
        scan.alpha, _ = widen(scan.alpha, declared)
    scan.notes += notes


def _read_jp2(file: BufferedIOBase, fits: Fits) -> Decoded:
    """Read JPEG 2000 of any depth, signed or not, with its profile."""
    boxes = read_boxes(file)
    file.seek(0)
    data = file.read()
    ended = not boxes.codestream_last or _JP2_END in data[-1024:]
    if not ended:
        data += _JP2_END[data.endswith(_JP2_END[:1]) :]
    image, notes = open_image(BytesIO(data), "JPEG2000")
    fits(*image.size)
    deep = None
    if boxes.bits > 8:
        deep = imagecodecs.jpeg2k_decode(data)
        if boxes.signed:
            deep = deep.astype(np.int64) + 2 ** (boxes.bits - 1)
        deep = rescale(deep, 2**boxes.bits - 1, 65535)
    scan = scan_image(image, deep)
    if boxes.bits == 16:
        _widen(scan)
    scan.profile = boxes.profile or scan.profile
    scan.captions = captions.of_jp2(boxes)
    if boxes.exif:
        scan.exif, more = parse_exif(boxes.exif)
        scan.notes += more
    scan.notes += boxes.notes + notes + (() if ended else (_NO_END,))
    return scan


def _read_heic(file: BufferedIOBase, fits: Fits) -> Decoded:
    """Read a telephone's HEIC, which needs the extra `heic`."""
    try:
        import pillow_heif
    except ImportError:
        raise RefusedError(
            "is a HEIC file, which needs one more package",
            "run: pip install pillow-heif",
        ) from None
    heif = pillow_heif.open_heif(file, convert_hdr_to_8bit=False)
    fits(*heif.size)
    levels, _ = to_levels(np.asarray(heif))
    samples, alpha = split_channels(levels)
    exif, notes = parse_exif(heif.info.get("exif"))
    if exif:  # libheif has turned it already, by a box of its own
        exif.directories.get(IMAGE, {}).pop(ORIENTATION, None)
    profile = heif.info.get("icc_profile")
    own = Captions(heif.info.get("xmp"))
    return Decoded(samples, alpha, exif, None, profile, own, notes)
