"""What a reader of chapter 10 is told about an answer."""

import math

import numpy as np
import pytest

from colorlib import course
from colorlib.course.checks import chapter10


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("10-sure", chapter10.sure),
        ("10-sure", lambda loss: 1 / math.e**loss),
        ("10-removed", chapter10.error_reduction),
        ("10-removed", lambda e, g: (sum(g) - sum(e)) / sum(g)),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("10-sure", math.exp, "Mind the sign"),
        ("10-sure", lambda x: 1 - x, "loss of 1.5"),
        ("10-sure", lambda x: -math.log(x), "Turn back"),
        ("10-sure", lambda x: 1 - math.exp(-x), "wrong answer"),
        ("10-sure", lambda x: 2**-x, "natural"),
        ("10-sure", lambda x: 1 / (1 + math.exp(-x)), "for logits"),
        ("10-sure", lambda x: 0.5, "costs -ln p"),
        ("10-removed", lambda e, g: e.mean() / g.mean(), "which is left"),
        ("10-removed", lambda e, g: (1 - e / g).mean(), "Sum up first"),
        ("10-removed", lambda e, g: (g - e).mean(), "a difference"),
        ("10-removed", lambda e, g: (e - g).mean(), "a difference"),
        ("10-removed", lambda e, g: g.mean() / e.mean() - 1, "the whole"),
        ("10-removed", lambda e, g: 0.123, "errs like gray"),
        ("10-removed", lambda e, g: np.nan, "NaN"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert told in verdict._repr_markdown_()
