"""What a reader of chapter 06 is told about an answer."""

import cmath
import math
import re

import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.course.checks import chapter06


def moved_in_degrees(degrees):
    return 2 * math.sin(degrees / 2)


def commonest(colors):
    kinds, counts = colors.unique(dim=0, return_counts=True)
    return kinds[counts.argmax()]


def nearest_by_trying(colors):
    """Every whole color in the box: slow, and surely the best for L1."""
    a, b = torch.meshgrid(
        torch.arange(-40.0, 65), torch.arange(-50.0, 45), indexing="ij"
    )
    box = torch.stack([a, b], dim=-1).reshape(-1, 1, 2)
    return box[(box - colors).abs().sum(dim=(1, 2)).argmin(), 0]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("06-moved", chapter06.moved),
        ("06-moved", lambda d: abs(cmath.rect(1, math.radians(d)) - 1)),
        ("06-best-for-l1", chapter06.best_for_l1),
        ("06-best-for-l1", nearest_by_trying),
        ("06-best-for-l1", lambda colors: np.median(colors.numpy(), axis=0)),
        ("06-psnr", chapter06.sum_up),
        ("06-psnr", lambda d: [np.median(d), (d == np.inf).sum()]),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("06-moved", moved_in_degrees, "want radians"),
        ("06-moved", lambda d: 2 * math.sin(math.radians(d)), "whole angle"),
        ("06-moved", lambda d: chapter06.moved(d) / 2, "small factor"),
        ("06-moved", math.radians, "along the circle"),
        ("06-moved", lambda d: d / 60, "rotation by 180"),
        ("06-moved", lambda d: d**0.5, "as a triangle"),
        ("06-best-for-l1", lambda c: c.mean(dim=0), "what L2 asks for"),
        ("06-best-for-l1", commonest, "commonest color"),
        (
            "06-best-for-l1",
            lambda c: c.unique(dim=0).median(dim=0).values,
            "middle of the dyes",
        ),
        ("06-best-for-l1", torch.median, "one number"),
        ("06-best-for-l1", lambda c: c.median(dim=0), "Shape"),
        ("06-best-for-l1", lambda c: c[0] + 1, "one channel"),
        ("06-psnr", np.mean, "this is one number"),
        ("06-psnr", lambda d: (d.mean(), 1), "NaN or infinity"),
        ("06-psnr", lambda d: (d[d < 99].mean(), 1), "left out"),
        ("06-psnr", lambda d: (np.median(d[d < 99]), 1), "left out"),
        ("06-psnr", lambda d: (1, np.median(d)), "First the decibels"),
        ("06-psnr", lambda d: (np.median(d), len(d)), "counts all of them"),
        ("06-psnr", lambda d: (np.median(d), 4), "the finite ones"),
        ("06-psnr", lambda d: (d.min(), 7), "in the middle"),
    ],
)
def test_a_wrong_answer_is_told_what_it_is(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert re.search(told, str(verdict)), verdict
