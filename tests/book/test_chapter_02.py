"""What chapter 02 says, where a test of the package doesn't say it already.

(That D* is where the slope vanishes, the line at ln 2, and which loss pulls
where: tests/toys/test_small_gans.py. What its trainings show: test_claims.py.)
"""

import math

import pytest
import torch

from colorlib.losses import bce
from colorlib.toys import small_gans

LN2 = math.log(2)


def ends(loss, start: float) -> float:
    """Where G is after 600 steps towards 2."""
    torch.manual_seed(0)
    pair = small_gans.three_numbers(start=start)
    for _ in small_gans.train_pair(
        pair,
        real=lambda: torch.randn(256, 1) + 2,
        noise=lambda: torch.randn(256, 1),
        steps=600,
        generator_loss=loss,
    ):
        pass
    return pair.G.shift.item()


def test_the_saturating_loss_never_leaves_where_nobody_is_fooled():
    """From -6 one arrives and the other stays; from -2 both arrive."""
    assert ends(small_gans.non_saturating, -6.0) == pytest.approx(2, abs=0.1)
    assert ends(small_gans.saturating, -6.0) == pytest.approx(-6, abs=0.1)
    assert ends(small_gans.saturating, -2.0) == pytest.approx(2, abs=0.1)


def test_the_loss_is_below_then_above_then_on_the_line():
    """The three acts, at the steps that the chapter names."""
    torch.manual_seed(0)
    batches = [
        (torch.randn(256, 1) + 2, torch.randn(256, 1)) for _ in range(300)
    ]
    pair = small_gans.three_numbers()
    d = [small_gans.pair_step(pair, *batch)["d"].item() for batch in batches]
    assert d[0] == pytest.approx(LN2)
    assert d[5] < LN2 - 0.2
    assert d[60] > LN2 + 0.02
    assert d[299] == pytest.approx(LN2, abs=0.01)


def test_two_sigmoids_keep_the_loss_above_one_half():
    """The bug hunt: even for a judge that is sure and right."""
    sure = torch.tensor([50.0])
    twice = (bce(sure.sigmoid(), 1.0) + bce((-sure).sigmoid(), 0.0)) / 2
    assert twice.item() == pytest.approx((math.log(1 + math.exp(-1)) + LN2) / 2)
    assert twice > 0.5
