"""The loop, for whatever is trained: it yields losses, and does no more.

A state is everything that training changes, and a step is a function of it.
How far training has come is one number, the step: which photographs come
next follows from it. The caller decides what to show and what to keep.
Chapter 10 prints this module whole.
"""

from collections.abc import Callable, Iterator
from typing import (
    Any,
    NotRequired,
    Protocol,
    TypedDict,
    TypeVar,
    runtime_checkable,
)

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from colorlib.data.batches import Batches, lab_batch, prefetch
from colorlib.models.generator import Generator
from colorlib.shapes import ABChannels, LChannel
from colorlib.training.checkpoint import Stateful

Losses = dict[str, Tensor]


class Networks(TypedDict):
    """The networks of a state, by name: G, with or without D, or a student."""

    G: NotRequired[Generator]
    D: NotRequired[nn.Module]
    student: NotRequired[Any]


@runtime_checkable
class State(Protocol):
    """What a loop needs to know of a state."""

    step: int
    accelerator: Accelerator

    def networks(self) -> Networks:
        """The networks themselves, whatever several processes wrap them in."""
        ...

    def parts(self) -> dict[str, Stateful]:
        """Networks and optimizers by name: what a checkpoint must hold."""
        ...


S = TypeVar("S", bound=State)
Step = Callable[[S, LChannel, ABChannels], Losses]


def train(
    state: S,
    step: Step[S],
    batches: Batches,
    *,
    epochs: int,
    accumulate: int = 1,
    ahead: int | None = None,
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
        ahead: batches that a thread cuts ahead of the device; None for two
            on a GPU, and none on a CPU, which computes itself meanwhile, or
            where photographs are on the device already.

    Yields:
        The losses of each step, means over processes and parts.

    Raises:
        ValueError: if a batch can't be shared evenly.
        MemoryError: if the GPU's memory is too small for a part.
    """
    accelerator = state.accelerator
    check_shares(accelerator, batches.batch_size, accumulate)
    processes, mine = accelerator.num_processes, accelerator.process_index
    gpu = accelerator.device.type == "cuda"
    # What is on the GPU already is neither waited for nor pinned.
    copied = gpu and batches.device.type == "cpu"
    if ahead is None:
        ahead = 2 if copied else 0
    while state.step < epochs * len(batches):
        epoch, start = divmod(state.step, len(batches))
        share = batches.epoch(epoch, start, rank=mine, ranks=processes)
        for batch in prefetch(share, ahead=ahead, pin=copied):
            losses = _step_in_parts(state, step, batch.chunk(accumulate))
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


def _step_in_parts(
    state: S, step: Step[S], parts: tuple[Tensor, ...]
) -> Losses:
    accelerator = state.accelerator
    # From here on it counts parts, and lets optimizers act at the last one.
    accelerator.gradient_accumulation_steps = len(parts)
    accelerator.step = 0
    sums: Losses = {}
    for part in parts:
        try:
            L, ab = lab_batch(part, accelerator.device)
            losses = step(state, L, ab)
        except torch.cuda.OutOfMemoryError as error:
            raise MemoryError(
                f"{accelerator.device} has too little memory for"
                f" {len(part)} photographs at a time; raise accumulate, or"
                " choose a smaller batch_size, size or width"
            ) from error
        for name, loss in losses.items():
            sums[name] = sums.get(name, 0) + loss / len(parts)
    # Accelerate shares this number between all trainings of a process.
    accelerator.gradient_accumulation_steps = 1
    return sums
