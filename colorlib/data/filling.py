"""Filling a cache: photographs decoded once, for all epochs.

The deck decodes each photograph again in each epoch, which takes longer than
all that training asks of the processor besides. What needs to be known of a
photograph before training, whether it can be read and has any color, is found
out on the way. Chapter 05.
"""

import json
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock
from PIL import Image

from colorlib.color import rgb_to_lab
from colorlib.data.cache import INDEX, PIXELS, CachedPhotos, open_cache
from colorlib.data.crops import LONGEST
from colorlib.data.sources import Item
from colorlib.data.splits import list_hash
from colorlib.files import replacing, replacing_folder
from colorlib.photos import MAX_MEGAPIXELS, PhotoError
from colorlib.photos.photo import RefusedError
from colorlib.shapes import RGBArray
from colorlib.threads import map_ahead

_RECIPE = "3"  # to be raised when the same files would give other bytes


_log = logging.getLogger(__name__)


def cache_photographs(
    items: Sequence[Item],
    root: str | Path,
    *,
    size: int = 256,
    squash: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> CachedPhotos:
    """Decode photographs once, into a folder named after what it holds.

    A second call with the same photographs, size and mode opens what is
    there; a damaged one is made anew. Several processes that ask at once wait
    for the first. An interrupted call leaves nothing behind, and what a killed
    one leaves is removed by the next.

    Args:
        items: the photographs; see `sources.find_items`.
        root: the folder in which caches are kept.
        size: the shorter side, in pixels; both sides if `squash`.
        squash: force each photograph into a square, as the deck does,
            instead of keeping its shape.
        on_progress: called with photographs done and photographs in all.
        max_megapixels: what is larger is left out, too.

    Returns:
        The photographs, sorted by name, so that the order of sources doesn't
        matter. Those that can't be read, or are longer than `LONGEST` times
        their width, are left out, and listed with the reason in `left_out`.

    Raises:
        ValueError: if not one of them can be read.
        OSError: if the cache can't be written, such as when the disk is full.

    See Also:
        Chapter 05 measures what this saves.

    Example:
        >>> from colorlib.data.sources import find_items
        >>> photos = cache_photographs(find_items("bundled"), "cache", size=64)
        >>> len(photos), photos[0].shape, photos[0].dtype
        (8, (64, 64, 3), dtype('uint8'))
    """
    items = sorted(items, key=lambda item: item.name)
    root = Path(root).expanduser()
    root.mkdir(parents=True, exist_ok=True)
    mode = "squash" if squash else "keep"
    recipe = _RECIPE
    if max_megapixels != MAX_MEGAPIXELS:  # others may be left out
        recipe += f", {max_megapixels:g} megapixels"
    key = list_hash([recipe, *(f"{i.name}\t{_stamp(i)}" for i in items)])
    folder = root / f"{mode}{size}-{key}"
    # One process at a time; the lock ends with the process.
    with FileLock(root / ".lock"):
        if not _is_whole(folder):
            shrink = partial(
                decode_item,
                size=size,
                squash=squash,
                max_megapixels=max_megapixels,
            )
            with replacing_folder(folder) as part:
                _fill(part, items, shrink, on_progress)
    photos = open_cache(folder)
    for why in photos.left_out.values():
        _log.warning("left out: %s", why)
    if photos.left_out:
        _log.warning(
            "%d of %d photographs can't be read, and are left out",
            len(photos.left_out),
            len(items),
        )
    return photos


def decode_item(
    item: Item,
    *,
    size: int,
    squash: bool = False,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> RGBArray | PhotoError:
    """Read a photograph and bring it to the size that is kept.

    Args:
        item: the photograph.
        size: its shorter side, in pixels; both sides if `squash`.
        squash: force it into a square, as the deck does.
        max_megapixels: a larger one is not read.

    Returns:
        sRGB bytes, height x width x 3; or, where it can't be read, why.
    """
    try:
        return _fit(Image.fromarray(item.read(max_megapixels)), size, squash)
    except PhotoError as error:
        return error
    except RefusedError as refusal:
        return refusal.about(item.place)
    except MemoryError:
        too_large = RefusedError(
            "needs more memory than there is", "shrink it, or close programs"
        )
        return too_large.about(item.place)


def _is_whole(folder: Path) -> bool:
    """Whether a cache is there, and no power cut has torn its index."""
    if not folder.exists():
        return False
    try:
        open_cache(folder)
    except (FileNotFoundError, ValueError):
        _log.warning("%s is damaged and is made anew", folder)
        return False
    return True


def _stamp(item: Item) -> str:
    """What changes when a photograph is replaced under the same name.

    Copying a folder changes the times of its files, so that its photographs
    are decoded again. That costs minutes; a stale photograph that nobody
    notices would cost the run. What isn't there, such as the end of a link
    that leads nowhere, has no stamp; reading it tells why.
    """
    try:
        stat = item.path.stat()
    except OSError as error:
        return f"errno {error.errno}"
    return f"{stat.st_size}-{stat.st_mtime_ns}-{item.offset}"


def _fill(
    folder: Path,
    items: Sequence[Item],
    shrink: Callable[[Item], RGBArray | PhotoError],
    on_progress: Callable[[int, int], None] | None,
) -> None:
    """Decode everything into a folder; the index comes last."""
    names, shapes, chroma = [], [], []
    left_out: dict[str, str] = {}
    with (
        ThreadPoolExecutor(os.cpu_count()) as pool,
        (folder / PIXELS).open("wb") as file,
    ):
        shrunk = map_ahead(pool, shrink, items, ahead=64)
        pairs = zip(items, shrunk, strict=True)
        for done, (item, result) in enumerate(pairs, start=1):
            if isinstance(result, PhotoError):
                left_out[item.name] = str(result)
            else:
                file.write(result.tobytes())
                names.append(item.name)
                shapes.append(result.shape[:2])
                chroma.append(round(_mean_chroma(result), 3))
            if on_progress:
                on_progress(done, len(items))
        file.flush()
        os.fsync(file.fileno())
    if not names:
        why = next(iter(left_out.values()), "the list is empty")
        raise ValueError(f"no photograph could be read; the first: {why}")
    index = {
        "names": names,
        "shapes": shapes,
        "chroma": chroma,
        "left_out": left_out,
    }
    with replacing(folder / INDEX) as part:  # on the disk, as pixels are
        part.write_text(json.dumps(index))


def _fit(image: Image.Image, size: int, squash: bool) -> RGBArray:
    """Bring the shorter side to the size, or both sides."""
    width, height = image.size
    if max(width, height) > LONGEST * min(width, height):
        raise RefusedError(
            f"has {width} x {height} pixels, more than {LONGEST} times as long"
            " as wide",
            "cut it into pieces",
        )
    scale = size / min(width, height)
    wanted = (max(size, round(width * scale)), max(size, round(height * scale)))
    if squash:
        wanted = (size, size)
    if image.size != wanted:
        image = image.resize(wanted, Image.Resampling.BICUBIC)
    return np.asarray(image)


def _mean_chroma(photo: RGBArray) -> float:
    """Mean chroma of a sixteenth of the pixels, which is as good as all."""
    sample = torch.from_numpy(photo[::4, ::4].copy())
    _, a, b = rgb_to_lab(sample.permute(2, 0, 1)).unbind()
    return torch.hypot(a, b).mean().item()
