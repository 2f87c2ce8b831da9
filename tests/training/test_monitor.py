"""Trouble is seen early, said once, and not seen where there is none."""

import math

import pytest
import torch

from colorlib.training.monitor import Limits, Watch, signs

STEPS = Limits().steps

HEALTHY = {"d": 0.45, "g_gan": 1.5, "g_l1": 0.11}


def watched(losses, steps, **options):
    """What is said during so many steps of the same losses."""
    watch = Watch(**options)
    return [line for _ in range(steps) for line in watch.add(losses)]


def test_a_discriminator_that_is_always_right_is_noticed_once():
    won = {name: torch.tensor(x) for name, x in HEALTHY.items()}
    won["d"] = torch.tensor(0.01)
    (line,) = watched(won, 5 * STEPS)
    assert "discriminator's loss was 0.010 over 200 steps" in line
    assert "lower learning_rate_D" in line
    assert watched(won, STEPS - 1) == []  # not for long yet


def test_one_that_only_looks_on_may_win():
    """With a gan_weight of 0 it teaches nobody."""
    won = HEALTHY | {"d": 0.0}
    assert watched(won, 2 * STEPS, ignored={"d", "g_gan"}) == []


def test_healthy_losses_are_let_be():
    """As measured over 1,200 steps of model 1: they jump, and L1 creeps up."""
    d = [0.447, 0.433, 0.447, 0.45, 0.46, 0.44]
    g_gan = [1.29, 1.64, 1.56, 1.6, 1.5, 1.7]
    g_l1 = [0.105, 0.11, 0.112, 0.113, 0.115, 0.118]
    rows = zip(d, g_gan, g_l1, strict=True)
    means = [dict(zip(HEALTHY, row, strict=True)) for row in rows]
    for count in range(1, len(means) + 1):
        assert signs(means[:count]) == {}


@pytest.mark.parametrize(
    ("name", "losses", "what"),
    [
        ("g_gan", (1.4, 1.3, 2.6, 4.0), "from 1.300 to 4.000: the discrim"),
        ("g_l1", (0.15, 0.14, 0.37), "from 0.140 to 0.370: the network"),
        ("l1", (0.15, 0.31), "from 0.150 to 0.310: the network"),
    ],
)
def test_a_generator_s_loss_that_climbs(name, losses, what):
    climbing = [{name: loss} for loss in losses]
    assert what in signs(climbing)[name]
    assert signs(climbing[:-1]) == {}
    assert signs(climbing[::-1]) == {}


def test_what_is_no_number_is_left_to_the_run():
    """It stops there, which says more than a warning."""
    means = [HEALTHY | {"d": math.nan, "g_l1": math.nan}] * 4
    assert signs(means) == {}
