"""How long a shell waits before anything happens.

Whole processes are timed, one after the other, each command's turn coming
around again and again so that a busy moment falls on all of them alike. Must
hold: a notebook's first line takes at most 1.35 times what importing torch
takes, and `colorlib --help`, which needs no torch, at most 0.5 times.

    python benchmarks/startup.py
"""

import subprocess
import sys
import time
from statistics import median

ROUNDS = 7
COMMANDS = {
    "python": ["-c", "pass"],
    "torch": ["-c", "import torch"],
    # What a notebook's first line needs, not the lazy shell of the package.
    "colorlib": ["-c", "import torch; from colorlib import Colorizer, Photo"],
    "help": ["-m", "colorlib", "--help"],
    "colorize --help": ["-m", "colorlib", "colorize", "--help"],
    "train --help": ["-m", "colorlib", "train", "--help"],
}
# Times what torch takes.
LIMITS = {
    "colorlib": 1.35,
    "help": 0.5,
    "colorize --help": 0.5,
    "train --help": 0.5,
}


def main() -> int:
    """Print the medians; return 1 if a promise is broken."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(ROUNDS + 1):
        for name, arguments in COMMANDS.items():
            taken = time_process(arguments)
            if number:  # the first round fills the disk's cache
                seconds[name].append(taken)
    medians = {name: median(times) for name, times in seconds.items()}
    for name, value in medians.items():
        print(f"{name:<18} {value:6.3f} s")

    kept = True
    for name, limit in LIMITS.items():
        # Round by round, so that a busy minute weighs on both alike.
        pairs = zip(seconds[name], seconds["torch"], strict=True)
        ratio = median(ours / torchs for ours, torchs in pairs)
        verdict = "kept" if ratio <= limit else "BROKEN"
        print(f"{name}/torch: {ratio:.2f}, limit {limit}: {verdict}")
        kept &= ratio <= limit
    return 0 if kept else 1


def time_process(arguments: list[str]) -> float:
    """Return the seconds that one Python process takes."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
