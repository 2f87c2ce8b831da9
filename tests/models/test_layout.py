"""Memory layout: fast where it computes, and never another result."""

import pytest
import torch

from colorlib.models.compact import CompactUnet
from colorlib.models.layout import place
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import Unet

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("network", "last"),
    [
        (Unet(n_down=5, width=8), False),
        (PatchDiscriminator(width=8), False),
        (CompactUnet(), True),
    ],
    ids=["unet", "patchgan", "compact"],
)
def test_only_depthwise_convolutions_want_channels_last_on_a_cpu(network, last):
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
