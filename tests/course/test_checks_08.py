"""What a reader of chapter 08 is told about an answer."""

import math
import re

import pytest
import torch
import torch.nn.functional as F

from colorlib import course
from colorlib.course.checks import chapter08
from colorlib.models.unet import Unet


def by_trying(side, n_down):
    """Grow until each halving comes out even."""
    while any((side >> level) % 2 for level in range(n_down)):
        side += 1
    return side


def of_the_network(side, width, n_down):
    """Asked of the real one: what meets on the way up, less what comes up."""
    with torch.device("meta"):
        G = Unet(width=width, n_down=n_down).eval()
        L = torch.zeros(1, 1, side, side)
    seen = []
    for way in [*G.decoder[1:], G.to_ab]:
        way.register_forward_pre_hook(lambda _, x: seen.append(x[0].numel()))
    G(L)
    return [joined // 2 for joined in seen[::-1]]


def in_place(x):
    return x, F.leaky_relu(x, 0.2, inplace=True)


def clone_first(x):
    kept = x.clone()
    return kept, F.leaky_relu_(x, 0.2)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("08-padded", chapter08.padded),
        ("08-padded", by_trying),
        ("08-padded", lambda n, k: math.ceil(n / 2**k) * 2**k),
        ("08-carried", chapter08.carried),
        ("08-carried", of_the_network),
        ("08-hand-across", chapter08.hand_across),
        ("08-hand-across", clone_first),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("08-padded", lambda n, k: n // 2**k * 2**k, "get lost"),
        ("08-padded", lambda n, k: n + 2**k - n % 2**k, "fits already"),
        ("08-padded", lambda n, k: 2 ** math.ceil(math.log2(n)), "power"),
        ("08-padded", lambda n, k: by_trying(n, 8), "`n_down` come in"),
        ("08-padded", lambda n, k: n + n % 2, "until it is odd"),
        (
            "08-carried",
            lambda s, w, n: [
                w * 2**i * (s >> i + 1) ** 2 for i in range(n - 1)
            ],
            "double no more",
        ),
        (
            "08-carried",
            lambda s, w, n: [
                w * min(2**i, 8) * (s >> i) ** 2 for i in range(n - 1)
            ],
            "after the first halving",
        ),
        (
            "08-carried",
            lambda *a: chapter08.carried(*a)[::-1],
            "finest one comes first",
        ),
        ("08-carried", lambda *a: chapter08.carried(*a) + [512], "Shape"),
        (
            "08-carried",
            lambda *a: [n + 1 for n in chapter08.carried(*a)],
            "same amount",
        ),
        ("08-hand-across", in_place, "same memory"),
        (
            "08-hand-across",
            lambda x: chapter08.hand_across(x)[::-1],
            "the other of the two",
        ),
        ("08-hand-across", lambda x: (F.relu(x), x), "the whole x"),
        ("08-hand-across", lambda x: (x, x), "not activated"),
        ("08-hand-across", lambda x: (x, F.relu(x)), "leaky one"),
        ("08-hand-across", lambda x: (x, x + 7), "The second of the two"),
        ("08-hand-across", lambda x: x, "Two tensors"),
    ],
)
def test_a_wrong_answer_is_told_what_it_is(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert re.search(told, str(verdict)), verdict
