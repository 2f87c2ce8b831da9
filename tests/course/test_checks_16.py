"""What a reader of chapter 16 is told about an answer."""

import re

import pytest

from colorlib import course
from colorlib.course.checks import chapter16


def by_errors(model, gray):
    errors = [255**2 / 10 ** (decibels / 10) for decibels in (model, gray)]
    return errors[1] / errors[0]


@pytest.mark.parametrize("answer", [chapter16.times_smaller, by_errors])
def test_the_truth_is_right(answer):
    assert course.check("16-times-smaller", answer)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "None"),
        (lambda m, g: 10 ** ((m - g) / 20), "of their squares"),
        (lambda m, g: 10 ** ((g - m) / 10), "Upside down"),
        (lambda m, g: m / g, "logarithms already"),
        (lambda m, g: m - g, "still in decibels"),
        (lambda m, g: 5.0, "Subtract the two"),
    ],
)
def test_a_wrong_answer_is_told_what_is_off(answer, told):
    verdict = course.check("16-times-smaller", answer)
    assert not verdict
    assert re.search(told, verdict.text), verdict.text
