"""What a reader of chapter 07 is told about an answer."""

import math

import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.course.checks import chapter07


def share_by_numpy(ab, cycles, *, power=2, mean=0.0, per_pixel=False):
    """The same by another library; with a mistake, if asked for one."""
    side = ab.shape[-1]
    waves = np.abs(np.fft.fft2(ab.numpy())) ** power
    waves[:, 0, 0] *= mean
    n = np.fft.fftfreq(side) * (1 if per_pixel else side)
    fine = np.sqrt(n[:, None] ** 2 + n**2) >= cycles
    return waves[:, fine].sum() / waves.sum()


def share_one_way(ab, cycles):
    waves = np.abs(np.fft.fft2(ab.numpy())) ** 2
    waves[:, 0, 0] = 0
    n = np.abs(np.fft.fftfreq(ab.shape[-1], 1 / ab.shape[-1]))
    return waves[..., n >= cycles].sum() / waves.sum()


def share_down(ab, cycles):
    return share_one_way(ab.movedim(-1, -2), cycles)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("07-even", chapter07.even),
        ("07-even", lambda weight: 110 * math.log(2) / weight),
        ("07-fine-share", chapter07.fine_share),
        ("07-fine-share", share_by_numpy),
        ("07-objective", chapter07.objective),
        ("07-objective", lambda g, l1, w: w * l1 + g),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("07-even", lambda w: math.log(2) / w, "which units"),
        ("07-even", lambda w: math.log(2) / w / 110, "is it divided"),
        ("07-even", lambda w: 110 / w, "that guesses"),
        ("07-even", lambda w: 110 * math.log(2) * w, "larger lambda"),
        ("07-even", lambda w: w + 3, "solve it"),
        (
            "07-fine-share",
            lambda ab, c: share_by_numpy(ab, c, mean=1),
            "no wave",
        ),
        (
            "07-fine-share",
            lambda ab, c: share_by_numpy(ab, c, power=1),
            "the square",
        ),
        (
            "07-fine-share",
            lambda ab, c: share_by_numpy(ab, c, per_pixel=True),
            "per pixel",
        ),
        (
            "07-fine-share",
            lambda ab, c: np.mean([share_by_numpy(x[None], c) for x in ab]),
            "before you divide",
        ),
        (
            "07-fine-share",
            lambda ab, c: share_by_numpy(ab[:1], c),
            "second channel",
        ),
        ("07-fine-share", share_one_way, "run down"),
        ("07-fine-share", share_down, "run across"),
        (
            "07-fine-share",
            lambda ab, c: share_by_numpy(ab, c + 1e-9),
            "exactly that many",
        ),
        (
            "07-fine-share",
            lambda ab, c: 1 - share_by_numpy(ab, c),
            "all the others",
        ),
        ("07-fine-share", lambda ab, c: 0.5, "Which waves are fine"),
        ("07-objective", lambda g, l1, w: w * (g + l1), "decides nothing"),
        ("07-objective", lambda g, l1, w: w * g + l1, "the other one"),
        ("07-objective", lambda g, l1, w: g + l1, "And lambda"),
        ("07-objective", lambda g, l1, w: w * l1, "no say"),
        ("07-objective", lambda g, l1, w: g * l1 * w + 3, "the formula"),
    ],
)
def test_a_wrong_answer_gets_its_hint(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert told in verdict.text


def test_the_cloth_has_a_mean_and_waves_of_every_kind():
    """Otherwise a forgotten one would pass."""
    cloth = chapter07.cloth()
    assert cloth[0].std() < 0.8 * cloth[1].std()
    assert cloth.mean(dim=(1, 2)).min() > 0.03
    assert 0.2 < chapter07.fine_share(cloth, 9) < 0.9
    assert torch.isfinite(cloth).all()
