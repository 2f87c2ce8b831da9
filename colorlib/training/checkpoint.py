"""Everything that training changes, to disk and back.

A checkpoint is for the one who trains: it holds optimizers and random states
beside the weights, so that a run that was killed goes on as if nothing had
happened. What is shared with others is `models.weights`. Chapter 10.
"""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from colorlib.files import replacing


class Stateful(Protocol):
    """What can be saved: networks, optimizers, scalers."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any: ...


def save_checkpoint(
    path: str | Path, parts: Mapping[str, Stateful], **values: Any
) -> None:
    """Write parts, values and all random states, atomically.

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
    with replacing(path) as part_file:
        torch.save(content, part_file)


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
        ValueError: if it isn't a checkpoint, or one of other parts.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist; start the run without resuming"
        )
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        saved = content["parts"]
    except Exception as error:
        raise ValueError(
            f"{path} is not a checkpoint of colorlib ({error})"
        ) from error
    if set(saved) != set(parts):
        raise ValueError(
            f"{path} holds {', '.join(sorted(saved))}, wanted"
            f" {', '.join(sorted(parts))}; resume with the method it was"
            " started with"
        )
    for name, part in parts.items():
        part.load_state_dict(saved[name])
    _restore_random_states(content["random"])
    return content["values"]


def _random_states() -> dict[str, Any]:
    name, keys, position, has_gauss, gauss = np.random.get_state()
    return {
        "python": random.getstate(),
        "numpy": (name, keys.tolist(), position, has_gauss, gauss),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all(),
    }


def _restore_random_states(states: dict[str, Any]) -> None:
    random.setstate(states["python"])
    np.random.set_state(states["numpy"])
    torch.set_rng_state(states["torch"])
    if len(states["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(states["cuda"])
