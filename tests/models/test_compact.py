"""The network that ships: small, for any size, and still the same one.

What all generators must do is in test_generators.py.
"""

import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

from colorlib.models.compact import CompactUnet

BUDGET = 5_000_000
# Stages of the backbone: 1/4, and wider inside, 1/8 of the resolution.
SMALL = (8, 1, 3, 2, 1), (12, 1, 3, 2, 2)


def test_keeps_to_its_budget():
    """Readers download it, and browsers run it."""
    assert sum(p.numel() for p in CompactUnet().parameters()) <= BUDGET


@pytest.mark.parametrize("size", [(32, 32), (64, 96), (256, 160)])
def test_colors_several_sizes(size):
    ab = CompactUnet().eval()(torch.rand(1, 1, *size) * 2 - 1)
    assert ab.shape == (1, 2, *size)


def test_its_weights_have_the_names_of_the_shipped_file():
    """Renaming a layer would make every file of weights unreadable."""
    names = CompactUnet(SMALL, (8,)).state_dict().keys()
    layers = {name.rpartition(".")[0] for name in names}
    backbone = {
        "stem.0", "stem.1",
        "stages.0.0.filter.0", "stages.0.0.filter.1",
        "stages.0.0.narrow.0", "stages.0.0.narrow.1",
        "stages.1.0.widen.0", "stages.1.0.widen.1",
        "stages.1.0.filter.0", "stages.1.0.filter.1",
        "stages.1.0.narrow.0", "stages.1.0.narrow.1",
    }  # fmt: skip
    up = {"up.0.0", "up.0.1", "head"}
    assert layers == {f"backbone.{layer}" for layer in backbone} | up


def test_no_convolution_runs_at_full_resolution():
    """Where most of the deck's time goes."""
    G, seen = CompactUnet().eval(), []
    for layer in G.modules():
        if isinstance(layer, torch.nn.Conv2d):
            layer.register_forward_hook(lambda *_: seen.append(_[2].shape[-1]))
    G(torch.zeros(1, 1, 64, 64))
    assert max(seen) == 64 // 2
    assert min(seen) == 64 // G.multiple


def test_color_is_decided_at_a_quarter_of_the_resolution():
    """Between the middles of two of its pixels, color is a straight line."""
    G = CompactUnet().eval()
    ab = G(torch.rand(1, 1, 32, 32) * 2 - 1)
    # The first of its pixels has its middle between 1 and 2, the second's is
    # between 5 and 6.
    steps = ab[..., 2:6].diff(dim=-1)
    assert_close(steps, steps[..., :1].expand_as(steps))
    assert not torch.allclose(ab[..., 6] - ab[..., 5], steps[..., 0])


def test_color_is_the_median_of_the_logits():
    G = CompactUnet(temperature=0.5).eval()
    L = torch.rand(1, 1, 64, 32) * 2 - 1
    logits = G(L, logits=True)
    assert logits.shape == (1, len(G.bins), 16, 8)
    small = G.bins.annealed_median(logits, 0.5)
    assert_close(G(L), F.interpolate(small, (64, 32), mode="bilinear"))


def test_dropout_is_for_training_only():
    torch.manual_seed(0)
    G = CompactUnet(SMALL, (8,), dropout=0.5)
    L = torch.rand(2, 1, 16, 16)
    G.train()
    for layer in G.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.eval()
    assert not torch.equal(G(L), G(L))
    G.eval()
    assert torch.equal(G(L), G(L))


def test_dropout_takes_whole_channels_of_the_deepest_and_of_each_skip():
    """A neighbor would give away a single place of a smooth map."""
    torch.manual_seed(0)
    stages = [(32, 1, 3, 2, 1)] * 3
    G = CompactUnet(stages, (8, 8), dropout=0.5).train()
    dropped = []
    G.dropout.register_forward_hook(
        lambda _, inputs, x: dropped.append((x == 0).all(dim=(2, 3)))
    )
    G(torch.rand(2, 1, 64, 64) * 2 - 1)
    assert len(dropped) == 3
    for channels in dropped:
        assert 0.2 < channels.float().mean() < 0.8


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="zip"):
        CompactUnet(SMALL, decoder=(8, 8))
