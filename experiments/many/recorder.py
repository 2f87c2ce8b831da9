"""Record as many runs as fit into a time, by priority.

Each run is measured on its first steps. One that takes longer than what is
left is set aside, so that others can be completed; what is left in the end
goes to the first that was set aside, which stays resumable. One that fails
doesn't stop the others.
"""

import time
import traceback
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from publishing import is_recorded, publish
from recording import (
    Job,
    check_beginning,
    items_to_score,
    read,
    score,
    show,
    train,
    unscored,
)

from colorlib.archive.outcomes import one_line
from colorlib.colorizer import Colorizer
from colorlib.data.sources import Item
from colorlib.evaluation import Perception, evaluate
from colorlib.models.weights import save_generator
from colorlib.training.progress import Progress
from colorlib.training.run_folder import RUN
from colorlib.training.session import make_generator
from many.states import BEGUN, FAILED, RECORDED, State, save, tell
from many.time_budget import MARGIN, Clock, OutOfTimeError, Pace, in_words

# Seconds between checkpoints. Those of a full U-Net take a while to write.
KEEP_EVERY = 300.0


class SetAsideError(Exception):
    """A run takes longer than what is left, or waits for its beginning."""


def try_scoring(
    job: Job, items: list[Item], perception: Perception | None
) -> float:
    """Score some photographs with an untrained network.

    What goes wrong there goes wrong now, and not when a run is trained.

    Args:
        job: the run.
        items: the photographs that it is to be scored on.
        perception: what LPIPS needs; it is left out if None.

    Returns:
        Seconds a photograph.
    """
    config = job.recipe.config
    some = items[: 2 * torch.get_num_threads()]
    card = {"name": "untrained", "size": config.size}
    with TemporaryDirectory() as folder:
        G = make_generator(config)
        path = save_generator(G, Path(folder, "untrained"), card=card)
        began = time.monotonic()
        photographs = read(some, "a try at scoring")
        evaluate(Colorizer.load(path), photographs, perception=perception)
    return (time.monotonic() - began) / len(some)


@dataclass(frozen=True)
class Parts:
    """Functions that recording a run consists of; tests replace them."""

    is_recorded: Callable[[Job], bool] = is_recorded
    check_beginning: Callable[[Job], None] = check_beginning
    try_scoring: Callable[..., float] = try_scoring
    train: Callable[..., Generator[Progress, None, None]] = train
    score: Callable[..., None] = score
    publish: Callable[[Job], None] = publish


@dataclass
class Recorder:
    """Records runs until all are recorded or the time is spent."""

    jobs: list[Job]
    """What to record, by priority."""
    clock: Clock
    """How much time there is."""
    states_file: Path
    """JSON that says what became of each run."""
    perception: Perception | None = None
    """What LPIPS needs; it is left out if None."""
    on_recorded: Callable[[], object] = lambda: None
    """Called after each run that is recorded."""
    show_every: float = 0.5
    """Seconds between two looks at the clock while training."""
    parts: Parts = Parts()
    """How a run is recorded."""

    def __post_init__(self) -> None:
        self.states = {job.name: State() for job in self.jobs}
        self.items = {job.name: items_to_score(job) for job in self.jobs}
        # Measured on the way, all in seconds: an epoch of a kind of run, a
        # photograph that is scored, and what passes before the first step.
        self._epoch_takes: dict[tuple, float] = {}
        self._photo_takes = 0.0
        self._start_takes = 0.0

    def record_all(self) -> dict[str, State]:
        """Record what fits, then go on with what doesn't.

        Returns:
            What became of each run, by its name.

        Raises:
            KeyboardInterrupt: on Ctrl-C or SIGTERM, when all is kept.
        """
        to_do = [job for job in self.jobs if not self._is_recorded(job)]
        save(self.states_file, self.states)
        if to_do:
            first = to_do[0]
            self._photo_takes = self.parts.try_scoring(
                first, self.items[first.name], self.perception
            )
        set_aside = [job for job in to_do if not self._try(job, True)]
        for job in set_aside:
            self._try(job, False)
        return self.states

    def _try(self, job: Job, must_fit: bool) -> bool:
        """Record a run, or a part of it; False if it is set aside."""
        state = self.states[job.name]
        try:
            self._record(job, state, must_fit)
        except SetAsideError as error:
            state.said = str(error)
            return False
        except OutOfTimeError:
            state.said = "out of time; the same command goes on"
            tell(f"{job.name}: {state.said}")
        except Exception as error:  # noqa: BLE001, the others go on
            state.state, state.said = FAILED, one_line(error)
            state.frames = [
                f"{Path(frame.filename).name}:{frame.lineno}, {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            tell(f"{job.name} failed: {state.said}")
        finally:
            save(self.states_file, self.states)
        return True

    def _record(self, job: Job, state: State, must_fit: bool) -> None:
        """Do what is left of a run, in time, or stop where it is."""
        if self.clock.left <= self._start_takes:
            raise OutOfTimeError
        try:
            self.parts.check_beginning(job)
        except ValueError as error:
            raise SetAsideError(str(error)) from error
        epoch = self._epoch_takes.get(_kind(job))
        if must_fit and epoch and not (job.work / RUN).exists():
            self._judge(job, epoch * job.recipe.config.epochs)
            must_fit = False  # it does
        self._train(job, state, must_fit)
        self.clock.check()
        self._score(job)
        self.parts.publish(job)
        state.state, state.said = RECORDED, ""
        tell(f"{job.name}: recorded, {in_words(self.clock.left)} left")
        save(self.states_file, self.states)
        self.on_recorded()

    def _train(self, job: Job, state: State, must_fit: bool) -> None:
        """Train as long as there is time; stop at a checkpoint."""
        began, pace = self.clock.now(), Pace(self.clock.now)
        judged, state.state = not must_fit, BEGUN
        training = self.parts.train(
            job,
            resident=True,
            keep_every=KEEP_EVERY,
            show_every=self.show_every,
        )
        with closing(training):
            for number, now in enumerate(show(training, job.name)):
                if number == 0:
                    self._start_takes = self.clock.now() - began
                state.step, state.steps = now.step, now.total
                if now.finished:
                    continue  # once more: then run.json says so, too
                pace.add(now)
                if takes := pace.seconds_per_step:
                    state.seconds_per_step = round(takes, 5)
                    steps = now.total / job.recipe.config.epochs
                    self._epoch_takes[_kind(job)] = takes * steps
                if takes and not judged:
                    judged = True
                    tell(f"{job.name}: {in_words(takes)} a step")
                    self._judge(job, takes * (now.total - now.step))
                self.clock.check()

    def _score(self, job: Job) -> None:
        """Score what is not scored yet, and measure how long that takes."""
        items, began = self.items[job.name], self.clock.now()
        number = len(unscored(job, items, self.perception)) * len(items)
        self.parts.score(job, items, self.perception, check=self.clock.check)
        if number:
            self._photo_takes = (self.clock.now() - began) / number

    def _judge(self, job: Job, training: float) -> None:
        """Say whether a run fits into what is left.

        Raises:
            SetAsideError: if it doesn't.
        """
        items = self.items[job.name]
        scoring = len(unscored(job, items, self.perception)) * len(items)
        needed = MARGIN * (training + scoring * self._photo_takes)
        fits = needed <= self.clock.left
        said = (
            f"needs {in_words(needed)}, {in_words(self.clock.left)} left:"
            f" {'it fits' if fits else 'set aside for now'}"
        )
        tell(f"{job.name}: {said}")
        if not fits:
            raise SetAsideError(said)

    def _is_recorded(self, job: Job) -> bool:
        """Whether it was recorded before, from this very work."""
        recorded = self.parts.is_recorded(job)
        if recorded:
            self.states[job.name].state = RECORDED
            tell(f"{job.name}: is recorded")
        return recorded


def _kind(job: Job) -> tuple:
    """What decides how long an epoch takes."""
    config = asdict(job.recipe.config)
    kept = "generator", "width", "batch_size", "size", "photographs"
    return (type(job.recipe.config), *(config[name] for name in kept))
