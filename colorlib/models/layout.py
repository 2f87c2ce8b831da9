"""Memory layout: where the channels of a pixel lie.

Contiguous tensors hold one channel after the other. In channels_last, the
channels of a pixel lie side by side. Both give the same results up to
rounding, and which is faster depends on the processor and on the
convolutions. `benchmarks/step.py` measures it. Chapter 10.
"""

from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)


def place(network: Network, device: torch.device) -> Network:
    """Move a network to a device, in the layout that is fastest there.

    GPUs multiply in channels_last. A processor is faster in it at depthwise
    convolutions, and with AVX-512 at those of 3 x 3, of which ResNets are
    made. The large kernels of U-Net and PatchGAN lose by it there.

    Args:
        network: changed in place.
        device: where it is to compute.

    Returns:
        The same network.

    Example:
        >>> conv = nn.Conv2d(3, 8, 4)
        >>> place(conv, torch.device("cpu")).weight.is_contiguous()
        True
    """
    last = device.type != "cpu" or _wants_channels_last(network)
    layout = torch.channels_last if last else torch.contiguous_format
    return network.to(device).to(memory_format=layout)


def _wants_channels_last(network: nn.Module) -> bool:
    """Whether a processor computes it faster in channels_last."""
    wide = torch.backends.cpu.get_cpu_capability() == "AVX512"
    return any(
        conv.groups > 1 or (wide and conv.kernel_size == (3, 3))
        for conv in network.modules()
        if isinstance(conv, nn.Conv2d)
    )
