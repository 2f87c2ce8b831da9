"""The ResNet-18 for gray photographs, with a classifier, to files and back.

It is trained to tell what is in a photograph, so that a generator which
begins with it knows more than random numbers do. The file has torchvision's
names, with one channel in `conv1`, so that `resnet.load_resnet18` takes it;
the JSON card beside it says how it was trained, and the file's SHA-256.

References:
    He et al., Deep Residual Learning for Image Recognition, CVPR 2016.
    Chapter 11.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

from colorlib.files import replacing
from colorlib.models.resnet import (
    ResNet18,
    load_resnet18,
    read_weights,
    torchvision_name,
)
from colorlib.models.teachers import CLASSES
from colorlib.shapes import LChannel


class GrayClassifier(nn.Module):
    """Name what is in a photograph by its lightness alone.

    Args:
        classes: how many there are to choose from.

    Attributes:
        config: arguments that build the same network again.
    """

    def __init__(self, classes: int = CLASSES):
        super().__init__()
        self.config = {"classes": classes}
        self.backbone = ResNet18()
        self.head = nn.Linear(self.backbone.channels[-1], classes)

    def forward(self, L: LChannel) -> tuple[Tensor, Tensor]:
        """Classify.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width.

        Returns:
            Logits, batch x classes, and the pooled features that they are
            computed from, batch x 512.
        """
        pooled = self.backbone(L)[-1].mean((2, 3))  # (B, 512)
        return self.head(pooled), pooled


def save_classifier(
    network: GrayClassifier,
    path: str | Path,
    *,
    card: dict[str, Any],
    half: bool = False,
) -> Path:
    """Write a network's weights, and its card beside them.

    Args:
        network: the network.
        path: the .safetensors file.
        card: what to say of it. Architecture, configuration and hash are
            added.
        half: store weights in 16 bits, half the size.

    Returns:
        The path of the weights; the card has the same name and ends in
        .json.

    Raises:
        ValueError: if a weight is not a finite number (in 16 bits, at most
            65,504).
    """
    path = Path(path)
    tensors = {}
    for name, tensor in network.state_dict().items():
        if half and tensor.is_floating_point():
            tensor = tensor.half()
        if not tensor.isfinite().all():
            raise ValueError(
                f"{name} holds what is not a finite number; it can't be saved:"
                " save what was good before, or without half=True"
            )
        tensors[_torchvision_name(name)] = tensor.detach().cpu().contiguous()
    data = safetensors.torch.save(tensors)
    card = card | {
        "architecture": "ResNet18",
        "channels": 1,
        "config": network.config,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    with replacing(path) as part:
        part.write_bytes(data)
    with replacing(path.with_suffix(".json")) as part:
        part.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return path


def load_classifier(path: str | Path) -> GrayClassifier:
    """Read a network that `save_classifier` wrote, its classifier too.

    Args:
        path: the .safetensors file.

    Returns:
        The network, in evaluation mode.

    Raises:
        OSError: if there is no such file.
        ValueError: if it isn't a ResNet-18 with a classifier, or not the
            file that the card beside it describes.
    """
    weights = read_weights(Path(path))
    bias = weights.get("fc.bias")
    if bias is None or "fc.weight" not in weights:
        raise ValueError(
            f"{path} holds no classifier; give the backbone.safetensors of a"
            " run"
        )
    network = GrayClassifier(len(bias))
    load_resnet18(network.backbone, path)
    with torch.no_grad():
        network.head.weight.copy_(weights["fc.weight"])
        network.head.bias.copy_(bias)
    return network.eval()


def _torchvision_name(name: str) -> str:
    part, _, rest = name.partition(".")
    return f"fc.{rest}" if part == "head" else torchvision_name(rest)
