"""From the bytes of a file to pixels, format by format.

Pillow reads nearly everything, and reduces some of it to 8 bits without a
word: a decoder here hands over the depth that is in the file.
"""

import threading
import warnings
from collections.abc import Callable
from io import BufferedIOBase

import imagecodecs
import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from colorlib.photos.formats.avif_reading import read_avif_levels
from colorlib.photos.formats.decoded import Decoded, Fits, parse_exif
from colorlib.photos.formats.exif import IMAGE, ORIENTATION
from colorlib.photos.formats.jp2_boxes import read_boxes
from colorlib.photos.formats.png_chunks import read_chunks
from colorlib.photos.formats.tiff_reading import find_tiff_xmp, read_tiff
from colorlib.photos.levels import Notes, to_levels, widen
from colorlib.photos.photo import RefusedError, rescale

# Not Image.open: it has a limit of its own on the size, for the process.
_PILLOW = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "JPEG2000": Jpeg2KImagePlugin.Jpeg2KImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
}

# What Pillow's modes become. Others hold no photograph, or only in memory.
_MODES = {
    "1": "L",
    "L": "L",
    "LA": "LA",
    "La": "LA",
    "P": "RGB",
    "PA": "RGBA",
    "RGB": "RGB",
    "RGBX": "RGB",
    "RGBA": "RGBA",
    "RGBa": "RGBA",
    "YCbCr": "RGB",
    "HSV": "RGB",
    "CMYK": "CMYK",
}
_LEVEL_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_WITH_ALPHA = {"L": "LA", "RGB": "RGBA"}

_PNG_DEPTH_AT = 24  # where IHDR says how deep the first channel is
_SRGB_GAMMA = 1 / 2.2  # what PNG writes for sRGB; nearer than this is equal
_GAMMA_TOLERANCE = 0.01
_PLACEHOLDER_DPI = 3  # 1 a centimeter is 2.54

# `warnings` is one for the whole process: two threads that silence it at
# once can leave it silenced.
_WARNINGS = threading.Lock()


def decode(file: BufferedIOBase, format: str, fits: Fits) -> Decoded:
    """Decode a file of a known format.

    Raises:
        RefusedError: if it can't be read, for a reason that can be told.
            Whatever else decoders raise means damage.
    """
    special: dict[str, Callable[[BufferedIOBase, Fits], Decoded]] = {
        "TIFF": read_tiff,
        "HEIC": _read_heic,
    }
    if format in special:
        return special[format](file, fits)
    image = _open(file, format)
    fits(*image.size)
    if format == "JPEG2000":
        return _read_jp2(file, image)
    if format == "AVIF":
        deep, notes = read_avif_levels(file)
        scan = scan_image(image, deep)
        scan.notes += notes
        return scan
    if format == "PNG":
        chunks = read_chunks(file)
        image.info["exif"] = chunks.exif
    scan = scan_image(image, _deep_samples(file, format))
    if format == "PNG":
        _widen(scan, chunks.significant_bits)
        _apply_gamma(scan, image)
    if format == "GIF" and getattr(image, "is_animated", False):
        scan.notes += ("is the first picture of an animation",)
    return scan


def find_xmp(file: BufferedIOBase, format: str) -> bytes | None:
    """Find a file's XMP packet, from its head alone; None without one."""
    if format == "TIFF":
        return find_tiff_xmp(file)
    return _open(file, format).info.get("xmp") if format in _PILLOW else None


def _open(file: BufferedIOBase, format: str) -> Image.Image:
    """Open a file with Pillow, which decodes when pixels are asked for."""
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata; damage is raised
        return _PILLOW[format](file)


def scan_image(image: Image.Image, deep: np.ndarray | None = None) -> Decoded:
    """Take a Pillow image apart, with `deep` for its pixels if given."""
    (samples, alpha), level_notes = (
        _pixels_of(image) if deep is None else (_split(deep), ())
    )
    exif, notes = parse_exif(image.info.get("exif"))
    notes = level_notes + notes
    if getattr(image, "n_frames", 1) > 1 and image.format != "GIF":
        notes += ("is the first picture of an animation",)
    return Decoded(
        samples,
        alpha,
        exif,
        _stored_dpi(image),
        image.info.get("icc_profile"),
        image.info.get("xmp"),
        notes,
    )


def _stored_dpi(
    image: Image.Image,
) -> tuple[int | float, int | float] | None:
    """The format's own resolution; of a JPEG without any Pillow says 72."""
    if image.format == "JPEG" and image.info.get("jfif_unit") not in (1, 2):
        return None
    dpi = image.info.get("dpi")
    # JFIF must say something: 1 x 1 fills the place, and EXIF knows better.
    return None if dpi and max(dpi) <= _PLACEHOLDER_DPI else dpi


def _pixels_of(
    image: Image.Image,
) -> tuple[tuple[np.ndarray, np.ndarray | None], Notes]:
    """Get a Pillow image's levels and opacity, and notes."""
    if image.mode in _LEVEL_MODES:
        levels, notes = to_levels(np.array(image))
        return (levels, None), notes
    mode = _MODES.get(image.mode)
    if mode is None:
        raise RefusedError(
            f"stores its colors as {image.mode}, which is not read here",
            "save it as gray, RGB or CMYK",
        )
    if "transparency" in image.info:
        mode = _WITH_ALPHA.get(mode, mode)
    image = image if image.mode == mode else image.convert(mode)
    alpha = None
    if mode in ("LA", "RGBA"):
        alpha = np.array(image.getchannel("A"))
        image = image.convert(mode[:-1])
    return (np.array(image), alpha), ()


def _split(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Split what a codec returned into color and opacity."""
    if samples.ndim == 3 and samples.shape[2] in (2, 4):
        color, alpha = samples[..., :-1], samples[..., -1]
        return color[..., 0] if color.shape[2] == 1 else color, alpha
    return samples, None


def _deep_samples(file: BufferedIOBase, format: str) -> np.ndarray | None:
    """Decode a PNG deeper than 8 bits, which Pillow would reduce."""
    if format != "PNG":
        return None
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


def _apply_gamma(scan: Decoded, image: Image.Image) -> None:
    """Turn samples that PNG's gAMA chunk explains into sRGB.

    Where a profile or an sRGB chunk says more, gAMA is not asked.

    Source: PNG (third edition), section 12.2.
    """
    gamma = image.info.get("gamma")
    if not gamma or scan.profile or "srgb" in image.info:
        return
    if abs(gamma - _SRGB_GAMMA) < _GAMMA_TOLERANCE:
        return
    top = np.iinfo(scan.samples.dtype).max
    linear = (np.arange(top + 1) / top) ** (1 / gamma)
    power = 1.055 * linear ** (1 / 2.4) - 0.055
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, power)
    table = np.rint(srgb * top).astype(scan.samples.dtype)
    scan.samples = table[scan.samples]
    scan.notes += (f"its gamma of {gamma:.3g} was converted to sRGB",)


def _read_jp2(file: BufferedIOBase, image: Image.Image) -> Decoded:
    """Read JPEG 2000 of any depth, signed or not, with its profile."""
    boxes = read_boxes(file)
    deep = None
    if boxes.bits > 8:
        file.seek(0)
        deep = imagecodecs.jpeg2k_decode(file.read())
        if boxes.signed:
            deep = deep.astype(np.int64) + 2 ** (boxes.bits - 1)
        deep = rescale(deep, 2**boxes.bits - 1, 65535)
    scan = scan_image(image, deep)
    if boxes.bits == 16:
        _widen(scan)
    scan.profile = boxes.profile or scan.profile
    scan.notes += boxes.notes
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
    samples, alpha = _split(levels)
    exif, notes = parse_exif(heif.info.get("exif"))
    if exif:  # libheif has turned it already, by a box of its own
        exif.directories.get(IMAGE, {}).pop(ORIENTATION, None)
    profile = heif.info.get("icc_profile")
    return Decoded(
        samples, alpha, exif, None, profile, heif.info.get("xmp"), notes
    )
