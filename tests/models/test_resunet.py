"""The deck's second generator: fastai's network, without its traps."""

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch.testing import assert_close

from colorlib.models.build import build_generator
from colorlib.models.resunet import (
    ResUnet,
    fastai_name,
    fastai_weights,
    load_fastai,
)
from colorlib.models.weights import load_generator, save_generator


@pytest.fixture(scope="module")
def theirs(fastai):
    """fastai's network, its batch norms as they could be after training."""
    torch.manual_seed(0)
    network = fastai.dynamic_unet()
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(layer.weight, 1, 0.2)
            torch.nn.init.normal_(layer.bias)
            layer.running_mean.normal_()
            layer.running_var.uniform_(0.5, 2)
    return network


@pytest.fixture(scope="module")
def ours(theirs):
    G = ResUnet().eval()
    load_fastai(G, theirs.state_dict())
    return G


def lightness(height, width, batch=1):
    return torch.rand(batch, 1, height, width) * 2 - 1


def test_has_the_size_of_the_deck_s():
    assert sum(p.numel() for p in ResUnet().parameters()) == 31_099_672


@pytest.mark.parametrize(
    "size", [(64, 64), (31, 31), (250, 333), (1, 1), (33, 64), (2, 5)]
)
@torch.no_grad()
def test_gives_what_fastai_gives_at_any_size(theirs, ours, size):
    L = lightness(*size)
    answer = theirs(L)
    assert answer.abs().max() > 0.01
    assert_close(ours(L), torch.Tensor(answer), atol=1e-5, rtol=0)


def test_learns_what_fastai_learns(theirs, ours):
    """Same gradients, so it is the same network in training, too."""
    L = lightness(32, 32, batch=2)
    for network in (theirs, ours):
        network.train().zero_grad()
        network(L).abs().mean().backward()
        network.eval()
    for name, weight in ours.named_parameters():
        same = theirs.get_parameter(fastai_name(name))
        assert_close(weight.grad, same.grad, atol=1e-5, rtol=1e-3)


@torch.no_grad()
def test_fastai_takes_its_weights_back(fastai, ours):
    back = fastai.dynamic_unet()
    back.load_state_dict(fastai_weights(ours))
    L = lightness(40, 48)
    assert_close(torch.Tensor(back(L)), ours(L), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda w: w.pop("layers.1.bias"), r"layers.1.bias is missing, not \("),
        (
            lambda w: w.update({"layers.12.0.bias": torch.zeros(3)}),
            r"layers.12.0.bias is \(3,\), not \(2,\)",
        ),
        (
            lambda w: w.update({"layers.13.weight": torch.zeros(1)}),
            r"layers.13.weight is \(1,\), not missing",
        ),
    ],
)
def test_other_weights_are_refused_and_nothing_changes(theirs, spoil, message):
    G = ResUnet()
    before = copy.deepcopy(G.state_dict())
    weights = dict(theirs.state_dict())
    spoil(weights)
    with pytest.raises(ValueError, match=message):
        load_fastai(G, weights)
    after = G.state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before)


@torch.no_grad()
def test_eight_threads_get_their_own_photograph(ours):
    """fastai's keeps a feature map in the network, and mixes them up."""
    photographs = [lightness(32, 32 + 8 * (i % 3)) for i in range(30)]
    alone = [ours(L) for L in photographs]
    with ThreadPoolExecutor(8) as threads:
        shared = list(threads.map(torch.no_grad()(ours), photographs))
    assert_close(shared, alone)


def test_a_copy_can_be_made_after_a_training_step(ours):
    """For averaged weights; fastai's can't, with a feature map kept in it."""
    G = copy.deepcopy(ours)
    G.train()(lightness(32, 32, batch=2)).mean().backward()
    twin = copy.deepcopy(G).eval()
    L = lightness(32, 32)
    assert torch.equal(twin(L), G.eval()(L))


@torch.no_grad()
def test_bounded_is_a_tanh_on_top(ours):
    L = lightness(32, 32)
    bounded = ours.continued(bounded=True).eval()
    assert bounded.config == {"bounded": True}
    assert torch.equal(bounded(L), ours(L).tanh())
    assert ours.continued(bounded=False) is ours


@pytest.mark.parametrize(
    "layout", [torch.contiguous_format, torch.channels_last], ids=str
)
def test_lightness_joins_in_the_precision_and_layout_of_the_body(layout):
    """In 32 bits it would make all that follows twice as wide, and slower."""
    G = ResUnet().to(memory_format=layout)
    seen = []
    G.residual.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        G(torch.zeros(2, 1, 64, 64))
    [joined] = seen
    assert joined.dtype == torch.bfloat16
    assert joined.is_contiguous(memory_format=layout)


def test_first_weights_make_no_checkerboard():
    """A pixel shuffle's four pixels begin equal: ICNR."""
    for block in ResUnet().up:
        x = block.shuffle(torch.rand(1, block.shuffle[0].in_channels, 3, 3))
        corners = [x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)]
        assert x.std() > 0
        for corner in corners[1:]:
            assert_close(corner, corners[0])


def test_is_known_by_name_and_goes_to_a_file_and_back(tmp_path):
    G = build_generator("resunet", bounded=True).eval()
    path = save_generator(G, tmp_path / "mine", card={"name": "mine"})
    twin, card = load_generator(path)
    assert card["config"] == {"bounded": True}
    L = lightness(32, 40)
    assert torch.equal(twin(L), G(L))
