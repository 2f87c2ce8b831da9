"""Record a run of the course: train it, score it, keep what pages show.

    python experiments/record.py model1-100 --photographs TRAIN
        [--score VALIDATE] [--reduced] [--set epochs=30 ...] [--lpips FOLDER]

TRAIN and VALIDATE are photographs as `colorlib train` takes them: folders,
tar shards, patterns of shards, coco; one or several. Without VALIDATE the
share that is kept out of TRAIN is scored. The work goes on in runs/RUN, so
the same command continues after a kill, and nothing appears in book/results
before all of it is there. What the run lacks, compared with its recipe
(`colorlib.training.recipes`), is written into its run.json, with the L1 loss
of no color at all on the same photographs, and the list of runs in
book/results/README.md is brought up to date. FOLDER holds LPIPS's weights
(`colorlib.metrics.packaged` says where to get them).
"""

import argparse
import json
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from statistics import fmean

import list_runs
import torch
from tqdm import tqdm

from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS, recordings
from colorlib.data.batches import lab_batch
from colorlib.data.crops import center_square
from colorlib.data.sources import Item, find_items, unique_names
from colorlib.data.splits import name_hash, split_as_the_course_does
from colorlib.data.training_set import training_photos
from colorlib.evaluation import BaselineCache, Perception, evaluate
from colorlib.files import replacing, user_cache
from colorlib.models.generator import Generator
from colorlib.models.weights import save_generator
from colorlib.photos import PhotoError
from colorlib.training.config import TrainConfig
from colorlib.training.recipes import Recipe, differences, find_recipe
from colorlib.training.run_folder import RUN
from colorlib.training.samples import color_bundled
from colorlib.training.session import record

MOST = 1000  # photographs on which gray's loss is computed


def main(words: list[str] | None = None) -> int:
    """Train, score, keep; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    try:
        make(options)
        list_runs.update(options.results)
    except (ValueError, OSError) as error:
        print(f"record.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("record.py: the same command goes on", file=sys.stderr)
        return 130
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("run", help="a recipe's name")
    add(
        "--photographs",
        nargs="+",
        metavar="SOURCE",
        required=True,
        help="to train on",
    )
    add("--score", nargs="+", metavar="SOURCE", help="to validate on")
    add("--collection", help="what to call the photographs, on the page")
    add("--reduced", action="store_true", help="the recipe for a processor")
    add("--set", nargs="+", default=[], metavar="NAME=VALUE")
    add("--work", type=Path, help="folder to work in; runs/RUN")
    add("--lpips", type=Path, metavar="FOLDER", help="measure LPIPS, too")
    add("--cache", type=Path, default=user_cache())
    add("--replace", action="store_true", help="replace what is recorded")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def make(options: argparse.Namespace) -> None:
    """Make one recorded run, or go on making it."""
    recipe = find_recipe(options.run)
    if options.run in recordings(options.results) and not options.replace:
        raise ValueError(f"{options.run} is recorded already; --replace it")
    if options.reduced:
        recipe = recipe.reduced()
    recipe = recipe.but(**read_settings(recipe, options.set))
    if options.score:
        recipe = recipe.but(validation=0.0)
    items = items_to_score(recipe, options)
    work = options.work or Path("runs", options.run)
    train(work, recipe, options)
    perception = None
    if options.lpips:
        perception = Perception.load(options.lpips, sets=False)
    kept = BaselineCache(options.cache / "baselines.json")
    score(work, recipe, items, perception, kept)
    publish(work, recipe, options)


def read_settings(recipe: Recipe, pairs: list[str]) -> dict[str, object]:
    """Read NAME=VALUE for fields of the recipe's configuration."""
    known = {field.name for field in fields(recipe.config)}
    settings = {}
    for name, _, text in (pair.partition("=") for pair in pairs):
        if name not in known:
            raise ValueError(f"{name!r} is no setting; choose {sorted(known)}")
        try:
            settings[name] = json.loads(text)
        except ValueError:
            settings[name] = text  # a word, such as bf16
    return settings


def items_to_score(recipe: Recipe, options: argparse.Namespace) -> list[Item]:
    """Choose photographs that the run is not trained on.

    The hashes of their names choose, so that fewer are a part of more.
    """
    sources = options.score or options.photographs
    found = unique_names(i for source in sources for i in find_items(source))
    names = [item.name for item in found]
    if not options.score:
        share = recipe.config.validation
        names = split_as_the_course_does(sources, names, share)[1]
    names.sort(key=lambda name: (name_hash(name), name))
    wanted = set(names[: recipe.scored_on])
    if not wanted:
        raise ValueError("no photographs to score; give --score")
    return [item for item in found if item.name in wanted]


def train(work: Path, recipe: Recipe, options: argparse.Namespace) -> None:
    """Train in a folder, from wherever it is; leave pictures and networks."""
    config = recipe.config

    def on_epoch(epoch: int, G: Generator) -> None:
        if epoch in recipe.shown:
            folder = work / "samples" / f"epoch-{epoch:03}"
            color_bundled(G, folder, size=config.size)
        if epoch in recipe.scored:
            name = f"{options.run}, epoch {epoch}"
            card = {"name": name, "size": config.size}
            save_generator(G, network(work, epoch), card=card)

    run = record(
        work,
        options.photographs,
        config,
        cache=options.cache,
        resume=(work / RUN).exists(),
        on_epoch=on_epoch,
    )
    with tqdm(unit="step") as bar:
        for now in run:
            bar.total, bar.n = now.total, now.step
            means = {name: f"{mean:.3f}" for name, mean in now.losses.items()}
            bar.set_postfix(means)


def network(work: Path, epoch: int) -> Path:
    """Where the generator is kept that is to be scored after an epoch."""
    return work / "networks" / f"epoch-{epoch:03}.safetensors"


def score(
    work: Path,
    recipe: Recipe,
    items: list[Item],
    perception: Perception | None = None,
    kept: BaselineCache | None = None,
) -> None:
    """Score what was kept on the way; what is scored already stays."""
    for epoch in recipe.scored:
        path = report_of(work, epoch, recipe.config.epochs)
        if path.exists():
            continue
        colorizer = Colorizer.load(network(work, epoch))
        some = read(items, f"epoch {epoch}")
        found = evaluate(colorizer, some, perception=perception, kept=kept)
        with replacing(path.with_suffix(".csv")) as part:
            part.write_text(found.to_csv(), encoding="utf-8")
        with replacing(path) as part:
            part.write_text(found.to_json(), encoding="utf-8")


def report_of(folder: Path, epoch: int, epochs: int) -> Path:
    """Name a report: the one at the end has no number."""
    number = "" if epoch == epochs else f"-{epoch:03}"
    return folder / f"report{number}.json"


def read(items: list[Item], what: str) -> Iterator:
    """Yield names and pixels under a bar; what can't be read is left out."""
    for item in tqdm(items, what, unit="photo"):
        try:
            yield item.name, item.read()
        except PhotoError as error:
            tqdm.write(f"left out: {error}")


def gray_l1(config: TrainConfig, options: argparse.Namespace) -> float:
    """Compute the L1 loss of no color, on what the run was trained on.

    The middle squares of at most 1,000 photographs, which are in the cache.
    """
    photos = training_photos(
        options.photographs,
        options.cache,
        size=config.kept_size,
        squash=config.squash,
        validation=config.validation,
        most=config.photographs,
    )
    every = -(-len(photos) // MOST)
    sizes = []
    for i in range(0, len(photos), every):
        square = center_square(photos[i], config.size)
        _, ab = lab_batch(torch.from_numpy(square.copy())[None])
        sizes.append(ab.abs().mean().item())
    return fmean(sizes)


def publish(work: Path, recipe: Recipe, options: argparse.Namespace) -> None:
    """Put what pages show into the results, all of it or nothing."""
    run = json.loads((work / RUN).read_text())
    report = json.loads((work / "report.json").read_text())
    scored_on = report["groups"]["all"]["n"]
    run |= {
        "recipe": options.run,
        "collection": options.collection,
        "command": shlex.join(command(options)),
        "lacks": differences(find_recipe(options.run), run, scored_on),
        "gray_l1": gray_l1(recipe.config, options),
    }
    run["scale"] = "reduced" if run["lacks"] else "full"

    target = options.results / options.run
    part = target.with_name(f".{options.run}.part")
    old = target.with_name(f".{options.run}.old")
    for left in (part, old):  # by a kill
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(work / "samples", part / "samples")
    for path in [work / "metrics.csv", *work.glob("report*.json")]:
        shutil.copy(path, part)
    (part / RUN).write_text(json.dumps(run, indent=2) + "\n")
    if target.exists():
        target.rename(old)
    part.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def command(options: argparse.Namespace) -> list[str]:
    """Return the words that make this run again, without a path."""
    words = ["python", "experiments/record.py", options.run]
    for name in ("photographs", "score"):
        if sources := getattr(options, name):
            words += [f"--{name}", *(Path(source).name for source in sources)]
    if options.reduced:
        words.append("--reduced")
    if options.set:
        words += ["--set", *options.set]
    return words


if __name__ == "__main__":
    sys.exit(main())
