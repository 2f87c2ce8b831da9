"""What color costs beside opening and saving a photograph.

A gray 12-megapixel JPEG becomes one in color, with the model loaded. Must
hold: at most 6 times what Pillow alone takes to decode the one and encode the
other; at most 0.5 GB of memory above that after the imports; and no growth
over a folder of 50. Each promise is measured in a process of its own.

    python benchmarks/colorize.py [MODEL]
"""

import gc
import io
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

WIDTH, HEIGHT = 4000, 3000
ROUNDS = 7
FOLDER = 50
MB = 1e6


T = TypeVar("T")
# What is promised, what was measured, and its limit.
Promise = tuple[str, float, float]


def main() -> int:
    """Print times and memory; return 1 if a promise is broken."""
    model = sys.argv[1] if len(sys.argv) > 1 else None
    with TemporaryDirectory() as folder:
        old = Path(folder) / "old.jpg"
        alone(make_photograph, old)
        promises = [
            *alone(measure_time, model, old),
            *alone(measure_memory, model, old),
        ]
    kept = True
    for name, value, limit in promises:
        verdict = "kept" if value <= limit else "BROKEN"
        print(f"{name}: {value:.2f}, limit {limit}: {verdict}")
        kept &= value <= limit
    return 0 if kept else 1


def alone(function: Callable[..., T], *arguments: object) -> T:
    """Call a function in a fresh process, where no one else left memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def make_photograph(path: Path) -> None:
    """Write a bundled photograph as a gray 12-megapixel scan with grain."""
    import numpy as np
    from PIL import Image

    from colorlib.data.samples import bundled

    small = Image.fromarray(bundled("astronaut")).convert("L")
    gray = np.asarray(small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
    grain = np.random.default_rng(0).normal(0, 6, gray.shape)
    scan = np.clip(gray + grain, 0, 255).astype(np.uint8)
    Image.fromarray(scan).save(path, quality=95)


def measure_time(model: str | None, old: Path) -> list[Promise]:
    """Time codec and colorizer in turns, so that a busy moment hits both."""
    from PIL import Image

    from colorlib import Colorizer, photos

    colorizer = Colorizer.load(model, device="cpu")
    new = old.with_name("new.jpg")
    colored = Image.fromarray(colorizer.colorize(old).pixels)
    codec, decoded, whole = [], [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        Image.open(old).load()
        colored.save(io.BytesIO(), "JPEG", quality=95)
        codec.append(time.perf_counter() - start)

        start = time.perf_counter()
        photo = photos.read(old)
        decoded.append(time.perf_counter() - start)
        photo = colorizer.colorize(photo)
        photos.write(photo, new, overwrite=True)
        whole.append(time.perf_counter() - start)
    print(f"Pillow decodes and encodes  {median(codec):6.3f} s")
    print(f"photos.read                 {median(decoded):6.3f} s")
    print(f"read, colorize, write       {median(whole):6.3f} s")
    ratio = median(w / c for w, c in zip(whole, codec, strict=True))
    return [("times the codec", ratio, 6)]


def measure_memory(model: str | None, old: Path) -> list[Promise]:
    """Compare the peak after imports, one photograph and a folder."""
    from colorlib import Colorizer, photos

    imported = peak()
    colorizer = Colorizer.load(model, device="cpu")
    peaks = []
    for i in range(FOLDER):
        photos.write(colorizer.colorize(old), old.with_name(f"{i}.jpg"))
        gc.collect()
        peaks.append(peak())
    print(f"memory after the imports    {imported / MB:6.0f} MB")
    print(f"peak, one photograph        {peaks[0] / MB:6.0f} MB")
    print(f"peak, a folder of {FOLDER}        {peaks[-1] / MB:6.0f} MB")
    # The first few settle what the allocator keeps at hand.
    return [
        ("MB above the imports", (peaks[-1] - imported) / MB, 500),
        ("MB more from the 10th on", (peaks[-1] - peaks[9]) / MB, 20),
    ]


def peak() -> int:
    """Most bytes of memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux, where ru_maxrss remembers the parent's too
        (line,) = (
            line
            for line in status.read_text().splitlines()
            if line.startswith("VmHWM")
        )
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS: bytes


if __name__ == "__main__":
    sys.exit(main())
