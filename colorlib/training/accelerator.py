"""Device, arithmetic and processes: Hugging Face's Accelerator, set up.

Chapter 10.
"""

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.utils import DistributedDataParallelKwargs

from colorlib.training.checkpoint import Stateful


def make_accelerator(precision: str = "auto") -> Accelerator:
    """Set up the device, the arithmetic and the processes.

    Args:
        precision: "no", "bf16", "fp16", or "auto", which takes bf16 where
            the hardware has it, fp16 on older GPUs, and 32 bits elsewhere.

    Returns:
        Hugging Face's Accelerator.

    Raises:
        ValueError: if the precision is none of these, or not for here.

    Reference:
        Micikevicius et al., Mixed Precision Training, ICLR 2018. Chapter 10.
    """
    if precision not in ("auto", "no", "bf16", "fp16"):
        raise ValueError(
            f'precision must be "auto", "no", "bf16" or "fp16",'
            f" got {precision!r}"
        )
    device = _accelerator("no").device.type
    if precision == "fp16" and device == "cpu":
        raise ValueError(
            'precision "fp16" needs a GPU, and there is none; choose "auto"'
        )
    return _accelerator(_fastest(device) if precision == "auto" else precision)


def scaler_of(accelerator: Accelerator) -> dict[str, Stateful]:
    """Name what fp16 scales its losses with: it changes, too.

    Args:
        accelerator: from `make_accelerator`.

    Returns:
        The scaler as a part for a checkpoint; nothing unless it is fp16.
    """
    scaler = accelerator.scaler
    return {} if scaler is None else {"scaler": scaler}


def _accelerator(precision: str) -> Accelerator:
    # Accelerate keeps one precision a process for good. Networks that were
    # prepared have theirs by now, so a notebook may well go on to another.
    AcceleratorState._reset_state()
    # Running statistics are the main process's, which alone saves them. Sent to
    # the others before each forward pass, they overwrite what the backward
    # pass of a GAN's earlier call still needs: an error in older PyTorch.
    apart = DistributedDataParallelKwargs(broadcast_buffers=False)
    return Accelerator(mixed_precision=precision, kwargs_handlers=[apart])


def _fastest(device: str) -> str:
    if device == "cuda":
        # Before compute capability 8.0, bf16 is emulated, and slow.
        capability = torch.cuda.get_device_capability()
        return "bf16" if capability >= (8, 0) else "fp16"
    # Of processors, those that multiply bf16 in hardware: Intel's with AMX,
    # AMD's since Zen 4. Others emulate it. Older PyTorch can't tell.
    capabilities: dict[str, bool]
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    has = any(map(capabilities.get, ("amx_bf16", "avx512_bf16")))
    return "bf16" if has else "no"
