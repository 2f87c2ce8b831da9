"""What a reader of chapter 13 is told about an answer."""

import re

import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.course.checks import chapter13
from colorlib.evaluation.choices import wilson_interval
from colorlib.metrics.sets import fid


def off_the_diagonal(k):
    """With a mask in place of a sum."""
    return k[~np.eye(len(k), dtype=bool)].mean()


def by_a_share(answers):
    """As a NumPy bool."""
    low, high = wilson_interval(int(np.count_nonzero(answers)), len(answers))
    return np.bool_(low > 0.5 or high < 0.5)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("13-frechet", chapter13.frechet),
        (
            "13-frechet",
            lambda m, s, n, t: (m - n) ** 2 + s * s + t * t - 2 * s * t,
        ),
        ("13-pairs", chapter13.mean_of_pairs),
        ("13-pairs", off_the_diagonal),
        ("13-stopped", chapter13.differs),
        ("13-stopped", by_a_share),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


def at_any_time(answers):
    """The chapter's own bug."""
    for trials in range(10, len(answers) + 1):
        low, high = wilson_interval(sum(answers[:trials]), trials)
        if not low <= 0.5 <= high:
            return True
    return False


def of_the_first_forty(answers):
    return chapter13.differs(answers[:40])


def only_more(answers):
    return wilson_interval(sum(answers), len(answers))[0] > 0.5


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("13-frechet", None, "None"),
        ("13-frechet", lambda m, s, n, t: (m - n) ** 2, "in their spread"),
        ("13-frechet", lambda m, s, n, t: (s - t) ** 2, "means count"),
        (
            "13-frechet",
            lambda m, s, n, t: chapter13.frechet(m, s, n, t) ** 0.5,
            "no root",
        ),
        (
            "13-frechet",
            lambda m, s, n, t: (m - n) ** 2 + (s * s - t * t) ** 2,
            "their roots",
        ),
        (
            "13-frechet",
            lambda m, s, n, t: (m - n) ** 2 + s * s + t * t,
            "subtracted",
        ),
        ("13-frechet", lambda m, s, n, t: 0.1 * m + s, "for the covariances"),
        ("13-pairs", lambda k: k.mean(), "itself"),
        ("13-pairs", lambda k: k.sum() - np.trace(k), "the sum"),
        (
            "13-pairs",
            lambda k: (k.sum() - np.trace(k)) / k.size,
            "still counted",
        ),
        ("13-pairs", lambda k: np.triu(k, 1).sum(), "number of pairs"),
        ("13-pairs", lambda k: np.median(k), "on the diagonal"),
        ("13-stopped", lambda answers: "yes", "True or False"),
        ("13-stopped", lambda answers: True, "Half and half"),
        ("13-stopped", of_the_first_forty, "the last ones"),
        ("13-stopped", at_any_time, "once"),
        ("13-stopped", only_more, "Either"),
    ],
)
def test_a_wrong_answer_is_told_what_is_off(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert re.search(told, verdict.text), verdict.text


def test_one_number_a_picture_is_fids_formula():
    one, two = torch.randn(2, 500, 1, dtype=torch.float64)
    two = 2 * two + 1
    expected = chapter13.frechet(
        *(f(x).item() for x in (one, two) for f in (torch.mean, torch.std))
    )
    assert fid(one, two) == pytest.approx(expected)
