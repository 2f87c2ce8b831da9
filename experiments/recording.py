"""Recording a run: training and scoring, before it is published.

`record.py` records one run, `record_many.py` as many as fit into a time. Both
parts go on from what is there, so that they can be killed at any moment and
started again.
"""

import json
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kept import is_kept, keep
from tqdm import tqdm

from colorlib.colorizer import Colorizer
from colorlib.course.recorded import LOOKS
from colorlib.data.sources import Item, find_all
from colorlib.data.splits import list_hash, name_hash, split_as_the_course_does
from colorlib.evaluation import BaselineCache, Perception, Protocol, evaluate
from colorlib.evaluation.looks import look_at, sum_up
from colorlib.files import replacing, sha256_of
from colorlib.models import generator
from colorlib.models.weights import save_generator
from colorlib.photos import PhotoError
from colorlib.training import session
from colorlib.training.config import ColorConfig
from colorlib.training.progress import Progress
from colorlib.training.recipes import Recipe, find_recipe
from colorlib.training.run_folder import RUN
from colorlib.training.samples import color_bundled

LOOK_ON = 500  # photographs


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run to be recorded: what to do, on what, and where."""

    name: str
    """The recipe's name."""
    recipe: Recipe
    """What is done; it may be less than the recipe of that name."""
    photographs: list[str]
    """Sources to train on: see `find_all`."""
    score: list[str] | None = None
    """Sources to score; None for the share that is kept out of training."""
    work: Path
    """Folder that the work goes on in."""
    results: Path
    """Folder that gets a folder NAME when all is done."""
    cache: Path
    """Where decoded photographs and scores of baselines are kept."""
    collection: str | None = None
    """What to call the photographs, on the page."""
    command: str
    """What makes this run again."""
    look_every: int = 0
    """Steps from one look at the generator to the next; 0 for no looks."""
    look_on: int = LOOK_ON
    """How many of the photographs to score a look measures."""

    def network(self, epoch: int) -> Path:
        """Where the generator is kept that is to be scored after an epoch."""
        return self.work / "networks" / f"epoch-{epoch:03}.safetensors"

    def report(self, epoch: int) -> Path:
        """Where its scores go; those of the last epoch have no number."""
        last = epoch == self.recipe.config.epochs
        return self.work / f"report{'' if last else f'-{epoch:03}'}.json"

    @property
    def looks(self) -> Path:
        """Folder of the networks that are looked at, and of their numbers."""
        return self.work / "looks"


def check_beginning(job: Job) -> None:
    """Make sure that a run finds the generator that it is to begin with.

    Args:
        job: the run; its recipe may follow another.

    Raises:
        ValueError: if that one isn't trained yet.
    """
    before, config = find_recipe(job.name).after, job.recipe.config
    if before is None or not isinstance(config, ColorConfig):
        return
    path = Path(config.generator)
    about = path.parent / RUN  # of a file that came alone there is none
    trained = path.is_file()
    if trained and about.exists():
        trained = bool(json.loads(about.read_bytes())["finished"])
    if not trained:
        raise ValueError(
            f"{job.name} begins with the generator of {before}, and"
            f" {path.parent} holds no finished one; record {before} first, or"
            " give another to record.py by --begin"
        )


def items_to_score(job: Job) -> list[Item]:
    """Choose photographs that the run is not trained on.

    The hashes of their names choose, so that fewer are a part of more.
    """
    sources = job.score or job.photographs
    found = find_all(sources)
    names = [item.name for item in found]
    if not job.score:
        share = job.recipe.config.validation
        names = split_as_the_course_does(sources, names, share)[1]
    names.sort(key=lambda name: (name_hash(name), name))
    wanted = set(names[: job.recipe.scored_on])
    if not wanted:
        raise ValueError("no photographs to score; give --score")
    return [item for item in found if item.name in wanted]


def by_hash(items: Iterable[Item]) -> list[Item]:
    """Put photographs in the order of their names' hashes.

    The first ones are then a choice that has nothing to do with what they
    show, and fewer are a part of more.
    """
    return sorted(items, key=lambda item: (name_hash(item.name), item.name))


def train(
    job: Job,
    *,
    resident: bool = False,
    keep_every: float = 60.0,
    show_every: float = 0.5,
) -> Generator[Progress, None, None]:
    """Train from wherever the run is; leave pictures and networks.

    Args:
        job: the run.
        resident: keep the photographs on the device.
        keep_every: seconds between checkpoints.
        show_every: seconds from one `Progress` to the next.

    Yields:
        Where the run is; closed, it is kept as it is.
    """
    config = job.recipe.config

    def on_epoch(epoch: int, G: generator.Generator) -> None:
        if epoch in job.recipe.shown:
            folder = job.work / "samples" / f"epoch-{epoch:03}"
            color_bundled(G, folder, size=config.size)
        if epoch in job.recipe.scored:
            name = f"{job.name}, epoch {epoch}"
            card = {"name": name, "size": config.size}
            save_generator(G, job.network(epoch), card=card)

    def on_look(step: int, G: generator.Generator) -> None:
        card = {"name": f"{job.name}, step {step}", "size": config.size}
        save_generator(G, job.looks / f"step-{step:06}", card=card)
        folder = job.work / "samples" / f"step-{step:06}"
        color_bundled(G, folder, size=config.size)

    yield from session.record(
        job.work,
        job.photographs,
        config,
        cache=job.cache,
        resume=(job.work / RUN).exists(),
        resident=resident,
        keep_every=keep_every,
        show_every=show_every,
        on_epoch=on_epoch,
        look_every=job.look_every,
        on_look=on_look,
    )


def bar(**options: Any) -> tqdm:
    """Make a bar; in a log, where each look is a line, it shows up rarely."""
    return tqdm(mininterval=0.1 if sys.stderr.isatty() else 30.0, **options)


def show(run: Iterator[Progress], name: str = "") -> Iterator[Progress]:
    """Put a bar around a training."""
    with bar(desc=name, unit="step") as shown:
        for now in run:
            shown.total = now.total
            means = {name: f"{mean:.3f}" for name, mean in now.losses.items()}
            shown.set_postfix(means, refresh=False)
            shown.update(now.step - shown.n)
            yield now


def unscored(
    job: Job, items: list[Item], perception: Perception | None
) -> list[int]:
    """Name the epochs that are still to be scored.

    Args:
        job: the run.
        items: the photographs. A report on others doesn't count.
        perception: what LPIPS needs; a report without LPIPS doesn't count if
            it is given, nor one with it if it is None.
    """
    return [
        epoch
        for epoch in job.recipe.scored
        if not job.network(epoch).exists()
        or not is_kept(
            job.report(epoch), _asked(job.network(epoch), items, perception)
        )
    ]


def score(
    job: Job,
    items: list[Item],
    perception: Perception | None = None,
    *,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Score what was kept on the way; what is scored so already stays.

    Args:
        job: the run; it is trained.
        items: the photographs.
        perception: what LPIPS needs; it is left out if None.
        check: called before each photograph; what it raises ends the work.
    """
    for epoch in unscored(job, items, perception):
        asked = _asked(job.network(epoch), items, perception)
        colorizer = Colorizer.load(job.network(epoch))
        some = read(items, f"{job.name}, epoch {epoch}", check)
        cache = BaselineCache(job.cache / "baselines.json")
        found = evaluate(colorizer, some, cache=cache, perception=perception)
        path = job.report(epoch)
        with replacing(path.with_suffix(".csv")) as part:
            # A name may have bytes that are no UTF-8.
            part.write_text(
                found.to_csv(), encoding="utf-8", errors="backslashreplace"
            )
        keep(path, found.to_json(), asked)


def look(
    job: Job, items: list[Item], perception: Perception | None = None
) -> None:
    """Measure the networks that were kept on the way; write looks.json.

    The last network is one of them. Where the run began with a network, that
    one is step 0. What is measured so already stays.

    Args:
        job: the run; it is trained.
        items: the photographs to score; those with the lowest hashes are
            taken, and every other one of them is of one half.
        perception: what LPIPS needs; it is left out if None.
    """
    if not job.look_every:
        return
    networks = {int(p.stem[-6:]): p for p in job.looks.glob("*.safetensors")}
    config = job.recipe.config
    if isinstance(config, ColorConfig) and Path(config.generator).is_file():
        networks[0] = Path(config.generator)
    end = job.work / "generator.safetensors"
    steps = json.loads(end.with_suffix(".json").read_text())["step"]
    networks.setdefault(steps, end)
    items = by_hash(items)[: job.look_on]
    found = {}
    for step, path in sorted(networks.items()):
        kept = job.looks / f"step-{step:06}-measured.json"
        asked = _asked(path, items, perception)
        if not is_kept(kept, asked):
            some = read(items, f"{job.name}, step {step}")
            rows = look_at(
                Colorizer.load(path).colorize,
                (pixels for _, pixels in some),
                lpips=perception.lpips if perception else None,
            )
            keep(kept, json.dumps(rows), asked)
        found[step] = json.loads(kept.read_text())
    with replacing(job.work / LOOKS) as part:
        part.write_text(sum_up(found), encoding="utf-8")


def _asked(
    network: Path, items: list[Item], perception: Perception | None
) -> dict[str, Any]:
    """Say what a network's scores depend on."""
    return {
        "network": sha256_of(network),
        "photographs": list_hash(item.name for item in items),
        "lpips": perception is not None,
        "protocol": Protocol().describe(),
    }


def read(
    items: list[Item], what: str, check: Callable[[], None] = lambda: None
) -> Iterator:
    """Yield names and pixels under a bar; what can't be read is left out."""
    for item in bar(iterable=items, desc=what, unit="photo"):
        check()
        try:
            yield item.name, item.read()
        except PhotoError as error:
            tqdm.write(f"left out: {error}")
