"""Levels, uint8 or uint16, of whatever numbers a picture is stored in.

What is plain is converted, what is likely is converted with a note, and what
could mean anything is refused.
"""

from typing import Any

import numpy as np

from colorlib.photos.photo import Photo, RefusedError, rescale

Notes = tuple[str, ...]

_OVERSHOOT = 0.05  # of the range; sharpening and resampling leave it
_LIKELY_TOPS = (255, 1023, 4095)  # 8, 10 or 12 bits, in wider numbers


def from_array(array: np.ndarray, **fields: Any) -> Photo:
    """Make a photo of an array.

    Args:
        array: sRGB, (H, W) or (H, W, 1) gray, (H, W, 3) color, (H, W, 2) or
            (H, W, 4) with opacity last. uint8 and uint16 are kept (and not
            copied where that can be helped); bool becomes 0 and 255. Other
            integers become uint8 if none is above 255, else uint16; of int8
            the 7 bits are stretched. Floats in [0, 1] become uint16. A note
            says where numbers were taken for levels.
        **fields: the other fields of `Photo`.

    Raises:
        PhotoError: if the array has another shape, or values outside those.
    """
    try:
        (levels, notes), alpha = to_levels(array), None
    except RefusedError as refusal:
        raise refusal.about(fields.get("path") or "the array") from None
    if levels.ndim == 3 and levels.shape[2] in (2, 4):
        levels, alpha = levels[..., :-1], drop_opaque(levels[..., -1])
    if levels.ndim == 3 and levels.shape[2] == 1:
        levels = levels[..., 0]
    found = {"alpha": alpha, "notes": notes}
    return Photo(np.ascontiguousarray(levels), **(found | fields))


def to_levels(array: np.ndarray) -> tuple[np.ndarray, Notes]:
    """Turn numbers of a known meaning into uint8 or uint16.

    Args:
        array: bool; uint8 and uint16, which are kept; other integers, read as
            0 to 255 if none is larger, else as 0 to 65535; of int8 the 7 bits
            are stretched; floats in [0, 1].

    Returns:
        The levels, and notes of what was taken for granted.

    Raises:
        RefusedError: if numbers are out of those ranges.

    >>> to_levels(np.array([[0, 255]]))[1]
    ('its int64 numbers, none above 255, were read as levels 0 to 255',)
    """
    kind = array.dtype
    if kind.kind == "b":
        return array.astype(np.uint8) * np.uint8(255), ()
    if kind in (np.uint8, np.uint16):
        return np.require(array, None, ["C", "W"]), ()
    if kind.kind not in "iuf" or array.size == 0:
        raise RefusedError(
            f"{array.shape} numbers of type {kind} are no picture",
            "give uint8, uint16, or floats in [0, 1]",
        )
    low, high = array.min(), array.max()
    limit = 1 if kind.kind == "f" else 65535
    if not (low >= 0 and high <= limit):  # so written, NaN fails as well
        raise _out_of_range(array, limit)
    if kind == np.int8:  # a sign that no picture has; the rest is 7 bits
        note = "its int8 numbers were read as levels 0 to 127"
        return rescale(array, 127, 255), (note,)
    if kind.kind in "iu" and high <= 255:  # bytes that were computed with
        note = f"its {kind} numbers, none above 255, were read as levels"
        return array.astype(np.uint8), (note + " 0 to 255",)
    if kind.kind == "f":
        fine = np.promote_types(kind, np.float32)  # float16 ends at 65504
        array = np.rint(np.multiply(array, 65535, dtype=fine))
    note = f"its {kind} numbers were read as levels 0 to {limit}"
    return array.astype(np.uint16), (note,)


def to_likely_levels(array: np.ndarray) -> tuple[np.ndarray, Notes]:
    """Turn the numbers of a file into levels, by what they look like.

    As `to_levels`, and besides floats may leave their range a little, hold
    NaN, or run from 0 to 255 or another usual top, and int16 from 0 to 32767.

    Raises:
        RefusedError: if no usual range fits.
    """
    if array.dtype.kind == "f" and array.size:
        array, notes = _to_unit_range(array)
        levels, more = to_levels(array)
        return levels, notes or more
    if array.dtype == np.int16 and array.size and array.max() > 4095:
        if array.min() < 0:
            raise _out_of_range(array, 32767)
        note = "its int16 numbers were read as levels 0 to 32767"
        return rescale(array, 32767, 65535), (note,)
    return to_levels(array)


def widen(
    levels: np.ndarray, declared: int | None = None
) -> tuple[np.ndarray, Notes]:
    """Use all 16 bits where a file that has them used 8, 10 or 12.

    Cameras and scanners of 12 bits often store their numbers in 16 bits as
    they are. The brightest pixel then is nearly black. Numbers whose low bits
    are all zero were shifted up already, and are left alone.

    Args:
        levels: of any shape.
        declared: how many bits the file says that it uses, if it says so.

    Returns:
        The levels, and a note if they were changed.
    """
    if levels.dtype != np.uint16 or levels.size == 0 or declared == 16:
        return levels, ()
    highest = int(levels.max())
    tops = _LIKELY_TOPS if declared is None else (2**declared - 1,)
    for top in tops:
        if not 0 < highest <= top < 65535:
            continue
        bits = top.bit_length()
        shifted_up = 2 ** (16 - bits) - 1
        if not int(np.bitwise_or.reduce(levels, axis=None)) & shifted_up:
            continue
        note = f"of its 16 bits {bits} are used: {top} was read as white"
        return rescale(levels, top, 65535), (note,)
    return levels, ()


def _to_unit_range(array: np.ndarray) -> tuple[np.ndarray, Notes]:
    """Bring floats to [0, 1]."""
    notes: Notes = ()
    finite = np.isfinite(array)
    if lost := int(array.size - np.count_nonzero(finite)):
        if lost == array.size:
            raise RefusedError(
                f"none of its values ({array.dtype}) is a number",
                "save it anew from the scan",
            )
        array = np.where(finite, array, array.dtype.type(0))
        notes = (f"{lost} of its values are no numbers and became black",)
    low, high = float(array.min()), float(array.max())
    top = _float_top(high)
    if top is None or low < -_OVERSHOOT * top:
        raise _out_of_range(array, 1)
    if top > 1:
        kind = array.dtype
        fine = np.promote_types(kind, np.float32)
        array = np.divide(array, top, dtype=fine)
        notes += (f"its {kind} numbers were read as levels 0 to {top}",)
    if low < 0 or high > top:
        outside = np.count_nonzero((array < 0) | (array > 1))
        array = np.clip(array, 0, 1)
        notes += (f"{outside} of its values lie outside 0 to {top}: clipped",)
    return array, notes


def _float_top(high: float) -> int | None:
    """What white is, of floats whose highest is given.

    None where that can't be told: 20 may be a dark picture of 0 to 255, or a
    bright lamp in one of 0 to 1.
    """
    if high <= 1 + _OVERSHOOT:
        return 1
    if high < 64:
        return None
    tops = (*_LIKELY_TOPS, 65535)
    return next((t for t in tops if high <= t * (1 + _OVERSHOOT)), None)


def _out_of_range(array: np.ndarray, limit: int) -> RefusedError:
    return RefusedError(
        f"its values ({array.dtype}) run from {array.min():g} to"
        f" {array.max():g}, where only 0 to {limit} has a meaning",
        "scale them to that range first",
    )


def drop_opaque(alpha: np.ndarray) -> np.ndarray | None:
    """Opacity, unless it says nothing because all is opaque."""
    opaque = alpha.min() == np.iinfo(alpha.dtype).max
    return None if opaque else np.ascontiguousarray(alpha)
