"""Tables that color a large 8-bit scan: a look-up in place of arithmetic.

There are only 256 grays. What color does to X depends on the gray and a*
alone, what it does to Z on the gray and b* alone: so both are tables, of 256
rows. Between them and the sum of `light.light_of` nobody sees a difference;
the lightness of each pixel is its gray's own, exactly. A third table has the
edge of the gamut: for each gray and each hue, how far a color may go.
Chapter 14.
"""

from functools import cache

import numpy as np
import torch
from jaxtyping import Float, UInt

from colorlib.color.lab import srgb_from_linear
from colorlib.color.light import (
    BRIGHTEST,
    DARKEST,
    FROM_X,
    FROM_Z,
    ColorShift,
    LinearLight,
    cube,
    fy_of_gray,
    light_of,
    share_inside,
)

GrayBytes = UInt[np.ndarray, " n"]

# Of the photograph's own range of a* and of b*: a few hundredths a step. No
# power of two, with which neighboring grays would share a line of the cache.
_STEPS = 2000
# Bicubic interpolation goes beyond its samples by this share of their range,
# at most (half between two of them: 19/16 of one side, -3/16 of the other).
_OVERSHOOT = 3 / 16
_HUES = 1024  # between them the edge of the gamut is nearly straight
_STEEP = 0.05  # except where it changes by such a share from hue to hue
_FAR = 1.6  # |shift|, added up, that no color of sRGB has

# Light is counted in steps from the darkest that counts as inside sRGB; the
# half makes that cutting off what is behind the point rounds.
_LAST = 65000
_SCALE = np.float32(_LAST / (BRIGHTEST - DARKEST))
_OFFSET = np.float32(0.5 - DARKEST * _SCALE)
_LEAST, _MOST = np.float32(0.5), np.float32(_LAST + 0.5)


class GrayTables:
    """What each gray becomes under the colors of one photograph.

    Args:
        shift: its color before it is enlarged, as what it adds to fy.
    """

    def __init__(self, shift: Float[np.ndarray, "2 height width"]):
        low, high = shift.min(axis=(1, 2)), shift.max(axis=(1, 2))
        beyond = _OVERSHOOT * (high - low)
        low, high = low - beyond, high + beyond
        step = np.maximum((high - low) / (_STEPS - 2), 1e-6)
        # A whole number of steps from 0: no color stays none.
        low = np.floor(low / step) * step
        self._low, self._step = low[:, None], step[:, None]
        steps = (self._low + self._step * np.arange(_STEPS)).astype(np.float32)
        fy = fy_of_gray(np.dtype(np.uint8))
        y = cube(fy)  # (256,)
        # What is added to y, for each gray and step: (2, 256 * steps).
        added = cube(fy[:, None] + steps[:, None]) - y[:, None]
        self._x, self._z = (added * _SCALE).reshape(2, -1)
        self._y = y * _SCALE + _OFFSET

    def places(self, shift: np.ndarray) -> np.ndarray:
        """Turn color, (2, h, w), into places in the tables, and halves.

        They can be interpolated like the color itself. The half makes that
        cutting off what is behind the point rounds.
        """
        low, step = self._low[..., None], self._step[..., None]
        return ((shift - low) / step + 0.5).astype(np.float32)

    def rgb_of(
        self, gray: GrayBytes, places: Float[np.ndarray, "2 n"]
    ) -> tuple[UInt[np.ndarray, "3 n"], int]:
        """Find stored values, and how many pixels were outside the gamut."""
        row = gray * np.float32(_STEPS)
        x = self._x.take((row + places[0]).astype(np.intp), mode="clip")
        z = self._z.take((row + places[1]).astype(np.intp), mode="clip")
        y = self._y.take(gray, mode="clip")
        light = x * FROM_X
        light += y
        light += z * FROM_Z
        outside = np.flatnonzero(
            (light.min(axis=0) < _LEAST) | (light.max(axis=0) > _MOST)
        )
        if outside.size:
            some = places.take(outside, axis=1)
            shift = (self._low + self._step * (some - 0.5)).astype(np.float32)
            inside = _shrink_chroma(gray[outside], shift) * _SCALE + _OFFSET
            light[:, outside] = inside.clip(_LEAST, _MOST)
        steps = light.astype(np.uint16)
        return _stored().take(steps, mode="clip"), outside.size


def _shrink_chroma(gray: GrayBytes, shift: ColorShift) -> LinearLight:
    """Shrink to the edge of the gamut, which lies between two known hues."""
    fy = fy_of_gray(gray.dtype).take(gray)
    size = np.abs(shift).sum(axis=0)
    place = _hue(shift / size) * np.float32(_HUES / 4)
    before = place.astype(np.intp)
    at = gray * np.intp(_HUES + 1) + before
    edge, after = _edge().take(at), _edge().take(at + 1)
    steep = np.flatnonzero(np.abs(after - edge) > _STEEP * edge)
    edge += (after - edge) * (place - before)
    share = edge / size
    share[steep] = share_inside(fy[steep], shift.take(steep, axis=1))
    return light_of(fy, shift * share)


def _hue(direction: ColorShift) -> np.ndarray:
    """Tell a direction on the diamond |x| + |z| = 1 by a number, 0 to 4."""
    x, z = direction
    return np.where(z >= 0, 1 - x, 3 + x)


@cache
def _stored() -> UInt[np.ndarray, " steps"]:
    """Find the stored value of each step of light."""
    steps = torch.arange(_LAST + 1, dtype=torch.float64, device="cpu")
    light = (steps / float(_SCALE) + float(DARKEST)).clamp(0, 1)
    return (srgb_from_linear(light) * 255).round().byte().numpy()


@cache
def _edge() -> Float[np.ndarray, " grays_hues"]:
    """Find the largest |x| + |z| inside sRGB for each gray and each hue."""
    hue = np.linspace(0, 4, _HUES + 1, dtype=np.float32)
    x = np.abs(2 - hue) - 1
    shift = _FAR * np.stack([x, (1 - np.abs(x)) * np.sign(2 - hue)])
    each = [
        share_inside(np.full_like(hue, fy), shift, steps=16)
        for fy in fy_of_gray(np.dtype(np.uint8))
    ]
    return np.concatenate(each) * np.float32(_FAR)
