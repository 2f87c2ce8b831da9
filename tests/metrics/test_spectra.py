"""Waves are found where they were put, as strong as they were made."""

import math

import pytest
import torch

from colorlib.color import AB_SCALE
from colorlib.metrics import spectra

SIDE = 64 * 2


def wave(down: int, across: int, *, height=1.0) -> torch.Tensor:
    """A wave in a* alone, in units of a*."""
    at = torch.arange(SIDE) * 2 * math.pi / SIDE
    a = height * torch.cos(down * at[:, None] + across * at)
    return torch.stack([a, torch.zeros_like(a)]) / AB_SCALE


@pytest.mark.parametrize(
    ("down", "across", "octave"),
    [(1, 0, 0), (0, 2, 1), (3, 2, 1), (0, -5, 2), (31, 0, 4), (32, 0, 5)],
)
def test_a_wave_is_in_its_octave_alone(down, across, octave):
    """From one edge on, to below the next; in any direction."""
    expected = torch.zeros(6)
    expected[octave] = 5 / math.sqrt(2)
    found = spectra.band_rms(wave(down, across, height=5))
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize("cycles", [(0, 0), (64, 0), (50, 50)])
def test_the_mean_and_the_finest_waves_are_in_no_octave(cycles):
    assert spectra.band_rms(wave(*cycles)).max() < 1e-4


def test_powers_add_up_to_the_mean_square():
    """Parseval: nothing is counted twice, or lost."""
    parts = [wave(1, 0), wave(0, 7, height=3), wave(20, 9, height=2)]
    power = spectra.band_rms(sum(parts)).square().sum()
    chroma = AB_SCALE**2 * sum(parts).square().sum(dim=0).mean()
    torch.testing.assert_close(power, chroma)


def test_agreement_asks_for_place_and_not_for_amount():
    torch.manual_seed(7)
    true = torch.randn(2, SIDE, SIDE) / 10
    torch.testing.assert_close(
        spectra.band_correlation(true / 3, true), torch.ones(6)
    )
    torch.testing.assert_close(
        spectra.band_correlation(-true, true), -torch.ones(6)
    )
    elsewhere = spectra.band_correlation(true.roll(37, dims=-1), true)
    assert elsewhere[2:].abs().max() < 0.3
    gray = spectra.band_correlation(0 * true, true)
    assert gray.isnan().all()


@pytest.mark.parametrize("shape", [(2, 64, 96), (2, 32, 32), (1, 2, 64, 64)])
def test_only_squares_have_octaves(shape):
    with pytest.raises(ValueError, match="take the middle square"):
        spectra.band_rms(torch.zeros(shape))


def test_pictures_of_two_sizes_are_not_compared():
    with pytest.raises(ValueError, match="at one size"):
        spectra.band_correlation(torch.zeros(2, 64, 64), torch.zeros(2, 96, 96))
