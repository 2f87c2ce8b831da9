"""Check the chapters' claims on other machines, as far as one can play them.

    make test-machines
    make test-machines ARGS="08 09 --seeds 2"

A training depends on its seed, on the number of threads and on the
processor's instructions. This runs each experiment of `claims.py` over a grid
of all three: PyTorch, oneDNN and MKL are told to use older instructions than
the processor has. What is measured is kept in `_build/machines.jsonl`, one
line a training, so that it can be interrupted: what is there is not computed
again, unless the chapter or its experiment has changed.

A claim holds if every training agrees with it, and if its mean lies inside
its bound by twice the standard deviation over all of them.
"""

import argparse
import hashlib
import inspect
import json
import os
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "_build" / "machines.jsonl"
SEEDS = 5
# What to set so that the libraries leave newer instructions alone. The names
# are those of the oldest one that is used.
INSTRUCTIONS = {
    "native": {},
    "avx2": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    },
    "sse41": {
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    },
}
MACHINES = {
    f"{instructions}, {threads} thread{'s' * (threads > 1)}": environ
    | {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    for threads in (1, 2)
    for instructions, environ in INSTRUCTIONS.items()
}
# A claim's mean lies this many standard deviations inside its bound.
MARGIN = 2.0


def main() -> int:
    """Run what is missing, print the table, and say if all claims hold."""
    options = parse_options()
    if options.worker:
        return work(options.worker, options.chapters, options.seeds)
    chapters = options.chapters or sorted(load_claims().EXPERIMENTS)
    machines = options.machines or list(MACHINES)
    if not options.table:
        with ThreadPoolExecutor(options.jobs) as pool:
            ran = pool.map(
                lambda machine: run_on(machine, chapters, options.seeds),
                machines,
            )
            if any(ran):
                return 1
    rows = judge(read(), chapters)
    print(as_table(rows))
    return int(not all(row["holds?"] == "yes" for row in rows))


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("chapters", nargs="*", help="such as 08; default: all")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--jobs", type=int, default=1, help="at a time")
    parser.add_argument(
        "--table", action="store_true", help="run nothing, print what is kept"
    )
    parser.add_argument(
        "--machines",
        nargs="+",
        choices=MACHINES,
        help="such as 'avx2, 2 threads'; default: all",
    )
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    return parser.parse_args()


def run_on(machine: str, chapters: list[str], seeds: int) -> int:
    """Run experiments in a process that takes this for another machine."""
    environ = MACHINES[machine] | {"COLORLIB_SCALE": "laptop"}
    options = ["--worker", machine, "--seeds", str(seeds)]
    return subprocess.run(
        [sys.executable, __file__, *chapters, *options],
        env=os.environ | environ,
        check=False,
    ).returncode


def work(machine: str, chapters: list[str], seeds: int) -> int:
    """Run what is not kept yet, on this machine, and keep it."""
    claims = load_claims()
    done = {
        (line["chapter"], line["seed"])
        for line in read()
        if line["machine"] == machine
    }
    for seed in range(seeds):
        for chapter in chapters:
            if (chapter, seed) not in done:
                numbers = claims.EXPERIMENTS[chapter].run(seed)
                keep(machine, chapter, seed, numbers)
                print(f"{machine}: chapter {chapter}, seed {seed}", flush=True)
    return 0


def keep(
    machine: str, chapter: str, seed: int, numbers: dict, path: Path = KEPT
) -> None:
    """Add one training's numbers to the file."""
    path.parent.mkdir(exist_ok=True)
    line = {"machine": machine, "chapter": chapter, "seed": seed}
    plain = {name: float(value) for name, value in numbers.items()}
    line |= {"of": fingerprint(chapter), "numbers": plain}
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")


def read(path: Path = KEPT) -> list[dict]:
    """Read what was measured of the chapters as they are now."""
    if not path.exists():
        return []
    lines = map(json.loads, path.read_text().splitlines())
    return [
        line for line in lines if line["of"] == fingerprint(line["chapter"])
    ]


def fingerprint(chapter: str) -> str:
    """Name the code that an experiment runs: cells, and what measures them."""
    claims = load_claims()
    experiment = claims.EXPERIMENTS[chapter]
    [path] = claims.CHAPTERS.glob(f"{chapter}_*.ipynb")
    cells = [
        "".join(cell["source"])
        for cell in json.loads(path.read_text())["cells"]
        if cell["id"] in experiment.cells
    ]
    code = "\n".join([*cells, inspect.getsource(experiment.measure)])
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def judge(lines: list[dict], chapters: list[str]) -> list[dict]:
    """Hold each claim against all that was measured."""
    rows = []
    for claim in load_claims().CLAIMS:
        values = [
            line["numbers"][claim.number]
            for line in lines
            if line["chapter"] == claim.chapter
        ]
        if claim.chapter in chapters and values:
            rows.append(judge_claim(claim, values))
    return rows


def judge_claim(claim, values: list[float]) -> dict:
    """Give a claim's row of the table."""
    mean = statistics.fmean(values)
    spread = statistics.fmean((value - mean) ** 2 for value in values) ** 0.5
    inside = claim.distance(mean)
    worst = min(values, key=claim.distance)
    every = all(map(claim.holds, values))
    return {
        "chapter": claim.chapter,
        "claim": claim.sentence,
        "bound": _bound(claim),
        "trainings": len(values),
        "mean": mean,
        "worst": worst,
        "margin": _margin(inside, spread),
        "holds?": "yes" if every and inside >= MARGIN * spread else "NO",
    }


def as_table(rows: list[dict]) -> str:
    """Lay rows out as Markdown."""
    if not rows:
        return "nothing is measured yet"
    lines = [list(rows[0]), ["---"] * len(rows[0])]
    lines += [[_text(value) for value in row.values()] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bound(claim) -> str:
    bounds = {"at least": claim.least, "at most": claim.most}
    return ", ".join(
        f"{word} {bound:g}"
        for word, bound in bounds.items()
        if abs(bound) != float("inf")
    )


def _margin(inside: float, spread: float) -> str:
    if inside > 99 * spread:
        return "over 99"
    return f"{inside / spread:.1f}" if spread else "none"


def _text(value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def load_claims():
    """Import the claims, and with them torch: the environment is set now."""
    sys.path.insert(0, str(Path(__file__).parent))
    import claims

    return claims


if __name__ == "__main__":
    sys.exit(main())
