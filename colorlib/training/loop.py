"""The loop, for whatever is trained: it yields losses, and does no more.

A state is everything that training changes, and a step is a function of it.
How far training has come is one number, the step: which photographs come
next follows from it. The caller decides what to show and what to keep.
Chapter 10 prints this module whole.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

import torch
from accelerate import Accelerator
from torch import Tensor

from colorlib.data.dataset import Batches, lab_batch
from colorlib.shapes import ABChannels, LChannel
from colorlib.training.checkpoint import Stateful

Losses = dict[str, Tensor]


class State(Protocol):
    """What a loop needs to know of a state."""

    step: int
    accelerator: Accelerator

    def parts(self) -> dict[str, Stateful]:
        """Networks and optimizers by name: what a checkpoint must hold."""
        ...


def train(
    state: State,
    step: Callable[[State, LChannel, ABChannels], Losses],
    batches: Batches,
    *,
    epochs: int,
) -> Iterator[Losses]:
    """Train from wherever the state is, to the end of the last epoch.

    Args:
        state: networks, optimizers, step; changed in place.
        step: makes one step and returns its losses, still on the device:
            reading a number from a GPU makes it wait.
        batches: the photographs. Several processes share each batch.
        epochs: how many epochs in all, those already done included.

    Yields:
        The losses of each step.
    """
    device = state.accelerator.device
    processes = state.accelerator.num_processes
    mine = slice(state.accelerator.process_index, None, processes)
    while state.step < epochs * len(batches):
        epoch, start = divmod(state.step, len(batches))
        for batch in batches.epoch(epoch, start):
            L, ab = lab_batch(batch[mine], device)
            losses = step(state, L, ab)
            state.step += 1
            yield losses


def make_accelerator(precision: str = "auto", accumulate: int = 1):
    """Set up the device, the arithmetic and the processes.

    Args:
        precision: "no", "bf16", "fp16", or "auto", which takes bf16 where
            the hardware has it, fp16 on older GPUs, and 32 bits elsewhere.
        accumulate: batches whose gradients are added before a change.

    Returns:
        Hugging Face's Accelerator.

    Raises:
        ValueError: if the precision is none of these.

    Reference:
        Micikevicius et al., Mixed Precision Training, ICLR 2018. Chapter 10.
    """
    if precision not in ("auto", "no", "bf16", "fp16"):
        raise ValueError(
            f'precision must be "auto", "no", "bf16" or "fp16",'
            f" got {precision!r}"
        )
    return Accelerator(
        mixed_precision=_fastest() if precision == "auto" else precision,
        gradient_accumulation_steps=accumulate,
    )


def _fastest() -> str:
    if torch.cuda.is_available():
        # Before compute capability 8.0, bf16 is emulated, and slow.
        return (
            "bf16" if torch.cuda.get_device_capability() >= (8, 0) else "fp16"
        )
    if torch.backends.mps.is_available():
        return "no"
    return "bf16" if torch.cpu._is_amx_tile_supported() else "no"
