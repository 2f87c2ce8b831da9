"""The PatchGAN is the one that the deck printed, and sees 70 pixels."""

import pytest
import torch
from torch import nn
from torch.nn import BatchNorm2d, Conv2d, LeakyReLU

from colorlib.models.patchgan import (
    PatchDiscriminator,
    patch_span,
    receptive_field,
)

FIELDS = {1: 16, 2: 34, 3: 70, 4: 142, 5: 286}  # Isola et al., appendix


def photographs(batch, side):
    L, ab = torch.rand(batch, 3, side, side).mul(2).sub(1).split([1, 2], dim=1)
    return L, ab.requires_grad_()


def printed():
    """The layers as the deck's slide prints them, block by block."""
    halve = {"kernel_size": (4, 4), "stride": (2, 2), "padding": (1, 1)}
    keep = {"kernel_size": (4, 4), "stride": (1, 1), "padding": (1, 1)}
    norm = {"eps": 1e-5, "momentum": 0.1, "affine": True}
    leaky = LeakyReLU(negative_slope=0.2, inplace=True)
    return [
        [Conv2d(3, 64, **halve), leaky],
        [Conv2d(64, 128, **halve, bias=False), BatchNorm2d(128, **norm), leaky],
        [
            Conv2d(128, 256, **halve, bias=False),
            BatchNorm2d(256, **norm),
            leaky,
        ],
        [Conv2d(256, 512, **keep, bias=False), BatchNorm2d(512, **norm), leaky],
        [Conv2d(512, 1, **keep)],
    ]


def test_is_the_network_that_the_deck_printed():
    with torch.device("meta"):
        D, slide = PatchDiscriminator(), printed()
    assert [name for name, _ in D.named_children()] == ["model"]
    ours = [[repr(layer) for layer in block] for block in D.model]
    assert ours == [[repr(layer) for layer in block] for block in slide]
    assert sum(w.numel() for w in D.parameters()) == 2_765_633


@pytest.mark.parametrize(("n_down", "field"), FIELDS.items())
def test_the_formula_gives_the_papers_patches(n_down, field):
    D = PatchDiscriminator(width=2, n_down=n_down)
    assert receptive_field(D) == field


@pytest.mark.parametrize(("n_down", "field"), FIELDS.items())
def test_one_logit_sees_exactly_one_patch(n_down, field):
    """Whatever pixel can change it has a gradient, all others have none.

    In eval mode: while training, batch norm lets every pixel in.
    """
    torch.manual_seed(0)
    D = PatchDiscriminator(width=2, n_down=n_down).eval()
    L, ab = photographs(batch=1, side=512)
    logits = D(L, ab)
    middle = logits.shape[-1] // 2
    logits[0, 0, middle, middle].backward()
    seen = (ab.grad != 0).any(dim=1)[0]  # (512, 512)
    rows, columns = seen.any(dim=1), seen.any(dim=0)
    assert rows.sum() == columns.sum() == field
    assert seen.sum() == field**2


@pytest.mark.parametrize("n_down", FIELDS)
def test_a_patch_lies_where_its_span_says(n_down):
    """In the corners too, where the part on padding has no pixels."""
    torch.manual_seed(0)
    D = PatchDiscriminator(width=2, n_down=n_down).eval()
    side = 320
    L, ab = photographs(batch=1, side=side)
    logits = D(L, ab)
    last = logits.shape[-1] - 1
    for row, column in [(0, last), (last, last // 2), (1, 0)]:
        [grad] = torch.autograd.grad(
            logits[0, 0, row, column], ab, retain_graph=True
        )
        seen = (grad != 0).any(dim=1)[0]
        wanted = torch.zeros_like(seen)
        (top, bottom), (left, right) = patch_span(D, row), patch_span(D, column)
        wanted[max(top, 0) : bottom, max(left, 0) : right] = True
        assert torch.equal(seen, wanted)


@pytest.mark.parametrize(("side", "patches"), [(24, 1), (64, 6), (256, 30)])
def test_prints_a_sheet_of_logits(side, patches):
    D = PatchDiscriminator(width=2)
    assert D(*photographs(2, side)).shape == (2, 1, patches, patches)


def test_logits_are_not_after_a_sigmoid():
    D = PatchDiscriminator(width=2)
    nn.init.constant_(D.model[-1][0].bias, -50.0)
    assert (D(*photographs(2, 64)) < -10).all()


def test_color_is_judged_given_the_lightness():
    """A conditional GAN: the same colors on another photograph differ."""
    D = PatchDiscriminator(width=2).eval()
    L, ab = photographs(1, 64)
    assert not torch.equal(D(L, ab), D(-L, ab))


def test_every_weight_receives_a_gradient():
    D = PatchDiscriminator(width=4)
    D(*photographs(2, 64)).square().mean().backward()
    for name, weight in D.named_parameters():
        assert weight.grad.abs().sum() > 0, name


def test_config_rebuilds_the_network():
    D = PatchDiscriminator(width=4, n_down=2)
    twin = PatchDiscriminator(**D.config)
    twin.load_state_dict(D.state_dict())


@pytest.mark.usefixtures("as_outside_pytest")
@pytest.mark.parametrize(
    ("L", "ab"),
    [
        ((1, 1, 64, 64), (1, 2, 32, 32)),
        ((1, 1, 64, 64), (1, 3, 64, 64)),
        ((1, 1, 16, 16), (1, 2, 16, 16)),
        ((1, 64, 64), (2, 64, 64)),
        ((64, 1, 64), (64, 2, 64)),
    ],
    ids=["sizes differ", "channels", "no room", "no batch", "rows first"],
)
def test_what_it_cannot_judge_is_refused(L, ab):
    D = PatchDiscriminator(width=2)
    with pytest.raises(
        ValueError, match=r"3 channels .*at least 24, got .*L\["
    ):
        D(torch.zeros(L), torch.zeros(ab))


def test_no_halving_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        PatchDiscriminator(n_down=0)
