"""The U-Net computes what the deck's nested code computes."""

import pytest
import torch
from torch import nn

from colorlib.models.unet import Unet, init_weights


class DeckBlock(nn.Module):
    """The deck's `UnetBlock`, as on its slide."""

    def __init__(
        self,
        nf,
        ni,
        submodule=None,
        input_c=None,
        dropout=False,
        innermost=False,
        outermost=False,
    ):
        super().__init__()
        self.outermost = outermost
        if input_c is None:
            input_c = nf
        downconv = nn.Conv2d(
            input_c, ni, kernel_size=4, stride=2, padding=1, bias=False
        )
        downrelu = nn.LeakyReLU(0.2, True)
        downnorm = nn.BatchNorm2d(ni)
        uprelu = nn.ReLU(True)
        upnorm = nn.BatchNorm2d(nf)
        up_options = {"kernel_size": 4, "stride": 2, "padding": 1}

        if outermost:
            upconv = nn.ConvTranspose2d(ni * 2, nf, **up_options)
            down = [downconv]
            up = [uprelu, upconv, nn.Tanh()]
            model = [*down, submodule, *up]
        elif innermost:
            upconv = nn.ConvTranspose2d(ni, nf, bias=False, **up_options)
            down = [downrelu, downconv]
            up = [uprelu, upconv, upnorm]
            model = down + up
        else:
            upconv = nn.ConvTranspose2d(ni * 2, nf, bias=False, **up_options)
            down = [downrelu, downconv, downnorm]
            up = [uprelu, upconv, upnorm]
            if dropout:
                up += [nn.Dropout(0.5)]
            model = [*down, submodule, *up]
        self.model = nn.Sequential(*model)

    def forward(self, x):
        if self.outermost:
            return self.model(x)
        return torch.cat([x, self.model(x)], 1)


class DeckUnet(nn.Module):
    """The deck's `Unet`, as on its slide: from the middle outwards."""

    def __init__(self, input_c=1, output_c=2, n_down=8, num_filters=64):
        super().__init__()
        nf = num_filters * 8
        block = DeckBlock(nf, nf, innermost=True)
        for _ in range(n_down - 5):
            block = DeckBlock(nf, nf, submodule=block, dropout=True)
        for _ in range(3):
            block = DeckBlock(nf // 2, nf, submodule=block)
            nf //= 2
        self.model = DeckBlock(
            output_c, nf, input_c=input_c, submodule=block, outermost=True
        )

    def forward(self, x):
        return self.model(x)


@pytest.fixture(params=[5, 6, 8])
def pair(request):
    """The deck's network and ours with the same weights, none of them bland.

    Both list their weights in the order in which a photograph meets them, so
    the n-th of one is the n-th of the other.
    """
    torch.manual_seed(0)
    deck = DeckUnet(n_down=request.param, num_filters=4)
    for name, value in deck.state_dict().items():
        if value.is_floating_point():
            value.uniform_(0.5, 1.5) if "var" in name else value.normal_(0, 0.3)
    G = Unet(n_down=request.param, width=4)
    names, values = G.state_dict().keys(), deck.state_dict().values()
    G.load_state_dict(dict(zip(names, values, strict=True)))
    return deck, G


def photographs(batch=2, side=256):
    return torch.rand(batch, 1, side, side) * 2 - 1


def test_equals_the_deck_when_coloring(pair):
    deck, G = pair
    L = photographs()
    torch.testing.assert_close(G.eval()(L), deck.eval()(L))


def test_equals_the_deck_when_training(pair):
    """Batch statistics, gradients and the draws of dropout as well."""
    answers = []
    L = photographs()
    for network in pair:
        torch.manual_seed(1)
        ab = network.train()(L)
        ab.square().mean().backward()
        gradients = [weight.grad for weight in network.parameters()]
        answers.append([ab.detach(), *gradients, *network.buffers()])
    torch.testing.assert_close(*answers)


def test_skips_carry_the_activated_x(pair):
    """What meets on the way up is the same on each level, not only the end."""
    deck, G = (network.eval() for network in pair)
    in_deck, in_ours = [], []
    for block in deck.modules():
        if isinstance(block, DeckBlock) and not block.outermost:
            block.register_forward_hook(
                lambda _, __, joined: in_deck.append(joined.clone())
            )
    for up in [*G.decoder[1:], G.to_ab]:
        up.register_forward_pre_hook(
            lambda _, joined: in_ours.append(joined[0].clone())
        )
    L = photographs(batch=1)
    deck(L), G(L)
    torch.testing.assert_close(in_ours, in_deck)


def test_the_decks_accident_is_harmless(pair):
    """A ReLU follows every join, and ReLU(LeakyReLU(x)) = ReLU(x)."""
    deck, _ = pair
    L = photographs()
    accident = deck.eval()(L)
    for layer in deck.modules():
        if isinstance(layer, nn.LeakyReLU):
            layer.inplace = False
    torch.testing.assert_close(deck(L), accident)


def test_is_as_large_as_the_decks():
    with torch.device("meta"):
        ours, deck = Unet(), DeckUnet()
    shapes = [weight.shape for weight in ours.state_dict().values()]
    assert shapes == [weight.shape for weight in deck.state_dict().values()]
    assert sum(w.numel() for w in ours.parameters()) == 54_409_858


def test_a_batch_of_one_can_train():
    """At its bottom stands one pixel: a norm there could not be computed."""
    G = Unet(n_down=4, width=4)
    G(photographs(batch=1, side=16)).square().mean().backward()
    assert G.encoder[-1][0].weight.grad.abs().sum() > 0


def test_a_single_halving_is_refused():
    with pytest.raises(ValueError, match="at least 2, got 1"):
        Unet(n_down=1)


def test_init_weights_draws_as_pix2pix_does():
    torch.manual_seed(0)
    G = Unet(n_down=5, width=16)
    for weight in G.parameters():
        nn.init.constant_(weight, 7.0)
    assert init_weights(G) is G
    for layer in G.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            assert_drawn_around(0.0, layer.weight)
        if isinstance(layer, nn.BatchNorm2d):
            assert_drawn_around(1.0, layer.weight)
            assert (layer.bias == 0).all()
    assert (G.to_ab[1].bias == 0).all()


def assert_drawn_around(mean, weight):
    """Within five standard errors of N(mean, 0.02)."""
    error = 0.02 / weight.numel() ** 0.5
    assert weight.mean().item() == pytest.approx(mean, abs=5 * error)
    assert weight.std().item() == pytest.approx(0.02, abs=5 * error)
