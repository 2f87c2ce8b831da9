"""Digits in four inks: what is real, what is counted, what can be made."""

import numpy as np
import pytest
import torch

from colorlib.toys import digits


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_every_real_digit_is_in_one_of_the_inks_and_all_are_as_likely():
    found = digits.inks_found(digits.real(2000))
    assert found.sum() == 2000
    assert (abs(found - 500) < 80).all()


def test_gray_digits_are_in_none():
    samples = digits.real(100)
    samples[:, 64:] = 0
    assert digits.inks_found(samples).sum() == 0


def test_halfway_to_gray_is_none():
    """Else a colorizer that never decides would count as one that did."""
    samples = digits.real(100)
    samples[:, 64:] /= 2
    assert digits.inks_found(samples).sum() == 0


def test_values_are_in_the_colorizers_ranges():
    for samples in (
        digits.real(200),
        digits.DigitColorizer()(digits.conditions(200)),
    ):
        L, ab = samples[:, :64], samples[:, 64:]
        assert (L.min(), L.max()) == (-1, 1)
        assert ab.abs().max() < 1


def test_the_colorizer_keeps_the_digit_and_colors_ink_only():
    given = digits.conditions(50)
    samples = digits.DigitColorizer()(given)
    assert torch.equal(samples[:, :64], given[:, :64])
    paper = (given[:, :64] == -1).repeat(1, 2)
    assert (samples[:, 64:][paper] == 0).all()


def test_noise_can_change_the_ink():
    """The only thing that may: gray says nothing about it."""
    given = digits.conditions(1).repeat(2, 1)
    given[1, 64:] += 1
    one, other = digits.DigitColorizer()(given)
    assert not torch.allclose(one, other)


def test_a_sheet_shows_each_digit_in_its_place():
    """Row by row; a blank one stays dark."""
    samples = digits.real(6)
    samples[4] = torch.cat([-torch.ones(64), torch.zeros(128)])
    page = digits.sheet(samples, columns=3)
    assert (page.shape, page.dtype) == ((18, 27, 3), np.uint8)
    light = [
        page[9 * row : 9 * row + 9, 9 * column : 9 * column + 9].max()
        for row in range(2)
        for column in range(3)
    ]
    assert [value < 60 for value in light] == [i == 4 for i in range(6)]
