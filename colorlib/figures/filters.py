"""The filters of a first layer as small pictures, and what they respond to.

A filter is drawn as what it would like to see: middle gray where a weight is
zero, lighter where it is positive, darker where it is negative. Chapter 11.

Reference:
    Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural
    Networks, 2012, figure 3.
"""

import numpy as np
from jaxtyping import Float, UInt8
from matplotlib.colors import to_rgb
from torch import Tensor

from colorlib.figures.charts import BLUE, VERMILION

Filters = Float[Tensor, "filters _ height width"]
RGBA = UInt8[np.ndarray, "_ _ 4"]

COLUMNS = 8
ENLARGED = 5  # screen pixels for a weight, along a side
GAP = 4  # pixels between two filters, where the page shows through


def filter_grid(filters: Filters, scale: Filters | None = None) -> RGBA:
    """Draw filters beside and below each other.

    Args:
        filters: of three colors, or of one.
        scale: filters of which these are sums over the colors: each is drawn
            as strong as it can be beside the other. None: as strong as it is
            beside its own largest weight.

    Returns:
        A picture, rows of eight; the gaps are transparent.
    """
    most = filters if scale is None else scale.abs().sum(1, keepdim=True)
    largest = most.detach().abs().amax((1, 2, 3), keepdim=True)
    shares = filters.detach() / largest.clamp(min=1e-12)  # -1 to 1
    tiles = [_enlarged(_drawn(share)) for share in shares]
    height, width = (side + GAP for side in tiles[0].shape[:2])
    rows, columns = -(-len(tiles) // COLUMNS), min(len(tiles), COLUMNS)
    canvas = np.zeros((rows * height - GAP, columns * width - GAP, 4), np.uint8)
    for number, tile in enumerate(tiles):
        top, left = height * (number // COLUMNS), width * (number % COLUMNS)
        place = np.s_[top : top + height - GAP, left : left + width - GAP]
        canvas[place] = tile
    return canvas


def response_frame(
    w: Float[Tensor, "colors height width"],
    *responses: Float[Tensor, "rows columns"],
) -> RGBA:
    """Draw a filter, and beside it what it responds in several photographs.

    Args:
        w: the filter.
        responses: all of one size; blue below zero, orange above, on one
            scale.

    Returns:
        A picture as high as four pixels for each row of a response.
    """
    height = 4 * responses[0].shape[0]
    largest = max(r.abs().max().item() for r in responses) or 1.0
    filter_ = _drawn(w.detach() / w.abs().max().clamp(min=1e-12))
    parts = [_resized(filter_, height)]
    for response in responses:
        share = (response.detach() / largest)[..., None].numpy()
        ink = np.where(share < 0, to_rgb(BLUE), to_rgb(VERMILION))
        rgb = 1 + np.abs(share) * (ink - 1)  # white at zero
        parts.append(_resized(np.rint(255 * rgb).astype(np.uint8), height))
    gap = np.zeros((height, 2 * GAP, 4), np.uint8)
    joined = [part for each in parts for part in (gap, _opaque(each))]
    return np.concatenate(joined[1:], axis=1)


def _drawn(
    share: Float[Tensor, "colors height width"],
) -> UInt8[np.ndarray, "..."]:
    """Paint weights from -1 to 1 as sRGB bytes, height x width x 3."""
    rgb = share.expand(3, -1, -1).permute(1, 2, 0).numpy()
    return np.rint(127.5 + 127.5 * rgb).astype(np.uint8)


def _enlarged(rgb: UInt8[np.ndarray, "..."]) -> RGBA:
    return _opaque(rgb.repeat(ENLARGED, 0).repeat(ENLARGED, 1))


def _resized(
    rgb: UInt8[np.ndarray, "..."], height: int
) -> UInt8[np.ndarray, "..."]:
    """Enlarge to a height, each pixel a square, or nearly."""
    rows = np.arange(height) * rgb.shape[0] // height
    width = round(height * rgb.shape[1] / rgb.shape[0])
    return rgb[rows][:, np.arange(width) * rgb.shape[1] // width]


def _opaque(rgb: UInt8[np.ndarray, "..."]) -> RGBA:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
