"""Color spaces that a file names instead of holding a profile.

PNG describes them by numbers of ITU-T H.273 (cICP), or by gamma and the
coordinates of its primaries (gAMA, cHRM); AVIF by numbers. What can be, is
made into an ICC profile, and converted like one.

Source: ITU-T H.273, tables 2 and 3; PNG (third edition), sections 4.3, 11.3.2
and 12.2.
"""

import struct
from typing import Any

import imagecodecs
import numpy as np

from colorlib.photos.levels import Notes

Chromaticities = tuple[float, ...]

SRGB = (1, 13)
_D65 = (0.3127, 0.3290)
# x and y of red, green and blue; all with the white point D65.
_PRIMARIES: dict[int, Chromaticities] = {
    1: (0.64, 0.33, 0.30, 0.60, 0.15, 0.06),  # BT.709 and sRGB
    5: (0.64, 0.33, 0.29, 0.60, 0.15, 0.06),  # European television
    6: (0.63, 0.34, 0.31, 0.595, 0.155, 0.07),  # American television
    9: (0.708, 0.292, 0.17, 0.797, 0.131, 0.046),  # BT.2020
    12: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06),  # Display P3
}
_PRIMARIES[2], _PRIMARIES[7] = _PRIMARIES[1], _PRIMARIES[6]  # 2: not said
# Television's curve is shown as sRGB's is.
_LIKE_SRGB = (1, 2, 6, 13, 14, 15)
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}

_SRGB_GAMMA = 1 / 2.2  # what PNG writes for sRGB; nearer than this is equal
_GAMMA_TOLERANCE = 0.01
_POINT_TOLERANCE = 0.002


def profile_of_numbers(
    primaries: int, transfer: int, *, gray: bool
) -> tuple[bytes | None, Notes]:
    """Make a profile of the numbers in cICP or nclx.

    Args:
        primaries: number of the primaries, such as 12 for Display P3.
        transfer: number of the tone curve, such as 13 for sRGB's.
        gray: whether the picture is gray.

    Returns:
        The profile, or None where it would change nothing; and a note where
        a color space is left as it is, because it can't be converted.
    """
    points, gamma = _PRIMARIES.get(primaries), _GAMMAS.get(transfer)
    known = gamma or transfer in _LIKE_SRGB
    if not known or not (points or gray):
        name = f"CICP {primaries}/{transfer}"
        return None, (f"its color space ({name}) was read as sRGB",)
    if gamma is None and (gray or points == _PRIMARIES[1]):
        return None, ()
    return _profile(points or (), _D65, gamma, gray=gray), ()


def profile_of_chunks(
    chunks: dict[bytes, bytes], *, gray: bool
) -> tuple[bytes | None, Notes]:
    """Make a profile of what a PNG's chunks say, the first of them first.

    cICP goes before iCCP, that before sRGB, and that before cHRM and gAMA.

    Args:
        chunks: contents by name.
        gray: whether the picture is gray.

    Returns:
        As of `profile_of_numbers`.
    """
    code = chunks.get(b"cICP", b"")
    if len(code) == 4:
        profile, notes = profile_of_numbers(code[0], code[1], gray=gray)
        if not code[3]:
            notes = ("its levels of television (16 to 235) were kept",)
        return profile, notes
    if b"iCCP" in chunks or b"sRGB" in chunks:
        return None, ()
    (gamma,) = _numbers(chunks.get(b"gAMA"), 1) or (None,)
    white_and_points = _numbers(chunks.get(b"cHRM"), 8)
    if gamma is not None and not 0.1 < gamma < 10:
        return None, (f"its gamma of {gamma:g} makes no sense",)
    white: Chromaticities = _D65
    points: Chromaticities = _PRIMARIES[1]
    if white_and_points and not gray:
        white, points = white_and_points[:2], white_and_points[2:]
    near = zip(white + points, _D65 + _PRIMARIES[1], strict=True)
    if all(abs(a - b) <= _POINT_TOLERANCE for a, b in near):
        if gamma is None or abs(gamma - _SRGB_GAMMA) < _GAMMA_TOLERANCE:
            return None, ()
        note = f"its gamma of {gamma:.3g} was converted to sRGB"
    else:
        note = "its primaries (cHRM) were converted to sRGB"
    try:
        profile = _profile(points, white, gamma and 1 / gamma, gray=gray)
    except (RuntimeError, ValueError):  # imagecodecs.CmsError is one
        return None, ("its primaries make no sense",)
    return profile, (note,)


def _numbers(data: bytes | None, count: int) -> Chromaticities | None:
    if data is None or len(data) != 4 * count:
        return None
    return tuple(n / 100_000 for n in struct.unpack(f">{count}I", data))


def _profile(
    points: Chromaticities,
    white: Chromaticities,
    gamma: float | None,
    *,
    gray: bool,
) -> bytes:
    """An ICC profile; of sRGB's curve where no gamma is given."""
    if gray:
        return imagecodecs.cms_profile("gray", gamma=gamma)
    curve: dict[str, Any] = {"gamma": gamma}
    if gamma is None:
        levels = np.linspace(0, 1, 4096)
        low = levels <= 0.04045
        light = np.where(low, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
        curve = {"transferfunction": light.astype(np.float32)}
    return imagecodecs.cms_profile(
        "rgb", whitepoint=[*white, 1.0], primaries=[*points], **curve
    )
