"""What a reader of chapter 09 is told about an answer."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from colorlib import course
from colorlib.course.checks import chapter09
from colorlib.losses import bce


def backwards(kernels, strides):
    """From the number down to the pixels, as Araujo et al. do it first."""
    side = 1
    for kernel, stride in zip(kernels[::-1], strides[::-1], strict=True):
        side = (side - 1) * stride + kernel
    return side


def stride_first(kernels, strides):
    side, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        step *= stride
        side += (kernel - 1) * step
    return side


def by_pushing_a_border_through():
    """Ones come in from outside, and spread to all that they can reach."""
    x = torch.zeros(1, 1, 256, 256)
    for stride in (2, 2, 2, 1, 1):
        x = F.max_pool2d(F.pad(x, [1] * 4, value=1.0), 4, stride)
    return int(x.sum())


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("09-side-of-patch", chapter09.side_of_patch),
        ("09-side-of-patch", backwards),
        ("09-padding", chapter09.padded()),
        ("09-padding", by_pushing_a_border_through()),
        ("09-patch-loss", chapter09.patch_loss),
        ("09-patch-loss", lambda s, t: F.softplus(s if t == 0 else -s).mean()),
        ("09-patch-loss", lambda s, t: float(np.mean([bce(x, t) for x in s]))),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("09-side-of-patch", lambda k, s: backwards(k, s) - 1, "one pixel"),
        ("09-side-of-patch", stride_first, "own stride"),
        ("09-side-of-patch", lambda k, s: sum(k) - len(k) + 1, "the strides"),
        (
            "09-side-of-patch",
            lambda k, s: backwards(k[::-1], s[::-1]),
            "which end",
        ),
        (
            "09-side-of-patch",
            lambda k, s: np.array(k) @ np.cumprod([1, *s])[:-1],
            "kernel of 1",
        ),
        ("09-side-of-patch", lambda k, s: 70, "steps of which width"),
        ("09-padding", 576, "see none"),
        ("09-padding", 116, "outermost"),
        ("09-padding", 180, "And the others"),
        ("09-padding", 360, "counted twice"),
        ("09-padding", 171, "two ends"),
        ("09-padding", 0.36, "Begin with one row"),
        ("09-padding", 1000, "Out of range"),
        ("09-padding", None, "None"),
        ("09-patch-loss", lambda s, t: bce(s.mean(), t), "loss of the mean"),
        (
            "09-patch-loss",
            lambda s, t: F.binary_cross_entropy(
                s.sigmoid().mean(), torch.tensor(t)
            ),
            "Probabilities",
        ),
        ("09-patch-loss", lambda s, t: bce(s, 1 - t), "other target"),
        ("09-patch-loss", lambda s, t: bce(s, t) * s.numel(), "the sum"),
        ("09-patch-loss", lambda s, t: s.square().mean(), "single patch"),
    ],
)
def test_a_mistake_gets_its_own_hint(name, answer, told):
    answered = course.check(name, answer)
    assert not answered
    assert told in str(answered)
