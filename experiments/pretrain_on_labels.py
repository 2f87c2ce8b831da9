"""Train a ResNet-18 for gray photographs on labels alone, for comparison.

    python experiments/pretrain_on_labels.py --photographs TRAIN [...]
        [--work runs/backbone-labels] [--epochs 54]

The same network as `colorlib train --recipe backbone` trains, with the same
crops, mixtures and rates, and nobody who teaches it: it learns the label in
the JSON beside each photograph ("source/class"; shards only). Photographs
without one are left out. The work goes on in the folder, which is a run's, so
the same command continues after a kill. `measure_backbone.py` judges it.
"""

import argparse
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from command_line import new_parser, told
from labels import read_labels
from recording import show
from torch import Tensor

from colorlib.data.batches import Batches, lab_batch
from colorlib.data.cache import CachedPhotos
from colorlib.data.sources import find_all
from colorlib.data.training_set import training_photos
from colorlib.files import user_cache
from colorlib.shapes import LChannel
from colorlib.training.config import AdamWConfig
from colorlib.training.distill import (
    DistillState,
    keep_backbone,
    mix,
    mixing_shares,
    start_student,
)
from colorlib.training.loop import Losses
from colorlib.training.metadata import describe_run
from colorlib.training.monitor import Watch
from colorlib.training.pretrain import gamma_jitter, rate_at
from colorlib.training.progress import Progress, Schedule, follow
from colorlib.training.recipes import find_recipe
from colorlib.training.run_folder import RUN, Run, check_new

# As many photographs seen as by the distilled one, of which more have no label.
EPOCHS = 54


@dataclass(frozen=True, kw_only=True)
class LabelsConfig(AdamWConfig):
    """The backbone's recipe, without teachers."""

    method = "labels"
    mixup: float = 1.0
    """As for `DistillConfig`."""


@told("pretrain_on_labels.py")
def main(words: list[str] | None = None) -> int:
    """Train, or go on; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    changed = {
        k: v
        for k in ("size", "batch_size", "precision")
        if (v := getattr(options, k)) is not None
    }
    config = replace(as_the_recipe(options.epochs), **changed)
    with closing(train(options, config)) as run:
        for _ in show(run):
            pass
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("--photographs", nargs="+", metavar="SOURCE", required=True)
    add("--work", type=Path, default=Path("runs/backbone-labels"))
    add("--epochs", type=int, default=EPOCHS)
    add("--size", type=int, help="side of the squares; as in the recipe")
    add("--batch-size", type=int)
    add("--precision")
    add("--cache", type=Path, default=user_cache())
    return parser.parse_args(words)


def as_the_recipe(epochs: int) -> LabelsConfig:
    """Take over what the two trainings share."""
    shared = asdict(find_recipe("backbone").config)
    names = LabelsConfig.__dataclass_fields__
    settings = {k: v for k, v in shared.items() if k in names}
    return LabelsConfig(**settings | {"epochs": epochs})


def train(
    options: argparse.Namespace, config: LabelsConfig
) -> Generator[Progress, None, None]:
    """Train from wherever the run is, as `session.record` does."""
    torch.manual_seed(config.seed)
    photos, found, classes, targets = labelled(options, config)
    state = start_student(config, len(classes))
    batches = Batches(
        photos,
        batch_size=config.batch_size,
        size=config.size,
        sides=config.sides,
        seed=config.seed,
    )
    run = Run(options.work)
    about = describe_run(
        config, found, photos, options.photographs, state.accelerator
    )
    about |= {"classes": classes}
    if (options.work / RUN).exists():
        state.step = run.resume(state.parts(), about)
    else:
        check_new(options.work)
        run.start(state.parts(), about)
    yield from follow(
        run,
        state,
        learn(state, batches, targets, config),
        Schedule(
            epochs=config.epochs,
            steps_per_epoch=len(batches),
            batch_size=config.batch_size,
        ),
        keep=partial(keep_backbone, run=run, state=state, size=config.size),
        watch=Watch(),
    )


def labelled(
    options: argparse.Namespace, config: LabelsConfig
) -> tuple[CachedPhotos, CachedPhotos, list[str], Tensor]:
    """Find the photographs with a label, all of them, and their classes.

    Returns:
        Those to train on; those that were decoded; the classes; and for each
        photograph the number of its class.
    """
    items = find_all(options.photographs)
    labels = read_labels(items)
    found = training_photos(
        options.photographs,
        options.cache,
        size=config.kept_size,
        validation=config.validation,
    )
    photos = found.select(list(labels)).without_near_gray()
    if not len(photos):
        raise ValueError(
            "none of the photographs has a label; give shards with a JSON"
            " beside each photograph"
        )
    classes = sorted({labels[name] for name in photos.names})
    targets = torch.tensor([classes.index(labels[n]) for n in photos.names])
    return photos, found, classes, targets


def learn(
    s: DistillState, batches: Batches, targets: Tensor, config: LabelsConfig
) -> Iterator[Losses]:
    """Learn the labels, from wherever the state is.

    Args:
        s: the state; changed in place.
        batches: the photographs.
        targets: the number of each one's class.
        config: how many epochs, and the rest.

    Yields:
        The loss of each step.
    """
    total = config.epochs * len(batches)
    classes = s.networks()["student"].config["classes"]
    while s.step < total:
        epoch, start = divmod(s.step, len(batches))
        for number, batch in enumerate(batches.epoch(epoch, start), start):
            L, _ = lab_batch(batch, s.accelerator.device)
            wanted = F.one_hot(targets[batches.chosen(epoch, number)], classes)
            rate = rate_at(s.step, total, config)
            losses = label_step(s, L, wanted.to(L), rate, config)
            s.step += 1
            yield losses


def label_step(
    s: DistillState,
    L: LChannel,
    wanted: Tensor,
    learning_rate: float,
    config: LabelsConfig,
) -> Losses:
    """Bring the student closer to the labels, once.

    Args:
        s: the state; changed in place.
        L: lightness in [-1, 1], batch x 1 x height x width.
        wanted: one-hot classes, batch x classes; mixed as photographs are.
        learning_rate: AdamW's rate for this step.
        config: augmentations.

    Returns:
        "cross_entropy", in nats.
    """
    for group in s.opt.param_groups:
        group["lr"] = learning_rate
    L = gamma_jitter(L, config.gamma_jitter)
    if config.mixup:
        share = mixing_shares(len(L), config.mixup).to(L.device)
        L, wanted = mix(L, share), mix(wanted, share.flatten(1))
    logits, _ = s.student(L)
    loss = F.cross_entropy(logits.float(), wanted)
    s.accelerator.backward(loss)
    s.opt.step()
    s.opt.zero_grad()
    return {"cross_entropy": loss.detach()}


if __name__ == "__main__":
    sys.exit(main())
