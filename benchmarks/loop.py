"""What a training photograph costs in all: the deck's loop against ours.

From JPEGs of COCO's size to changed weights. The deck's loop: a `DataLoader`
with four workers decodes, resizes and converts each photograph in each epoch
(`input.py` has its `__getitem__`), and its step follows (`step.py`). Ours:
`training.gan`'s loop over photographs that were decoded once, before (what
that costs is measured by `input.py`). Must hold: at least 4 times the deck's
speed on a GPU, 1.8 times on a processor with AMX, 1.4 times on another that
multiplies bf16 in hardware, and on no processor slower.

    python benchmarks/loop.py [--batch 16] [--size 256] [--width 64]
"""

import os
import sys
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import torch
from input import Deck as DeckPhotos
from input import make_photographs
from step import (
    Deck,
    judge,
    parse,
    say_where,
    start_deck,
    start_ours,
    take_turns,
)
from torch.utils.data import DataLoader

from colorlib.data.batches import Batches
from colorlib.data.filling import cache_photographs
from colorlib.data.sources import folder
from colorlib.training.config import GanConfig
from colorlib.training.gan import train_gan

# Times the deck's speed, by what the device has for bf16.
GOALS = {"gpu": 4.0, "amx": 1.8, "avx512": 1.4, "none": 1.0}
BATCHES = {"cpu": 2, "cuda": 64}  # an epoch
WORKERS = 4  # but no more than cores, which PyTorch advises against


def main() -> int:
    """Print photographs a second; return 1 if a promise is broken."""
    options = parse()
    deck, ours = start_deck(options), start_ours(options)
    number = options.batch * BATCHES.get(deck.device.type, 2)
    with TemporaryDirectory() as scratch:
        items = folder(make_photographs(Path(scratch) / "coco", number))
        photos = cache_photographs(
            items, Path(scratch) / "cache", size=options.size, squash=True
        )
        batches = Batches(photos, options.batch, options.size)
        loader: DataLoader = DataLoader(
            DeckPhotos([item.path for item in items], options.size),
            options.batch,
            num_workers=min(WORKERS, os.cpu_count() or 1),
            pin_memory=torch.cuda.is_available(),
        )
        losses = train_gan(ours, batches, GanConfig(epochs=1_000))
        seconds = take_turns(
            {
                "deck": lambda: train_deck(deck, loader),
                "ours": lambda: list(islice(losses, len(batches))),
            }
        )
    say_where(ours)
    speeds = {way: [number / t for t in seconds[way]] for way in seconds}
    for way, values in speeds.items():
        print(f"{way}  {median(values):8.2f} photographs a second")
    return judge(speeds, ours, GOALS)


def train_deck(deck: Deck, loader: DataLoader) -> None:
    """Train for an epoch, as the deck's `train_model` does."""
    for data in loader:
        deck.step(data["L"].to(deck.device), data["ab"].to(deck.device))


if __name__ == "__main__":
    sys.exit(main())
