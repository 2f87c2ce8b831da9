"""Pack photographs small: shards of WebP, and a manifest.

What a run keeps of a photograph is 256 pixels of its shorter side, so nothing
larger needs to be sent to the machine that it is trained on. Training
photographs are squashed into squares where the recipes squash them; those to
be scored keep their shape. A shard holds less than a given number of bytes,
and the same photographs give the same shards.
"""

import io
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from colorlib.data.filling import decode_item
from colorlib.data.sources import Item, find_all
from colorlib.data.splits import list_hash, split_as_the_course_does
from colorlib.files import replacing_folder
from colorlib.photos import PhotoError
from colorlib.threads import map_ahead
from many.packs import MANIFEST, TRAINING, VALIDATION
from many.shards import Shards

OnPacked = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How photographs are made small."""

    size: int = 256
    """Shorter side, pixels."""
    squash: bool = True
    """Squash what is trained on into a square, as the deck does."""
    quality: int = 60
    """WebP's quality, 0 to 100."""
    part_mb: float = 60.0
    """A shard is smaller than so many megabytes."""

    def __post_init__(self) -> None:
        if self.size < 1 or not 0 <= self.quality <= 100:
            raise ValueError(
                "size must be at least 1 and quality from 0 to 100, got"
                f" {self.size} and {self.quality}"
            )
        if not self.part_mb > 0:
            raise ValueError(f"part_mb must be above 0, got {self.part_mb}")


def pack(
    photographs: list[str],
    score: list[str] | None,
    folder: Path,
    settings: Settings,
    *,
    validation: float = 0.2,
    collection: str | None = None,
    on_packed: OnPacked | None = None,
) -> dict[str, Any]:
    """Pack photographs into a folder, all of it or nothing.

    Args:
        photographs: sources to train on: see `find_all`.
        score: sources to validate on; None for a share of the former.
        folder: gets shards and a manifest; it must not exist.
        settings: how small they get.
        validation: that share, chosen by the hashes of names.
        collection: what to call the photographs, on the page.
        on_packed: called with photographs packed, and all of them.

    Returns:
        The manifest.

    Raises:
        FileExistsError: if the folder exists.
        ValueError: if no photograph is left to train or to validate on, or
            one doesn't fit into a shard.
        OSError: if sources are missing or the folder can't be written.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} exists; remove it, or name another")
    sides = _sides(photographs, score, validation)
    total = sum(map(len, sides.values()))
    manifest: dict[str, Any] = {
        "collection": collection,
        "settings": asdict(settings),
    }
    done = 0
    with replacing_folder(folder, overwrite=False) as part:
        for side, items in sides.items():
            count = partial(_count_on, on_packed, done, total)
            manifest[side] = _pack_side(part, side, items, settings, count)
            done += len(items)
        text = json.dumps(manifest, indent=2) + "\n"
        (part / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def _sides(
    photographs: list[str], score: list[str] | None, validation: float
) -> dict[str, list[Item]]:
    """Say which photographs are trained on, and which are scored."""
    train = find_all(photographs)
    if score:
        return {TRAINING: train, VALIDATION: find_all(score)}
    names = [item.name for item in train]
    sides = split_as_the_course_does(photographs, names, validation)
    chosen = dict(zip((TRAINING, VALIDATION), map(set, sides), strict=True))
    return {
        side: [item for item in train if item.name in wanted]
        for side, wanted in chosen.items()
    }


def _pack_side(
    folder: Path,
    side: str,
    items: list[Item],
    settings: Settings,
    count: Callable[[int], None],
) -> dict[str, Any]:
    """Pack what is trained on, or what is scored; describe it."""
    squash = settings.squash and side == TRAINING
    small = partial(_small, settings=settings, squash=squash)
    left_out = {}
    with (
        closing(Shards(folder, side, settings.part_mb)) as shards,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        found = map_ahead(pool, small, items, ahead=64)
        for done, item in enumerate(items, start=1):
            data = next(found)
            if isinstance(data, PhotoError):
                # Without the path, which is this machine's.
                left_out[item.name] = str(data).removeprefix(f"{item.place}: ")
            else:
                shards.add(f"{item.name}.webp", data)
            count(done)
    names = [item.name for item in items if item.name not in left_out]
    if not names:
        why = next(iter(left_out.values()), "there is none")
        raise ValueError(f"no photograph to {side}: {why}")
    return {
        "photographs": len(names),
        "list_hash": list_hash(names),
        "shards": shards.described,
        "left_out": left_out,
    }


def _small(item: Item, settings: Settings, squash: bool) -> bytes | PhotoError:
    """Make a photograph small; what is wrong with it is an answer."""
    pixels = decode_item(item, size=settings.size, squash=squash)
    if isinstance(pixels, PhotoError):
        return pixels
    data = io.BytesIO()
    image = Image.fromarray(pixels)
    image.save(data, format="webp", quality=settings.quality, method=4)
    return data.getvalue()


def _count_on(
    on_packed: OnPacked | None, before: int, total: int, done: int
) -> None:
    if on_packed:
        on_packed(before + done, total)
