"""The bins reach all of sRGB, and what is shared comes back."""

import math

import pytest
import torch
from torch.testing import assert_close

from colorlib.color import AB_SCALE, rgb_to_lab, split_lab
from colorlib.models.ab_bins import STEP, AbBins

BINS = AbBins()


def some_ab(side=32):
    """ab of random colors, (1, 2, side, side)."""
    torch.manual_seed(0)
    return split_lab(rgb_to_lab(torch.rand(1, 3, side, side)))[1]


def spread(neighbors, shares):
    """Probabilities over the palette, (B, colors, H, W)."""
    height, width = neighbors.shape[-2:]
    empty = torch.zeros(len(neighbors), len(BINS), height, width)
    return empty.scatter_add(1, neighbors, shares)


def test_has_as_many_colors_as_the_shipped_weights():
    """One more or less, and no file of weights fits any longer."""
    assert BINS.centers.shape == (305, 2)
    assert (BINS.centers == 0).all(dim=1).sum() == 1  # gray is one of them
    assert len(BINS.centers.unique(dim=0)) == len(BINS)


def test_every_color_of_srgb_lies_between_four_of_its_colors():
    """Shares are a mean: what is shared out comes back by mixing."""
    steps = torch.linspace(0, 1, 52)
    rgb = torch.stack(torch.meshgrid(steps, steps, steps, indexing="ij"))
    _, ab = split_lab(rgb_to_lab(rgb.flatten(2)))
    neighbors, shares = BINS.soft_encode(ab[None])
    assert_close(shares.sum(1), torch.ones_like(shares[:, 0]))
    assert (shares >= 0).all()
    back = torch.einsum("bnhw,bnhwc->bchw", shares, BINS.centers[neighbors])
    assert_close(back[0], ab, atol=1e-3, rtol=0)


def test_what_lies_outside_goes_to_the_nearest():
    """Averages of true colors may; and nothing may crash on them."""
    ab = torch.tensor([1.0, 1.0]).view(1, 2, 1, 1)
    neighbors, _ = BINS.soft_encode(ab)
    distance = (BINS.centers - ab.flatten()).norm(dim=1)
    assert distance[neighbors.flatten()].max() < distance.min() + 0.2


def test_the_median_of_the_true_shares_is_the_true_color():
    ab = some_ab()
    logits = spread(*BINS.soft_encode(ab)).clamp(min=1e-30).log()
    assert_close(
        BINS.annealed_median(logits, temperature=1.0), ab, atol=1e-4, rtol=0
    )


def test_two_colors_are_not_mixed_and_colder_is_bolder():
    """60 to 40: on the likelier's side at once, in the end it alone."""
    logits = torch.full((1, len(BINS), 1, 1), -1e4)
    red, green = 300, 10
    logits[0, red], logits[0, green] = math.log(0.6), math.log(0.4)
    off = [
        (
            BINS.annealed_median(logits, temperature).flatten()
            - BINS.centers[red]
        ).norm()
        for temperature in (1.0, 0.5, 0.01)
    ]
    assert off[0] < 2**0.5 * STEP / AB_SCALE
    assert off[1] < off[0]
    assert off[2] < 1e-6


def test_no_other_answer_has_less_absolute_error():
    """Not a step to either side, and not the mean."""
    torch.manual_seed(0)
    logits = 3 * torch.randn(1, len(BINS), 16, 16)
    shares = logits.softmax(1)

    def expected_error(ab):
        off = (ab[:, None] - BINS.centers[..., None, None]).abs()
        return torch.einsum("bkhw,bkchw->bchw", shares, off)

    median = BINS.annealed_median(logits, temperature=1.0)
    mean = torch.einsum("bkhw,kc->bchw", shares, BINS.centers)
    step = STEP / AB_SCALE
    for other in (median - step, median + step):
        assert (expected_error(median) < expected_error(other)).all()
    assert expected_error(median).mean() < expected_error(mean).mean()


def test_the_median_has_a_gradient():
    logits = torch.randn(1, len(BINS), 4, 4, requires_grad=True)
    BINS.annealed_median(logits, 0.7).square().sum().backward()
    assert logits.grad.isfinite().all()
    assert logits.grad.any()


def test_nothing_is_kept_outside_of_the_network():
    """One network's table was every network's: changing it changed them all."""
    changed = AbBins()
    changed.centers += 1
    assert_close(AbBins().centers, BINS.centers)


def test_can_be_built_where_tensors_have_no_content():
    """`preflight.check_size` builds networks there, in whatever order."""
    with torch.device("meta"):
        bins = AbBins()
    assert {b.device.type for b in bins.buffers()} == {"meta"}
    logits = torch.empty(1, len(BINS), 4, 4, device="meta")
    assert bins.annealed_median(logits, 1.0).shape == (1, 2, 4, 4)


def test_ignorance_costs_the_logarithm_of_the_number_of_bins():
    logits = torch.zeros(1, len(BINS), 8, 8)
    loss = BINS.cross_entropy(logits, some_ab(8))
    assert_close(loss, torch.tensor(math.log(len(BINS))))


def test_the_truth_costs_least():
    ab = some_ab(8)
    truth = spread(*BINS.soft_encode(ab)).clamp(min=1e-12).log()
    best = BINS.cross_entropy(truth, ab)
    assert best < BINS.cross_entropy(truth.roll(1, dims=1), ab)
    assert best < BINS.cross_entropy(truth / 2, ab)


def test_true_colors_are_averaged_to_the_size_of_the_logits():
    ab = some_ab(8)
    logits = torch.randn(1, len(BINS), 2, 2)
    small = torch.nn.functional.avg_pool2d(ab, 4)
    assert_close(
        BINS.cross_entropy(logits, ab), BINS.cross_entropy(logits, small)
    )


def test_every_second_place_is_enough():
    ab = some_ab(8)
    logits = torch.randn(1, len(BINS), 8, 8)
    assert_close(
        BINS.cross_entropy(logits, ab, every=2),
        BINS.cross_entropy(logits[..., ::2, ::2], ab[..., ::2, ::2]),
    )


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_every_logit_gets_a_gradient(dtype):
    logits = torch.randn(1, len(BINS), 4, 4, dtype=dtype)
    logits.requires_grad_()
    BINS.cross_entropy(logits, some_ab(4)).backward()
    assert logits.grad.isfinite().all()
    assert (logits.grad != 0).all()
