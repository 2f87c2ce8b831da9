"""The deck's discriminator, PatchGAN: one logit for each patch.

L1 already gets large soft areas right; what it blurs is texture, and texture
shows in a small patch. So the output is a map of logits, one for each patch
of 70 by 70 pixels, and every patch is a training example. Chapter 09.
"""

import torch
from torch import Tensor, nn

from colorlib.shapes import ABChannels, LChannel, Logits


class PatchDiscriminator(nn.Module):
    """Tell for each patch whether its colors were photographed or generated.

    Args:
        in_channels: 3, lightness and color together.
        width: channels after the first convolution; they double with each
            one, up to 8 * width.
        n_down: how often height and width are halved. 1, 2, 3, 4, 5 give
            patches of 16, 34, 70, 142, 286 pixels.

    Attributes:
        config: the arguments; `PatchDiscriminator(**D.config)` is the same
            network.

    Raises:
        ValueError: if n_down is below 1.

    Reference:
        Isola et al., Image-to-Image Translation with Conditional Adversarial
        Networks, CVPR 2017, section 3.2.2 and its appendix. Chapter 09.
    """

    def __init__(self, in_channels: int = 3, width: int = 64, n_down: int = 3):
        if n_down < 1:
            raise ValueError(f"n_down must be at least 1, got {n_down}")
        super().__init__()
        self.config = {
            "in_channels": in_channels,
            "width": width,
            "n_down": n_down,
        }
        widths = [width * min(2**level, 8) for level in range(n_down + 1)]
        first = nn.Conv2d(in_channels, width, 4, 2, 1)
        blocks = [nn.Sequential(first, nn.LeakyReLU(0.2, inplace=True))]
        for level in range(1, n_down + 1):
            # The last of them looks wider without halving any further.
            stride = 2 if level < n_down else 1
            blocks.append(_block(widths[level - 1], widths[level], stride))
        blocks.append(nn.Sequential(nn.Conv2d(widths[-1], 1, 4, 1, 1)))
        self.model = nn.Sequential(*blocks)

    def forward(self, L: LChannel, ab: ABChannels) -> Logits:
        """Judge a batch of photographs, patch by patch.

        Args:
            L: lightness in [-1, 1], (B, 1, H, W).
            ab: color in (-1, 1), (B, 2, H, W): the true one or a generated.

        Returns:
            Logits (B, 1, H / 8 - 2, W / 8 - 2), 30 by 30 for 256 pixels:
            above 0 for "photographed". They are not probabilities.

        Raises:
            ValueError: if L and ab differ in size, have other channels or
                are too small for a single patch.
        """
        self._check(L, ab)
        x = torch.cat([L, ab], dim=1)  # (B, 3, H, W)
        return self.model(x)  # (B, 1, H / 8 - 2, W / 8 - 2)

    def _check(self, L: Tensor, ab: Tensor) -> None:
        channels = self.config["in_channels"]
        smallest = 3 * 2 ** self.config["n_down"]
        if (
            L.ndim == ab.ndim == 4
            and L.shape[1] + ab.shape[1] == channels
            and L.shape[2:] == ab.shape[2:]
            and min(L.shape[2:]) >= smallest
        ):
            return
        raise ValueError(
            f"L and ab must have {channels} channels together, (B, C, H, W),"
            f" and the same H and W of at least {smallest}, got"
            f" {tuple(L.shape)} and {tuple(ab.shape)}; resize ab to L, and"
            " use L[None] and ab[None] for a single photograph"
        )


def receptive_field(D: PatchDiscriminator) -> int:
    """Compute how many pixels, in height or width, one logit looks at.

    Each convolution adds its kernel, less the pixel that it is centered on,
    in steps as wide as all strides before it have made them.

    Args:
        D: the discriminator.

    Returns:
        The side of a patch in pixels of the photograph. At the border part
        of it falls on padding.

    Reference:
        Araujo et al., Computing Receptive Fields of Convolutional Neural
        Networks, Distill 2019. Chapter 09, which asks the gradient as well.
    """
    side, step = 1, 1
    for layer in D.modules():
        if isinstance(layer, nn.Conv2d):
            side += (layer.kernel_size[0] - 1) * step
            step *= layer.stride[0]
    return side


def patch_span(D: PatchDiscriminator, i: int) -> tuple[int, int]:
    """Tell where the patch of a logit begins and ends, along one axis.

    A patch is a square: rows and columns follow the same rule.

    Args:
        D: the discriminator.
        i: the row or the column of the logit in its map, from 0.

    Returns:
        Its first pixel, and the first one after it. Negative, or beyond the
        photograph, is padding.

    Reference:
        Araujo et al., 2019, as for `receptive_field`. Chapter 09.
    """
    start, step = 0, 1
    for layer in D.modules():
        if isinstance(layer, nn.Conv2d):
            start -= int(layer.padding[0]) * step
            step *= layer.stride[0]
    start += i * step
    return start, start + receptive_field(D)


def _block(in_channels: int, out_channels: int, stride: int) -> nn.Sequential:
    # The norm subtracts the mean, and with it any bias: so there is none.
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 4, stride, 1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.LeakyReLU(0.2, inplace=True),
    )
