"""Measure how many minutes a training takes to beat gray by 1.5 CIEDE2000.

    python experiments/race.py NAME --who YOU --photographs TRAIN
        [--score VALIDATE] [--recipe model1-l1only] [--set size=128 ...]
        [--minutes 120]

NAME is what the entry is to be called: book/results/leaderboard/NAME.json.
TRAIN and VALIDATE are photographs as `colorlib train` takes them, and 2,000
are scored: those of VALIDATE, or of the share that is kept out of TRAIN.
Anybody can join with `--photographs coco`, which is downloaded once and split
as the course does. Where there is no GPU, two cores are used. The rules are
told in `racing.py`, and the table by `leaderboard.py`.

Beside the course's recipes there is `--recipe pretrain`: the generator alone,
by the settings of `colorlib train`, to be changed by --set.

The clock stands while the network is scored. Ctrl-C keeps everything in
runs/race-NAME; the same command goes on, clock and all. A race that isn't won
in --minutes of training gets an entry without a time; with more minutes it
goes on.
"""

import argparse
import json
import os
import platform
import re
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import leaderboard
import numpy as np
import torch
from command_line import add_training, command, last_parts, new_parser
from racing import RACE, Ask, Race, Rules, Score, resume_race
from record import adapt, read_settings
from recording import Job, bar, by_hash, items_to_score, read

from colorlib.archive.outcomes import one_line
from colorlib.cli.signals import exit_status, sigterm_raises
from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS
from colorlib.data.sources import Item, find_items
from colorlib.data.splits import list_hash
from colorlib.evaluation.bootstrap import Estimate
from colorlib.evaluation.looks import in_gray, look_at
from colorlib.files import replacing, user_cache
from colorlib.models.catalog import GENERATORS
from colorlib.models.generator import Generator
from colorlib.models.weights import save_generator
from colorlib.photos import Photo
from colorlib.shapes import RGBArray
from colorlib.training import session
from colorlib.training.accelerator import make_accelerator
from colorlib.training.config import PretrainConfig
from colorlib.training.recipes import Recipe
from colorlib.training.run_folder import RUN

RECIPE = "model1-l1only"
PRETRAIN = Recipe(
    about="the generator alone",
    config=PretrainConfig(epochs=100),
    shown=(100,),
    scored=(100,),
)
CORES = 2
NAME = re.compile(r"(?!run)[a-z0-9][a-z0-9-]{0,59}")


def main(
    words: list[str] | None = None,
    rules: Rules | None = None,
    show_every: float = 0.5,
) -> int:
    """Race; 1 if the training failed, 2 if what is asked for can't be."""
    options = parse_options(words)
    options.show_every = show_every
    rules = rules or Rules()
    try:
        with sigterm_raises():
            job = plan(options, rules)
            items = photographs_to_score(job, rules)
            race = run(job, options, rules, items)
            write_entry(job, options, race, items)
            leaderboard.update(options.results)
    except FloatingPointError as error:
        print(f"race.py: {one_line(error)}", file=sys.stderr)
        return 1
    except (ValueError, OSError, ImportError) as error:
        print(f"race.py: {one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as signal:
        print("race.py: the same command goes on", file=sys.stderr)
        return exit_status(signal)
    print(f"{options.name}: {leaderboard.result(entry_of(options))}")
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("name", help="the entry's name: small letters, digits and hyphens")
    add("--who", required=True, help="who races, as the table is to say it")
    add_training(parser)
    add("--recipe", default=RECIPE, help="what to train")
    add("--minutes", type=float, default=120.0, help="of training, at most")
    add("--resident", action="store_true", help="photographs on the device")
    add("--work", type=Path, help="folder to work in; runs/race-NAME")
    add("--cache", type=Path, default=user_cache())
    add("--replace", action="store_true", help="replace an entry")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def plan(options: argparse.Namespace, rules: Rules) -> Job:
    """Put together what is to be done.

    Raises:
        ValueError: if that makes no sense, or is no fair race.
    """
    if not NAME.fullmatch(options.name):
        raise ValueError(
            "an entry's name has small letters, digits and hyphens, 60 at"
            f" most, and does not begin with run; got {options.name!r}"
        )
    if not options.minutes > 0:
        raise ValueError(f"--minutes must be above 0, got {options.minutes:g}")
    if options.recipe == PRETRAIN.config.method:
        recipe = PRETRAIN.reduced() if options.reduced else PRETRAIN
        recipe = recipe.but(**read_settings(recipe, options.set))
    else:
        recipe = adapt(options.recipe, options.reduced, options.set)
    generator = getattr(recipe.config, "generator", None)
    if generator not in GENERATORS:
        raise ValueError(
            f"{generator} was trained before the race; begin with one of"
            f" {', '.join(GENERATORS)} (a backbone may be trained)"
        )
    if options.score:
        recipe = recipe.but(validation=0.0)
    return Job(
        name=options.name,
        recipe=replace(recipe, scored_on=rules.photographs),
        photographs=options.photographs,
        score=options.score,
        work=options.work or Path("runs", f"race-{options.name}"),
        results=options.results,
        cache=options.cache,
        collection=options.collection,
        command=command(
            "race.py",
            options.name,
            who=options.who,
            photographs=last_parts(options.photographs),
            score=last_parts(options.score),
            recipe=options.recipe,
            reduced=options.reduced,
            set=[_without_folders(pair) for pair in options.set],
            resident=options.resident,
        ),
    )


def run(
    job: Job, options: argparse.Namespace, rules: Rules, items: list[Item]
) -> Race:
    """Race from wherever the race is.

    Args:
        job: what to train.
        options: minutes, and whether photographs are kept on the device.
        rules: what to race by.
        items: photographs to score: see `photographs_to_score`.

    Returns:
        The race, won or not.

    Raises:
        ValueError: if photographs or settings don't suit.
        OSError: if a file can't be read or written.
        KeyboardInterrupt: on Ctrl-C or SIGTERM, when all is kept.
    """
    # Settings and photographs of the training are the run's to compare.
    scored = list_hash(item.name for item in items)
    asked_for = {"name": job.name, "scored": scored}
    _check_work(job, options)
    race = resume_race(job.work, asked_for, rules)
    race.save(
        job.work, asked_for
    )  # before the run, so that it is known for one
    precision = job.recipe.config.precision
    if make_accelerator(precision).device.type == "cpu":
        limit_cores()
    training = session.record(
        job.work,
        job.photographs,
        job.recipe.config,
        cache=job.cache,
        resume=(job.work / RUN).exists(),
        resident=options.resident,
        keep_every=300.0,
        show_every=options.show_every,
    )
    limit = options.minutes * 60
    try:
        with bar(desc=job.name, unit="s", total=round(limit)) as shown:

            def show(race: Race) -> None:
                shown.set_postfix_str(_where(race), refresh=False)
                shown.update(round(race.seconds) - shown.n)

            with closing(training):
                race.follow(
                    training,
                    scorer(job, items),
                    limit=limit,
                    batch_size=job.recipe.config.batch_size,
                    began_at=lambda: _began_at(job.work),
                    on_progress=show,
                    on_look=lambda race: race.save(job.work, asked_for),
                )
    finally:
        race.save(job.work, asked_for)
    return race


def photographs_to_score(job: Job, rules: Rules) -> list[Item]:
    """Choose the photographs that count, in the order of their hashes.

    Raises:
        ValueError: if there are too few, or some are trained on.
    """
    items = items_to_score(job)
    if len(items) < rules.photographs:
        raise ValueError(
            f"{len(items)} photographs to score, and the rules want"
            f" {rules.photographs:,}; give --score that has as many, or"
            " --photographs coco"
        )
    if job.score:  # else the split keeps them apart
        trained = {
            (item.path.resolve(), item.offset)
            for source in job.photographs
            for item in find_items(source)
        }
        for item in items:
            if (item.path.resolve(), item.offset) in trained:
                raise ValueError(
                    f"{item.place} is among the photographs to train on and"
                    " to score; give others to one of them"
                )
    return by_hash(items)


def scorer(job: Job, items: list[Item]) -> Callable[[Generator], Ask]:
    """Make what scores a generator, as a user would see it.

    Args:
        job: its folder holds the generator while it is scored.
        items: the photographs, in their order.

    Returns:
        A function of a generator, which stays as it is. It gives another one:
        of how many of the photographs to take; no photograph is scored twice.
    """
    gray: list[float] = []  # its error on the first photographs

    def score(G: Generator) -> Ask:
        card = {"name": job.name, "size": job.recipe.config.size}
        path = save_generator(G, job.work / "networks" / "look", card=card)
        # Building a network draws random numbers; training goes on with its.
        with torch.random.fork_rng(devices=[]):
            colorizer = Colorizer.load(path)
        errors: list[float] = []

        def ask(number: int) -> Score:
            more = items[len(errors) : number]
            for _, truth in read(more, f"{job.name}, look"):
                if len(errors) == len(gray):
                    gray.append(_error(in_gray, truth))
                errors.append(_error(colorizer.colorize, truth))
            if len(errors) < number:
                raise ValueError(
                    f"{number - len(errors)} of the photographs to score can't"
                    " be read; mend them, or give others"
                )
            gain = np.subtract(errors, gray[:number])
            found = Estimate.of(np.mean, gain)
            return Score(number, found.value, found.low, found.high)

        return ask

    return score


def _error(colorize: Callable[[RGBArray], Photo], truth: RGBArray) -> float:
    [found] = look_at(colorize, [truth])["ciede2000"]
    return found


def limit_cores(cores: int = CORES) -> None:
    """Keep this process to two cores.

    Args:
        cores: how many.
    """
    if hasattr(os, "sched_setaffinity"):  # on Linux; others trust the threads
        mine = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, mine[:cores])
        cores = min(cores, len(mine))
    torch.set_num_threads(cores)


def write_entry(
    job: Job, options: argparse.Namespace, race: Race, items: list[Item]
) -> Path:
    """Write the entry of a race into the leaderboard.

    Args:
        job: what was trained.
        options: who raced.
        race: how it went.
        items: photographs that it was scored on.

    Returns:
        The file.
    """
    about = json.loads((job.work / RUN).read_text(encoding="utf-8"))
    won = race.won
    entry = {
        "name": job.name,
        "who": options.who,
        "date": datetime.now(UTC).date().isoformat(),
        "started": about["started"],
        "commit": about["machine"]["commit"],
        "command": job.command,
        "recipe": options.recipe,
        **{key: about[key] for key in ("method", "config", "data")},
        "pretrained": about["config"].get("backbone"),
        "pretrained_sha256": about["backbone_sha256"],
        "machine": about["machine"] | {"name": processor_name()},
        "resumed": len(about["resumed"]),
        "scored": {
            "collection": job.collection or ", ".join(_sources(job)),
            "photographs": len(items),
            "list_hash": list_hash(item.name for item in items),
        },
        "rules": asdict(race.rules),
        "curve": [asdict(look) for look in race.looks],
        "seconds_to_bar": won.seconds if won else None,
        "seen_at_bar": won.seen if won else None,
        "seconds": round(race.seconds, 1),
    }
    path = leaderboard.file_of(options.name, options.results)
    with replacing(path) as part:
        text = json.dumps(entry, indent=2, ensure_ascii=False) + "\n"
        part.write_text(text, encoding="utf-8")
    return path


def entry_of(options: argparse.Namespace) -> dict[str, Any]:
    """Read the entry back."""
    path = leaderboard.file_of(options.name, options.results)
    return json.loads(path.read_text(encoding="utf-8"))


def processor_name(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Say which processor this is, as well as the system knows."""
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as file:
            text = file.read(1 << 16)
    except OSError:
        text = ""
    found = re.search(r"(?m)^model name\s*:\s*(.+)$", text)
    return found[1].strip() if found else platform.processor() or "unknown"


def _check_work(job: Job, options: argparse.Namespace) -> None:
    """Refuse to replace an entry, or to go on with what was no race."""
    run = job.work / RUN
    if run.exists() and not (job.work / RACE).exists():
        raise ValueError(
            f"{job.work} holds a run that is no race; give another --work"
        )
    there = leaderboard.file_of(options.name, options.results)
    if not there.exists() or options.replace:
        return
    began = json.loads(there.read_text(encoding="utf-8"))["started"]
    if not (run.exists() and json.loads(run.read_bytes())["started"] == began):
        raise ValueError(
            f"{options.name} has an entry already; choose another name, or"
            " --replace it"
        )


def _began_at(work: Path) -> int:
    """Say which step a training went on from, as its run.json tells."""
    resumed = json.loads((work / RUN).read_bytes())["resumed"]
    return resumed[-1]["step"] if resumed else 0


def _without_folders(pair: str) -> str:
    """Keep the last part of a path; the rest is this machine's."""
    name, mark, value = pair.partition("=")
    if name in ("backbone", "generator"):
        value = Path(value).name
    return f"{name}{mark}{value}"


def _sources(job: Job) -> list[str]:
    return last_parts(job.score or job.photographs)


def _where(race: Race) -> str:
    """Say where a race is, behind its bar."""
    if not race.looks:
        return "no look yet"
    score = race.looks[-1].score
    return (
        f"{score.difference:+.2f} [{score.low:+.2f}, {score.high:+.2f}] to"
        f" gray on {score.photographs:,}"
    )


if __name__ == "__main__":
    sys.exit(main())
