"""The deck's generator: a U-Net that turns lightness into color.

Eight halvings bring a photograph of 256 pixels down to a single one, eight
doublings bring it back. That bottleneck is narrow, so on every level but the
first and the last a skip connection hands the encoder's feature maps to the
decoder, and with them where things are.

The deck nests eight blocks in one another, from the middle outwards, with a
flag for the innermost and one for the outermost. The same network stands
here as two lists, encoder and decoder, and a loop over each, in the order
in which they compute. Chapter 08.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from colorlib.models.generator import Generator
from colorlib.models.layout import Network
from colorlib.shapes import ABChannels, LChannel


class Unet(Generator):
    """Predict color from lightness, with the scene and the edges in view.

    Args:
        in_channels: 1, the lightness.
        out_channels: 2, a* and b*.
        n_down: how often height and width are halved, at least 2.
        width: channels after the first halving; they double with each one,
            up to 8 * width.
        skips: whether it has skip connections. Without, it is the plain
            encoder and decoder that chapter 08 compares it with.

    Attributes:
        multiple: what height and width must be multiples of, 2**n_down.
        config: the arguments; `Unet(**G.config)` is the same network.

    Raises:
        ValueError: if n_down is below 2.

    Reference:
        Ronneberger et al., U-Net, MICCAI 2015. Isola et al., Image-to-Image
        Translation with Conditional Adversarial Networks, CVPR 2017, section
        3.2.1 and its appendix. Chapter 08.
    """

    def __init__(
        self,
        in_channels: int = 1,
        out_channels: int = 2,
        n_down: int = 8,
        width: int = 64,
        skips: bool = True,
    ):
        if n_down < 2:
            raise ValueError(
                f"n_down must be at least 2, got {n_down};"
                " with a single halving there is nothing to skip"
            )
        super().__init__()
        self.config = {
            "in_channels": in_channels,
            "out_channels": out_channels,
            "n_down": n_down,
            "width": width,
            "skips": skips,
        }
        self.multiple = 2**n_down
        # 64, 128, 256 and then 512 on every level down to the bottleneck.
        widths = [width * min(2**level, 8) for level in range(n_down)]
        self.encoder = _make_encoder(in_channels, widths)
        joined = 2 if skips else 1  # feature maps that each level concatenates
        self.decoder = _make_decoder(widths, joined)
        self.to_ab = nn.Sequential(
            nn.ReLU(),
            nn.ConvTranspose2d(joined * width, out_channels, 4, 2, 1),
            nn.Tanh(),
        )

    @classmethod
    def for_training(
        cls, size: int = 256, width: int | None = None, skips: bool = True
    ) -> "Unet":
        """Build a network for squares of a size, its weights as in pix2pix.

        Args:
            size: side of the squares, pixels. They are halved until a single
                pixel is left, but no more than eight times: the deck's 256
                pixels take as many.
            width: channels after the first halving; None for the deck's 64.
            skips: as for the class.
        """
        n_down = min(8, max(2, size.bit_length() - 1))
        return init_weights(cls(n_down=n_down, width=width or 64, skips=skips))

    def forward(self, L: LChannel) -> ABChannels:
        """Color a batch of photographs.

        Args:
            L: lightness in [-1, 1], (B, 1, H, W), with H and W multiples of
                `multiple`.

        Returns:
            Color in (-1, 1), (B, 2, H, W).

        Raises:
            ValueError: if L has another shape.
        """
        check_input(L, self.config["in_channels"], self.multiple)
        x = L  # (B, 1, H, W)
        skips = []
        for down in self.encoder:
            # A skip carries x activated. In the deck it does so by accident:
            # LeakyReLU(0.2, True) changes x in place after it was set aside.
            # (ab is the same either way: a ReLU meets every skip, and
            # ReLU(LeakyReLU(x)) = ReLU(x).)
            x = F.leaky_relu(down(x), 0.2)  # (B, 64 to 512, H / 2, W / 2) ...
            skips.append(x)
        x = skips.pop()  # (B, 512, H / 256, W / 256), the bottleneck
        for up in self.decoder:
            x = up(x)
            if self.config["skips"]:
                x = torch.cat([skips.pop(), x], dim=1)  # (B, 1024 to 128, ...)
        return self.to_ab(x)  # (B, 2, H, W)


def init_weights(network: Network, std: float = 0.02) -> Network:
    """Draw the weights as pix2pix does, instead of as PyTorch does.

    Args:
        network: changed in place. Its convolutions get weights from
            N(0, std), its batch norms from N(1, std); biases become 0.
        std: standard deviation.

    Returns:
        The same network.

    Reference:
        Isola et al., CVPR 2017, appendix 6.2. Chapter 08.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, std)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, std)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    return network


def check_input(L: Tensor, channels: int, multiple: int) -> None:
    """Refuse what a generator can't color, and say what to do."""
    shape = tuple(L.shape)
    fits = len(shape) == 4 and shape[1] == channels
    if fits and not any(side % multiple for side in shape[2:]):
        return
    raise ValueError(
        f"L must have shape (B, {channels}, H, W) with H and W multiples of"
        f" {multiple}, got {shape}; pad by reflection and crop the answer, as"
        " Colorizer.predict does, and use L[None] for a single photograph"
    )


def _make_encoder(in_channels: int, widths: list[int]) -> nn.ModuleList:
    """Build one halving a level."""
    bottom = len(widths) - 1
    blocks = nn.ModuleList()
    for level, width in enumerate(widths):
        halve = nn.Conv2d(in_channels, width, 4, 2, 1, bias=False)
        block = nn.Sequential(halve)
        # No norm at the top, which reads lightness as it is, and none at the
        # bottom: over the one pixel of a batch of one it would leave zeros.
        if 0 < level < bottom:
            block.append(nn.BatchNorm2d(width))
        blocks.append(block)
        in_channels = width
    return blocks


def _make_decoder(widths: list[int], joined: int) -> nn.ModuleList:
    """Build one doubling a level, from the bottom to the level below L."""
    *widths, channels = widths
    blocks = nn.ModuleList()
    for level, width in reversed(list(enumerate(widths))):
        double = nn.ConvTranspose2d(channels, width, 4, 2, 1, bias=False)
        block = nn.Sequential(nn.ReLU(), double, nn.BatchNorm2d(width))
        # In the middle only: 2 to 4, 4 to 8 and 8 to 16 pixels of 256.
        if 3 <= level < len(widths) - 1:
            block.append(nn.Dropout(0.5))
        blocks.append(block)
        channels = joined * width
    return blocks
