"""A whole run: from photographs to a folder with a trained network in it.

One call does what `colorlib train` does, and yields where it is, so that a
shell, a notebook and a test can each show it in their own way. Chapter 10.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import nn

from colorlib.data.dataset import Batches, CachedPhotos, cache_photographs
from colorlib.data.sources import find_items, unique_names
from colorlib.data.splits import split_by_share, split_exactly
from colorlib.models.compact import CompactUnet
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import Unet, init_weights
from colorlib.models.weights import load_generator, save_generator
from colorlib.training.config import GanConfig, PretrainConfig, TrainConfig
from colorlib.training.gan import start_gan, train_gan
from colorlib.training.pretrain import pretrain, start_pretraining
from colorlib.training.runs import Progress, Run

SHOW_EVERY, SAVE_EVERY = 0.5, 60.0  # seconds


def record(
    folder: str | Path,
    sources: list[str],
    config: PretrainConfig | GanConfig,
    *,
    cache: str | Path = "~/.cache/colorlib",
    resume: bool = False,
    on_caching: Callable[[int, int], None] | None = None,
) -> Iterator[Progress]:
    """Train a network, and keep everything about it in a folder.

    Args:
        folder: the run's folder: see `runs` for what it will hold.
        sources: where the photographs come from: see `find_items`.
        config: what to do; its type decides the method.
        cache: where decoded photographs are kept between runs.
        resume: go on with the run that the folder holds.
        on_caching: called with photographs decoded, and all of them.

    Yields:
        Where the run is, about twice a second, and after the last step.

    Raises:
        FileExistsError: if the folder holds a run, and it isn't resumed.
        ValueError: if a resumed run was started with something else.
        FloatingPointError: if a loss stops being a number.
    """
    photos = training_photos(sources, config, cache, on_caching)
    batches = Batches(
        photos,
        batch_size=config.batch_size,
        size=config.size,
        sides=config.sides,
        mirror=config.mirror,
        seed=config.seed,
    )
    torch.manual_seed(config.seed)
    G = make_generator(config)
    if isinstance(config, GanConfig):
        D = init_weights(PatchDiscriminator())
        state, steps = start_gan(G, D, config), train_gan
    else:
        state, steps = start_pretraining(G, config), pretrain

    run = Run(folder)
    if resume:
        state.step = run.resume(state.parts(), config, photos)
    else:
        method = "gan" if isinstance(config, GanConfig) else "pretrain"
        run.start(method, config, photos, " ".join(sources))
    yield from _run(run, state, steps(state, batches, config), batches, config)
    save_generator(
        state.parts()["G"],
        run.folder / "generator",
        card={
            "name": run.folder.name,
            "size": config.size,
            "training": run.read(),
        },
    )


def training_photos(
    sources: list[str],
    config: TrainConfig,
    cache: str | Path,
    on_caching: Callable[[int, int], None] | None = None,
) -> CachedPhotos:
    """Find, split and decode the photographs to train on.

    Args:
        sources: see `find_items`.
        config: size, squash or crop, and the share left for validation.
        cache: where decoded photographs are kept.
        on_caching: called with photographs decoded, and all of them.

    Returns:
        Photographs of the training side, near-gray ones left out.
    """
    items = unique_names(i for source in sources for i in find_items(source))
    names = [item.name for item in items]
    if sources == ["coco"]:
        train, _ = split_exactly(names)
    else:
        train, _ = split_by_share(names, config.validation)
    wanted = set(train)
    photos = cache_photographs(
        [item for item in items if item.name in wanted],
        cache,
        size=config.kept_size,
        squash=config.squash,
        on_progress=on_caching,
    )
    return photos.without_near_gray()


def make_generator(config: TrainConfig) -> nn.Module:
    """Build the generator that a configuration asks for.

    Args:
        config: "unet", "compact", or the path of trained weights.

    Returns:
        The network, ready to be trained.

    Raises:
        FileNotFoundError: if it is neither a name nor a file.
    """
    if config.generator == "unet":
        return init_weights(Unet())
    if config.generator == "compact":
        return CompactUnet()
    return load_generator(config.generator)[0]


def _run(run, state, steps, batches, config) -> Iterator[Progress]:
    total = config.epochs * len(batches)
    first, began = state.step, time.monotonic()
    shown = saved = began

    def progress() -> Progress:
        seconds = max(time.monotonic() - began, 1e-9)
        return Progress(
            step=state.step,
            total=total,
            epoch=min((state.step - 1) // len(batches) + 1, config.epochs),
            losses=run.means(),
            photos_per_second=(state.step - first)
            * config.batch_size
            / seconds,
        )

    for losses in steps:
        run.add(losses)
        now = time.monotonic()
        end_of_epoch = state.step % len(batches) == 0
        if now - shown >= SHOW_EVERY or state.step == total:
            shown = now
            yield progress()
        if end_of_epoch:
            run.end_epoch(state.step // len(batches))
        if end_of_epoch or now - saved >= SAVE_EVERY:
            if state.accelerator.sync_gradients:
                saved = now
                run.save(state.parts(), state.step)
    run.finish(total * config.batch_size)
