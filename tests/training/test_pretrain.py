"""The generator alone: it learns, and it can be interrupted anywhere."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from colorlib.data.batches import lab_batch
from colorlib.models.unet import Unet
from colorlib.training.checkpoint import load_checkpoint, save_checkpoint
from colorlib.training.config import PretrainConfig
from colorlib.training.pretrain import (
    gamma_jitter,
    pretrain,
    rate_at,
    start_pretraining,
)

CONFIG = PretrainConfig(epochs=2, learning_rate=1e-2)


def trace(losses):
    return [loss["l1"].item() for loss in losses]


def test_overfits_one_batch(networks, one_batch):
    config = PretrainConfig(epochs=120, learning_rate=1e-2)
    state = start_pretraining(networks(dropout=0.0)[0], config)
    losses = trace(pretrain(state, one_batch, config))
    assert losses[-1] < losses[0] / 5


def test_four_steps_are_the_same_each_time(networks, batches):
    """The loss trace: finite, and from the seed alone."""
    runs = []
    for _ in range(2):
        state = start_pretraining(networks()[0], CONFIG)
        runs.append(trace(pretrain(state, batches, CONFIG)))
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 4
    assert torch.tensor(runs[0]).isfinite().all()


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_resumed_equals_uninterrupted(networks, batches, tmp_path, stop):
    """To the bit: weights, moments, batches and dropout (0.1) go on."""
    whole = start_pretraining(networks()[0], CONFIG)
    expected = trace(pretrain(whole, batches, CONFIG))

    first = start_pretraining(networks()[0], CONFIG)
    losses = pretrain(first, batches, CONFIG)
    seen = trace(next(losses) for _ in range(stop))
    save_checkpoint(tmp_path / "ckpt", first.parts(), step=first.step)

    torch.manual_seed(99)
    second = start_pretraining(networks()[0], CONFIG)
    second.step = load_checkpoint(tmp_path / "ckpt", second.parts())["step"]
    seen += trace(pretrain(second, batches, CONFIG))
    assert seen == expected
    for own, other in zip(
        whole.G.state_dict().values(),
        second.G.state_dict().values(),
        strict=True,
    ):
        assert torch.equal(own, other)


def test_a_batch_in_parts_is_the_whole_batch(networks, batches):
    """Gradients are added, and the weights change once."""
    losses, weights = [], []
    for accumulate in (1, 2):
        config = PretrainConfig(
            epochs=2, accumulate=accumulate, precision="no", learning_rate=1e-3
        )
        state = start_pretraining(networks(dropout=0.0)[0], config)
        for layer in state.G.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.eval()  # it would look at each part on its own
        losses.append(trace(pretrain(state, batches, config)))
        weights.append(list(state.G.parameters()))
    assert_close(losses[0], losses[1], atol=1e-6, rtol=1e-5)
    assert_close(weights[0], weights[1], atol=1e-5, rtol=1e-4)


def test_weight_decay_pulls_to_zero(networks, one_batch):
    norms = []
    for decay in (0.0, 10.0):
        config = PretrainConfig(
            epochs=5, learning_rate=1e-3, weight_decay=decay
        )
        state = start_pretraining(networks()[0], config)
        list(pretrain(state, one_batch, config))
        norms.append(state.G.head.weight.norm())
    assert norms[1] < norms[0] * 0.98


def test_the_backbone_learns_at_its_own_rate_and_frozen_stages_do_not(
    networks, one_batch
):
    config = PretrainConfig(
        epochs=1, learning_rate=1e-3, backbone_lr=0.1, freeze_stages=1
    )
    G = networks(dropout=0.0)[0]
    before = {name: p.detach().clone() for name, p in G.named_parameters()}
    state = start_pretraining(G, config)
    next(pretrain(state, one_batch, config))
    moved = {
        name: (p - before[name]).abs().max().item()
        for name, p in G.named_parameters()
    }
    # Adam's first step is as long as its rate, whatever the gradient.
    assert moved["head.weight"] == pytest.approx(1e-3, rel=0.01)
    assert moved["backbone.stages.1.0.narrow.0.weight"] == pytest.approx(
        1e-4, rel=0.01
    )
    assert moved["backbone.stem.0.weight"] == 0
    assert moved["backbone.stages.0.0.narrow.0.weight"] == 0


def test_exposure_varies_by_photograph_and_keeps_black_and_white():
    torch.manual_seed(0)
    ramp = torch.linspace(-1, 1, 9).expand(500, 1, 1, 9)
    shown = gamma_jitter(ramp, 2.0)
    assert_close(shown[..., [0, -1]], ramp[..., [0, -1]])
    assert (shown.diff(dim=-1) > 0).all()  # light stays lighter than dark
    # The middle of the ramp is a half: its logarithm tells the gamma.
    gammas = -((shown[:, 0, 0, 4] + 1) / 2).log2()
    assert 0.5 <= gammas.min() < 0.55
    assert 1.8 < gammas.max() <= 2.0
    assert 0.4 < (gammas < 1).float().mean() < 0.6  # as often light as dark
    assert gamma_jitter(ramp, 1.0) is ramp


def test_training_sees_the_exposures_that_it_was_told(networks, one_batch):
    seen = []
    for exposure in (1.0, 3.0):
        config = PretrainConfig(epochs=1, gamma_jitter=exposure)
        state = start_pretraining(networks()[0], config)
        state.G.register_forward_pre_hook(lambda _, L: seen.append(*L))
        next(pretrain(state, one_batch, config))
    true_L, _ = lab_batch(next(one_batch.epoch(0)))
    assert torch.equal(seen[0], true_L)
    assert not torch.allclose(seen[1], true_L, atol=0.01)


def test_the_rate_is_constant_unless_told_otherwise():
    assert {rate_at(s, 100, PretrainConfig()) for s in range(100)} == {1e-4}


def test_one_cycle_rises_and_falls():
    config = PretrainConfig(learning_rate=1.0, one_cycle=True)
    rates = [rate_at(s, 100, config) for s in range(100)]
    peak = rates.index(max(rates))
    assert peak == 19
    assert rates[peak] == 1.0
    assert rates[:20] == pytest.approx([(s + 1) / 20 for s in range(20)])
    assert rates[59] == pytest.approx(0.5)  # halfway down
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-12)


def test_the_rate_reaches_the_optimizer(networks, batches):
    config = PretrainConfig(epochs=2, learning_rate=1.0, one_cycle=True)
    state = start_pretraining(networks()[0], config)
    next(pretrain(state, batches, config))
    group = state.opt.param_groups[0]
    assert group["lr"] == rate_at(0, 4, config)


def test_the_answer_is_color_of_the_photograph(networks, one_batch):
    """The generator sees L and is judged on ab, in this order."""
    seen = []
    state = start_pretraining(networks(dropout=0.0)[0], CONFIG)
    state.G.register_forward_hook(
        lambda _, inputs, ab: seen.append((*inputs, ab))
    )
    loss = next(pretrain(state, one_batch, CONFIG))
    (L, fake_ab) = seen[0]
    true_L, true_ab = lab_batch(next(one_batch.epoch(0)))
    assert torch.equal(L, true_L)
    assert_close(loss["l1"], (fake_ab - true_ab).abs().mean())


def test_learns_to_classify(networks, one_batch):
    """The loss of the model that ships."""
    config = PretrainConfig(
        epochs=120, learning_rate=1e-2, loss="cross-entropy"
    )
    state = start_pretraining(networks(dropout=0.0)[0], config)
    losses = [x["cross-entropy"] for x in pretrain(state, one_batch, config)]
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize(
    ("loss", "message"),
    [("l2", "must be"), ("cross-entropy", "not a choice among bins")],
)
def test_a_loss_that_does_not_suit_is_refused(loss, message):
    G = Unet(n_down=5, width=8)
    with pytest.raises(ValueError, match=message):
        start_pretraining(G, PretrainConfig(loss=loss))
