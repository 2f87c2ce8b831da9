"""What a reader of chapter 05 is told about an answer."""

import re

import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.course.checks import chapter05
from colorlib.figures.loader_timeline import schedule, waiting


def by_differences(gray):
    return np.diff(gray.astype(int), axis=1) > 0


def by_watching(load, step, workers):
    """What a timeline of many batches shows."""
    turns = schedule(20_001, load=load, step=step, workers=workers)
    return waiting(turns)


def by_a_tensor(L, ab, rng):
    both = torch.cat([L, ab])
    both = both.flip(2) if rng.integers(2) else both
    return both[:1], both[1:]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("05-fingerprint", chapter05.fingerprint),
        ("05-fingerprint", by_differences),
        ("05-fingerprint", lambda gray: torch.tensor(by_differences(gray))),
        ("05-idle", chapter05.idle),
        ("05-idle", by_watching),
        ("05-mirrored", chapter05.mirrored),
        ("05-mirrored", by_a_tensor),
    ],
)
def test_the_truth_is_right(name, answer):
    verdict = course.check(name, answer)
    assert verdict, verdict


def two_coins(L, ab, rng):
    """The bug of the chapter."""
    if rng.random() < 0.5:
        L = L.flip(-1)
    if rng.random() < 0.5:
        ab = ab.flip(-1)
    return L, ab


def with_coin(chance, axis=-1):
    def mirrored(L, ab, rng):
        turn = rng.random() < chance
        return (L.flip(axis), ab.flip(axis)) if turn else (L, ab)

    return mirrored


def torn(L, ab, rng):
    return L.roll(1, -1), ab.roll(1, -1)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("05-fingerprint", lambda g: g[:, 1:] < g[:, :-1], "darker"),
        ("05-fingerprint", lambda g: g[:, 1:] - g[:, :-1] > 0, "no sign"),
        ("05-fingerprint", lambda g: g[:, 1:] > g.mean(), "not with the mean"),
        ("05-fingerprint", lambda g: g[:, :-1] > g.mean(), "not with the mean"),
        ("05-fingerprint", lambda g: g[:, 1:] % 2 > 0, "special|neighbors"),
        ("05-fingerprint", lambda g: g[1:] > g[:-1], "Shape"),
        (
            "05-fingerprint",
            lambda g: (g[:, 1:] > g[:, :-1]).ravel(),
            "arranged in another way",
        ),
        ("05-fingerprint", lambda g: g[:, 1:] >= g[:, :-1], "equally light"),
        ("05-fingerprint", lambda g: 1 * (g[:, 1:] > g[:, :-1]), "True"),
        (
            "05-idle",
            lambda load, step, workers: load / (load + step),
            "the GPU computes",
        ),
        (
            "05-idle",
            lambda load, step, workers: chapter05.idle(load, step, 1),
            "who loads meanwhile",
        ),
        (
            "05-idle",
            lambda load, step, workers: chapter05.idle(
                load, step, min(workers, 1)
            ),
            "at the same time",
        ),
        (
            "05-idle",
            lambda load, step, workers: 1 - step / (load / max(workers, 1)),
            "who loads meanwhile",
        ),
        (
            "05-idle",
            lambda load, step, workers: (
                1 - step * workers / load if workers else load / (load + step)
            ),
            "less than not at all",
        ),
        (
            "05-idle",
            lambda *given: 1 - chapter05.idle(*given),
            "all the others",
        ),
        (
            "05-idle",
            lambda *given: 100 * chapter05.idle(*given),
            "percent",
        ),
        ("05-idle", lambda load, step, workers: load / workers, "1 worker"),
        ("05-mirrored", two_coins, "on the other side"),
        ("05-mirrored", with_coin(1), "all were mirrored"),
        ("05-mirrored", with_coin(0), "none were mirrored"),
        ("05-mirrored", with_coin(0.9), r"9\d% were mirrored|8\d% were"),
        ("05-mirrored", with_coin(0.5, axis=-2), "Upside down"),
        ("05-mirrored", torn, "Neither as it was"),
        ("05-mirrored", lambda L, ab, rng: L, "this is a Tensor"),
        ("05-mirrored", lambda L, ab, rng: (L[0], ab), "Shape"),
    ],
)
def test_a_wrong_answer_is_told_what_it_is(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert re.search(told, str(verdict)), verdict


def test_the_broken_function_is_not_always_caught_by_one_photograph():
    """Half of the time its two coins agree, so one look is not enough."""
    L, ab = torch.arange(6.0)[None, None], torch.arange(12.0).reshape(2, 1, 6)
    agree = 0
    for seed in range(100):
        new_L, new_ab = two_coins(L, ab, np.random.default_rng(seed))
        agree += torch.equal(new_L, L) == torch.equal(new_ab, ab)
    assert 30 < agree < 70
