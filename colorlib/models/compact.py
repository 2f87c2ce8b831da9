"""A small U-Net for processors and browsers: the network that ships.

It begins by folding each 4 x 4 block of pixels into 16 channels: nothing is
lost, and no convolution ever runs at full resolution, where most of the
deck's time goes. It ends there too, because the eye takes detail from
lightness and forgives color (chroma at 32 x 32 already gives 33.6 dB). In
between it is a U-Net of residual blocks. What it says of each place is how
likely each color of a palette is; color is mixed from that.

    L  H x W ---- fold 4 x 4
                   64, 1/4  ----------------> 64, 1/4 -- palette -- ab, H x W
                     128, 1/8 ---------> 96, 1/8
                       192, 1/16 --> 128, 1/16
                          256, 1/32

References:
    Ronneberger et al., U-Net, MICCAI 2015; He et al., Deep Residual
    Learning, CVPR 2016; Shi et al., Real-Time Single Image ... Sub-Pixel
    Convolutional Neural Network, CVPR 2016 (folding); Zhang et al., Colorful
    Image Colorization, ECCV 2016 (palette). Chapter 12.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from colorlib.models.palette import mix, palette
from colorlib.models.unet import check_lightness
from colorlib.shapes import ABChannels, LChannel

FOLD = 4  # pixels folded into channels, along each side


class CompactUnet(nn.Module):
    """A residual U-Net with at most 5 M parameters.

    Args:
        widths: channels at 1/4, 1/8, 1/16 ... of the resolution.
        blocks: residual blocks at each of them.
        decoder: channels on the way up, from the deepest join.
        dropout: share of the channels dropped while training, of the deepest
            and of each skip connection.
        temperature: how bold the mixed color is: see `palette.mix`.

    Attributes:
        multiple: height and width must be multiples of it.
        config: arguments that build the same network again.
    """

    def __init__(
        self,
        widths: Sequence[int] = (64, 128, 192, 256),
        blocks: Sequence[int] = (2, 2, 2, 1),
        decoder: Sequence[int] = (128, 96, 64),
        dropout: float = 0.1,
        temperature: float = 1.0,
    ):
        super().__init__()
        self.config = {
            "widths": list(widths),
            "blocks": list(blocks),
            "decoder": list(decoder),
            "dropout": dropout,
            "temperature": temperature,
        }
        self.multiple = FOLD * 2 ** (len(widths) - 1)
        channels, stride = FOLD**2, 1
        self.down = nn.ModuleList()
        for width, count in zip(widths, blocks, strict=True):
            stage = [_conv_norm_relu(channels, width, stride)]
            stage += [ResidualBlock(width) for _ in range(count)]
            self.down.append(nn.Sequential(*stage))
            channels, stride = width, 2
        # Whole channels: a neighbor would give away a single place.
        self.dropout = nn.Dropout2d(dropout)
        self.up = nn.ModuleList()
        for width, skip in zip(decoder, widths[-2::-1], strict=True):
            self.up.append(_conv_norm_relu(channels + skip, width))
            channels = width
        self.head = nn.Conv2d(channels, len(palette()), 1)
        self.temperature = temperature

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
        # The fold loses the memory format; the convolutions want it back.
        x = F.pixel_unshuffle(L, FOLD).contiguous(
            memory_format=torch.channels_last
        )
        skips = []
        for stage in self.down:
            x = stage(x)  # (B, width, H / 4 ... H / 32, ...)
            skips.append(x)
        x = self.dropout(skips.pop())
        for join in self.up:
            skip = self.dropout(skips.pop())
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = join(torch.cat([x, skip], dim=1))
        scores = self.head(x)  # (B, colors, H / 4, W / 4)
        if logits:
            return scores
        ab = mix(scores, self.temperature)
        return F.interpolate(ab, L.shape[-2:], mode="bilinear")


class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what came in."""

    def __init__(self, width: int):
        super().__init__()
        self.first = _conv_norm_relu(width, width)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) to the same shape."""
        return F.relu(x + self.second(self.first(x)))


def _conv_norm_relu(channels: int, width: int, stride: int = 1) -> nn.Module:
    """Build a 3 x 3 convolution, its normalization and a ReLU.

    Args:
        channels: channels that come in.
        width: channels that go out.
        stride: 1 keeps height and width, 2 halves them.

    Returns:
        The three, in sequence.
    """
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )
