"""Color: from sRGB to CIE L*a*b* and back, and what sRGB can show.

    lab.py      rgb to Lab, split into L and ab, and the way back
    gamut.py    which colors sRGB can't show, and the nearest that it can
    arrays.py   the same for the bytes of a photograph
    balance.py  a cast taken away
    recolor.py  a photograph's own lightness with predicted ab, at full size
    light.py    the steps of that in NumPy, for a band of pixels
    gray_tables.py  the same of a large 8-bit scan, looked up in tables

Chapter 04.
"""

from colorlib.color.arrays import as_channels, as_lab, as_pixels, without_color
from colorlib.color.gamut import (
    GAMUT_TOLERANCE,
    clamp_to_gamut,
    outside_gamut,
)
from colorlib.color.lab import (
    AB_SCALE,
    RGB_FROM_XYZ,
    WHITE,
    XYZ_FROM_RGB,
    join_lab,
    lab_to_rgb,
    lightness,
    linear_from_srgb,
    rgb_to_lab,
    split_lab,
    srgb_from_linear,
)

__all__ = [
    "AB_SCALE",
    "GAMUT_TOLERANCE",
    "RGB_FROM_XYZ",
    "WHITE",
    "XYZ_FROM_RGB",
    "as_channels",
    "as_lab",
    "as_pixels",
    "clamp_to_gamut",
    "join_lab",
    "lab_to_rgb",
    "lightness",
    "linear_from_srgb",
    "outside_gamut",
    "rgb_to_lab",
    "split_lab",
    "srgb_from_linear",
    "without_color",
]
