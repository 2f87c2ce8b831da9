"""A small U-Net for processors and browsers: the network that ships.

Its encoder, the backbone, is EfficientNet-Lite2: trained from random weights
like any other network, or pretrained on ImageNet. The decoder has plain
convolutions and ends at a quarter of the resolution: most of the deck's time
goes into the rest, and people see fine detail in lightness, not in color. It
is a classifier: for each place it gives a logit for each bin of the ab plane,
and the annealed median of their probabilities becomes the color.

    L  H x W ---- EfficientNet
                   24, 1/4  ----------------> 96, 1/4 -- ab bins -- ab, H x W
                     48, 1/8 ----------> 128, 1/8
                       120, 1/16 --> 256, 1/16
                          208, 1/32

References:
    Ronneberger et al., U-Net, MICCAI 2015; Tan & Le, EfficientNet, ICML 2019;
    Zhang et al., Colorful Image Colorization, ECCV 2016 (bins).
    Chapter 12.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from colorlib.models.ab_bins import AbBins
from colorlib.models.efficientnet import (
    LITE2,
    EfficientNet,
    load_backbone,
)
from colorlib.models.generator import Generator
from colorlib.models.unet import check_input
from colorlib.shapes import ABChannels, LChannel

FINEST = 4  # color is decided for squares of this many pixels a side


class CompactUnet(Generator):
    """A U-Net on an EfficientNet, with at most 5 M parameters.

    Args:
        stages: of the backbone: see `efficientnet.Stage`.
        decoder: channels of the decoder, from the deepest skip.
        dropout: share of the channels dropped while training, of the deepest
            and of each skip connection.
        temperature: how much unlikely colors count: see
            `AbBins.annealed_median`.

    Attributes:
        backbone: the encoder, which may have been pretrained.
        bins: the colors that it classifies into.
        multiple: height and width must be multiples of it.
        config: arguments that build the same network again.
    """

    def __init__(
        self,
        stages: Sequence[Sequence[int]] = LITE2,
        decoder: Sequence[int] = (256, 128, 96),
        dropout: float = 0.1,
        temperature: float = 1.0,
    ):
        super().__init__()
        self.config = {
            "stages": [list(stage) for stage in stages],
            "decoder": list(decoder),
            "dropout": dropout,
            "temperature": temperature,
        }
        self.backbone = EfficientNet(stages)
        self.multiple = self.backbone.strides[-1]
        *skips, channels = self.backbone.channels[self._first :]
        # Whole channels: a neighbor would give away a single place.
        self.dropout = nn.Dropout2d(dropout)
        self.up = nn.ModuleList()
        for width, skip in zip(decoder, reversed(skips), strict=True):
            self.up.append(_conv_norm_relu(channels + skip, width))
            channels = width
        self.bins = AbBins()
        self.head = nn.Conv2d(channels, len(self.bins), 1)
        self.temperature = temperature

    @classmethod
    def for_training(
        cls,
        dropout: float | None = None,
        backbone: str | Path | None = None,
    ) -> "CompactUnet":
        """Build a network to be trained.

        Args:
            dropout: as for the class; None for its default.
            backbone: EfficientNet-Lite2's published weights, to begin with;
                None for random numbers.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if it holds something else.
        """
        return cls().continued(dropout, backbone)

    def continued(
        self,
        dropout: float | None = None,
        backbone: str | Path | None = None,
    ) -> "CompactUnet":
        """Take the same weights into further training, under new settings.

        Args:
            dropout: as for the class; None to leave it.
            backbone: as for `for_training`; None to leave its weights.

        Returns:
            Another network, or this one if nothing changes.
        """
        G = self
        if dropout is not None:
            G = type(self)(**self.config | {"dropout": dropout})
            G.load_state_dict(self.state_dict())
        if backbone is not None:
            load_backbone(G.backbone, backbone)
        return G

    @property
    def _first(self) -> int:
        """Which of the backbone's features are fine enough, and no finer."""
        return self.backbone.strides.index(FINEST)

    def forward(
        self, L: LChannel, *, logits: bool = False
    ) -> ABChannels | Float[Tensor, "batch bins rows columns"]:
        """Predict color from lightness.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width; height and
                width multiples of `multiple`.
            logits: return the bins' logits instead of one color, for
                training, and for telling how sure the network is.

        Returns:
            ab in (-1, 1), batch x 2 x height x width; or, for each bin, a logit
            at a quarter of the resolution.

        Raises:
            ValueError: if L has another shape.
        """
        check_input(L, 1, self.multiple)
        skips = self.backbone(L)[self._first :]  # 1/4 ... 1/32
        x = self.dropout(skips.pop())  # (B, 208, H / 32, W / 32)
        for block in self.up:
            skip = self.dropout(skips.pop())
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = block(torch.cat([x, skip], dim=1))  # (B, width, 2h, 2w)
        bin_logits = self.head(x)  # (B, bins, H / 4, W / 4)
        if logits:
            return bin_logits
        # (B, 2, H / 4, W / 4)
        ab = self.bins.annealed_median(bin_logits, self.temperature)
        return F.interpolate(ab, L.shape[-2:], mode="bilinear")


def _conv_norm_relu(channels: int, width: int) -> nn.Module:
    """Build a 3 x 3 convolution, its normalization and a ReLU."""
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )
