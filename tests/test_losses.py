"""The adversarial losses: values by hand, and which way they push."""

import math

import pytest
import torch

from colorlib.losses import bce, least_squares

LOSSES = pytest.mark.parametrize("loss", [bce, least_squares])


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_guessing_costs_what_the_papers_say(target):
    """ln 2 for a probability of one half, 1/4 for a score of one half."""
    sheet = torch.zeros(2, 1, 30, 30)
    assert bce(sheet, target).item() == pytest.approx(math.log(2))
    assert least_squares(sheet + 0.5, target).item() == pytest.approx(0.25)


def test_least_squares_at_zero():
    sheet = torch.zeros(2, 1, 30, 30)
    assert least_squares(sheet, 0.0) == 0
    assert least_squares(sheet, 1.0) == 1


@pytest.mark.parametrize("target", [0.0, 0.9, 1.0])
def test_bce_is_the_papers_formula(target):
    logits = torch.linspace(-6, 6, 25, dtype=torch.float64)
    p = logits.sigmoid()
    formula = -(target * p.log() + (1 - target) * (1 - p).log()).mean()
    torch.testing.assert_close(bce(logits, target), formula)


@LOSSES
def test_pushes_the_logits_towards_the_target(loss):
    """Descending raises them for real and lowers them for generated."""
    for target, sign in [(1.0, -1), (0.0, 1)]:
        logits = torch.full((1, 1, 2, 2), 0.5, requires_grad=True)
        loss(logits, target).backward()
        assert (logits.grad.sign() == sign).all()


def test_a_perfect_discriminator_pays_nothing():
    assert bce(torch.tensor([40.0]), 1.0) < 1e-15
    assert bce(torch.tensor([-40.0]), 0.0) < 1e-15
    assert least_squares(torch.tensor([1.0]), 1.0) == 0


def test_a_sure_discriminator_still_teaches_the_generator():
    """A sigmoid before the logarithm would give inf, or no gradient."""
    logits = torch.tensor([-1000.0], requires_grad=True)
    loss = bce(logits, 1.0)
    loss.backward()
    assert loss == 1000
    assert logits.grad == -1


@LOSSES
def test_mixed_precision_keeps_the_loss_in_full(loss):
    """bfloat16 has three digits, too few to see a loss go down."""
    logits = torch.full((64,), 0.3, dtype=torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        assert loss(logits, 1.0).dtype == torch.float32
