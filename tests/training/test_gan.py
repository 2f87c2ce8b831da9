"""Generator against discriminator: who is changed when, and by what."""

import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from torch import nn
from torch.testing import assert_close

from colorlib.data.batches import lab_batch
from colorlib.losses import least_squares
from colorlib.training.checkpoint import load_checkpoint, save_checkpoint
from colorlib.training.config import GanConfig
from colorlib.training.gan import (
    decayed,
    frozen,
    gan_step,
    joint_logits,
    start_gan,
    train_gan,
)

CONFIG = GanConfig(epochs=2)


def traces(losses):
    return [{k: v.item() for k, v in loss.items()} for loss in losses]


def copies(network):
    return [weight.detach().clone() for weight in network.parameters()]


@pytest.fixture
def batch(batches):
    return lab_batch(next(batches.epoch(0)))


def test_overfits_one_batch(networks, one_batch):
    config = GanConfig(epochs=120, learning_rate_G=1e-2, learning_rate_D=1e-3)
    state = start_gan(*networks(dropout=0.0), config)
    losses = traces(train_gan(state, one_batch, config))
    assert losses[-1]["g_l1"] < losses[0]["g_l1"] / 3


# Losses of eight steps with these settings, one for each step.
TRACED = GanConfig(
    epochs=4,
    precision="no",
    l1_weight=10.0,
    learning_rate_G=5e-3,
    learning_rate_D=5e-3,
)
# fmt: off
TRACE = {
    "d": [
        0.68657, 0.65804, 0.62448, 0.55741, 0.54787, 0.46259, 0.45194, 0.39052,
    ],
    "g_gan": [
        0.69497, 0.78105, 0.83824, 0.93334, 1.00289, 1.11536, 1.10201, 1.27678,
    ],
    "g_l1": [
        0.33537, 0.30968, 0.30359, 0.36742, 0.27342, 0.29453, 0.24831, 0.29308,
    ],
}
# fmt: on


def test_losses_follow_the_recorded_trace(networks, batches):
    """Betas, lambda, labels and rates: each of them changes these numbers.

    Another processor's kernels add up in another order, and change less.
    """
    state = start_gan(*networks(dropout=0.0), TRACED)
    found = traces(train_gan(state, batches, TRACED))
    for name, expected in TRACE.items():
        seen = [losses[name] for losses in found]
        assert seen == pytest.approx(expected, rel=1e-3), name


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_resumed_equals_uninterrupted(networks, batches, tmp_path, stop):
    """To the bit: both networks, both optimizers, batches and dropout."""
    whole = start_gan(*networks(), CONFIG)
    expected = traces(train_gan(whole, batches, CONFIG))

    first = start_gan(*networks(), CONFIG)
    losses = train_gan(first, batches, CONFIG)
    seen = traces(next(losses) for _ in range(stop))
    save_checkpoint(tmp_path / "ckpt", first.parts(), step=first.step)

    second = start_gan(*networks(), CONFIG)
    torch.manual_seed(99)
    second.step = load_checkpoint(tmp_path / "ckpt", second.parts())["step"]
    assert seen + traces(train_gan(second, batches, CONFIG)) == expected
    for network in "GD":
        own = vars(whole)[network].state_dict()
        other = vars(second)[network].state_dict()
        assert all(torch.equal(own[k], other[k]) for k in own)


def test_l1_alone_does_not_hear_the_discriminator(networks, batch):
    """With a weight of 0 its verdict must not reach the generator."""
    taught = []
    for spoil in (1.0, 5.0):
        G, D = networks(dropout=0.0)
        for weight in D.parameters():
            weight.data *= spoil
        state = start_gan(G, D, CONFIG)
        before = copies(state.D)
        gan_step(state, *batch, gan_weight=0.0)
        taught.append(copies(state.G))
        changed = zip(before, copies(state.D), strict=True)
        assert any(not torch.equal(*pair) for pair in changed)  # looks on
    for one, other in zip(*taught, strict=True):
        assert torch.equal(one, other)


def test_a_discriminator_that_knows_nothing_guesses(networks, batch):
    """Both verdicts cost ln 2 where all logits are 0."""
    G, D = networks()
    nn.init.zeros_(list(D.parameters())[-2])
    losses = gan_step(start_gan(G, D, CONFIG), *batch)
    assert losses["d"].item() == pytest.approx(math.log(2))


def test_the_discriminator_starts_near_ln_2(networks, batch):
    """The initialization leaves it undecided."""
    losses = gan_step(start_gan(*networks(), CONFIG), *batch)
    assert losses["d"].item() == pytest.approx(math.log(2), abs=0.1)


def test_the_generators_step_leaves_the_discriminator_alone(networks, batch):
    """Its gradients pass through D's weights, not into them."""
    state = start_gan(*networks(), CONFIG)
    found = []

    def look(optimizer, *_):
        found.append([w.grad is None for w in state.D.parameters()])

    state.opt_G.optimizer.register_step_pre_hook(look)
    gan_step(state, *batch)
    assert found == [[True] * len(list(state.D.parameters()))]
    for network in (state.G, state.D):  # nothing is left for the next step
        assert all(w.grad is None for w in network.parameters())
        assert all(w.requires_grad for w in network.parameters())


def test_the_discriminators_step_leaves_the_generator_alone(networks, batch):
    state = start_gan(*networks(), CONFIG)
    found = []

    def look(optimizer, *_):
        found.append([w.grad is None for w in state.G.parameters()])

    state.opt_D.optimizer.register_step_pre_hook(look)
    gan_step(state, *batch)
    assert found == [[True] * len(list(state.G.parameters()))]


def test_both_networks_learn(networks, batch):
    state = start_gan(*networks(), CONFIG)
    before = copies(state.G), copies(state.D)
    gan_step(state, *batch)
    for old, network in zip(before, (state.G, state.D), strict=True):
        for weight, was in zip(network.parameters(), old, strict=True):
            assert not torch.equal(weight, was)


def test_the_generator_faces_the_discriminator_after_its_step(networks, batch):
    """As in the deck: the losses of G come from the new D."""
    state = start_gan(*networks(dropout=0.0), CONFIG)
    seen = []
    state.D.register_forward_pre_hook(lambda *_: seen.append(copies(state.D)))
    gan_step(state, *batch)
    (first, *_), (second, *_), (third, *_) = seen
    assert torch.equal(first, second)
    assert not torch.equal(second, third)


def test_lambda_weighs_l1(networks, batch):
    """With lambda 0 only the discriminator is heard."""
    moved = []
    for l1_weight in (0.0, 100.0):
        state = start_gan(*networks(dropout=0.0), CONFIG)
        gradients = []
        head = state.G.head.weight
        head.register_hook(lambda g, to=gradients: to.append(g.norm()))
        gan_step(state, *batch, l1_weight=l1_weight)
        moved.append(gradients[0].item())
    assert 0 < moved[0] < moved[1] / 10


def test_least_squares(networks, batches, batch):
    """A quarter when all logits are halfway between 0 and 1."""
    G, D = networks()
    nn.init.zeros_(list(D.parameters())[-2])
    nn.init.constant_(list(D.parameters())[-1], 0.5)
    state = start_gan(G, D, CONFIG)
    losses = gan_step(state, *batch, adversarial=least_squares)
    assert losses["d"].item() == pytest.approx(0.25)

    config = GanConfig(epochs=2, adversarial="least-squares")
    state = start_gan(*networks(), config)
    judged = traces(train_gan(state, batches, config))
    config = GanConfig(epochs=2)
    vanilla = traces(train_gan(start_gan(*networks(), config), batches, config))
    assert judged[0]["d"] != vanilla[0]["d"]


def test_unknown_adversarial_loss(networks):
    """Before any work is done, not at the first step."""
    config = GanConfig(adversarial="hinge")
    with pytest.raises(ValueError, match="vanilla, least-squares.*'hinge'"):
        start_gan(*networks(), config)


@pytest.mark.parametrize("changed", ["learning_rate_G", "learning_rate_D"])
def test_each_network_has_its_own_rate(networks, batch, changed):
    config = GanConfig(**{changed: 0.0})
    state = start_gan(*networks(), config)
    kept = {"learning_rate_G": state.G, "learning_rate_D": state.D}[changed]
    before = copies(kept)
    gan_step(state, *batch)
    assert all(
        torch.equal(w, was)
        for w, was in zip(kept.parameters(), before, strict=True)
    )


def test_rates_fall_to_nothing_at_the_end(networks, batches):
    """On a line that would reach 0 after the last step."""
    config = replace(CONFIG, epochs=4, decay=0.5, learning_rate_D=1e-4)
    state = start_gan(*networks(), config)
    steps = 4 * len(batches)
    seen = [
        (state.opt_G.param_groups[0]["lr"], state.opt_D.param_groups[0]["lr"])
        for _ in train_gan(state, batches, config)
    ]
    half = steps // 2
    left = [1.0] * half + [1 - i / half for i in range(half)]
    wanted = [(config.learning_rate_G * x, 1e-4 * x) for x in left]
    assert np.allclose(seen, wanted, rtol=1e-12, atol=0)


def test_rates_fall_after_a_resume_as_without(networks, batches, tmp_path):
    config = replace(CONFIG, epochs=4, decay=1.0)
    whole = traces(train_gan(start_gan(*networks(), config), batches, config))
    state = start_gan(*networks(), config)
    stop = len(whole) // 2
    before = traces(islice(train_gan(state, batches, config), stop))
    save_checkpoint(tmp_path / "c", state.parts(), step=state.step)
    state = start_gan(*networks(), config)
    state.step = load_checkpoint(tmp_path / "c", state.parts())["step"]
    assert before + traces(train_gan(state, batches, config)) == whole


def test_rates_stay_if_nobody_asks(networks, batches):
    """As in the deck; and a run that was begun before `decay` goes on."""
    assert GanConfig().decay == 0
    assert decayed(9, 10, 0.0) == decayed(0, 10, 1.0) == 1
    state = start_gan(*networks(), CONFIG)
    state.opt_G.param_groups[0]["lr"] = 0.0
    next(train_gan(state, batches, CONFIG))
    assert state.opt_G.param_groups[0]["lr"] == 0


def test_a_batch_in_parts_is_the_whole_batch(networks, batches):
    """With a discriminator that stands still; see `gan_step` for why."""
    losses, weights = [], []
    for accumulate in (1, 2):
        config = GanConfig(
            epochs=2, accumulate=accumulate, precision="no", learning_rate_D=0.0
        )
        state = start_gan(*networks(dropout=0.0), config)
        for network in (state.G, state.D):
            for layer in network.modules():
                if isinstance(layer, nn.BatchNorm2d):
                    layer.eval()  # it would look at each part on its own
        losses.append(traces(train_gan(state, batches, config)))
        weights.append(list(state.G.parameters()))
    assert_close(losses[0], losses[1], atol=1e-6, rtol=1e-5)
    assert_close(weights[0], weights[1], atol=1e-5, rtol=1e-4)


def test_frozen_gives_back_what_it_took(networks):
    """A network that was half frozen stays so."""
    _, D = networks()
    first = next(D.parameters()).requires_grad_(False)
    with frozen(D):
        assert not any(w.requires_grad for w in D.parameters())
    assert not first.requires_grad
    assert sum(not w.requires_grad for w in D.parameters()) == 1


def test_in_a_joint_batch_both_lose_the_same_mean(batch):
    """A discriminator that only normalizes can't see a cast in two batches.

    It can in one: that is what `joint_batch` is for.
    """

    class Normalize(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm = nn.BatchNorm2d(1, affine=False)

        def forward(self, L, ab):
            return self.norm(ab.mean(dim=1, keepdim=True))

    L, ab = batch
    D = Normalize().train()
    real, fake = joint_logits(D, L, ab, ab - 0.3)
    assert (real - fake).min() > 0.5
    assert_close(D(L, ab), D(L, ab - 0.3), atol=1e-3, rtol=0)


def test_joint_batch_reaches_both_steps(networks, batches):
    """D sees real and generated together, twice a step, and nothing else."""
    config = replace(CONFIG, joint_batch=True)
    state = start_gan(*networks(), config)
    seen = []
    state.D.register_forward_pre_hook(lambda _, x: seen.append(x))
    next(train_gan(state, batches, config))
    for L, ab in seen:
        assert len(L) == len(ab) == 8
        assert torch.equal(L[:4], L[4:])
        assert not torch.equal(ab[:4], ab[4:])
    for_D, for_G = (ab for _, ab in seen)
    assert torch.equal(for_D, for_G)
    assert for_G.requires_grad
    assert not for_D.requires_grad


def test_joint_batch_changes_nothing_without_batch_norm(networks, batch):
    """What is left is one pass in place of two."""
    losses = []
    for joint_batch in (False, True):
        G, D = networks(dropout=0.0)
        state = start_gan(G, D, replace(CONFIG, precision="no"))
        for layer in state.D.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.eval()
        losses.append(gan_step(state, *batch, joint_batch=joint_batch))
    assert_close(*losses, atol=1e-5, rtol=1e-4)


def test_two_batches_are_the_default():
    """The deck's recipe, and every run recorded before there was a choice."""
    assert GanConfig().joint_batch is False
