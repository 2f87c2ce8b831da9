"""A row of numbers for each photograph.

Every photograph takes the way that a user's takes, and what is measured is
the picture that would be written:

    photograph -> center crop -> Colorizer.colorize -> bytes -> metrics

Only lightness reaches the network, so it can't see what it is judged against.
Chapter 13.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor, nn

from colorlib import metrics
from colorlib.color import rgb_to_lab, split_lab
from colorlib.colorizer import Colorizer
from colorlib.data.dataset import LONGEST, center_square
from colorlib.joining import join
from colorlib.shapes import Lab, LChannel, RGBArray, RGBBytes

MEASURES = ("ciede2000", "ab_mae", "chroma", "colorfulness")

ABPrediction = Float[Tensor, "1 2 _ _"]  # a*, b* / 110, of any smaller size
Model = Colorizer | nn.Module | Callable[[LChannel], ABPrediction]


@dataclass(frozen=True)
class Protocol:
    """What has to be equal before two reports may be compared."""

    crop: int = 256
    """Side of the center crop, in pixels, once the shorter side has it."""
    stride: int = 2
    """CIEDE2000 looks at every stride-th pixel of every stride-th row."""
    resamples: int = 2_000
    """How many times the bootstrap draws the photographs anew."""
    seed: int = 0
    """Seed of those draws."""


@dataclass(frozen=True)
class Row:
    """One photograph's numbers."""

    name: str
    height: int  # before the crop
    width: int
    scores: dict[str, dict[str, float]]  # model, gray, truth -> MEASURES


def measure(
    model: Model,
    photographs: Iterable[tuple[str, RGBArray]],
    protocol: Protocol,
) -> Iterator[Row]:
    """Yield the numbers of one photograph after the other.

    Args:
        model: a `Colorizer`; a generator, which then sees the whole crop; or
            any function from L (1, 1, H, W) to ab (1, 2, h, w), on the CPU.
        photographs: pairs of a name and sRGB bytes (H, W, 3), read one at a
            time.
        protocol: crop and stride are used.

    Yields:
        A row a photograph, in order, with the scores of the model, of gray,
        and of the truth itself.

    Raises:
        ValueError: if a photograph is not (H, W, 3) bytes, or a network is
            in training mode.

    Reference:
        Chapter 13.
    """
    painters = {
        "model": _painter(model, protocol.crop),
        "gray": _painter(_no_color, protocol.crop),
        "truth": lambda crop: crop,
    }
    for name, rgb in photographs:
        crop = center_crop(rgb, protocol.crop)
        true_lab = rgb_to_lab(_as_tensor(crop))
        scores = {
            who: _score(paint(crop), true_lab, protocol.stride)
            for who, paint in painters.items()
        }
        yield Row(name, *rgb.shape[:2], scores)


def score(picture: RGBArray, truth: RGBArray) -> dict[str, float]:
    """Measure one picture against the photograph it should be.

    Args:
        picture: sRGB bytes (H, W, 3).
        truth: sRGB bytes of the same shape.

    Returns:
        CIEDE2000 (mean over all pixels), ab-MAE, mean chroma and
        colorfulness, named as in `MEASURES`.

    Raises:
        ValueError: if the shapes differ.

    Reference:
        `colorlib.metrics`. Chapter 01.
    """
    return _score(picture, rgb_to_lab(_as_tensor(truth)), stride=1)


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


def _painter(model: Model, size: int) -> Callable[[RGBArray], RGBArray]:
    """What makes a picture of a photograph, whatever the model is."""
    if isinstance(model, nn.Module):
        device = next(model.parameters()).device
        model = Colorizer(model, type(model).__name__, "", size, device)
    if isinstance(model, Colorizer):
        return lambda crop: model.colorize(crop).pixels

    def paint(crop: RGBArray) -> RGBArray:
        L, _ = split_lab(rgb_to_lab(_as_tensor(crop)))
        return join(crop, model(L[None])[0])[0]

    return paint


def _no_color(L: LChannel) -> ABPrediction:
    return torch.zeros(1, 2, 1, 1)


def _as_tensor(rgb: RGBArray) -> RGBBytes:
    return torch.from_numpy(rgb.transpose(2, 0, 1).copy())


def _score(picture: RGBArray, true_lab: Lab, stride: int) -> dict[str, float]:
    rgb = _as_tensor(picture)
    lab = rgb_to_lab(rgb)
    error = metrics.ciede2000(
        lab[..., ::stride, ::stride], true_lab[..., ::stride, ::stride]
    )
    return {
        "ciede2000": error.mean().item(),
        "ab_mae": metrics.ab_mae(lab, true_lab).item(),
        "chroma": metrics.chroma(lab).item(),
        "colorfulness": metrics.colorfulness(rgb).item(),
    }
