"""What a training photograph costs: the deck's loading against ours.

The same photographs in turns, one core for both. The deck's `__getitem__` is
written out below: decode the JPEG, resize it to 256 x 256, mirror half,
convert with scikit-image, and all that again in each epoch. Ours decodes once,
into a cache. Must hold, against the deck's photographs a second: batches of
bytes, ready for a device, 20 times as fast; batches of L and ab made on the
processor 3 times; the first pass, which fills the cache, not slower.

    python benchmarks/input.py [--photographs 64] [--batch 16]
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    # Before NumPy and PyTorch are there to start threads of their own.
    os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch
from PIL import Image
from skimage.color import rgb2lab
from torch.utils.data import Dataset
from torchvision import transforms

from colorlib.data.batches import Batches, lab_batch
from colorlib.data.filling import cache_photographs
from colorlib.data.samples import BUNDLED, bundled
from colorlib.data.sources import folder

GOALS = {"bytes": 20.0, "L and ab": 3.0, "first pass": 1.0}
SIZE, ROUNDS = 256, 7


def main() -> int:
    """Print photographs a second; return 1 if a promise is broken."""
    options = parse()
    torch.set_num_threads(1)
    stay_on_one_core()
    with TemporaryDirectory() as scratch:
        files = make_photographs(Path(scratch) / "coco", options.photographs)
        items = folder(files)
        deck = Deck([item.path for item in items])
        photos = cache_photographs(items, Path(scratch) / "warm", size=SIZE)
        batches = Batches(photos, batch_size=options.batch, size=SIZE)
        ways = {
            "deck": lambda _: [deck[i] for i in range(len(items))],
            "bytes": lambda n: list(batches.epoch(n)),
            "L and ab": lambda n: [lab_batch(b) for b in batches.epoch(n)],
            "first pass": lambda n: cache_photographs(
                items, Path(scratch) / f"cold{n}", size=SIZE
            ),
        }
        speeds: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(ROUNDS + 1):
            for way, load in ways.items():
                seconds = time_once(partial(load, number))
                if number:  # the first round warms the disk's cache
                    speeds[way].append(len(items) / seconds)
    return report(speeds)


class Deck(Dataset):
    """The deck's data set, `ColorizationDataset` in its code."""

    def __init__(self, paths: list[Path], size: int = SIZE):
        self.paths = paths
        self.transforms = transforms.Compose(
            [
                transforms.Resize(
                    (size, size), transforms.InterpolationMode.BICUBIC
                ),
                transforms.RandomHorizontalFlip(),
            ]
        )

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        """Load one photograph as L and ab."""
        img = Image.open(self.paths[index]).convert("RGB")
        img = self.transforms(img)
        img_lab = rgb2lab(np.array(img)).astype("float32")
        img_lab = transforms.ToTensor()(img_lab)
        L = img_lab[[0], ...] / 50.0 - 1.0
        ab = img_lab[[1, 2], ...] / 110.0
        return {"L": L, "ab": ab}


def make_photographs(folder: Path, number: int) -> Path:
    """Write JPEGs of 640 x 480, as COCO's are, cut from bundled ones."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    names = list(BUNDLED)
    for i in range(number):
        image = Image.fromarray(bundled(names[i % len(names)]))
        left, top = (rng.random(2) * image.size * 0.2).astype(int)
        box = (left, top, left + image.width * 0.8, top + image.height * 0.8)
        coco = image.resize((640, 480), Image.Resampling.BICUBIC, box)
        coco.save(folder / f"{i:012}.jpg", quality=90)
    return folder


def stay_on_one_core() -> None:
    """Keep all threads on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def time_once(load: Callable[[], object]) -> float:
    """Return how many seconds it takes."""
    start = time.perf_counter()
    load()
    return time.perf_counter() - start


def report(speeds: dict[str, list[float]]) -> int:
    """Print the medians and what became of the promises."""
    deck = speeds.pop("deck")
    print(f"deck        {median(deck):8.0f} photographs a second")
    broken = 0
    for way, values in speeds.items():
        # Neighbors in time are compared, so that a busy moment hits both.
        ratio = median(v / d for v, d in zip(values, deck, strict=True))
        kept = ratio >= GOALS[way]
        broken += not kept
        print(
            f"{way:<11} {median(values):8.0f} photographs a second,"
            f" {ratio:.1f} times the deck's, at least {GOALS[way]:g}:"
            f" {'kept' if kept else 'BROKEN'}"
        )
    return 1 if broken else 0


def parse() -> argparse.Namespace:
    """Read the sizes; smaller ones are for trying the benchmark itself."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photographs", type=int, default=64)
    parser.add_argument("--batch", type=int, default=16)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
