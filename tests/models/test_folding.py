"""Folded norms: the same network, with less to compute."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from colorlib.models.efficientnet import LITE2, EfficientNet
from colorlib.models.folding import fold_norms


@pytest.fixture
def network():
    """A network whose norms have learned something."""
    torch.manual_seed(0)
    network = EfficientNet(LITE2)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network.eval()


def norms(network) -> int:
    return sum(isinstance(m, nn.BatchNorm2d) for m in network.modules())


@torch.no_grad()
def test_a_folded_network_computes_the_same(network):
    x = torch.rand(2, 1, 64, 64)
    before = network(x)
    folded = fold_norms(network)
    for ours, true in zip(folded(x), before, strict=True):
        assert_close(ours, true, atol=1e-4, rtol=1e-3)
    assert norms(folded) == 0


@torch.no_grad()
def test_the_network_itself_stays_as_it_is(network):
    had = {name: t.clone() for name, t in network.state_dict().items()}
    fold_norms(network)
    assert norms(network) > 0
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, had[name]), name


def test_only_a_norm_right_behind_its_convolution_is_folded():
    layers = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.BatchNorm2d(2), nn.Conv2d(2, 2, 1)
    ).eval()
    assert norms(fold_norms(layers)) == 1


def test_a_network_in_training_is_refused():
    with pytest.raises(ValueError, match="eval"):
        fold_norms(nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)))
