"""A cache of photographs: bytes that are mapped into memory.

One flat file holds all photographs, decoded and shrunk, one after the other,
and an index says which is where. Opening it reads nothing: the system fetches
what is looked at, and keeps what fits. `filling` makes such a cache.
Chapter 05.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, overload

import numpy as np

from colorlib.data.splits import list_hash
from colorlib.shapes import RGBArray

NEAR_GRAY = 5.0  # mean chroma below which a photograph has no color to teach
INDEX, PIXELS = "index.json", "pixels.u8"  # the files of a cache

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class CachedPhotos(Sequence[RGBArray]):
    """Photographs as bytes in one memory-mapped file.

    Indexing gives one photograph, sRGB bytes, height x width x 3; a slice
    gives a list of them.
    """

    names: tuple[str, ...]
    """Their names, in the order of the cache."""
    shapes: tuple[tuple[int, int], ...]
    """Height and width of each, pixels."""
    offsets: tuple[int, ...]
    """Where each begins in the file, bytes."""
    chroma: tuple[float, ...]
    """Mean chroma of each, in units of L*a*b*."""
    left_out: dict[str, str]
    """Photographs that could not be read, and why."""
    pixels: np.ndarray = field(repr=False)
    """All bytes, one after the other."""

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, index: int) -> RGBArray: ...

    @overload
    def __getitem__(self, index: slice) -> list[RGBArray]: ...

    def __getitem__(self, index: int | slice) -> RGBArray | list[RGBArray]:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        height, width = self.shapes[index]
        start = self.offsets[index]
        flat = self.pixels[start : start + height * width * 3]
        return flat.reshape(height, width, 3)

    @property
    def list_hash(self) -> str:
        """The hash of the list of names (see `splits.list_hash`)."""
        return list_hash(self.names)

    @property
    def near_gray(self) -> list[str]:
        """Names of photographs whose mean chroma is below `NEAR_GRAY`."""
        pairs = zip(self.names, self.chroma, strict=True)
        return [name for name, chroma in pairs if chroma < NEAR_GRAY]

    def select(self, names: Sequence[str]) -> "CachedPhotos":
        """Keep only the photographs of these names, in their order here.

        Args:
            names: which to keep; names that aren't here are ignored.

        Returns:
            A view: no bytes are copied.
        """
        wanted = set(names)
        keep = [i for i, name in enumerate(self.names) if name in wanted]

        def pick(values: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(values[i] for i in keep)

        return replace(
            self,
            names=pick(self.names),
            shapes=pick(self.shapes),
            offsets=pick(self.offsets),
            chroma=pick(self.chroma),
        )

    def without_near_gray(self) -> "CachedPhotos":
        """Leave out what has no color to teach; for training only.

        Which they are is logged. (Validation keeps them: a colorizer must
        leave gray things gray, and that is counted apart.)
        """
        gray = set(self.near_gray)
        if gray:
            _log.info(
                "%d of %d photographs are nearly gray and left out: %s",
                len(gray),
                len(self),
                ", ".join(sorted(gray)),
            )
        return self.select([n for n in self.names if n not in gray])


def open_cache(folder: str | Path) -> CachedPhotos:
    """Open a cache that `cache_photographs` made.

    Args:
        folder: the folder with the index and the bytes.

    Returns:
        The photographs, mapped into memory and not read yet.

    Raises:
        FileNotFoundError: if the folder holds no cache.
    """
    folder = Path(folder)
    if not (folder / INDEX).exists():
        raise FileNotFoundError(
            f"{folder} holds no cache; make one with cache_photographs"
        )
    index = json.loads((folder / INDEX).read_text())
    shapes = tuple((height, width) for height, width in index["shapes"])
    sizes = [height * width * 3 for height, width in shapes]
    return CachedPhotos(
        names=tuple(index["names"]),
        shapes=shapes,
        offsets=tuple(int(n) for n in np.cumsum([0, *sizes])[:-1]),
        chroma=tuple(index["chroma"]),
        left_out=index["left_out"],
        pixels=np.memmap(folder / PIXELS, dtype=np.uint8, mode="r"),
    )
