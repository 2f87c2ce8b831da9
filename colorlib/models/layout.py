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

    GPUs multiply in channels_last. On a processor it is the faster one for
    depthwise convolutions only; the large kernels of U-Net and PatchGAN lose
    by it.

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
    depthwise = any(
        isinstance(module, nn.Conv2d) and module.groups > 1
        for module in network.modules()
    )
    last = depthwise or device.type != "cpu"
    layout = torch.channels_last if last else torch.contiguous_format
    return network.to(device).to(memory_format=layout)
