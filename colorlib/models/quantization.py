"""Weights in 8 bits, for a file of half the size.

Each output channel of a weight gets a scale of its own: its largest value is
127 steps of it. What is read back is in 32 bits again, so that a network is
trained or used as ever. Biases and norms are few and stay in 16 bits.
Chapter 11.

References:
    Jacob et al., CVPR 2018, Quantization and Training of Neural Networks for
    Efficient Integer-Arithmetic-Only Inference, section 2.1 (here without a
    zero point); Krishnamoorthi, Quantizing deep convolutional networks for
    efficient inference: A whitepaper, 2018, section 3.1.2 (by channel).
"""

from collections.abc import Mapping

import torch
from torch import Tensor

_SCALE = ".scale"
_STEPS = 127  # symmetric, so that zero stays zero


def quantize(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Bring weights of two and more axes to 8 bits, everything else to 16.

    Args:
        weights: tensors by name, first axis output channels.

    Returns:
        For each weight its steps, whole numbers from -127 to 127, and
        NAME.scale: what one step is, for each output channel. Whole numbers,
        such as counters, are left as they are.

    Example:
        >>> found = quantize({"w": torch.tensor([[1.0, -0.5], [0.2, 0.0]])})
        >>> found["w"].tolist()
        [[127, -64], [127, 0]]
    """
    found: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        if not tensor.is_floating_point():
            found[name] = tensor
        elif tensor.ndim < 2:
            found[name] = tensor.half()
        else:
            largest = tensor.float().flatten(1).abs().amax(1)
            scale = largest.clamp(min=1e-12) / _STEPS  # (out,)
            steps = tensor.float() / _broadcast(scale, tensor)
            found[name] = steps.round().to(torch.int8)
            found[name + _SCALE] = scale
    return found


def dequantize(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Turn what `quantize` gave into weights again, in 32 bits.

    Args:
        stored: tensors by name. One without a scale is left as it is, so any
            file's tensors may be given.

    Returns:
        Tensors by name, without the scales.

    Raises:
        ValueError: if a scale has no weight, or doesn't fit it.
    """
    scales = {n.removesuffix(_SCALE) for n in stored if n.endswith(_SCALE)}
    found = {n: t for n, t in stored.items() if not n.endswith(_SCALE)}
    for name in scales:
        scale, steps = stored[name + _SCALE], found.get(name)
        if steps is None or scale.shape != steps.shape[:1]:
            raise ValueError(
                f"{name}{_SCALE} fits no weight of the file; get it again"
            )
        found[name] = steps.float() * _broadcast(scale, steps)
    return found


def _broadcast(scale: Tensor, weight: Tensor) -> Tensor:
    return scale.view(-1, *[1] * (weight.ndim - 1))
