"""A whole run: from photographs to a folder with a trained network in it.

One call does what `colorlib train` does, and yields where it is, so that a
shell, a notebook and a test can each show it in their own way. Chapter 10.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn

from colorlib.data.batches import Batches
from colorlib.data.training_set import training_photos
from colorlib.models.build import build_generator
from colorlib.models.catalog import GENERATORS
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import init_weights
from colorlib.models.weights import save_generator
from colorlib.photos import MAX_MEGAPIXELS
from colorlib.training.config import (
    GanConfig,
    PretrainConfig,
    TrainConfig,
)
from colorlib.training.gan import start_gan, train_gan
from colorlib.training.loop import Losses, State, check_shares
from colorlib.training.metadata import describe_run
from colorlib.training.monitor import Watch
from colorlib.training.preflight import check_launch, check_size
from colorlib.training.pretrain import pretrain, start_pretraining
from colorlib.training.run_folder import Progress, Run

_log = logging.getLogger(__name__)
SHOW_EVERY, KEEP_EVERY = 0.5, 60.0  # seconds


def record(
    folder: str | Path,
    sources: list[str],
    config: PretrainConfig | GanConfig,
    *,
    cache: str | Path = "~/.cache/colorlib",
    resume: bool = False,
    on_caching: Callable[[int, int], None] | None = None,
    on_epoch: Callable[[int, nn.Module], None] | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> Iterator[Progress]:
    """Train a network, and keep everything about it in a folder.

    Checkpoint and generator are kept once a minute, at the end, and when the
    run is left: on Ctrl-C (which waits for the step to be complete, and is
    raised then), and when the iterator is closed. With `resume` it goes on
    from there, as if nothing had happened. A run that is finished yields
    once more, says so (`Progress.finished`), and is left as it is.

    Args:
        folder: the run's folder: see `runs` for what it will hold.
        sources: where the photographs come from: see `find_items`.
        config: what to do; its type decides the method. Its seed seeds
            PyTorch's generator, too, for weights and dropout.
        cache: where decoded photographs are kept between runs.
        resume: go on with the run that the folder holds.
        on_caching: called with photographs decoded, and all of them.
        on_epoch: called after each epoch with its number, from 1, and the
            generator, in evaluation mode, by the main process. After a kill
            it may be called for an epoch once more, never once too seldom.
        max_megapixels: larger photographs are left out.

    Signs of trouble (see `trouble`) are logged as warnings.

    Yields:
        Where the run is, about twice a second, and when it is finished. Of
        several processes each yields; the main one writes.

    Raises:
        FileExistsError: if the folder holds a run, and it isn't resumed.
        FileNotFoundError: if it holds none, and it is.
        ValueError: if a resumed run was started with something else, or the
            configuration asks for what can't be done.
        FloatingPointError: if a loss or a weight stops being a number.
    """
    torch.manual_seed(config.seed)
    state, losses_of = _start(config)
    accelerator = state.accelerator
    check_launch(accelerator)
    check_shares(accelerator, config.batch_size, config.accumulate)
    parts = accelerator.num_processes * config.accumulate
    check_size(state, config.size, config.batch_size // parts)
    run = Run(folder, writes=accelerator.is_main_process)
    if resume:
        run.read()
    else:
        run.must_be_new()

    with accelerator.main_process_first():
        found = training_photos(
            sources,
            cache,
            size=config.kept_size,
            squash=config.squash,
            validation=config.validation,
            most=config.photographs,
            on_caching=on_caching,
            max_megapixels=max_megapixels,
        )
    photos = found.without_near_gray()
    batches = Batches(
        photos,
        batch_size=config.batch_size,
        size=config.size,
        sides=config.sides,
        mirror=config.mirror,
        seed=config.seed,
    )
    method = "gan" if isinstance(config, GanConfig) else "pretrain"
    about = describe_run(method, config, found, photos, sources, accelerator)
    if resume:
        state.step = run.resume(state.parts(), about)
    else:
        run.start(state.parts(), about)
    losses = losses_of(state, batches, config)
    yield from _run(run, state, losses, config, len(batches), on_epoch)


def make_generator(config: PretrainConfig | GanConfig) -> nn.Module:
    """Build the generator that a configuration asks for.

    Args:
        config: its name, size, width, dropout and backbone.

    Returns:
        The network, ready to be trained.

    Raises:
        FileNotFoundError: see `build_generator`.
        ValueError: likewise.
    """
    width = config.width
    if isinstance(config, GanConfig):
        entry = GENERATORS.get(config.generator)
        if not (entry and "width" in entry.takes):
            width = None  # it is the discriminator's alone
        return build_generator(config.generator, size=config.size, width=width)
    return build_generator(
        config.generator,
        size=config.size,
        width=width,
        dropout=config.dropout,
        backbone=config.backbone,
    )


def _start(
    config: PretrainConfig | GanConfig,
) -> tuple[State, Callable[..., Iterator[Losses]]]:
    """Make a method's state, and choose the loop that changes it."""
    G = make_generator(config)
    if isinstance(config, GanConfig):
        D = init_weights(PatchDiscriminator(width=config.width or 64))
        return start_gan(G, D, config), train_gan
    return start_pretraining(G, config), pretrain


def _run(
    run: Run,
    state: State,
    losses: Iterator[Losses],
    config: TrainConfig,
    steps_an_epoch: int,
    on_epoch: Callable[[int, nn.Module], None] | None,
) -> Iterator[Progress]:
    total = config.epochs * steps_an_epoch
    first, began = state.step, time.monotonic()
    watch = Watch(_without_weight(config))

    def progress() -> Progress:
        seconds = max(time.monotonic() - began, 1e-9)
        return Progress(
            step=state.step,
            total=total,
            epoch=(max(state.step, 1) - 1) // steps_an_epoch + 1,
            losses=run.means(),
            photos_per_second=(state.step - first)
            * config.batch_size
            / seconds,
        )

    shown = kept = began
    try:
        while state.step < total:
            with _uninterrupted():
                run.add(latest := next(losses))
                for sign in watch.add(latest):
                    _log.warning("step %d: %s", state.step, sign)
                if state.step % steps_an_epoch == 0:
                    epoch = state.step // steps_an_epoch
                    run.end_epoch(epoch)
                    # Before a checkpoint says that this epoch is done.
                    if on_epoch and run.writes:
                        _show(state.parts()["G"], epoch, on_epoch)
                if time.monotonic() - kept >= KEEP_EVERY:
                    _keep(run, state, config, run.read())
                    kept = time.monotonic()
            if time.monotonic() - shown >= SHOW_EVERY:
                shown = time.monotonic()
                yield progress()
    except (GeneratorExit, KeyboardInterrupt):
        # Between two steps, so nothing is half done.
        _keep(run, state, config, run.read())
        raise
    if not run.read()["finished"]:
        with _uninterrupted():
            report = run.report(total * config.batch_size)
            _keep(run, state, config, report)
            run.write(report)
    yield progress()


def _without_weight(config: TrainConfig) -> set[str]:
    """Name the losses that are computed, and teach nothing."""
    ignored = set()
    if isinstance(config, GanConfig):
        ignored |= {"d", "g_gan"} if config.gan_weight == 0 else set()
        ignored |= {"g_l1"} if config.l1_weight == 0 else set()
    return ignored


def _show(
    G: nn.Module, epoch: int, on_epoch: Callable[[int, nn.Module], None]
) -> None:
    """Lend the generator to a caller, as one that is used, and not trained."""
    with torch.no_grad():
        on_epoch(epoch, G.eval())
    G.train()


def _keep(
    run: Run, state: State, config: TrainConfig, about: dict[str, Any]
) -> None:
    """Write a checkpoint to go on from, and a generator to color with."""
    run.save(state.parts(), state.step)
    if run.writes:
        card = {"name": run.folder.name, "size": config.size}
        card |= {"step": state.step, "training": about}
        path = run.folder / "generator.safetensors"
        save_generator(state.parts()["G"], path, card=card)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back until the block is complete."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python interrupts the main thread only
        return
    came: list[int] = []
    held = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(s, lambda n, _: came.append(n)) for s in held]
    try:
        yield
    finally:
        for number, handler in zip(held, before, strict=True):
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])
