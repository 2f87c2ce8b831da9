"""What a reader of chapter 14 is told about an answer."""

import re

import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.color import linear_from_srgb, srgb_from_linear
from colorlib.course.checks import chapter14


def by_arrays(w, t):
    product = np.array(w) * np.array(t)
    return product / product.sum()


def by_dot(rgb, weights):
    """In single precision, as a tensor."""
    light = linear_from_srgb(torch.tensor(rgb))
    return srgb_from_linear(light @ torch.tensor(weights))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("14-through", chapter14.through),
        ("14-through", by_arrays),
        ("14-swap", ([255, 40, 30], [20, 60, 200])),
        ("14-swap", [torch.tensor([220, 0, 0]), (0, 40, 255)]),
        ("14-expose", chapter14.film_gray),
        ("14-expose", by_dot),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("14-through", lambda w, t: w, "without the glass"),
        ("14-through", lambda w, t: t, "without the film"),
        (
            "14-through",
            lambda w, t: [a * b for a, b in zip(w, t, strict=True)],
            "gets darker",
        ),
        (
            "14-through",
            lambda w, t: by_arrays(w, t) / max(by_arrays(w, t)),
            "sum to 1",
        ),
        ("14-through", lambda w, t: [0.1, 0.2, 0.7], "then the film"),
        ("14-swap", [255, 0, 0], "two colors"),
        ("14-swap", ([1, 2], [3, 4]), "red, green and blue"),
        ("14-swap", ([300, 0, 0], [0, 0, 0]), "from 0 to 255"),
        ("14-swap", ([0, 0, 255], [255, 0, 0]), "For the eye"),
        ("14-swap", ([255, 255, 255], [0, 0, 0]), "not see"),
        (
            "14-expose",
            lambda c, w: sum(a * b for a, b in zip(c, w, strict=True)),
            "stored values",
        ),
        (
            "14-expose",
            lambda c, w: float(
                linear_from_srgb(torch.tensor(c)) @ torch.tensor(w)
            ),
            "the light",
        ),
        ("14-expose", lambda c, w: 0.9, "and back"),
    ],
)
def test_a_wrong_answer_is_told_what_is_off(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert re.search(told, verdict.text), verdict.text
