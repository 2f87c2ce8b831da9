"""A pretrained backbone: ResNet-18, for the encoder of the deck's model 2.

The network itself is torchvision's, without its pooling and its classifier,
and with one input channel. Two things are added: it gives the features of
every resolution, and it takes weights only if every tensor of a file fits.

References:
    He et al., Deep Residual Learning for Image Recognition, CVPR 2016.
    Chapter 11.
"""

import json
import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from colorlib.files import sha256_of
from colorlib.files.download import OnDownload, download
from colorlib.models.paths import SHIPPED_BACKBONE
from colorlib.models.quantization import dequantize
from colorlib.shapes import LChannel

BACKBONE = "backbone.safetensors"
"""What a run that trains a backbone calls the file that it leaves."""
IMAGENET = "imagenet"
"""In place of a file: the weights that torchvision publishes."""
DISTILLED = "distilled"
"""In place of a file: the weights that come with the package, in 8 bits."""
Gray = Literal["sum", "mean", "first"]


class ResNet18(nn.Module):
    """Turn lightness into features, coarser and coarser.

    Its first weights are random, as torchvision draws them; see
    `load_resnet18` for others.

    Attributes:
        channels: of the features, finest first.
        strides: how many pixels each of them stands for, along a side.
    """

    channels = [64, 64, 128, 256, 512]
    strides = [2, 4, 8, 16, 32]

    def __init__(self) -> None:
        # Here, because it takes seconds that nobody else should wait for.
        from torchvision.models import resnet18

        super().__init__()
        net = resnet18(weights=None)
        conv = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        self.stem = nn.Sequential(conv, net.bn1, net.relu)
        self.pool = net.maxpool
        self.stages = nn.ModuleList(
            [net.layer1, net.layer2, net.layer3, net.layer4]
        )

    def forward(self, L: LChannel) -> list[Tensor]:
        """Look at each resolution in turn.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width.

        Returns:
            The last features of each resolution, finest first: batch x
            channels x height / stride x width / stride, rounded up.

        Raises:
            ValueError: in training, if a side is smaller than 32 pixels.
        """
        self._check_size(L)
        x = self.stem(L)  # (B, 64, H / 2, W / 2)
        features = [x]
        x = self.pool(x)  # (B, 64, H / 4, W / 4)
        for stage in self.stages:
            x = stage(x)  # (B, 64 to 512, H / 4 to H / 32, ...)
            features.append(x)
        return features

    def _check_size(self, L: LChannel) -> None:
        # Below it, windows of the last stage see nothing but padding, and in
        # bf16 oneDNN leaves their gradients unwritten: whatever was in memory.
        coarsest, (height, width) = self.strides[-1], L.shape[-2:]
        if self.training and min(height, width) < coarsest:
            raise ValueError(
                f"ResNet-18 learns from at least {coarsest} x {coarsest}"
                f" pixels, got {width} x {height}"
            )

    def freeze(self, stages: int) -> None:
        """Keep the first stages' weights as they are in training.

        Their batch norms go on counting: in training mode they normalize by
        the batch, and their running means and variances follow it.

        Args:
            stages: how many of the four; with one of them, or more, goes the
                first convolution.
        """
        if stages:
            self.stem.requires_grad_(False)
        self.stages[:stages].requires_grad_(False)


def find_backbone(
    backbone: str | Path,
    url: str | None = None,
    *,
    on_download: OnDownload | None = None,
) -> Path:
    """Find a file of weights, or download torchvision's, once.

    Args:
        backbone: the file; the folder of a run that trained one; or
            "imagenet": torchvision's ResNet-18, trained on ImageNet. It is
            kept in torch's own cache (TORCH_HOME). "distilled": the one that
            comes with the package, taught by networks that were trained on
            ImageNet.
        url: where it is published; None for torchvision's address. Its name
            ends with how its SHA-256 begins, and a file with another hash is
            refused.
        on_download: told how much has come.

    Returns:
        The path of the file.

    Raises:
        OSError: if it isn't there, or can't be downloaded.
    """
    if str(backbone) == DISTILLED:
        return SHIPPED_BACKBONE
    if str(backbone) != IMAGENET:
        return _file_in(Path(backbone))
    if url is None:
        from torchvision.models import ResNet18_Weights

        url = ResNet18_Weights.IMAGENET1K_V1.url
    name = url.rpartition("/")[2]
    path = Path(torch.hub.get_dir()) / "checkpoints" / name
    return download(
        url,
        path,
        re.findall(r"-([0-9a-f]{8,})\.", name)[-1],
        otherwise="get it elsewhere and give its path",
        on_download=on_download,
    )


def load_resnet18(
    backbone: ResNet18, path: str | Path, gray: Gray = "sum"
) -> None:
    """Load weights that were trained elsewhere: all of them, or none.

    Args:
        backbone: the network; changed in place.
        path: a file with torchvision's names, .pth or .safetensors; a
            classifier in it is left out.
        gray: how three filters, for red, green and blue, become one for
            lightness: their "sum" (a gray picture is the same in all three,
            so this sees what the network was trained to see), their "mean",
            or the "first" alone. A file for one channel is taken as it is.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it isn't a ResNet-18, or not the file that the card
            beside it describes; the backbone is as it was.
    """
    fill_resnet18(backbone, read_weights(Path(path)), path, gray)


def fill_resnet18(
    backbone: ResNet18,
    published: Mapping[str, Tensor],
    path: str | Path,
    gray: Gray = "sum",
) -> None:
    """Fill a network with tensors that were read: all of them, or none.

    Args:
        backbone: the network; changed in place.
        published: tensors by torchvision's names.
        path: where they come from, for messages.
        gray: see `load_resnet18`.

    Raises:
        ValueError: if they aren't a ResNet-18; the backbone is as it was.
    """
    weights = {}
    for ours, old in backbone.state_dict().items():
        theirs = torchvision_name(ours)
        found = published.get(theirs)
        if theirs == "conv1.weight" and found is not None:
            found = to_gray(found, gray)
        if theirs.endswith("num_batches_tracked") and found is None:
            found = old  # files from before 2018 lack it; nothing uses it
        if found is None or found.shape != old.shape:
            has = "is missing" if found is None else f"is {(*found.shape,)}"
            raise ValueError(
                f"{path} doesn't hold a ResNet-18: {theirs} {has}, not"
                f" {(*old.shape,)}; give torchvision's file, or"
                f' "{IMAGENET}" to download it'
            )
        weights[ours] = found
    backbone.load_state_dict(weights)


def torchvision_name(name: str) -> str:
    """Say what torchvision calls a tensor of `ResNet18`.

    Example:
        >>> torchvision_name("stages.3.0.conv1.weight")
        'layer4.0.conv1.weight'
    """
    part, _, rest = name.partition(".")
    number, _, rest = rest.partition(".")
    if part == "stem":
        return f"{('conv1', 'bn1')[int(number)]}.{rest}"
    return f"layer{int(number) + 1}.{rest}"


def to_gray(filters: Tensor, gray: Gray) -> Tensor:
    """Make filters for one channel of filters for three.

    Args:
        filters: filters x 3 x height x width; those for one channel are
            given back as they are.
        gray: see `load_resnet18`.

    Returns:
        Filters x 1 x height x width.

    Raises:
        ValueError: if there is no such way.
    """
    if filters.ndim != 4 or filters.shape[1] == 1:
        return filters
    ways = {
        "sum": filters.sum(1, keepdim=True),
        "mean": filters.mean(1, keepdim=True),
        "first": filters[:, :1],
    }
    if gray not in ways:
        raise ValueError(f"gray must be {', '.join(ways)}, got {gray!r}")
    return ways[gray]


def read_weights(
    path: Path,
    give: str = "torchvision's resnet18 .pth file, or .safetensors with its"
    " names",
) -> Mapping[str, Tensor]:
    """Read a file of tensors, and make sure that it is what its card says.

    Args:
        path: the file, .pth or .safetensors. A card beside it, of the same
            name in .json, need not be there.
        give: what to give instead of what can't be read, for the message.

    Returns:
        The tensors by name; those in 8 bits are in 32 bits again.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it can't be read, or its card gives another SHA-256.
    """
    _check_card(path)
    try:
        if path.suffix == ".safetensors":
            return dequantize(safetensors.torch.load_file(path))
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        SafetensorError,
    ) as error:
        raise ValueError(
            f"{path} can't be read as weights ({type(error).__name__});"
            f" give {give}"
        ) from error
    return found if isinstance(found, dict) else {}


def _file_in(path: Path) -> Path:
    """Find the file if the path is a run's folder."""
    if not path.is_dir():
        return path
    if not (path / BACKBONE).is_file():
        raise FileNotFoundError(
            f"{path} holds no {BACKBONE}; give the folder of a run that"
            " trained a backbone, or a file of weights"
        )
    return path / BACKBONE


def _check_card(path: Path) -> None:
    """Refuse weights that are not those which the card beside describes."""
    card = path.with_suffix(".json")
    if not card.is_file():
        return
    try:
        told = json.loads(card.read_text(encoding="utf-8")).get("sha256")
    except (ValueError, AttributeError) as error:
        raise ValueError(
            f"{card} is not a model card ({error}); get the weights and their"
            " card again"
        ) from error
    if told is not None and told != sha256_of(path):
        raise ValueError(
            f"{path} is not the file that {card.name} describes: their hashes"
            " differ; get both again"
        )
