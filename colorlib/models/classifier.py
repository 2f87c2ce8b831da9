"""The ResNet-18 for gray photographs, with a classifier, to files and back.

It is trained to tell what is in a photograph, so that a generator which
begins with it knows more than random numbers do. The file has torchvision's
names, with one channel in `conv1`, so that `resnet.load_resnet18` takes it;
the JSON card beside it says how it was trained, and the file's SHA-256.

References:
    He et al., Deep Residual Learning for Image Recognition, CVPR 2016.
    Chapter 11.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from colorlib.models.resnet import (
    ResNet18,
    fill_resnet18,
    read_weights,
    torchvision_name,
)
from colorlib.models.teachers import CLASSES
from colorlib.models.weights import to_store, write_weights
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
    tensors = {
        _torchvision_name(name): tensor
        for name, tensor in to_store(network, half).items()
    }
    card = card | {
        "architecture": "ResNet18",
        "channels": 1,
        "config": network.config,
    }
    return write_weights(Path(path), tensors, card)


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
    fill_resnet18(network.backbone, weights, path)
    with torch.no_grad():
        network.head.weight.copy_(weights["fc.weight"])
        network.head.bias.copy_(bias)
    return network.eval()


def _torchvision_name(name: str) -> str:
    part, _, rest = name.partition(".")
    return f"fc.{rest}" if part == "head" else torchvision_name(rest)
