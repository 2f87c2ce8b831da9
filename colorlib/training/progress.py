"""A run step by step: counted, watched, kept and shown. Chapter 10."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from colorlib.models.catalog import GENERATORS, Entry
from colorlib.models.generator import Generator
from colorlib.models.weights import save_generator
from colorlib.training.loop import Losses, State
from colorlib.training.monitor import Watch
from colorlib.training.run_folder import Run
from colorlib.training.signals import uninterrupted

_log = logging.getLogger(__name__)
OnEpoch = Callable[[int, Generator], None]
OnLook = Callable[[int, Generator], None]


@dataclass(frozen=True)
class Progress:
    """Where a run is, for whoever shows it."""

    step: int
    """Steps done."""
    total: int
    """Steps in all."""
    epoch: int
    """The epoch being trained, from 1."""
    losses: dict[str, float]
    """Means over the epoch so far."""
    photos_per_second: float
    """Since this process began."""
    seconds: float = 0.0
    """Seconds that this process has trained. What a caller does between one
    `Progress` and the next takes none of them."""
    G: Generator | None = field(default=None, repr=False, compare=False)
    """The generator, in training mode; a copy of it can be looked at. None
    where none is trained."""

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.step >= self.total


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long a run is, and how often it is kept and shown."""

    epochs: int
    """Epochs in all."""
    steps_per_epoch: int
    """Batches an epoch."""
    batch_size: int
    """Photographs a step."""
    keep_every: float = 60.0
    """Seconds from checkpoint to checkpoint."""
    show_every: float = 0.5
    """Seconds from one `Progress` to the next."""
    look_every: int = 0
    """Steps from one look at the generator to the next; 0 for no looks."""

    @property
    def total(self) -> int:
        """Steps in all."""
        return self.epochs * self.steps_per_epoch

    def is_looked_at(self, step: int) -> bool:
        """Whether the generator is looked at after so many steps."""
        return bool(self.look_every) and step % self.look_every == 0

    def epoch_of(self, step: int) -> int:
        """The epoch, from 1, that the last of so many steps belongs to."""
        return (max(step, 1) - 1) // self.steps_per_epoch + 1


def follow(
    run: Run,
    state: State,
    losses: Iterator[Losses],
    schedule: Schedule,
    *,
    keep: Callable[[dict[str, Any]], None],
    watch: Watch,
    on_epoch: OnEpoch | None = None,
    on_look: OnLook | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Iterator[Progress]:
    """Take all steps of a run; between two steps it can be left.

    Args:
        run: the folder; it has been started or resumed.
        state: what `losses` changes.
        losses: makes a step each time it is asked.
        schedule: when the run ends, is kept and is shown.
        keep: writes checkpoint and generator; given the content of run.json.
        watch: looks at each step's losses; what it says is logged.
        on_epoch: see `session.record`.
        on_look: likewise.
        now: tells the time in seconds.

    Yields:
        Where the run is, every `show_every` seconds and at the end.

    Raises:
        FloatingPointError: if a loss or a weight is not a finite number.
        KeyboardInterrupt: on Ctrl-C or SIGTERM, when all is kept.
    """
    first_step, trained = state.step, 0.0
    began = kept = shown = now()

    def here() -> Progress:
        nonlocal trained
        losses = run.means()  # waits for the device, whose time counts
        trained += now() - began
        photographs = (state.step - first_step) * schedule.batch_size
        return Progress(
            step=state.step,
            total=schedule.total,
            epoch=schedule.epoch_of(state.step),
            losses=losses,
            photos_per_second=photographs / max(trained, 1e-9),
            seconds=trained,
            G=state.networks().get("G"),
        )

    try:
        while state.step < schedule.total:
            with uninterrupted():
                _step(run, state, next(losses), schedule, watch, on_epoch)
                if on_look and schedule.is_looked_at(state.step):
                    _show(run, state, state.step, on_look)
                if now() - kept >= schedule.keep_every:
                    keep(run.about)
                    kept = now()
            if now() - shown >= schedule.show_every:
                yield here()
                began = shown = now()
    except (GeneratorExit, KeyboardInterrupt):
        keep(run.about)  # between two steps, so nothing is half done
        raise
    if not run.finished:
        with uninterrupted():
            about = run.ended(schedule.total * schedule.batch_size)
            keep(about)
            run.write(about)
    yield here()


def keep_run(
    about: dict[str, Any],
    *,
    run: Run,
    state: State,
    size: int,
    generators: Mapping[str, Entry] = GENERATORS,
) -> None:
    """Write a checkpoint to go on from, and a generator to color with.

    Args:
        about: the content of run.json, for the card.
        run: the folder.
        state: networks and optimizers.
        size: the side that was trained on, pixels, for the card.
        generators: the table that the generator is in.
    """
    run.save(state.parts(), state.step)
    if run.writes:
        card = {"name": run.folder.name, "size": size}
        card |= {"step": state.step, "training": about}
        path = run.folder / "generator.safetensors"
        G = state.networks()["G"]
        save_generator(G, path, card=card, generators=generators)


def _step(
    run: Run,
    state: State,
    losses: Losses,
    schedule: Schedule,
    watch: Watch,
    on_epoch: OnEpoch | None,
) -> None:
    """Count a step's losses in; end the epoch if it was its last."""
    run.add(losses)
    for sign in watch.add(losses):
        _log.warning("step %d: %s", state.step, sign)
    if state.step % schedule.steps_per_epoch:
        return
    epoch = state.step // schedule.steps_per_epoch
    run.end_epoch(epoch)
    # Before a checkpoint says that this epoch is done.
    if on_epoch:
        _show(run, state, epoch, on_epoch)


def _show(
    run: Run, state: State, number: int, call: Callable[[int, Generator], None]
) -> None:
    """Hand the generator to a caller, in evaluation mode, if there is one."""
    networks = state.networks()
    if not run.writes or "G" not in networks:
        return
    G = networks["G"]
    with torch.no_grad():
        call(number, G.eval())
    G.train()
