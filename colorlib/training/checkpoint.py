"""Everything that training changes, to disk and back.

A checkpoint is for the one who trains: it holds optimizers and random states
beside the weights, so that a run that was killed goes on as if nothing had
happened. What is shared with others is `models.weights`. Chapter 10.
"""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch

from colorlib.files import replacing


@runtime_checkable
class Stateful(Protocol):
    """What can be saved: networks, optimizers, scalers."""

    def state_dict(self) -> dict[str, Any]:
        """Return all that must be saved, by name."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any:
        """Take back what `state_dict` gave."""
        ...


def save_checkpoint(
    path: str | Path, parts: Mapping[str, Stateful], **values: Any
) -> None:
    """Write parts, values and all random states, atomically.

    Of several processes the main one writes, and so only its random states
    are kept.

    Args:
        path: the file. Killed at any moment, it is the old one or the new.
        parts: networks and optimizers, by name.
        values: plain numbers, texts, lists, dicts and tensors.
    """
    content = {
        "parts": {name: part.state_dict() for name, part in parts.items()},
        "values": values,
        "random": _random_states(),
    }
    # A file that Python writes: where the disk is full, it says so, and
    # PyTorch's own writer says "unexpected pos".
    with replacing(path) as part_file, part_file.open("wb") as file:
        torch.save(content, file)


def load_checkpoint(
    path: str | Path, parts: Mapping[str, Stateful]
) -> dict[str, Any]:
    """Read a checkpoint back into parts of the same shapes.

    Random states become those of the moment when it was saved.

    Args:
        path: the file.
        parts: networks and optimizers, by name; they are changed in place.

    Returns:
        The values that were saved with them.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it isn't a checkpoint, or one of other parts; some of
            `parts` may have changed by then.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist, so there is nothing to go on from; start"
            " a new run"
        )
    saved, values, random_states = _read(path)
    if set(saved) != set(parts):
        raise ValueError(
            f"{path} holds {', '.join(sorted(saved))}, wanted"
            f" {', '.join(sorted(parts))}; go on with the method that it was"
            ' started with, on a machine where precision "auto" is the same, or'
            " start a new run"
        )
    for name, part in parts.items():
        try:
            part.load_state_dict(saved[name])
        except (RuntimeError, ValueError, KeyError) as error:
            raise ValueError(
                f"{path}: its {name} doesn't fit; go on with the network that"
                f" it was started with ({_first_line(error)})"
            ) from error
    _restore_random_states(random_states)
    return values


def _read(path: Path) -> tuple[dict, dict, dict]:
    try:
        # Numbers and texts only: a stranger's file runs no code here.
        content = torch.load(path, map_location="cpu", weights_only=True)
        return content["parts"], content["values"], content["random"]
    except Exception as error:  # damaged bytes can raise anything
        raise ValueError(
            f"{path} can't be read as a checkpoint ({_first_line(error)});"
            " start a new run"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _random_states() -> dict[str, Any]:
    state = np.random.get_state(legacy=False)
    name, keys = state["bit_generator"], state["state"]["key"].tolist()
    position = state["state"]["pos"]
    return {
        "python": random.getstate(),
        "numpy": (name, keys, position, state["has_gauss"], state["gauss"]),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all(),
        "mps": torch.mps.get_rng_state() if _has_mps() else None,
    }


def _restore_random_states(states: dict[str, Any]) -> None:
    random.setstate(states["python"])
    np.random.set_state(states["numpy"])
    torch.set_rng_state(states["torch"])
    # With other GPUs than before, nothing can be the same to the bit anyway.
    if len(states["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(states["cuda"])
    mps = states.get("mps")  # older checkpoints lack it
    if mps is not None and _has_mps():
        torch.mps.set_rng_state(mps)


def _has_mps() -> bool:
    return torch.backends.mps.is_available()
