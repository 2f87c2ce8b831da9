"""The smallest GANs: what chapter 02 derives, and that they learn it."""

import math

import pytest
import torch
from torch.distributions import Normal

from colorlib.losses import bce
from colorlib.toys import small_gans

LN2 = math.log(2)
# As many real things as generated ones, more of either, hardly any.
P = torch.tensor([1.0, 3.0, 1.0, 1e-6, 0.2], dtype=torch.float64)
Q = torch.tensor([1.0, 1.0, 5.0, 1.0, 1e-9], dtype=torch.float64)


def cost(logits, p, q):
    """What answers cost, place by place."""
    costs = zip(logits, p, q, strict=True)
    return torch.stack([p * bce(x, 1.0) + q * bce(x, 0.0) for x, p, q in costs])


def slope_of(loss, logit: float) -> float:
    logits = torch.tensor([logit], dtype=torch.float64, requires_grad=True)
    loss(logits).backward()
    return logits.grad.item()


# The best discriminator


def test_the_best_discriminator_is_where_the_gradient_vanishes():
    """Proposition 1 of the paper, by the loss that trains the colorizers."""
    best = small_gans.best_discriminator(P, Q).logit().requires_grad_()
    cost(best, P, Q).sum().backward()
    torch.testing.assert_close(best.grad, torch.zeros_like(P))


@pytest.mark.parametrize("away", [-0.1, 0.1])
def test_every_other_answer_costs_more(away):
    best = small_gans.best_discriminator(P, Q).logit()
    assert (cost(best + away, P, Q) > cost(best, P, Q)).all()


def test_it_is_the_share_of_the_real():
    shares = small_gans.best_discriminator(
        torch.tensor([2.0, 1, 0]), torch.ones(3)
    )
    torch.testing.assert_close(shares, torch.tensor([2 / 3, 1 / 2, 0]))


def test_where_nothing_lies_there_is_no_best_answer():
    nothing = torch.zeros(1)
    assert small_gans.best_discriminator(nothing, nothing).isnan()


def test_between_equal_bells_the_best_logit_is_a_line():
    """Why two numbers are enough for D: 4 x for bells at 2 and -2."""
    x = torch.linspace(-5, 5, 11, dtype=torch.float64)
    p, q = (Normal(mean, 1.0).log_prob(x).exp() for mean in (2.0, -2.0))
    torch.testing.assert_close(
        small_gans.best_discriminator(p, q).logit(), 4 * x
    )


# The ln 2 line


def test_against_a_perfect_generator_the_best_loss_is_ln_2():
    """Per half, as our loss counts; 2 ln 2 for both, as in the paper."""
    p = torch.tensor([0.1, 0.7, 0.2])
    logits = small_gans.best_discriminator(p, p).logit()
    real = (p * cost(logits, torch.ones(3), torch.zeros(3))).sum()
    fake = (p * cost(logits, torch.zeros(3), torch.ones(3))).sum()
    assert real == fake == pytest.approx(LN2)
    assert real + fake == pytest.approx(2 * LN2)


def test_below_the_line_by_how_far_the_two_are_apart():
    """By the Jensen-Shannon divergence, so never by more than ln 2."""
    x = torch.linspace(-9, 9, 2001, dtype=torch.float64)
    p, q = (Normal(mean, 1.0).log_prob(x).exp() for mean in (1.0, -1.0))
    p, q = p / p.sum(), q / q.sum()
    mean = (p + q) / 2
    apart = (p * (p / mean).log() + q * (q / mean).log()).sum() / 2
    D = small_gans.best_discriminator(p, q)
    loss = -(p * D.log() + q * (1 - D).log()).sum() / 2
    assert loss.item() == pytest.approx(LN2 - apart.item())


# Two losses for the generator


def test_both_losses_are_the_paper_s():
    logits = torch.linspace(-6, 6, 25, dtype=torch.float64)
    D = logits.sigmoid()
    torch.testing.assert_close(
        small_gans.non_saturating(logits), -D.log().mean()
    )
    torch.testing.assert_close(
        small_gans.saturating(logits), (1 - D).log().mean()
    )


def test_only_one_of_them_pulls_on_a_generator_that_fools_nobody():
    """D is sure: it gives one in twenty-two thousand for real."""
    assert slope_of(small_gans.non_saturating, -10) == pytest.approx(
        -1, abs=1e-4
    )
    assert slope_of(small_gans.saturating, -10) == pytest.approx(
        -4.54e-5, rel=1e-3
    )


def test_where_the_discriminator_guesses_they_pull_alike():
    assert slope_of(small_gans.non_saturating, 0) == pytest.approx(-1 / 2)
    assert slope_of(small_gans.saturating, 0) == pytest.approx(-1 / 2)


# The pair


def numbers(mean: float):
    return lambda: torch.randn(256, 1) + mean


def test_three_numbers_find_the_real_ones():
    """G stands where the real numbers are, and D knows nothing more."""
    torch.manual_seed(0)
    pair = small_gans.three_numbers()
    *_, last = small_gans.train_pair(
        pair, numbers(2.0), numbers(0.0), steps=400
    )
    assert pair.G.shift.item() == pytest.approx(2, abs=0.1)
    assert pair.D.slope.item() == pytest.approx(0, abs=0.1)
    assert last["d"].item() == pytest.approx(LN2, abs=0.01)


def test_the_saturating_loss_is_left_behind():
    """The same start, the same numbers, the same 40 steps."""
    places = {}
    for loss in (small_gans.non_saturating, small_gans.saturating):
        torch.manual_seed(0)
        pair = small_gans.three_numbers()
        real, noise = numbers(2.0), numbers(0.0)
        for _ in small_gans.train_pair(
            pair, real, noise, steps=40, generator_loss=loss
        ):
            pass
        places[loss] = pair.G.shift.item()
    assert places[small_gans.non_saturating] > 1
    assert places[small_gans.saturating] < -1


def test_a_line_learns_the_best_discriminator():
    """With G at rest, training leads to the closed form."""
    torch.manual_seed(0)
    pair = small_gans.three_numbers(start=-1.0, rate_G=0.0)
    for _ in small_gans.train_pair(
        pair, numbers(1.0), numbers(0.0), steps=1000
    ):
        pass
    assert pair.D.slope.item() == pytest.approx(2, abs=0.15)
    assert pair.D.offset.item() == pytest.approx(0, abs=0.15)


def test_a_step_is_what_the_chapter_writes_by_hand():
    """D descends first; G then faces the D that has just learned."""
    torch.manual_seed(0)
    real, z = torch.randn(64, 1) + 2, torch.randn(64, 1)
    pair = small_gans.three_numbers(start=-2.0, rate_G=0.1, rate_D=0.5)
    losses = small_gans.pair_step(pair, real, z)
    assert losses["d"] == pytest.approx(LN2)

    fake = z - 2
    slope = 0.5 * (0.5 * real.mean() - 0.5 * fake.mean()) / 2
    pull = slope * (1 - torch.sigmoid(slope * fake))
    torch.testing.assert_close(pair.D.slope.data, slope)
    torch.testing.assert_close(pair.G.shift.data, -2 + 0.1 * pull.mean())
    assert losses["g"] == pytest.approx(bce(slope * fake, 1.0).item())


def test_what_the_discriminator_learns_from_is_cut_off_from_the_generator():
    """Else the second descent would find the network taken apart."""
    G, D = small_gans.perceptron(2, 4, 2), small_gans.perceptron(2, 4, 1)
    before = [w.clone() for w in (*G.parameters(), *D.parameters())]
    small_gans.pair_step(
        small_gans.networks(G, D), small_gans.ring(8), torch.randn(8, 2)
    )
    after = (*G.parameters(), *D.parameters())
    for old, new in zip(before, after, strict=True):
        assert not torch.equal(old, new)


# Points and tiny pictures


def test_the_ring_has_eight_hues_around_gray():
    torch.manual_seed(0)
    points = small_gans.ring(4000)
    found = small_gans.hues_found(points)
    assert found.shape == (8,)
    assert found.sum() > 0.99 * 4000
    assert (found > 400).all()
    assert points.mean(dim=0).abs().max() < 0.05


def test_between_the_hues_lies_no_dress():
    """Their mean is gray, which is the color of none."""
    between = torch.tensor([[0.0, 0.0], [math.cos(0.4), math.sin(0.4)]])
    assert small_gans.hues_found(between).sum() == 0
    assert small_gans.hues_found(torch.tensor([[0.0, 1.1]])).tolist()[2] == 1


def test_a_perceptron_ends_without_a_bound():
    """A logit that a ReLU had cut off could never say "generated"."""
    D = small_gans.perceptron(3, 5, 4, 1, dropout=0.5)
    assert [type(layer).__name__ for layer in D] == [
        *["Linear", "LeakyReLU", "Dropout"] * 2,
        "Linear",
    ]
    assert D(torch.zeros(7, 3)).shape == (7, 1)


def test_each_network_has_its_own_rate():
    G, D = small_gans.perceptron(1, 1), small_gans.perceptron(1, 1)
    pair = small_gans.networks(G, D, rate_G=1e-3, rate_D=1e-4)
    rates = [opt.param_groups[0]["lr"] for opt in (pair.opt_G, pair.opt_D)]
    assert rates == [1e-3, 1e-4]
    owned = pair.opt_D.param_groups[0]["params"]
    assert {id(w) for w in owned} == {id(w) for w in D.parameters()}
