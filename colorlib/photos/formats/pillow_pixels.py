"""What Pillow has of an image: levels, opacity, EXIF, profile, resolution."""

import numpy as np
from PIL import Image

from colorlib.photos.formats import captions
from colorlib.photos.formats.decoded import Decoded, parse_exif
from colorlib.photos.levels import Notes, to_levels
from colorlib.photos.photo import RefusedError

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

_PLACEHOLDER_DPI = 3  # 1 a centimeter is 2.54


def scan_image(image: Image.Image, deep: np.ndarray | None = None) -> Decoded:
    """Take a Pillow image apart, with `deep` for its pixels if given."""
    (samples, alpha), level_notes = (
        _pixels_of(image) if deep is None else (split_channels(deep), ())
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
        captions.of_image(image),
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


def split_channels(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Split what a codec returned into color and opacity."""
    if samples.ndim == 3 and samples.shape[2] in (2, 4):
        color, alpha = samples[..., :-1], samples[..., -1]
        return color[..., 0] if color.shape[2] == 1 else color, alpha
    return samples, None
