"""Ageing: white stays, black turns gray, yellow darkens here and there."""

import pytest
import torch

from colorlib.film.ageing import fade, stain, stain_field


def test_half_of_the_silver_is_half_of_the_density():
    light = torch.tensor([1.0, 0.1, 0.01]).view(1, 1, 1, 3)
    faded = fade(light, 0.5).flatten()
    torch.testing.assert_close(faded, torch.tensor([1.0, 0.1**0.5, 0.1]))


def test_a_stain_takes_its_density():
    light = torch.full((1, 1, 2, 2), 0.8)
    where = torch.tensor([[0.0, 0.5], [1.0, 1.0]]).view(1, 1, 2, 2)
    stained = stain(light, 0.2, where)
    assert stained[0, 0, 0, 0].item() == pytest.approx(0.8)
    assert stained[0, 0, 1, 1].item() == pytest.approx(0.8 * 10**-0.2)


def test_stains_are_smooth_and_uneven():
    where = stain_field(2, 64, 80, torch.Generator().manual_seed(0))
    assert where.shape == (2, 1, 64, 80)
    assert where.min() >= 0
    assert where.max() <= 1
    assert where.std() > 0.1
    assert (where[..., 1:] - where[..., :-1]).abs().max() < 0.1
