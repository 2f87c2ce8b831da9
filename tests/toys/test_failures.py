"""Each training fails by the mistake that it is named after."""

import math
from dataclasses import fields, replace

import pytest
import torch

from colorlib.losses import bce
from colorlib.toys import digits, failures
from colorlib.toys.failures import SETUPS, Setup

HEALTHY = SETUPS["ink-healthy"]


def mistakes(setup: Setup) -> set[str]:
    return {
        field.name
        for field in fields(Setup)
        if getattr(setup, field.name) != getattr(HEALTHY, field.name)
    } - {"about"}


def test_what_is_wrong_is_one_setting():
    """Else nobody could say what did it; swings take three together."""
    assert {name: mistakes(setup) for name, setup in SETUPS.items()} == {
        "ink-healthy": set(),
        "ink-d-won": {"rate_G"},
        "ink-collapse": {"rate_D"},
        "ink-oscillation": {"hidden_D", "rate_D", "beta1"},
        "ink-no-detach": {"detach"},
        "ink-no-zero-grad": {"zero_grad"},
        "ink-swapped": {"real_is"},
    }


def gradients_left(pair) -> float:
    return sum(w.grad.abs().sum().item() for w in pair.G.parameters())


def one_step(**settings):
    """Step once with a generator that learns nothing by itself."""
    setup = replace(HEALTHY, rate_G=0.0, rate_D=0.0, **settings)
    pair = failures.start(setup)
    pair.D.eval()  # the same answer to the same things
    failures.faulty_step(pair, setup)
    return pair


def test_without_detach_the_generator_hears_the_discriminator_s_lesson():
    """Its gradient is no longer that of its own loss."""
    proper, leaking = one_step(), one_step(detach=False)
    assert gradients_left(proper) != pytest.approx(
        gradients_left(leaking), rel=0.05
    )


def test_without_detach_pytorch_complains_first():
    """The chapter quotes it: `retain_graph` is how the mistake gets silent."""
    pair = failures.start(HEALTHY)
    fake = pair.G(digits.conditions(8))
    bce(pair.D(fake), 0.0).backward()
    with pytest.raises(RuntimeError, match="second time.*retain_graph=True"):
        bce(pair.D(fake), 1.0).backward()


def test_without_zero_grad_gradients_pile_up():
    """Step after step the old ones are taken along."""
    setup = replace(HEALTHY, rate_G=0.0, rate_D=0.0, zero_grad=False)
    pair = failures.start(setup)
    left = []
    for _ in range(4):
        failures.faulty_step(pair, setup)
        left.append(gradients_left(pair))
    assert left[3] > 2.5 * left[0]


def test_with_swapped_labels_both_losses_go_to_nothing():
    """They agree: whatever is generated is to be called real."""
    setup = SETUPS["ink-swapped"]
    *_, last = failures.train_faulty(failures.start(setup), setup, epochs=8)
    assert last["d"] < 0.05
    assert last["g"] < 0.05
    assert last["fake"] > 0.9 > 0.1 > last["real"]


@pytest.mark.slow
def test_where_d_wins_the_generator_s_colors_run_to_the_end_of_their_range():
    """There `tanh` is flat, and no lesson comes through.

    It wins with some seeds, and which they are is another machine's matter.
    """

    def d_and_range(name, seed):
        pair = failures.start(SETUPS[name], seed)
        *_, last = failures.train_faulty(pair, SETUPS[name], epochs=15)
        gray = digits.conditions(200)
        inked = gray[:, :64].repeat(1, 2) > 0  # for a and for b
        with torch.no_grad():
            ab = torch.tanh(pair.G.net(gray))
        return last["d"], (ab.abs() > 0.98)[inked].float().mean().item()

    runs = (d_and_range("ink-d-won", seed) for seed in range(1, 6))
    won = (at_the_end for d, at_the_end in runs if d < 0.05)
    assert next(won, 0.0) > 0.8
    _, at_the_end = d_and_range("ink-healthy", 1)
    assert at_the_end < 0.1


def test_an_epoch_is_the_mean_of_its_steps():
    pair, twin = (failures.start(HEALTHY) for _ in range(2))
    torch.manual_seed(0)
    steps = [
        failures.faulty_step(pair, HEALTHY)
        for _ in range(failures.STEPS_AN_EPOCH)
    ]
    torch.manual_seed(0)
    [row] = failures.train_faulty(twin, HEALTHY, epochs=1)
    for name, mean in row.items():
        each = [step[name].item() for step in steps]
        assert mean == pytest.approx(sum(each) / len(each), rel=1e-5)


def test_the_discriminator_begins_by_guessing():
    losses = failures.faulty_step(failures.start(HEALTHY), HEALTHY)
    assert losses["d"].item() == pytest.approx(math.log(2), abs=0.05)
