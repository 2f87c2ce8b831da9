"""Photographs that stay on the device: bytes in a GPU's memory.

A photograph of 256 x 256 pixels is 0.2 MB as bytes, so 8,000 of them fill 1.6
GB. Where a GPU has that much to spare, batches are cut there, and neither the
processor nor the copy to the GPU can hold training back. Chapter 05.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from colorlib.data.cache import CachedPhotos

DevicePhoto = UInt8[Tensor, "_ _ 3"]


@dataclass(frozen=True, eq=False)
class ResidentPhotos(Sequence[DevicePhoto]):
    """Photographs as bytes on a device, in one tensor.

    Indexing gives one photograph, sRGB bytes, height x width x 3: a view, so
    nothing is copied; a slice gives a list of them.
    """

    shapes: tuple[tuple[int, int], ...]
    """Height and width of each, pixels."""
    offsets: tuple[int, ...]
    """Where each begins, bytes."""
    pixels: Tensor = field(repr=False)
    """All bytes, one after the other."""

    @property
    def device(self) -> torch.device:
        """Where they are."""
        return self.pixels.device

    def __len__(self) -> int:
        return len(self.shapes)

    @overload
    def __getitem__(self, index: int) -> DevicePhoto: ...

    @overload
    def __getitem__(self, index: slice) -> list[DevicePhoto]: ...

    def __getitem__(
        self, index: int | slice
    ) -> DevicePhoto | list[DevicePhoto]:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        height, width = self.shapes[index]
        flat = self.pixels.narrow(0, self.offsets[index], height * width * 3)
        return flat.view(height, width, 3)


def to_device(
    photos: CachedPhotos, device: torch.device | str
) -> ResidentPhotos:
    """Copy the photographs of a cache to a device, once for all epochs.

    Args:
        photos: from a cache; only these are copied, not all of its file.
        device: where they are to stay.

    Returns:
        The same photographs, in the same order.

    Raises:
        MemoryError: if they don't fit.

    See Also:
        Chapter 05.

    Example:
        >>> from colorlib.data.filling import cache_photographs
        >>> from colorlib.data.sources import find_items
        >>> photos = cache_photographs(find_items("bundled"), "cache", size=64)
        >>> resident = to_device(photos, "cpu")
        >>> resident[0].shape, resident.device
        (torch.Size([64, 64, 3]), device(type='cpu'))
    """
    device = torch.device(device)
    sizes = [height * width * 3 for height, width in photos.shapes]
    starts = np.cumsum([0, *sizes]).tolist()
    try:
        pixels = torch.empty(starts[-1], dtype=torch.uint8, device=device)
    except RuntimeError as error:
        raise MemoryError(
            f"{device} has too little memory for {len(photos)} photographs"
            f" of {starts[-1] / 1e9:.1f} GB; keep them off the device, or take"
            " fewer or smaller ones"
        ) from error
    for start, size, photo in zip(starts, sizes, photos, strict=False):
        # A copy, because a mapped file can't be written to, and torch warns.
        pixels[start : start + size] = torch.from_numpy(photo.flatten())
    return ResidentPhotos(photos.shapes, tuple(starts[:-1]), pixels)
