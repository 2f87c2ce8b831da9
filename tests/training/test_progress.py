"""A run step by step: the clock of a training counts training alone."""

from dataclasses import dataclass
from math import inf

import pytest
import torch

from colorlib.training.monitor import Limits, Watch
from colorlib.training.progress import Schedule, follow
from colorlib.training.run_folder import Run

STEP, KEEPING, PAUSE = 2.0, 3.0, 500.0  # seconds


@dataclass
class Clock:
    """Time that passes when somebody says so."""

    seconds: float = 1000.0

    def __call__(self):
        return self.seconds


@dataclass
class Steps:
    """A state of nothing but its step."""

    clock: Clock
    step: int = 0
    accelerator: None = None

    def networks(self):
        return {}

    def parts(self):
        return {}

    def losses(self):
        while True:
            self.clock.seconds += STEP
            self.step += 1
            yield {"l1": torch.tensor(0.5)}


@pytest.fixture
def train(tmp_path):
    """Follow a training of ten steps, 16 photographs each."""

    def train(clock, step=0, keep_every=inf, show_every=0.0):
        state = Steps(clock, step)
        run = Run(tmp_path / "run", writes=False)
        run.start({}, {})

        def keep(about):
            clock.seconds += KEEPING

        return follow(
            run,
            state,
            state.losses(),
            Schedule(
                epochs=1,
                steps_per_epoch=10,
                batch_size=16,
                show_every=show_every,
                keep_every=keep_every,
            ),
            keep=keep,
            watch=Watch(set(), Limits()),
            now=clock,
        )

    return train


def follow_with_pauses(run, clock):
    """Do something else for a while between two looks, as a race does."""
    for now in run:
        yield now
        clock.seconds += PAUSE


def test_what_is_done_between_two_looks_takes_no_time(train):
    """Scoring takes minutes, in which nothing is trained."""
    clock = Clock()
    seen = [now.seconds for now in follow_with_pauses(train(clock), clock)]
    steps = [STEP * step for step in range(1, 11)]
    assert seen == [*steps, steps[-1] + KEEPING]


def test_a_checkpoint_takes_time(train):
    clock = Clock()
    run = train(clock, keep_every=STEP)
    seconds = [now.seconds for now in follow_with_pauses(run, clock)]
    assert seconds[0] == STEP + KEEPING
    assert seconds[1] == 2 * (STEP + KEEPING)


def test_the_speed_is_that_of_training(train):
    clock = Clock()
    run = train(clock)
    speeds = [x.photos_per_second for x in follow_with_pauses(run, clock)]
    assert speeds == [*[16 / STEP] * 10, 160 / (10 * STEP + KEEPING)]


def test_a_run_that_goes_on_counts_its_own_seconds(train):
    first = next(iter(train(Clock(), step=7)))
    assert (first.step, first.seconds, first.photos_per_second) == (8, 2, 8)


def test_it_is_shown_as_often_as_asked_for(train):
    """So many seconds of training apart."""
    clock = Clock()
    run = train(clock, show_every=6.0)
    seen = [now.step for now in follow_with_pauses(run, clock)]
    assert seen == [3, 6, 9, 10]
