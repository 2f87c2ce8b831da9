"""Break photographs in every format, and see what reading makes of them.

    python experiments/fuzz_photos.py --count 20000 --seed 1 --keep faults

Each file is a bundled photograph with some of its bytes changed. It must be
read or refused with a `PhotoError` of one line; what is read must be written
whole. Anything else is a fault: another exception, a warning, more memory or
time than allowed, the end of the process, a file half written. Offending
files are kept. A process of its own reads them, so that it can be limited and
killed. Prints a table.
"""

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from command_line import new_parser
from fuzzing.judging import READ, REFUSED, Reader
from fuzzing.mutations import mutated
from fuzzing.seeds import seed_files
from tqdm import tqdm


def fuzz(count: int, seed: int, keep: Path) -> dict[str, Counter]:
    """Break and judge files, each format in turn.

    Args:
        count: how many files.
        seed: file number n of a seed is always the same.
        keep: a folder for those with faults.

    Returns:
        How many of each verdict, by seed file.
    """
    whole = seed_files()
    names = sorted(whole)
    found: dict[str, Counter] = defaultdict(Counter)
    reader = Reader()
    for n in tqdm(range(count), mininterval=10):
        name = names[n % len(names)]
        content = mutated(whole[name], np.random.default_rng([seed, n]))
        word, more = reader.judge(content)
        if word in (READ, REFUSED) and reader.printed():
            word = "printed"
        found[name][word] += 1
        if word not in (READ, REFUSED):
            keep.mkdir(parents=True, exist_ok=True)
            stem = f"{seed}-{n}-{name.replace(' ', '-')}-{word}"
            (keep / stem).write_bytes(content)
            (keep / f"{stem}.txt").write_text(more, encoding="utf-8")
    reader.close()
    return found


def table(found: dict[str, Counter]) -> str:
    """Lay out the counts, a line for each seed file."""
    lines = [f"{'file':24}{'read':>8}{'refused':>9}  faults"]
    for name, words in sorted(found.items()):
        faults = {w: n for w, n in words.items() if w not in (READ, REFUSED)}
        told = ", ".join(f"{n} {word}" for word, n in faults.items())
        lines.append(
            f"{name:24}{words[READ]:8}{words[REFUSED]:9}  {told or 'none'}"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the command line, and print the table."""
    parser = new_parser(__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("faults"))
    arguments = parser.parse_args()
    found = fuzz(arguments.count, arguments.seed, arguments.keep)
    print(table(found))


if __name__ == "__main__":
    main()
