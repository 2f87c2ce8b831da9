"""From bytes to batches of L and ab.

Squares are cut from cached photographs as bytes, and turned into Lab on the
device, a batch at a time. Which photographs make up a batch, and how they are
cropped and mirrored, depends on nothing but seed, epoch and position. So
training can be resumed anywhere, bit for bit, without replaying anything.
Chapter 05.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Int, UInt8
from torch import Tensor

from colorlib.color import rgb_to_lab, split_lab
from colorlib.data.crops import random_square
from colorlib.data.resident import ResidentPhotos
from colorlib.shapes import ABChannels, LChannel, RGBArray
from colorlib.threads import map_ahead

Squares = UInt8[Tensor, "batch _ _ 3"]


@dataclass(frozen=True)
class Batches:
    """Batches of bytes, in an order that seed, epoch and position decide.

    Raises:
        ValueError: if the photographs don't fill one batch, the smallest of
            the sides is larger than the largest, or squares would have to be
            shrunk on a device.
    """

    photos: Sequence[RGBArray] | ResidentPhotos
    """What to cut batches from: arrays, or photographs on a device. Both
    give the same batches, and those of the latter are on the device."""
    batch_size: int = 16
    """Photographs a batch; what is left over at an epoch's end is dropped."""
    size: int = 256
    """Side of the squares that come out, pixels."""
    sides: tuple[int, int] | None = None
    """Side of the square to cut before it is shrunk to `size`: smallest and
    largest, drawn anew for each batch. None: cut `size`."""
    mirror: bool = True
    """Mirror half of the photographs, chosen anew in each epoch. This is
    what the deck's "flipped copies added" comes down to."""
    seed: int = 0
    """Decides order, crops and mirroring."""

    def __post_init__(self) -> None:
        if len(self.photos) < self.batch_size:
            raise ValueError(
                f"{len(self.photos)} photographs don't fill a batch of"
                f" {self.batch_size}; add photographs or ask for less"
            )
        if self.sides and self.sides[0] > self.sides[1]:
            raise ValueError(
                f"sides must be (smallest, largest), got {self.sides}; swap"
                " the two"
            )
        same = self.sides in (None, (self.size, self.size))
        if isinstance(self.photos, ResidentPhotos) and not same:
            raise ValueError(
                f"squares of {self.sides} pixels can't be shrunk to"
                f" {self.size} on a device; keep the photographs off it"
            )

    @property
    def device(self) -> torch.device:
        """Where batches come out."""
        if isinstance(self.photos, ResidentPhotos):
            return self.photos.device
        return torch.device("cpu")

    def __len__(self) -> int:
        return len(self.photos) // self.batch_size

    def epoch(
        self, epoch: int, start: int = 0, *, rank: int = 0, ranks: int = 1
    ) -> Iterator[Squares]:
        """Yield the batches of one epoch, or one process's share of each.

        Args:
            epoch: which epoch, from 0.
            start: how many batches of it to skip: where training stopped.
            rank: which of the processes this is, from 0.
            ranks: how many processes share each batch.

        Yields:
            sRGB bytes, batch x size x size x 3; of the batch every
            photograph, or `batch[rank::ranks]`.

        Raises:
            ValueError: if a photograph is smaller than what is cut from it.
        """
        order = self._order(epoch)
        for batch in range(start, len(self)):
            rng = np.random.default_rng([self.seed, epoch, batch])
            squares, flips = self._squares(order[batch], rng)
            # Bytes are copied here, and of this share only.
            cut = _stack(squares[rank::ranks], flips[rank::ranks])
            yield _shrink(cut, self.size)

    def chosen(self, epoch: int, batch: int) -> list[int]:
        """Tell which photographs make up a batch, such as to look up labels.

        Args:
            epoch: which epoch, from 0.
            batch: which batch of it, from 0.

        Returns:
            Their places among `photos`, in the order of the batch.
        """
        return self._order(epoch)[batch].tolist()

    def _order(self, epoch: int) -> Int[np.ndarray, "batches batch"]:
        """Shuffle the photographs, and deal them out to batches."""
        rng = np.random.default_rng([self.seed, epoch])
        order = rng.permutation(len(self.photos))
        dealt = order[: len(self) * self.batch_size]
        return dealt.reshape(len(self), self.batch_size)

    def _squares(
        self, chosen: Int[np.ndarray, " batch"], rng: np.random.Generator
    ) -> tuple[list[RGBArray] | list[Tensor], list[bool]]:
        """Choose the squares of a batch, and which of them to mirror.

        The squares are views of photographs.
        """
        low, high = self.sides or (self.size, self.size)
        side = int(rng.integers(low, high + 1))
        squares, flips = [], []
        for index in chosen.tolist():
            squares.append(random_square(self.photos[index], side, rng))
            flips.append(self.mirror and bool(rng.random() < 0.5))
        return squares, flips


def _stack(
    squares: list[RGBArray] | list[Tensor], flips: list[bool]
) -> Squares:
    """Copy squares into one batch, where they are, some mirrored."""
    if isinstance(squares[0], Tensor):
        pairs = zip(squares, flips, strict=True)
        return torch.stack([s.flip(1) if flip else s for s, flip in pairs])
    batch = torch.from_numpy(np.stack(squares))
    for square, flip in zip(batch, flips, strict=True):
        if flip:  # many times as fast as NumPy's reversed view
            square.copy_(square.flip(1))
    return batch


def prefetch(
    batches: Iterable[Squares], *, ahead: int = 2, pin: bool = False
) -> Iterator[Squares]:
    """Cut batches in a thread, while the device works on those before.

    Args:
        batches: such as those of `Batches.epoch`.
        ahead: how many batches may wait; 0 cuts each when it is asked for.
        pin: put them where a GPU copies from while it computes.

    Yields:
        The same batches, in the same order.
    """
    if ahead == 0:
        yield from batches
        return
    source = iter(batches)

    def cut(_: None) -> Squares | None:
        batch = next(source, None)
        return batch.pin_memory() if pin and batch is not None else batch

    with ThreadPoolExecutor(1) as pool:
        for batch in map_ahead(pool, cut, repeat(None), ahead=ahead):
            if batch is None:
                return
            yield batch


def lab_batch(
    batch: Squares, device: torch.device | str = "cpu"
) -> tuple[LChannel, ABChannels]:
    """Turn a batch of bytes into what networks are trained on, on a device.

    Args:
        batch: sRGB bytes, batch x height x width x 3.
        device: where to convert. Bytes are copied there, a quarter of the
            size of L and ab as floats; from pinned memory (see `prefetch`)
            while the device goes on computing.

    Returns:
        L in [-1, 1] and ab in (-1, 1), channels first.

    See Also:
        Chapter 05.

    Example:
        >>> photos = [np.full((20, 30, 3), 128, np.uint8)] * 4
        >>> batches = Batches(photos, batch_size=2, size=16)
        >>> L, ab = lab_batch(next(batches.epoch(0)))
        >>> L.shape, ab.shape
        (torch.Size([2, 1, 16, 16]), torch.Size([2, 2, 16, 16]))
    """
    # (B, H, W, 3) to (B, 3, H, W)
    rgb = batch.to(device, non_blocking=True).permute(0, 3, 1, 2)
    if rgb.device.type == "cpu":
        # One at a time, what is computed on the way fits the core's cache.
        return split_lab(torch.stack([rgb_to_lab(one) for one in rgb]))
    return split_lab(rgb_to_lab(rgb))


def _shrink(squares: Squares, size: int) -> Squares:
    if squares.shape[1] == size:
        return squares
    images = squares.permute(0, 3, 1, 2)  # channels last in memory: fast
    images = F.interpolate(images, size, mode="bilinear", antialias=True)
    return images.permute(0, 2, 3, 1)
