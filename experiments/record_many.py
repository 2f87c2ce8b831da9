"""Record as many of the course's runs as fit into some minutes.

    python experiments/record_many.py pack TRAIN... --score VALIDATE...
        --to PACK
    python experiments/record_many.py run --pack PACK --minutes 2 --tiny
    python experiments/record_many.py run --pack PACK --minutes 60 --out OUT
    python experiments/record_many.py bundle --out OUT

For a GPU that is at hand for some minutes only. `pack` makes photographs
small, in shards that are easily sent there. `run` records the runs by
priority: one that takes longer than what is left is set aside for others that
don't. Whatever ends it, the same command goes on; what isn't complete is
not among the results. A run that begins with the generator of another one
comes after it. With --tiny all of it is done with tiny networks and few
photographs, in a minute on a processor, so that no mistake is left for the
GPU to find. `bundle` (or `run --out`) puts results and weights into few files.
Copy the folders of results.tar to book/results to commit them, and run
experiments/list_runs.py.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import list_runs
from command_line import new_parser
from many.bundle import Quota, bundle
from many.packing import Settings, pack
from many.packs import describe
from many.plan import PRIORITY, check, plan
from many.recorder import Recorder
from many.states import FAILED, STATES, tell
from many.time_budget import Clock
from recording import bar

from colorlib.archive.outcomes import one_line
from colorlib.cli.signals import exit_status, sigterm_raises
from colorlib.evaluation import Perception
from colorlib.files import user_cache

# Seconds kept for a last checkpoint and a last file.
RESERVE = 20.0


def main(
    words: list[str] | None = None, now: Callable[[], float] = monotonic
) -> int:
    """Pack, run or bundle; 1 if a run failed, 2 if nothing can be done."""
    options = parse_options(words)
    options.now = now
    try:
        with sigterm_raises():
            return options.do(options)
    except (ValueError, OSError, ImportError) as error:
        tell(f"record_many.py: {one_line(error)}")
        return 2
    except KeyboardInterrupt as signal:
        tell("record_many.py: interrupted; run the same command to go on")
        return exit_status(signal)


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    commands = parser.add_subparsers(required=True)
    _add_pack(commands.add_parser("pack", help="make photographs small"))
    _add_run(commands.add_parser("run", help="record what fits into the time"))
    _add_bundle(commands.add_parser("bundle", help="make few files of it all"))
    return parser.parse_args(words)


def _add_pack(parser: argparse.ArgumentParser) -> None:
    add, default = parser.add_argument, Settings()
    add("photographs", nargs="+", metavar="SOURCE", help="to train on")
    add("--score", nargs="+", metavar="SOURCE", help="to validate on")
    add("--to", type=Path, required=True, metavar="FOLDER")
    add("--size", type=int, default=default.size, help="shorter side, pixels")
    add("--keep-shape", action="store_true", help="squash no photograph")
    add("--quality", type=int, default=default.quality, help="WebP's, 0 to 100")
    add("--part-mb", type=float, default=default.part_mb, help="a shard's size")
    add("--collection", help="what to call the photographs, on the page")
    parser.set_defaults(do=do_pack)


def _add_run(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--minutes", type=float, required=True, help="how long it may take")
    sources = parser.add_mutually_exclusive_group(required=True)
    sources.add_argument("--pack", type=Path, help="what `pack` made")
    sources.add_argument("--photographs", nargs="+", metavar="SOURCE")
    add("--score", nargs="+", metavar="SOURCE", help="to validate on")
    add("--collection", help="what to call the photographs, on the page")
    add("--runs", nargs="+", default=PRIORITY, help="the most important first")
    add("--tiny", action="store_true", help="rehearse with tiny sizes")
    add("--reduced", action="store_true", help="recipes for a processor")
    add("--set", nargs="+", default=[], metavar="NAME=VALUE")
    add("--backbone", metavar="FILE", help="for runs that begin with one")
    add("--lpips", type=Path, metavar="FOLDER", help="measure LPIPS, too")
    add("--reserve", type=float, default=RESERVE, metavar="SECONDS")
    add("--replace", action="store_true", help="replace what is recorded")
    _add_places(parser)
    add("--out", type=Path, metavar="FOLDER", help="bundle after each run")
    parser.set_defaults(do=do_run)


def _add_bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", nargs="+", default=PRIORITY)
    _add_places(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.set_defaults(do=do_bundle, tiny=False)


def _add_places(parser: argparse.ArgumentParser) -> None:
    add, quota = parser.add_argument, Quota()
    add("--work", type=Path, help="folder to work in; runs/many or runs/tiny")
    add("--results", type=Path, help="folder for what is complete; in WORK")
    add("--cache", type=Path, default=user_cache(), help="decoded photographs")
    add("--files", type=int, default=quota.files, help="of a bundle")
    add("--file-mb", type=float, default=quota.part_mb, help="of each of them")
    add("--total-mb", type=float, default=quota.total_mb, help="of all")


def do_pack(options: argparse.Namespace) -> int:
    """Make photographs small, and say how small they are."""
    with bar(desc="packing", unit="photo") as shown:

        def on_packed(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        manifest = pack(
            options.photographs,
            options.score,
            options.to,
            Settings(
                size=options.size,
                squash=not options.keep_shape,
                quality=options.quality,
                part_mb=options.part_mb,
            ),
            collection=options.collection,
            on_packed=on_packed,
        )
    for line in describe(manifest):
        tell(line)
    return 0


def do_run(options: argparse.Namespace) -> int:
    """Record what fits; 1 if a run failed."""
    seconds = options.minutes * 60 - options.reserve
    if not seconds > 0:
        raise ValueError(
            f"{options.minutes:g} minutes without the {options.reserve:g}"
            " seconds of --reserve leave no time; give more minutes"
        )
    clock = Clock(seconds, options.now)
    work, results = places(options)
    jobs = plan(options, work, results)
    check(jobs, options)
    lpips = options.lpips
    recorder = Recorder(
        jobs,
        clock,
        work / STATES,
        Perception.load(lpips, sets=False) if lpips else None,
        on_recorded=lambda: keep(options),
        show_every=0.0 if options.tiny else 0.5,
    )
    try:
        states = recorder.record_all()
    finally:
        for line in keep(options):
            tell(line)
    for name, state in states.items():
        tell(f"{name}: {state}")
    return int(any(state.state == FAILED for state in states.values()))


def do_bundle(options: argparse.Namespace) -> int:
    """Make few files of what is recorded."""
    work, results = places(options)
    if not any((results / name).exists() for name in options.runs):
        raise ValueError(f"{results} holds no recorded run yet; run first")
    for line in bundle(
        work, results, options.runs, options.out, quota(options)
    ):
        tell(line)
    tell(f"bundled in {options.out}")
    return 0


def places(options: argparse.Namespace) -> tuple[Path, Path]:
    """Say where the work is done, and where results go."""
    work = options.work or Path("runs", "tiny" if options.tiny else "many")
    return work, options.results or work / "results"


def keep(options: argparse.Namespace) -> list[str]:
    """List and bundle what is recorded; that it fails ends nothing.

    Returns:
        What is not bundled, and why, a line each.
    """
    work, results = places(options)
    try:
        if (results / "README.md").exists():
            list_runs.update(results)
        if options.out:
            return bundle(
                work, results, options.runs, options.out, quota(options)
            )
    except (ValueError, OSError) as error:
        return [f"not bundled: {one_line(error)}"]
    return []


def quota(options: argparse.Namespace) -> Quota:
    """Say how large a bundle may be."""
    return Quota(options.files, options.file_mb, options.total_mb)


if __name__ == "__main__":
    sys.exit(main())
