"""From photographs to batches of L and ab.

Photographs are decoded and shrunk once, into one flat file of bytes that is
mapped into memory. Batches are cut from it as bytes, and turned into Lab on
the device, a batch at a time. (The deck decodes each photograph again in each
epoch and converts it on its own, on the processor: some 9 ms a photograph.)

Which photographs make up a batch, and how they are cropped and mirrored,
depends on nothing but seed, epoch and position. So training can be resumed
anywhere, bit for bit, without replaying anything. Chapter 05.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from colorlib.color import rgb_to_lab, split_lab
from colorlib.data.sources import Item
from colorlib.data.splits import list_hash
from colorlib.photos import PhotoError
from colorlib.shapes import ABChannels, LChannel

NEAR_GRAY = 5.0  # mean chroma below which a photograph has no color to teach
_INDEX, _PIXELS = "index.json", "pixels.u8"

RGBArray = UInt8[np.ndarray, "height width 3"]
ByteBatch = UInt8[Tensor, "batch height width 3"]


@dataclass(frozen=True)
class CachedPhotos(Sequence):
    """Photographs as bytes in one memory-mapped file.

    Indexing gives one photograph, sRGB bytes, height x width x 3.
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

    def __getitem__(self, index: int) -> RGBArray:
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

        def pick(values):
            return tuple(values[i] for i in keep)

        return CachedPhotos(
            pick(self.names),
            pick(self.shapes),
            pick(self.offsets),
            pick(self.chroma),
            self.left_out,
            self.pixels,
        )

    def without_near_gray(self) -> "CachedPhotos":
        """Leave out what has no color to teach; for training only."""
        gray = set(self.near_gray)
        return self.select([n for n in self.names if n not in gray])


def cache_photographs(
    items: Sequence[Item],
    root: str | Path,
    *,
    size: int = 256,
    squash: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> CachedPhotos:
    """Decode photographs once, into a folder named after what it holds.

    A second call with the same photographs, size and mode opens what is
    there. An interrupted call leaves nothing behind.

    Args:
        items: the photographs; see `sources.find_items`.
        root: the folder in which caches are kept.
        size: the shorter side, in pixels; both sides if `squash`.
        squash: force each photograph into a square, as the deck does,
            instead of keeping its shape.
        on_progress: called with photographs done and photographs in all.

    Returns:
        The photographs. Those that can't be read are left out, and listed
        with the reason in `left_out`.

    Raises:
        ValueError: if not one of them can be read.

    Reference:
        Chapter 05 measures what this saves.
    """
    mode = "squash" if squash else "keep"
    key = list_hash(f"{i.name}\t{_stamp(i)}" for i in items)
    folder = Path(root).expanduser() / f"{mode}{size}-{key}"
    if not (folder / _INDEX).exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            part = Path(scratch) / "part"
            part.mkdir()
            _fill(part, items, size, squash, on_progress)
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(part, folder)
    return open_cache(folder)


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
    if not (folder / _INDEX).exists():
        raise FileNotFoundError(
            f"{folder} holds no cache; make one with cache_photographs"
        )
    index = json.loads((folder / _INDEX).read_text())
    shapes = tuple((height, width) for height, width in index["shapes"])
    sizes = [height * width * 3 for height, width in shapes]
    return CachedPhotos(
        names=tuple(index["names"]),
        shapes=shapes,
        offsets=tuple(int(n) for n in np.cumsum([0, *sizes])[:-1]),
        chroma=tuple(index["chroma"]),
        left_out=index["left_out"],
        pixels=np.memmap(folder / _PIXELS, dtype=np.uint8, mode="r"),
    )


@dataclass(frozen=True)
class Batches:
    """Batches of bytes, in an order that seed, epoch and position decide."""

    photos: Sequence[RGBArray]
    """What to cut batches from."""
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

    def __post_init__(self):
        if len(self.photos) < self.batch_size:
            raise ValueError(
                f"{len(self.photos)} photographs don't fill a batch of"
                f" {self.batch_size}; add photographs or ask for less"
            )

    def __len__(self) -> int:
        return len(self.photos) // self.batch_size

    def epoch(self, epoch: int, start: int = 0) -> Iterator[ByteBatch]:
        """Yield the batches of one epoch.

        Args:
            epoch: which epoch, from 0.
            start: how many batches of it to skip: where training stopped.

        Yields:
            sRGB bytes, batch x size x size x 3.
        """
        order = np.random.default_rng([self.seed, epoch]).permutation(
            len(self.photos)
        )
        for batch in range(start, len(self)):
            first = batch * self.batch_size
            rng = np.random.default_rng([self.seed, epoch, batch])
            yield self._cut(order[first : first + self.batch_size], rng)

    def _cut(self, chosen: np.ndarray, rng: np.random.Generator) -> ByteBatch:
        low, high = self.sides or (self.size, self.size)
        side = int(rng.integers(low, high + 1))
        squares = np.empty((len(chosen), side, side, 3), np.uint8)
        for square, index in zip(squares, chosen, strict=True):
            photo = random_square(self.photos[index], side, rng)
            flip = self.mirror and rng.random() < 0.5
            square[...] = photo[:, ::-1] if flip else photo
        return _shrink(torch.from_numpy(squares), self.size)


def random_square(
    photo: RGBArray, side: int, rng: np.random.Generator
) -> RGBArray:
    """Cut a square from a random place.

    Args:
        photo: sRGB bytes, height x width x 3.
        side: the square's side in pixels.
        rng: where randomness comes from.

    Returns:
        A view into the photograph, side x side x 3.

    Raises:
        ValueError: if the photograph is smaller than the square.
    """
    height, width = photo.shape[:2]
    if min(height, width) < side:
        raise ValueError(
            f"can't cut {side} x {side} from {height} x {width} pixels;"
            " cache the photographs at a larger size"
        )
    top = int(rng.integers(height - side + 1))
    left = int(rng.integers(width - side + 1))
    return photo[top : top + side, left : left + side]


def center_square(photo: RGBArray, side: int) -> RGBArray:
    """Cut a square from the middle, as validation does.

    Args:
        photo: sRGB bytes, height x width x 3.
        side: the square's side in pixels, at most the shorter side.

    Returns:
        A view into the photograph, side x side x 3.
    """
    height, width = photo.shape[:2]
    top, left = (height - side) // 2, (width - side) // 2
    return photo[top : top + side, left : left + side]


def lab_batch(
    batch: ByteBatch, device: torch.device | str = "cpu"
) -> tuple[LChannel, ABChannels]:
    """Turn a batch of bytes into what networks are trained on, on a device.

    Args:
        batch: sRGB bytes, batch x height x width x 3.
        device: where to convert. Bytes travel there, a twelfth of the size
            of L and ab as floats... and the conversion happens there.

    Returns:
        L in [-1, 1] and ab in (-1, 1), channels first.

    Reference:
        Chapter 05.
    """
    batch = batch.to(device, non_blocking=True)
    return split_lab(rgb_to_lab(batch.permute(0, 3, 1, 2)))


def _shrink(batch: ByteBatch, size: int) -> ByteBatch:
    if batch.shape[1] == size:
        return batch
    images = batch.permute(0, 3, 1, 2)  # channels last in memory: fast
    images = F.interpolate(images, size, mode="bilinear", antialias=True)
    return images.permute(0, 2, 3, 1)


def _fill(folder, items, size, squash, on_progress) -> None:
    names, shapes, chroma, left_out = [], [], [], {}
    with (
        ThreadPoolExecutor(os.cpu_count()) as pool,
        (folder / _PIXELS).open("wb") as file,
    ):
        shrunk = _in_order(pool, lambda i: _decode(i, size, squash), items)
        for done, (item, result) in enumerate(zip(items, shrunk), start=1):
            if isinstance(result, PhotoError):
                left_out[item.name] = str(result)
            else:
                file.write(result.tobytes())
                names.append(item.name)
                shapes.append(result.shape[:2])
                chroma.append(round(_mean_chroma(result), 3))
            if on_progress:
                on_progress(done, len(items))
    if not names:
        why = next(iter(left_out.values()), "the list is empty")
        raise ValueError(f"no photograph could be read; the first: {why}")
    index = {
        "names": names,
        "shapes": shapes,
        "chroma": chroma,
        "left_out": left_out,
    }
    (folder / _INDEX).write_text(json.dumps(index))


def _in_order(pool, function, items, ahead: int = 64):
    """Map with threads, in order, never more than `ahead` results waiting."""
    waiting = []
    for item in items:
        waiting.append(pool.submit(function, item))
        if len(waiting) >= ahead:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _decode(item: Item, size: int, squash: bool) -> RGBArray | PhotoError:
    try:
        image = Image.fromarray(item.read())
    except PhotoError as error:
        return error
    width, height = image.size
    scale = size / min(width, height)
    wanted = (max(size, round(width * scale)), max(size, round(height * scale)))
    if squash:
        wanted = (size, size)
    if image.size != wanted:
        image = image.resize(wanted, Image.Resampling.BICUBIC)
    return np.asarray(image)


def _mean_chroma(photo: RGBArray) -> float:
    every_fourth = torch.from_numpy(photo[::4, ::4].copy())
    _, a, b = rgb_to_lab(every_fourth.permute(2, 0, 1)).unbind()
    return torch.hypot(a, b).mean().item()


def _stamp(item: Item) -> str:
    """What changes when a photograph is replaced under the same name."""
    if str(item.path).startswith("bundled:"):
        return "bundled"
    stat = item.path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}-{item.offset}"
