"""What an ensemble teaches, and the average that is saved."""

import json
from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from colorlib.data.batches import lab_batch
from colorlib.files import sha256_of
from colorlib.models.unet import Unet
from colorlib.models.weights import load_generator, save_generator
from colorlib.training import pretrain
from colorlib.training.checkpoint import load_checkpoint, save_checkpoint
from colorlib.training.config import PretrainConfig
from colorlib.training.ensemble import (
    Ensemble,
    divergence_of_bins,
    load_ensemble,
)
from colorlib.training.pretrain import average_into, on_film, start_pretraining
from colorlib.training.session import record

CONFIG = PretrainConfig(
    epochs=2, learning_rate=1e-2, loss="cross-entropy", precision="no"
)


@pytest.fixture
def members(networks):
    """Two networks that disagree."""
    one, other = networks()[0].eval(), networks()[0].eval()
    with torch.no_grad():
        other.head.bias.copy_(torch.randn(other.head.bias.shape) * 3)
    return one, other


def test_an_ensemble_is_the_mean_of_members_and_mirror(members):
    """Of their probabilities: where they disagree, both stay possible."""
    L = torch.rand(2, 1, 16, 32) * 2 - 1
    found = Ensemble(members)(L, every=2)
    each = []
    with torch.no_grad():
        for G in members:
            each.append(G(L, logits=True).softmax(1))
            each.append(G(L.flip(-1), logits=True).softmax(1).flip(-1))
    assert_close(found, sum(each)[..., ::2, ::2] / 4, atol=1e-5, rtol=1e-4)
    assert_close(found.sum(1), torch.ones(2, 2, 4))


def test_members_stay_as_they_are(members):
    before = [p.clone() for p in members[0].parameters()]
    ensemble = Ensemble(members).train()
    assert not any(m.training for m in ensemble.modules())
    assert not any(p.requires_grad for p in ensemble.parameters())
    assert all(map(torch.equal, before, members[0].parameters()))


def test_a_network_without_bins_teaches_nothing(tmp_path):
    path = save_generator(Unet(n_down=2, width=4), tmp_path / "u", card={})
    with pytest.raises(ValueError, match="Unet gives one color"):
        load_ensemble([path])
    assert load_ensemble([]) is None


def test_the_divergence_is_zero_where_both_agree_and_has_a_gradient():
    logits = torch.randn(2, 5, 3, 3, requires_grad=True)
    same = divergence_of_bins(logits, logits.detach().softmax(1))
    assert_close(same, torch.tensor(0.0), atol=1e-6, rtol=0)
    sure = torch.zeros(2, 5, 3, 3)
    sure[:, 0] = 1  # 0 log 0 is 0
    value = divergence_of_bins(logits, sure)
    wanted = -logits.log_softmax(1)[:, 0].mean()
    assert_close(value, wanted)
    value.backward()
    assert logits.grad.isfinite().all()


def test_a_student_learns_what_the_ensemble_says(networks, members, one_batch):
    """With nothing but its colors to go by, it comes close to them."""
    config = replace(CONFIG, epochs=40, ensemble_weight=1.0)
    G = networks(dropout=0.0)[0]
    state = start_pretraining(G, config, Ensemble(members))
    losses = [
        x["ensemble"] for x in pretrain.pretrain(state, one_batch, config)
    ]
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("weight", [0.0, 0.25])
def test_both_losses_count_as_they_are_told(
    networks, members, one_batch, weight
):
    """The gradient of the head's bias is that of the weighted sum."""
    config = replace(CONFIG, ensemble_weight=weight)
    L, ab = lab_batch(next(one_batch.epoch(0)))
    G = networks(dropout=0.0)[0]
    state = start_pretraining(G, config, Ensemble(members))
    state.opt.zero_grad = lambda: None
    rates = {"learning_rate": 0.0, "config": config}
    pretrain.pretrain_step(state, L, ab, **rates)
    found = state.G.head.bias.grad

    alone = networks(dropout=0.0)[0].train()
    logits = alone(L, logits=True)
    hard = alone.bins.cross_entropy(logits, ab, every=2)
    wanted = Ensemble(members)(L, every=2)
    soft = divergence_of_bins(logits[..., ::2, ::2], wanted)
    ((1 - weight) * hard + weight * soft).backward()
    assert_close(found, alone.head.bias.grad, atol=1e-6, rtol=1e-3)


def test_the_ensemble_sees_what_the_camera_saw(networks, members, one_batch):
    """Only the student's photographs are of other films and exposures."""
    config = replace(CONFIG, film=1.0, gamma_jitter=2.0)
    ensemble = Ensemble(members)
    state = start_pretraining(networks()[0], config, ensemble)
    seen = {"student": [], "ensemble": []}
    state.G.register_forward_pre_hook(lambda _, L: seen["student"].append(*L))
    ensemble.register_forward_pre_hook(lambda _, L: seen["ensemble"].append(*L))
    next(pretrain.pretrain(state, one_batch, config))
    true_L, _ = lab_batch(next(one_batch.epoch(0)))
    assert_close(seen["ensemble"][0], true_L)
    assert not torch.allclose(seen["student"][0], true_L, atol=0.02)


def test_a_share_of_the_photographs_is_on_film(one_batch):
    L, ab = lab_batch(next(one_batch.epoch(0)))
    assert on_film(L, ab, 0.0) is L
    many, colors = L[:1].repeat(40, 1, 1, 1), ab[:1].repeat(40, 1, 1, 1)
    torch.manual_seed(0)
    shown = on_film(many, colors, 0.5)
    changed = (shown - many).abs().amax((1, 2, 3)) > 0.01
    assert 8 < changed.sum() < 32
    torch.manual_seed(0)
    assert torch.equal(on_film(many, colors, 0.5), shown)


def test_the_average_follows_the_weights_slowly(networks):
    averaged, G = networks()[0], networks()[0]
    with torch.no_grad():
        G.head.weight.add_(1.0)
    G.backbone.stem[1].num_batches_tracked.add_(5)
    before = averaged.head.weight.clone()
    average_into(averaged, G, 0.9)
    assert_close(averaged.head.weight, before + 0.1)
    assert averaged.backbone.stem[1].num_batches_tracked == 5


def test_what_is_saved_is_the_average(networks, batches):
    config = replace(CONFIG, average=0.9)
    state = start_pretraining(networks()[0], config)
    list(pretrain.pretrain(state, batches, config))
    kept = state.networks()["G"]
    assert kept is not state.G
    assert not torch.equal(kept.head.weight, state.G.head.weight)
    assert set(state.parts()) == {"G", "opt", "averaged"}


@pytest.mark.parametrize("stop", [1, 3])
def test_resumed_equals_uninterrupted_with_all_of_it(
    networks, members, batches, tmp_path, stop
):
    """To the bit: the average, and the films that are still to come."""
    config = replace(CONFIG, average=0.9, film=0.5)

    def start():
        return start_pretraining(networks()[0], config, Ensemble(members))

    def trace(state, number=None):
        run = pretrain.pretrain(state, batches, config)
        taken = run if number is None else (next(run) for _ in range(number))
        return [loss["ensemble"].item() for loss in taken]

    whole = start()
    expected = trace(whole)
    first = start()
    seen = trace(first, stop)
    save_checkpoint(tmp_path / "ckpt", first.parts(), step=first.step)
    torch.manual_seed(99)
    second = start()
    second.step = load_checkpoint(tmp_path / "ckpt", second.parts())["step"]
    assert seen + trace(second) == expected
    ours, theirs = (s.networks()["G"].state_dict() for s in (second, whole))
    assert all(map(torch.equal, ours.values(), theirs.values()))


def test_a_run_says_by_which_networks_it_was_taught(
    tmp_path, weights, photo_folder, cache
):
    """By hashes; the folder of a run will do for its network."""
    config = PretrainConfig(
        generator=str(weights), loss="cross-entropy", average=0.9, epochs=1,
        batch_size=4, size=16, validation=0.0, ensemble=[str(weights)],
    )  # fmt: skip
    list(record(tmp_path / "one", [str(photo_folder)], config, cache=cache))
    taught = replace(config, ensemble=[str(tmp_path / "one"), str(weights)])
    list(record(tmp_path / "two", [str(photo_folder)], taught, cache=cache))
    run = json.loads((tmp_path / "two" / "run.json").read_text())
    kept = tmp_path / "one" / "generator.safetensors"
    assert run["config"]["ensemble"] == [kept.name, weights.name]
    assert run["ensemble_sha256"] == [sha256_of(kept), sha256_of(weights)]
    assert str(tmp_path) not in json.dumps(run)
    G, _ = load_generator(kept)
    state = torch.load(tmp_path / "one" / "last.ckpt", weights_only=True)
    averaged = state["parts"]["averaged"]["head.weight"]
    assert torch.equal(G.head.weight, averaged)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ensemble": ["x"]}, "set the loss \"cross-entropy\", got 'l1'"),
        ({"ensemble_weight": 1.5}, "ensemble_weight must be from 0 to 1"),
        ({"average": 1.0}, "average must be from 0 to below 1"),
        ({"film": -1.0}, "film must be from 0 to 1"),
    ],
)
def test_settings_that_make_no_sense_are_one_line(settings, said):
    with pytest.raises(ValueError, match=said):
        PretrainConfig(**settings)
