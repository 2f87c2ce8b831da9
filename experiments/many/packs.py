"""A pack of photographs: shards, and a manifest that says what they hold.

`packing` makes it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from colorlib.files import sha256_of
from many.shards import MEGABYTE

MANIFEST = "pack.json"
TRAINING, VALIDATION = "train", "validate"


@dataclass(frozen=True)
class Pack:
    """Sources of a pack, as `find_items` takes them."""

    photographs: list[str]
    """To train on."""
    score: list[str]
    """To validate on."""
    collection: str | None
    """What the photographs are called."""


def open_pack(folder: Path) -> Pack:
    """Check that a pack is whole, and name its sources.

    Args:
        folder: what `pack` made.

    Raises:
        FileNotFoundError: if it holds no pack.
        ValueError: if a shard is missing, is another one, or is too much.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise FileNotFoundError(
            f"{folder} holds no {MANIFEST}; give a folder that pack made"
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        hashes = {
            shard["name"]: shard["sha256"]
            for side in (TRAINING, VALIDATION)
            for shard in manifest[side]["shards"]
        }
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is damaged ({error!r}); pack again"
        ) from error
    _check_shards(folder, hashes)
    return Pack(
        [str(folder / f"{TRAINING}-*.tar")],
        [str(folder / f"{VALIDATION}-*.tar")],
        manifest.get("collection"),
    )


def _check_shards(folder: Path, hashes: dict[str, str]) -> None:
    """Raise an error unless the folder holds these shards and no others."""
    there = {path.name for path in folder.glob("*.tar")}
    for name in sorted(there ^ hashes.keys()):
        what = "no part of the pack; remove it"
        if name in hashes:
            what = "missing; copy it again"
        raise ValueError(f"{folder / name} is {what}")
    for name, sha256 in hashes.items():
        if sha256_of(folder / name) != sha256:
            raise ValueError(
                f"{folder / name} is not what {MANIFEST} says; copy it again"
            )


def describe(manifest: dict) -> list[str]:
    """Say what a pack holds, and what it lacks."""
    lines = []
    for side in (TRAINING, VALIDATION):
        packed = manifest[side]
        sizes = [shard["bytes"] / MEGABYTE for shard in packed["shards"]]
        lines.append(
            f"{side}: {packed['photographs']:,} photographs in {len(sizes)}"
            f" parts, {sum(sizes):.1f} MB"
        )
        for name, why in packed["left_out"].items():
            lines.append(f"left out: {name}: {why}")
    return lines
