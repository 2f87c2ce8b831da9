"""Measure what a chapter costs, for the box at its top.

    python book/tools/measure.py [01 02 ...] [--scale laptop]

Runs the chapters, all of them if none is named, each in a kernel of its own,
and writes processor time, wall time and the kernel's peak memory to
colorlib/course/costs.json. Processor time counts all threads and starting
Python; a machine that is busy with other things doesn't change it much.
"""

import argparse
import json
import os
import platform
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from colorlib.course.beginning import COSTS
from colorlib.course.scales import SCALES
from colorlib.files import replacing

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
# What the system calls the peak: kilobytes, on macOS bytes.
UNIT = 1 if platform.system() == "Darwin" else 1024


def main() -> None:
    """Measure, and write down."""
    options = parse_options()
    os.environ["COLORLIB_SCALE"] = options.scale
    numbers = options.chapter or [p.name[:2] for p in sorted(find("*"))]
    for number in numbers:
        [path] = find(number)
        # The peak is that of all kernels a process ever had, so each chapter
        # gets a process.
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            figures = process.submit(measure, path).result()
        write(number, options.scale, figures)
        print(number, options.scale, figures)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("chapter", nargs="*")
    parser.add_argument("--scale", choices=SCALES, default="laptop")
    return parser.parse_args()


def find(number: str) -> list[Path]:
    """Find the notebooks whose name begins with a number."""
    return list(CHAPTERS.glob(f"{number}_*.ipynb"))


def measure(path: Path) -> dict:
    """Run a notebook, and say what its kernel took."""
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(path.parent)}}
    began = time.monotonic()
    NotebookClient(notebook, timeout=None, resources=place).execute()
    wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "wall_seconds": round(wall, 1),
        "gigabytes": round(used.ru_maxrss * UNIT / 1e9, 2),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "date": datetime.now(UTC).date().isoformat(),
    }


def write(number: str, scale: str, figures: dict) -> None:
    """Put a chapter's figures beside those that are there."""
    costs = json.loads(COSTS.read_text()) if COSTS.exists() else {}
    costs.setdefault(number, {})[scale] = figures
    with replacing(COSTS) as part:
        text = json.dumps(costs, indent=2, sort_keys=True)
        part.write_text(text + "\n")


if __name__ == "__main__":
    main()
