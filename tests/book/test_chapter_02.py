"""What chapter 02 says, where a test of the package doesn't say it already.

(That D* is where the slope vanishes, the line at ln 2, and which loss pulls
where: tests/models/test_toy.py.)
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
    for _ in small_gans.train(
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
    d = [small_gans.step(pair, *batch)["d"].item() for batch in batches]
    assert d[0] == pytest.approx(LN2)
    assert d[5] < LN2 - 0.2
    assert d[60] > LN2 + 0.02
    assert d[299] == pytest.approx(LN2, abs=0.01)


@pytest.mark.parametrize(
    ("rate_D", "least", "most"), [(0.05, 0.68, 0.71), (5.0, 1.0, math.inf)]
)
def test_a_hasty_judge_ends_above_the_line(rate_D, least, most):
    """Exercise "A judge in a hurry"."""
    torch.manual_seed(0)
    batches = [
        (torch.randn(256, 1) + 2, torch.randn(256, 1)) for _ in range(300)
    ]
    pair = small_gans.three_numbers(rate_D=rate_D)
    d = [small_gans.step(pair, *batch)["d"].item() for batch in batches * 2]
    assert least < sum(d[-100:]) / 100 < most


def test_a_slow_judge_loses_hues_and_its_loss_looks_better():
    """Mode collapse, on the line where a perfect forger would be."""
    found, distance = {}, {}
    for rate_D in (1e-3, 1e-4):
        torch.manual_seed(1)
        G, D = (
            small_gans.perceptron(2, 64, 64, 2),
            small_gans.perceptron(2, 64, 64, 1),
        )
        pair = small_gans.networks(G, D, rate_D=rate_D)
        losses = [
            loss["d"]
            for loss in small_gans.train(
                pair,
                real=lambda: small_gans.ring(128),
                noise=lambda: torch.randn(128, 2),
                steps=1000,
            )
        ]
        hues = small_gans.hues_found(G(torch.randn(1000, 2)).detach())
        found[rate_D] = int((hues > 10).sum())
        distance[rate_D] = abs(torch.stack(losses[-100:]).mean().item() - LN2)
    assert found[1e-3] == 8
    assert found[1e-4] <= 2
    assert distance[1e-4] < distance[1e-3]


def test_two_sigmoids_keep_the_loss_above_one_half():
    """The bug hunt: even for a judge that is sure and right."""
    sure = torch.tensor([50.0])
    twice = (bce(sure.sigmoid(), 1.0) + bce((-sure).sigmoid(), 0.0)) / 2
    assert twice.item() == pytest.approx((math.log(1 + math.exp(-1)) + LN2) / 2)
    assert twice > 0.5
