"""The loop, for whatever is trained: it yields losses, and does no more.

A state is everything that training changes, and a step is a function of it.
How far training has come is one number, the step: which photographs come
next follows from it. The caller decides what to show and what to keep.
Chapter 10 prints this module whole.
"""

import os
from collections.abc import Callable, Iterator
from typing import Protocol, runtime_checkable

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from torch import Tensor

from colorlib.data.dataset import Batches, lab_batch
from colorlib.shapes import ABChannels, LChannel
from colorlib.training.checkpoint import Stateful

Losses = dict[str, Tensor]


@runtime_checkable
class State(Protocol):
    """What a loop needs to know of a state."""

    step: int
    accelerator: Accelerator

    def parts(self) -> dict[str, Stateful]:
        """Networks and optimizers by name: what a checkpoint must hold."""
        ...


Step = Callable[[State, LChannel, ABChannels], Losses]


def train(
    state: State,
    step: Step,
    batches: Batches,
    *,
    epochs: int,
    accumulate: int = 1,
) -> Iterator[Losses]:
    """Train from wherever the state is, to the end of the last epoch.

    Args:
        state: networks, optimizers, step; changed in place.
        step: makes one step and returns its losses, still on the device:
            reading a number from a GPU makes it wait.
        batches: the photographs. Several processes share each batch.
        epochs: how many epochs in all, those already done included.
        accumulate: parts that a process computes its share of a batch in;
            their gradients are added, and the weights change once.

    Yields:
        The losses of each step, means over processes and parts.

    Raises:
        ValueError: if a batch can't be shared evenly.
    """
    accelerator = state.accelerator
    check_shares(accelerator, batches.batch_size, accumulate)
    processes, mine = accelerator.num_processes, accelerator.process_index
    while state.step < epochs * len(batches):
        epoch, start = divmod(state.step, len(batches))
        for batch in batches.epoch(epoch, start):
            parts = batch[mine::processes].chunk(accumulate)
            losses = _step_in_parts(state, step, parts)
            state.step += 1
            yield accelerator.reduce(losses, "mean")


def check_shares(
    accelerator: Accelerator, batch_size: int, accumulate: int
) -> None:
    """Make sure that no photograph of a batch weighs more than another.

    Args:
        accelerator: knows how many processes there are.
        batch_size: photographs a batch, of all processes together.
        accumulate: parts that each process computes its share in.

    Raises:
        ValueError: if a batch can't be shared evenly.
    """
    processes = accelerator.num_processes
    if batch_size % (processes * accumulate):
        raise ValueError(
            f"a batch of {batch_size} can't be shared evenly by {processes}"
            f" processes, {accumulate} parts each; choose another batch size"
        )


def check_launch(accelerator: Accelerator) -> None:
    """Make sure that `accelerate launch` started what it was asked for.

    Args:
        accelerator: knows how many processes there are.

    Raises:
        ValueError: if several processes were asked for, and this one is
            alone: with `--cpu` none of the others is started.
    """
    # It names a place to meet when there is somebody to be met.
    asked = {"ACCELERATE_MIXED_PRECISION", "MASTER_ADDR"} <= os.environ.keys()
    if asked and accelerator.num_processes == 1:
        raise ValueError(
            "accelerate launch was asked for several processes and started"
            " one; add --multi_gpu, and on processors set"
            " ACCELERATE_USE_CPU=true in place of --cpu"
        )


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


def _step_in_parts(
    state: State, step: Step, parts: tuple[Tensor, ...]
) -> Losses:
    accelerator = state.accelerator
    # From here on it counts parts, and lets optimizers act at the last one.
    accelerator.gradient_accumulation_steps = len(parts)
    accelerator.step = 0
    sums: Losses = {}
    for part in parts:
        L, ab = lab_batch(part, accelerator.device)
        for name, loss in step(state, L, ab).items():
            sums[name] = sums.get(name, 0) + loss / len(parts)
    # Accelerate shares this number between all trainings of a process.
    accelerator.gradient_accumulation_steps = 1
    return sums


def _accelerator(precision: str) -> Accelerator:
    # Accelerate keeps one precision a process for good. Networks that were
    # prepared have theirs by now, so a notebook may well go on to another.
    AcceleratorState._reset_state()
    return Accelerator(mixed_precision=precision)


def _fastest(device: str) -> str:
    if device == "cuda":
        # Before compute capability 8.0, bf16 is emulated, and slow.
        capability = torch.cuda.get_device_capability()
        return "bf16" if capability >= (8, 0) else "fp16"
    # Of processors, those that multiply bf16 in hardware: Intel's with AMX,
    # AMD's since Zen 4. Others emulate it. Older PyTorch can't tell.
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    has = any(map(capabilities.get, ("amx_bf16", "avx512_bf16")))
    return "bf16" if has else "no"
