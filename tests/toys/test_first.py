"""The first generator: it fits together, and has the slide's channels."""

import pytest
import torch
from torch import nn

from colorlib.losses import bce
from colorlib.toys.first import FirstDiscriminator, FirstGenerator, make_encoder


def photographs(count=2, height=64, width=64):
    """Lightness and noise."""
    return torch.rand(count, 1, height, width) * 2 - 1, torch.randn(
        count, 1, height, width
    )


def channels_of(network: nn.Module) -> list[int]:
    kinds = nn.Conv2d, nn.ConvTranspose2d
    found = [m for m in network.modules() if isinstance(m, kinds)]
    return [found[0].in_channels, *(m.out_channels for m in found)]


@pytest.mark.parametrize("size", [(64, 64), (16, 48)])
def test_color_comes_out_in_the_size_of_the_gray(size):
    """What the slide's network was to do, and can't."""
    G = FirstGenerator(width=2)
    ab = G(*photographs(2, *size))
    assert ab.shape == (2, 2, *size)
    assert ab.abs().max() < 1


def test_in_the_encoder_the_channels_are_the_slide_s():
    with torch.device("meta"):
        G = FirstGenerator()
    assert channels_of(G.down) == [2, 64, 128, 256, 512, 1024]
    assert channels_of(G.up) == [1024, 512, 256, 128, 64, 2]


def test_every_size_in_the_encoder_is_the_one_in_the_slide_s_comments():
    """64, 32, 16, 8, 4: no convolution shaves a pixel off."""
    x, sizes = photographs(1)[0], []
    for layer in make_encoder(1, 2):
        x = layer(x)
        sizes.append(x.shape[-1])
    assert list(dict.fromkeys(sizes)) == [64, 32, 16, 8, 4]


def test_the_discriminator_says_one_number_a_photograph():
    L, _ = photographs(3)
    logits = FirstDiscriminator(width=2)(L, torch.zeros(3, 2, 64, 64))
    assert logits.shape == (3, 1, 1, 1)


def test_every_weight_learns():
    """A layer that is built and not used looks fine on paper."""
    torch.manual_seed(0)
    G, D = FirstGenerator(width=2), FirstDiscriminator(width=2)
    L, noise = photographs(4)
    bce(D(L, G(L, noise)), 1.0).backward()
    for network in (G, D):
        for name, weight in network.named_parameters():
            assert weight.grad.abs().sum() > 0, name


def test_the_judge_sees_the_gray_picture():
    """A color that is right on one picture is wrong on another."""
    D = FirstDiscriminator(width=2).eval()
    L, _ = photographs(2)
    one, other = D(L, torch.zeros(2, 2, 64, 64)).flatten()
    assert one != other


@pytest.mark.usefixtures("as_outside_pytest")
@pytest.mark.parametrize("noise", [(1, 1, 64, 32), (2, 1, 64, 64)])
def test_noise_of_another_shape_is_told(noise):
    with pytest.raises(ValueError, match="draw torch.randn_like"):
        FirstGenerator(width=2)(photographs(1)[0], torch.zeros(noise))


def test_a_size_that_can_t_be_halved_four_times_is_told():
    with pytest.raises(ValueError, match="multiples of 16, got .*60"):
        FirstGenerator(width=2)(*photographs(1, 64, 60))
