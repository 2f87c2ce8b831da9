"""What a reader of chapter 15 is told about an answer."""

import re

import numpy as np
import pytest

from colorlib import course
from colorlib.course.checks import chapter15


def by_complex_numbers(first, second):
    turn = np.exp(1j * np.deg2rad(first - second))
    return abs(np.rad2deg(np.angle(turn)))


@pytest.mark.parametrize(
    "answer",
    [
        chapter15.hue_distance,
        by_complex_numbers,
        lambda a, b: abs((a - b + 180) % 360 - 180),
    ],
)
def test_the_truth_is_right(answer):
    assert course.check("15-hue-distance", answer)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "None"),
        (lambda a, b: abs(a - b), "hues are a circle"),
        (lambda a, b: a - b, "no sign"),
        (lambda a, b: (a - b) % 360, "one way around"),
        (lambda a, b: 12, "Which one is shorter"),
    ],
)
def test_a_wrong_answer_is_told_what_is_off(answer, told):
    verdict = course.check("15-hue-distance", answer)
    assert not verdict
    assert re.search(told, verdict.text), verdict.text
