"""What chapter 02's exercises say about answers that are nearly right."""

import pytest
import torch

from colorlib import course
from colorlib.losses import bce


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda p, q, r: r * p / (r * p + q), "Right."),
        (lambda p, q, r: p / (p + q / r), "Right."),
        (lambda p, q, r: p / (p + q), "right for r = 1"),
        (lambda p, q, r: p / (p + r * q), "r generated things to each real"),
        (lambda p, q, r: q / (r * p + q), "share of the generated"),
        (lambda p, q, r: r * p / (p + q), "Out of range"),
        (lambda p, q, r: r * p / q, "not all of it is a number"),
        (lambda p, q: p / (p + q), "can't be called"),
    ],
)
def test_an_unfair_heap_is_told_what_it_is(answer, told):
    assert told.lower() in str(course.check("02-heap", answer)).lower()


def twice(real, fake):
    return (bce(real.sigmoid(), 1.0) + bce(fake.sigmoid(), 0.0)) / 2


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda real, fake: (bce(real, 1.0) + bce(fake, 0.0)) / 2, "Right."),
        (twice, "how often is there a sigmoid"),
        (lambda real, fake: bce(real, 1.0) + bce(fake, 0.0), "Both halves"),
        (lambda real, fake: (bce(fake, 1.0) + bce(real, 0.0)) / 2, "swapped"),
        (lambda real, fake: torch.zeros(()), "Not yet."),
    ],
)
def test_the_judge_that_can_t_be_sure_is_told_why(answer, told):
    assert told in str(course.check("02-d-loss-of", answer))
