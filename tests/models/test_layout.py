"""Memory layout: fast where it computes, and never another result."""

import pytest
import torch

from colorlib.models.classifier import GrayClassifier
from colorlib.models.compact import CompactUnet
from colorlib.models.layout import place
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.resunet import ResUnet
from colorlib.models.unet import Unet

CPU = torch.device("cpu")


@pytest.mark.parametrize("instructions", ["AVX2", "AVX512"])
@pytest.mark.parametrize(
    ("network", "wants"),
    [
        (Unet(n_down=5, width=8), set()),
        (PatchDiscriminator(width=8), set()),
        (CompactUnet(), {"AVX2", "AVX512"}),
        (ResUnet(), {"AVX512"}),
        (GrayClassifier(classes=2), {"AVX512"}),
    ],
    ids=["unet", "patchgan", "compact", "resunet", "classifier"],
)
def test_a_cpu_wants_channels_last_where_it_is_faster(
    network, wants, instructions, monkeypatch
):
    """Depthwise kernels do everywhere, those of 3 x 3 with AVX-512."""
    monkeypatch.setattr(
        torch.backends.cpu, "get_cpu_capability", lambda: instructions
    )
    last = instructions in wants
    assert all(
        kernel.is_contiguous(memory_format=torch.channels_last) == last
        for kernel in kernels_of(place(network, CPU))
    )


def test_a_gpu_wants_channels_last():
    G = place(Unet(n_down=5, width=8), torch.device("meta"))
    assert all(
        kernel.is_contiguous(memory_format=torch.channels_last)
        for kernel in kernels_of(G)
    )


def test_the_layout_changes_nothing_but_rounding():
    G = Unet(n_down=5, width=8).eval()
    L = torch.rand(1, 1, 32, 32) * 2 - 1
    with torch.inference_mode():
        here = place(G, CPU)(L)
        there = G.to(memory_format=torch.channels_last)(L)
    torch.testing.assert_close(here, there, atol=1e-5, rtol=0)


def kernels_of(network):
    """Convolutions' weights whose two layouts differ."""
    return [
        p
        for p in network.parameters()
        if p.ndim == 4 and p.shape[1] > 1 and p.shape[2] > 1
    ]
