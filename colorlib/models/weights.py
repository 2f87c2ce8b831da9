"""Networks to files that can be shared, and back.

Weights are safetensors, which can hold numbers and nothing else; a JSON card
beside them says which network they fit and where they come from. No pickle:
opening a stranger's file runs no code. Chapter 12.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from colorlib.files import replacing
from colorlib.models.catalog import GENERATORS, Entry, classes
from colorlib.models.generator import Generator
from colorlib.models.paths import SHIPPED


def save_generator(
    G: nn.Module,
    path: str | Path,
    *,
    card: dict[str, Any],
    half: bool = False,
    generators: Mapping[str, Entry] = GENERATORS,
) -> Path:
    """Write a generator's weights, and its card beside them.

    Args:
        G: a generator of `catalog.GENERATORS`.
        path: where to write; .safetensors is added if it isn't there.
        card: what to say of it: name, size, training, scores, terms.
            Architecture, configuration, parameters and hash are added.
        half: store weights in 16 bits, half the size. They are computed
            with in 32 bits all the same.
        generators: the table of generators.

    Returns:
        The path of the weights. The card has the same name and ends in
        .json.

    Raises:
        ValueError: if the network is not one of these, or a weight
            is not a finite number (in 16 bits, at most 65,504).

    Example:
        >>> from colorlib.models.unet import Unet
        >>> card = {"name": "mine", "size": 64}
        >>> path = save_generator(Unet(n_down=2, width=4), "mine", card=card)
        >>> path.name
        'mine.safetensors'
        >>> G, card = load_generator(path)
        >>> card["architecture"], card["parameters"]
        ('Unet', 1354)
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        path = path.with_name(path.name + ".safetensors")
    kind, known = type(G).__name__, classes(generators)
    if kind not in known:
        raise ValueError(f"{kind} can't be saved; known are {', '.join(known)}")
    card = card | {
        "architecture": kind,
        "config": G.config,
        "parameters": sum(p.numel() for p in G.parameters()),
    }
    return write_weights(path, to_store(G, half), card)


def load_generator(
    path: str | Path = SHIPPED,
    *,
    generators: Mapping[str, Entry] = GENERATORS,
) -> tuple[Generator, dict[str, Any]]:
    """Read a generator and its card.

    Args:
        path: the .safetensors file; its card lies beside it.
        generators: the table of generators.

    Returns:
        The generator, in evaluation mode, and its card.

    Raises:
        FileNotFoundError: if the weights or the card are missing.
        ValueError: if they don't belong together, or fit no known network.

    Reference:
        The card follows Mitchell et al., Model Cards for Model Reporting,
        2019. Chapter 12.

    Example:
        >>> G, card = load_generator()  # the one that ships
        >>> card["size"], G.training
        (192, False)
    """
    path = Path(path)
    card_path = path.with_suffix(".json")
    for wanted in (path, card_path):
        if not wanted.is_file():
            raise FileNotFoundError(
                f"{wanted} does not exist; a model is two files, NAME"
                ".safetensors and NAME.json"
            )
    known = classes(generators)
    card = _read_card(card_path, known)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != card["sha256"]:
        raise ValueError(
            f"{path} is not the file that {card_path.name} describes: their"
            " hashes differ; get both again"
        )
    G = _build(card, card_path, known[card["architecture"]])
    try:
        tensors = load(data)
    except SafetensorError as error:
        raise ValueError(
            f"{path} is not a safetensors file ({error}); colorlib opens no"
            " other kind"
        ) from error
    _fill(G, tensors, path)
    return G.eval(), card


def write_weights(
    path: Path, tensors: dict[str, Tensor], card: dict[str, Any]
) -> Path:
    """Write tensors, and a card beside them that knows their hash.

    If one of them can't be written, the old pair stays. A reader in the moment
    between the two moves is told that their hashes differ.

    Args:
        path: the .safetensors file; the card has its name and ends in .json.
        tensors: see `to_store`.
        card: what to say of them; the hash is added.

    Returns:
        The path.
    """
    data = save(tensors)
    card = card | {"sha256": hashlib.sha256(data).hexdigest()}
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    # Both are written before either is moved to its place, one right after
    # the other.
    with replacing(path.with_suffix(".json")) as told, replacing(path) as part:
        part.write_bytes(data)
        # In a name that is not valid UTF-8 this gives \udcNN, as JSON does.
        told.write_bytes(text.encode("utf-8", "backslashreplace"))
    return path


def to_store(network: nn.Module, half: bool) -> dict[str, Tensor]:
    """Take a network's tensors as a file can hold them.

    Args:
        network: the network; it stays as it is.
        half: turn floats into 16 bits.

    Raises:
        ValueError: if a weight is not a finite number (in 16 bits, at most
            65,504).
    """
    tensors = {}
    for name, tensor in network.state_dict().items():
        if half and tensor.is_floating_point():
            tensor = tensor.half()
        if not tensor.isfinite().all():
            raise ValueError(
                f"{name} holds what is not a finite number"
                f" ({str(tensor.dtype).removeprefix('torch.')}); it can't be"
                " saved: save what was good before, or without half=True"
            )
        # A copy of its own, rows first: safetensors knows no other layout.
        tensors[name] = tensor.detach().cpu().contiguous()
    return tensors


def _read_card(
    path: Path, known: Mapping[str, type[Generator]]
) -> dict[str, Any]:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        missing = {"architecture", "config", "sha256"} - set(card)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{path} is not a model card ({error}); get the model and its card"
            " again"
        ) from error
    if missing:
        raise ValueError(
            f"{path} lacks {', '.join(sorted(missing))}; get the model and its"
            " card again"
        )
    if card["architecture"] not in known:
        raise ValueError(
            f"{path} describes a {card['architecture']!r}; this version"
            f" knows {', '.join(known)}: take a newer one"
        )
    return card


def _build(
    card: dict[str, Any], path: Path, kind: type[Generator]
) -> Generator:
    try:
        # Where numbers have a content, whatever the default device is.
        with torch.device("cpu"):
            return kind(**card["config"])
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{path} describes a {card['architecture']} that can't be built"
            f" ({error}); get the model and its card again, or take the"
            " version of colorlib that wrote them"
        ) from error


def _fill(G: Generator, tensors: dict[str, Tensor], path: Path) -> None:
    own = G.state_dict()
    wrong = [
        name
        for name in sorted(own.keys() | tensors.keys())
        if name not in own
        or name not in tensors
        or own[name].shape != tensors[name].shape
    ]
    if wrong:
        raise ValueError(
            f"{path} does not fit its network: {wrong[0]} is missing, unknown"
            f" or of another shape ({len(wrong)} such in all); get the model"
            " and its card again"
        )
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(tensors[name])
