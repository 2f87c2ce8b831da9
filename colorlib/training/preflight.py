"""What is checked before a training starts, so that it can't fail later.

Chapter 10.
"""

import os
from typing import Any

import torch
from accelerate import Accelerator

from colorlib.training.config import TrainConfig
from colorlib.training.loop import State, check_shares


def check_start(state: State, config: TrainConfig) -> None:
    """Make sure that a training can begin: launch, batch and size.

    Args:
        state: the networks, on their device.
        config: size, batch_size and accumulate are used.

    Raises:
        ValueError: if one of the checks below fails.
    """
    accelerator = state.accelerator
    check_launch(accelerator)
    check_shares(accelerator, config.batch_size, config.accumulate)
    parts = accelerator.num_processes * config.accumulate
    check_size(state, config.size, config.batch_size // parts)


def check_size(state: State, size: int, photographs: int) -> None:
    """Make sure that a state's networks can be trained on such squares.

    Networks of the same build are tried on PyTorch's "meta" device, where
    tensors have a shape but no content: it takes no memory, and draws no
    random numbers.

    Args:
        state: its networks say with `config` how they were built.
        size: side of the squares, pixels.
        photographs: how many go through the networks at a time.

    Raises:
        ValueError: if the size doesn't suit them, or is so small that batch
            norm would be left with one number to normalize.
    """
    networks = state.networks()
    multiple = networks["G"].multiple if "G" in networks else 1
    if size % multiple:
        raise ValueError(
            f"size must be a multiple of {multiple} for this generator, got"
            f" {size}; choose {(size // multiple + 1) * multiple}"
        )
    with torch.device("meta"):
        L = torch.empty(photographs, 1, size, size)
        ab = torch.empty(photographs, 2, size, size)
        network: Any
        for name, network in networks.items():
            inputs = (L, ab) if name == "D" else (L,)
            config = network.config
            try:
                type(network)(**config).train()(*inputs)
            except ValueError as error:
                raise ValueError(
                    f"{name} can't be trained on size {size} with"
                    f" {photographs} photographs at a time: choose a larger"
                    f" size or batch_size, or a smaller accumulate ({error})"
                ) from error


def check_launch(accelerator: Accelerator) -> None:
    """Make sure that `accelerate launch` started what it was asked for.

    Args:
        accelerator: knows how many processes there are.

    Raises:
        ValueError: if several processes were asked for, and this one is
            alone: with `--cpu` none of the others is started.
    """
    # The launcher sets MASTER_ADDR, where processes find each other, only
    # if it starts several.
    asked = {"ACCELERATE_MIXED_PRECISION", "MASTER_ADDR"} <= os.environ.keys()
    if asked and accelerator.num_processes == 1:
        raise ValueError(
            "accelerate launch was asked for several processes and started"
            " one; add --multi_gpu, and on processors set"
            " ACCELERATE_USE_CPU=true in place of --cpu"
        )
