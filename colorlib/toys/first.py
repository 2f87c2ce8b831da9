"""The deck's first generator, mended, and what its mistake was good for.

The slide's network halves a picture until a single number is left. That is
no generator, but it is a discriminator. So both networks here begin with the
same encoder, and the generator has a decoder that mirrors it. Chapter 03
finds what was wrong, line by line.

                      64     32      16      8       4
    noise, gray    2 - w --- 2w ---- 4w ---- 8w ---- 16 w      down
                                                      |
    color          2 - w --- 2w ---- 4w ---- 8w ------+        up

No connection leads straight across: chapter 08 adds those.
"""

import torch
from torch import Tensor, nn

from colorlib.shapes import ABChannels, LChannel

WIDTH, HALVINGS = 64, 4  # the slide's: 2-64-128-256-512-1024


class FirstGenerator(nn.Module):
    """Predict color from gray and noise, through a narrow middle.

    Args:
        width: channels after the first convolution; they double four times.

    Attributes:
        multiple: what height and width must be multiples of.

    See Also:
        The deck's practice project. Chapter 03.
    """

    multiple = 2**HALVINGS

    def __init__(self, width: int = WIDTH):
        super().__init__()
        widths = [width * 2**level for level in range(HALVINGS + 1)]
        self.down = make_encoder(2, width)
        self.up = nn.Sequential(
            *(
                _doubling(before, after)
                for before, after in zip(
                    widths[::-1], widths[-2::-1], strict=False
                )
            ),
            nn.Conv2d(width, 2, kernel_size=3, padding=1),
            nn.Tanh(),
        )

    def forward(self, L: LChannel, noise: LChannel) -> ABChannels:
        """Color a batch of photographs.

        Args:
            L: lightness in [-1, 1], (B, 1, H, W); H and W multiples of 16.
            noise: normal numbers of the same shape.

        Returns:
            ab in (-1, 1), (B, 2, H, W).

        Raises:
            ValueError: if the shapes differ or don't suit.
        """
        if L.shape != noise.shape or any(
            side % self.multiple for side in L.shape[-2:]
        ):
            raise ValueError(
                "L and noise must have one shape, (B, 1, H, W) with H and W"
                f" multiples of {self.multiple}, got {tuple(L.shape)} and"
                f" {tuple(noise.shape)}; draw torch.randn_like(L)"
            )
        x = torch.cat([noise, L], dim=1)  # (B, 2, H, W)
        x = self.down(x)  # (B, 16 w, H / 16, W / 16)
        return self.up(x)  # (B, 2, H, W)


class FirstDiscriminator(nn.Module):
    """Give a whole picture one logit: what the slide's network does.

    Args:
        width: channels after the first convolution; they double four times.

    Reference:
        Mirza, Osindero, Conditional Generative Adversarial Nets, 2014: it
        gets to see what the generator saw. Chapter 03.
    """

    def __init__(self, width: int = WIDTH):
        super().__init__()
        self.down = make_encoder(3, width)
        self.to_logit = nn.Conv2d(width * 2**HALVINGS, 1, kernel_size=4)

    def forward(self, L: LChannel, ab: ABChannels) -> Tensor:
        """Give each picture of a batch a logit: real or generated?

        Args:
            L: lightness in [-1, 1], (B, 1, 64, 64).
            ab: color in (-1, 1), (B, 2, 64, 64), true or generated.

        Returns:
            Logits (B, 1, 1, 1): above 0 for "photographed".
        """
        x = torch.cat([L, ab], dim=1)  # (B, 3, 64, 64)
        return self.to_logit(self.down(x))  # (B, 1, 1, 1)


def make_encoder(in_channels: int, width: int) -> nn.Sequential:
    """Build the slide's five convolutions, with sizes that hold.

    Args:
        in_channels: 2 for noise and gray, 3 for gray and color.
        width: channels after the first convolution; they double four times.

    Returns:
        (B, in_channels, H, W) to (B, 16 * width, H / 16, W / 16).
    """
    layers = [*_convolution(in_channels, width)]
    for level in range(HALVINGS):
        channels = width * 2**level
        layers += [nn.MaxPool2d(2), *_convolution(channels, 2 * channels)]
    return nn.Sequential(*layers)


def _convolution(before: int, after: int) -> list[nn.Module]:
    # A kernel of 3 with a padding of 1 keeps the size, which 4 can't. The
    # norm subtracts the mean, and with it any bias: so there is none.
    return [
        nn.Conv2d(before, after, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(0.2, inplace=True),
    ]


def _doubling(before: int, after: int) -> nn.Sequential:
    # Here 4 is right: with a stride of 2 and a padding of 1 it doubles.
    return nn.Sequential(
        nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(0.2, inplace=True),
    )
