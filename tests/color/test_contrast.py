"""Contrast stretching: faded tones are spread, all others stay."""

import pytest
import torch
from torch.testing import assert_close

from colorlib.color import lightness
from colorlib.color.contrast import is_low_contrast, stretch_contrast


def ramp(first, last, n=64):
    """A gray ramp from one byte to another, seen as a network sees it."""
    bytes_ = torch.linspace(first, last, n * n).round().view(1, n, n)
    L_star = lightness((bytes_ / 255).expand(3, -1, -1))
    return L_star[None] / 50 - 1


def test_a_faded_photograph_spans_nearly_all_of_lightness():
    """From what 10 is, of 255, to what 245 is, in the same order."""
    faded = ramp(90, 160)
    seen = stretch_contrast(faded).flatten()
    assert is_low_contrast(faded).all()
    assert (seen.diff() >= 0).all()
    n = len(seen) - 1
    ends = 50 * seen[[round(0.01 * n), round(0.99 * n)]] + 50
    black, white = (50 * ramp(b, b)[0, 0, 0, 0] + 50 for b in (10, 245))
    assert_close(ends, torch.stack([black, white]), atol=0.1, rtol=0)
    assert seen.abs().max() <= 1


def test_what_lies_outside_is_clipped():
    """Specks and scratches don't decide."""
    faded = ramp(90, 160)
    faded[..., 0, :3], faded[..., -1, -3:] = -1, 1
    seen = stretch_contrast(faded)
    assert (seen.min(), seen.max()) == (-1, 1)
    inside = slice(4, -4)
    plain = stretch_contrast(ramp(90, 160))
    assert_close(seen[..., inside, :], plain[..., inside, :], atol=0.02, rtol=0)


@pytest.mark.parametrize("first", [30, 60, 90])
def test_tones_that_span_half_of_all_levels_are_not_faded(first):
    assert is_low_contrast(ramp(first, first + 100)).all()
    assert not is_low_contrast(ramp(first, first + 140)).any()


def test_each_photograph_of_a_batch_is_judged_alone():
    batch = torch.cat([ramp(0, 255), ramp(90, 160), ramp(40, 200)])
    seen = stretch_contrast(batch)
    assert is_low_contrast(batch).tolist() == [False, True, False]
    assert torch.equal(seen[[0, 2]], batch[[0, 2]])
    assert torch.equal(seen[[1]], stretch_contrast(batch[[1]]))


def test_a_blank_page_has_nothing_to_stretch():
    """Neither one tone, nor the noise of a scanner, nor a single pixel."""
    noise = torch.randn(1, 1, 64, 64, generator=torch.manual_seed(0)) / 100
    for blank in (ramp(128, 128), ramp(0, 0), noise, ramp(9, 9, 1)):
        assert torch.equal(stretch_contrast(blank), blank)
