"""A small U-Net for processors and browsers: the network that ships.

On the way down it borrows its eyes: EfficientNet-Lite2, which can be trained
from nothing like any other network, or begin with what it learned on
ImageNet. On the way up are plain convolutions, as far as a quarter of the
resolution and no further: most of the deck's time goes there, and the eye
takes detail from lightness and forgives color. What the network says of each
place is how likely each color of a palette is; on one it settles last.

    L  H x W ---- EfficientNet
                   24, 1/4  ----------------> 96, 1/4 -- palette -- ab, H x W
                     48, 1/8 ----------> 128, 1/8
                       120, 1/16 --> 256, 1/16
                          208, 1/32

References:
    Ronneberger et al., U-Net, MICCAI 2015; Tan & Le, EfficientNet, ICML 2019;
    Zhang et al., Colorful Image Colorization, ECCV 2016 (palette).
    Chapter 12.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from colorlib.models.efficientnet import LITE2, EfficientNet
from colorlib.models.palette import palette, settle
from colorlib.models.unet import check_lightness
from colorlib.shapes import ABChannels, LChannel

FINEST = 4  # color is decided for squares of this many pixels a side


class CompactUnet(nn.Module):
    """A U-Net on an EfficientNet, with at most 5 M parameters.

    Args:
        stages: of the body: see `efficientnet.Stage`.
        decoder: channels on the way up, from the deepest join.
        dropout: share of the channels dropped while training, of the deepest
            and of each skip connection.
        temperature: how much unlikely colors count: see
            `palette.settle`.

    Attributes:
        body: the way down.
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
        self.body = EfficientNet(stages)
        self.multiple = self.body.strides[-1]
        *skips, channels = self.body.channels[self._first :]
        # Whole channels: a neighbor would give away a single place.
        self.dropout = nn.Dropout2d(dropout)
        self.up = nn.ModuleList()
        for width, skip in zip(decoder, reversed(skips), strict=True):
            self.up.append(_conv_norm_relu(channels + skip, width))
            channels = width
        self.head = nn.Conv2d(channels, len(palette()), 1)
        self.temperature = temperature

    @property
    def _first(self) -> int:
        """Which of the body's features are fine enough, and no finer."""
        return self.body.strides.index(FINEST)

    def forward(
        self, L: LChannel, *, logits: bool = False
    ) -> ABChannels | Float[Tensor, "batch colors rows columns"]:
        """Predict color from lightness.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width; height and
                width multiples of `multiple`.
            logits: return what is known instead of what is shown, for
                training, and for telling how sure the network is.

        Returns:
            ab in (-1, 1), batch x 2 x height x width; or, for each color of
            the palette, a logit at a quarter of the resolution.

        Raises:
            ValueError: if L has another shape.
        """
        check_lightness(L, 1, self.multiple)
        skips = self.body(L)[self._first :]  # 1/4 ... 1/32
        x = self.dropout(skips.pop())
        for join in self.up:
            skip = self.dropout(skips.pop())
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = join(torch.cat([x, skip], dim=1))
        scores = self.head(x)  # (B, colors, H / 4, W / 4)
        if logits:
            return scores
        ab = settle(scores, self.temperature)
        return F.interpolate(ab, L.shape[-2:], mode="bilinear")


def _conv_norm_relu(channels: int, width: int) -> nn.Module:
    """Build a 3 x 3 convolution, its normalization and a ReLU."""
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )
