"""What a reader of chapter 00 is told about an answer."""

import re

import pytest

from colorlib import course
from colorlib.course.checks import chapter00


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("00-slope", chapter00.slope),
        ("00-slope", lambda w, x, t: 2 * w * x * x - 2 * x * t),
        ("00-largest-rate", chapter00.largest_rate),
        ("00-largest-rate", lambda x: (1 / x) ** 2),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("00-slope", lambda w, x, t: 2 * (w * x - t), "what is inside"),
        ("00-slope", lambda w, x, t: (w * x - t) ** 2, "the loss itself"),
        ("00-slope", lambda w, x, t: 2 * (w * x - t) * w, "respect to x"),
        ("00-slope", lambda w, x, t: -chapter00.slope(w, x, t), "sign|uphill"),
        ("00-slope", lambda w, x, t: (w * x - t) * x, "small factor"),
        ("00-slope", lambda w, x, t: w + x + t, "Move w by"),
        ("00-largest-rate", lambda x: 1 / (2 * x**2), "small factor|lands"),
        ("00-largest-rate", lambda x: 1 / x, "counts twice"),
        ("00-largest-rate", lambda x: 1 / 4, "for x = 2"),
        ("00-largest-rate", lambda x: x, "multiply w by"),
    ],
)
def test_a_wrong_answer_is_told_what_it_is(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert re.search(told, str(verdict)), verdict
