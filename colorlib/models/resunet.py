"""The deck's second generator: a U-Net whose encoder is a ResNet-18.

The deck builds it with fastai, in one line:

    DynamicUnet(create_body(resnet18, n_in=1, cut=-2), 2, (256, 256))

The same network stands here in plain PyTorch. fastai's skips pass through
hooks, which keep a feature map in the network: two threads that share it mix
their photographs. Here they are values in `forward`.

    L  H x W ------------------------------------------> 97, 1/1 -- ab, H x W
         64, 1/2 ---------------------------> 96, 1/2 --/
           64, 1/4 ------------------> 256, 1/4
             128, 1/8 --------> 384, 1/8
               256, 1/16 --> 512, 1/16
                 512, 1/32 -- 1024 -- 512

References:
    The deck, model 2. Howard & Gugger, fastai: A Layered API for Deep
    Learning, 2020; Ronneberger et al., U-Net, MICCAI 2015; He et al., Deep
    Residual Learning, CVPR 2016; Shi et al., Real-Time Single Image and
    Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
    Network, CVPR 2016 (pixel shuffle). Chapter 11.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from colorlib.models.generator import Generator
from colorlib.models.resnet import ResNet18, find_backbone, load_resnet18
from colorlib.models.unet import check_input
from colorlib.shapes import ABChannels, LChannel


class ResUnet(Generator):
    """A U-Net on a ResNet-18, with 31.1 M parameters.

    Args:
        bounded: keep ab in (-1, 1) by a tanh, as model 1 does. The deck's
            second model has no bound.

    Attributes:
        backbone: the encoder, which may have been pretrained.
        multiple: 1: any height and width will do.
        config: arguments that build the same network again.
    """

    def __init__(self, bounded: bool = False):
        super().__init__()
        self.config = {"bounded": bounded}
        self.multiple = 1
        self.backbone = ResNet18()
        *skips, channels = self.backbone.channels
        self.norm = nn.BatchNorm2d(channels)
        self.middle = nn.Sequential(
            _conv(channels, 2 * channels),
            nn.ReLU(inplace=True),
            _conv(2 * channels, channels),
            nn.ReLU(inplace=True),
        )
        self.up = nn.ModuleList()
        for skip in reversed(skips):
            joined = channels // 2 + skip
            # The last one halves its channels: few are left for full size.
            width = joined if len(self.up) < len(skips) - 1 else joined // 2
            self.up.append(UpBlock(channels, skip, width))
            channels = width
        self.shuffle = _pixel_shuffle(channels, channels)
        channels += 1  # L itself is the last skip
        self.residual = nn.Sequential(
            _conv(channels, channels),
            nn.ReLU(inplace=True),
            _conv(channels, channels),
        )
        self.to_ab = nn.Conv2d(channels, 2, 1)
        nn.init.normal_(_bias(self.to_ab), std=0.01)

    @classmethod
    def for_training(
        cls, bounded: bool | None = None, backbone: str | Path | None = None
    ) -> "ResUnet":
        """Build a network to be trained.

        Args:
            bounded: as for the class; None for its default.
            backbone: weights for the ResNet-18 to begin with: a file, or
                "imagenet" to download torchvision's; None for random numbers.

        Raises:
            OSError: if the file isn't there or can't be downloaded.
            ValueError: if it holds something else.
        """
        return cls(bounded=bool(bounded)).continued(backbone=backbone)

    def continued(
        self, bounded: bool | None = None, backbone: str | Path | None = None
    ) -> "ResUnet":
        """Take the same weights into further training, under new settings.

        Args:
            bounded: as for the class; None to leave it.
            backbone: as for `for_training`; None to leave its weights.

        Returns:
            Another network, or this one if nothing changes.
        """
        G = self
        if bounded is not None and bounded != self.config["bounded"]:
            G = type(self)(bounded=bounded)
            G.load_state_dict(self.state_dict())
        if backbone is not None:
            load_resnet18(G.backbone, find_backbone(backbone))
        return G

    def forward(self, L: LChannel) -> ABChannels:
        """Predict color from lightness.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width, of any
                height and width.

        Returns:
            Color, batch x 2 x height x width: in (-1, 1) if bounded.

        Raises:
            ValueError: if L has another shape.
        """
        check_input(L, 1, self.multiple)
        *skips, x = self.backbone(L)  # x: (B, 512, H / 32, W / 32)
        x = self.middle(F.relu(self.norm(x)))  # (B, 512, H / 32, W / 32)
        for block in self.up:
            x = block(x, skips.pop())  # (B, 512 to 96, H / 16 to H / 2, ...)
        x = _fit(self.shuffle(x), L)  # (B, 96, H, W)
        x = self._join(x, L)  # (B, 97, H, W)
        x = F.relu(x + self.residual(x))
        ab = self.to_ab(x)  # (B, 2, H, W)
        return ab.tanh() if self.config["bounded"] else ab

    def _join(self, x: Tensor, L: LChannel) -> Tensor:
        """Put L beside x, as x is stored: in its precision and its layout.

        In 32 bits L would make all that follows so. And a single channel has
        no layout, so that `torch.cat` falls back to the usual one.
        """
        x = torch.cat([x, L.to(x.dtype)], dim=1)
        last = torch.channels_last
        weight = next(self.residual.parameters())  # 3 x 3: it has a layout
        if weight.is_contiguous(memory_format=last):
            x = x.contiguous(memory_format=last)
        return x


class UpBlock(nn.Module):
    """Double height and width, and join a skip connection.

    Args:
        channels: of what comes from below.
        skip: channels of the skip connection.
        width: channels that it gives.
    """

    def __init__(self, channels: int, skip: int, width: int):
        super().__init__()
        self.shuffle = _pixel_shuffle(channels, channels // 2)
        self.norm = nn.BatchNorm2d(skip)
        self.conv1 = _conv(channels // 2 + skip, width)
        self.conv2 = _conv(width, width)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """(B, channels, h, w) and (B, skip, 2h, 2w) to (B, width, 2h, 2w).

        The skip's height and width may be odd, one less than double.
        """
        x = _fit(self.shuffle(x), skip)  # (B, channels / 2, 2h, 2w)
        x = torch.cat([x, self.norm(skip)], dim=1)
        x = F.relu(self.conv1(F.relu(x)))  # (B, width, 2h, 2w)
        return F.relu(self.conv2(x))


def load_fastai(G: ResUnet, weights: Mapping[str, Tensor]) -> None:
    """Take the weights of the deck's network, as fastai names them.

    Args:
        G: the network; changed in place.
        weights: the `state_dict()` of fastai's DynamicUnet on a ResNet-18,
            one channel in and two out, built for a size other than half its
            input's.

    Raises:
        ValueError: if a tensor is missing, unknown or of another shape; the
            network is as it was.
    """
    own = {fastai_name(name): name for name in G.state_dict()}
    shapes = {fastai_name(n): t.shape for n, t in G.state_dict().items()}
    for name in sorted(own.keys() | weights.keys()):
        found = weights[name].shape if name in weights else None
        if found != shapes.get(name):
            raise ValueError(
                f"these are not the weights of the deck's DynamicUnet: {name}"
                f" is {_shape(found)}, not {_shape(shapes.get(name))}"
            )
    G.load_state_dict({own[name]: weights[name] for name in own})


def fastai_weights(G: ResUnet) -> dict[str, Tensor]:
    """Name the weights as fastai does, for its DynamicUnet to load.

    Args:
        G: the network; the tensors are its own, not copies.
    """
    return {fastai_name(name): t for name, t in G.state_dict().items()}


_LAYERS = {  # ours, and what fastai's DynamicUnet calls them
    "backbone.stem.0": "layers.0.0",
    "backbone.stem.1": "layers.0.1",
    **{f"backbone.stages.{i}": f"layers.0.{4 + i}" for i in range(4)},
    "norm": "layers.1",
    "middle.0": "layers.3.0.0",
    "middle.2": "layers.3.1.0",
    **{f"up.{i}.shuffle.0": f"layers.{4 + i}.shuf.0.0" for i in range(4)},
    **{f"up.{i}.norm": f"layers.{4 + i}.bn" for i in range(4)},
    **{f"up.{i}.conv1": f"layers.{4 + i}.conv1.0" for i in range(4)},
    **{f"up.{i}.conv2": f"layers.{4 + i}.conv2.0" for i in range(4)},
    "shuffle.0": "layers.8.0.0",
    "residual.0": "layers.11.convpath.0.0",
    "residual.2": "layers.11.convpath.1.0",
    "to_ab": "layers.12.0",
}


def fastai_name(name: str) -> str:
    """Say what fastai calls a tensor of `ResUnet`.

    Example:
        >>> fastai_name("up.3.conv1.bias")
        'layers.7.conv1.0.bias'
    """
    for ours, theirs in _LAYERS.items():
        if name.startswith(f"{ours}."):
            return theirs + name.removeprefix(ours)
    raise ValueError(f"{name!r} is not a tensor of ResUnet")


def _fit(x: Tensor, like: Tensor) -> Tensor:
    """Bring to the height and width of another, which may be one less.

    Each pixel stays; where one is too many, the last goes. (As a slice this
    would be one graph for odd sizes and another for even ones.)
    """
    return F.interpolate(x, like.shape[-2:], mode="nearest")


def _conv(channels: int, width: int, side: int = 3) -> nn.Conv2d:
    """Build a convolution that keeps height and width, as fastai begins it."""
    conv = nn.Conv2d(channels, width, side, padding=side // 2)
    nn.init.kaiming_normal_(conv.weight)
    nn.init.zeros_(_bias(conv))
    return conv


def _pixel_shuffle(channels: int, width: int) -> nn.Sequential:
    """Double height and width: four channels become a square of four pixels.

    The four begin with equal weights, so that there is no checkerboard
    before training.

    Reference:
        Aitken et al., Checkerboard artifact free sub-pixel convolution,
        2017 (ICNR).
    """
    conv = _conv(channels, 4 * width, side=1)
    with torch.no_grad():
        conv.weight.copy_(conv.weight[::4].repeat_interleave(4, dim=0))
    return nn.Sequential(conv, nn.ReLU(inplace=True), nn.PixelShuffle(2))


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias


def _shape(shape: torch.Size | None) -> str:
    return "missing" if shape is None else str(tuple(shape))
