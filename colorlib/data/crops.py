"""Squares cut from photographs: at random to train, the middle to score.

Chapter 05, squash or crop.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from colorlib.shapes import RGBArray

Square = UInt8[np.ndarray, "side side 3"]
AnyRGB = TypeVar("AnyRGB", RGBArray, UInt8[Tensor, "_ _ 3"])


def random_square(photo: AnyRGB, side: int, rng: np.random.Generator) -> AnyRGB:
    """Cut a square from a random place, as training does.

    Args:
        photo: sRGB bytes, height x width x 3; an array, or a tensor on any
            device.
        side: the square's side in pixels.
        rng: where randomness comes from.

    Returns:
        A view into the photograph, side x side x 3.

    Raises:
        ValueError: if the photograph is smaller than the square.
    """
    down, right = _room(photo.shape[:2], side)
    top, left = rng.integers(down + 1), rng.integers(right + 1)
    return photo[top : top + side, left : left + side]


def center_square(photo: RGBArray, side: int) -> Square:
    """Cut a square from the middle, as validation does.

    Args:
        photo: sRGB bytes, height x width x 3.
        side: the square's side in pixels.

    Returns:
        A view into the photograph, side x side x 3.

    Raises:
        ValueError: if the photograph is smaller than the square.
    """
    down, right = _room(photo.shape[:2], side)
    top, left = down // 2, right // 2
    return photo[top : top + side, left : left + side]


def _room(shape: Sequence[int], side: int) -> tuple[int, int]:
    """How far down and to the right a square can be moved."""
    height, width = shape
    if min(height, width) < side:
        raise ValueError(
            f"can't cut {side} x {side} from {height} x {width} pixels;"
            " cache the photographs at a larger size"
        )
    return height - side, width - side


LONGEST = 16
"""How many times longer than wide a photograph may be.

The shorter side gets the size, so that a strip of 1 x 60,000 pixels would
fill gigabytes. Panoramas end well below: a full circle of 360 by 30 degrees
has 12.
"""


def center_crop(rgb: np.ndarray, size: int) -> RGBArray:
    """Cut the middle square out, after bringing the shorter side to size.

    Args:
        rgb: sRGB bytes (H, W, 3), of any size: small ones are enlarged. The
            ends of what is longer than `LONGEST` times its width are cut off
            first: enlarged, they would fill the memory and not be seen.
        size: side of the square in pixels.

    Returns:
        sRGB bytes (size, size, 3), a copy.

    Raises:
        ValueError: if `rgb` is not (H, W, 3) bytes.

    See Also:
        Chapter 05, squash or crop.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(
            "a photograph to evaluate on must be bytes of shape (H, W, 3),"
            f" got {rgb.dtype} of shape {rgb.shape};"
            " without true colors there is nothing to measure against"
        )
    longest = LONGEST * min(rgb.shape[:2])
    top, left = (max(0, side - longest) // 2 for side in rgb.shape[:2])
    rgb = rgb[top : top + longest, left : left + longest]
    height, width = rgb.shape[:2]
    if min(height, width) != size:
        scale = size / min(height, width)
        wanted = (round(width * scale), round(height * scale))
        image = Image.fromarray(rgb)
        rgb = np.asarray(image.resize(wanted, Image.Resampling.BICUBIC))
    # A copy: torch warns of arrays that can't be written to, such as those
    # of Pillow and of a memory map.
    return center_square(rgb, size).copy()
