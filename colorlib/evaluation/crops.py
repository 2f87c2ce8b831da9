"""One square a photograph, so that all are judged at one size.

Chapter 05, squash or crop.
"""

import numpy as np
from PIL import Image

from colorlib.data.dataset import LONGEST, center_square
from colorlib.shapes import RGBArray


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

    Reference:
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
