"""Halftone: only black and white from near, the same gray from afar."""

import pytest
import torch

from colorlib.film.printing import halftone


@pytest.mark.parametrize("gray", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("period", [2.5, 4.0, 7.0])
def test_the_mean_is_the_gray(gray, period):
    light = torch.full((1, 1, 140, 140), gray)
    assert halftone(light, period).mean().item() == pytest.approx(
        gray, abs=0.02
    )


def test_dots_are_black_on_white():
    dots = halftone(torch.full((1, 1, 140, 140), 0.4), 8.0)
    ends = (dots < 0.05) | (dots > 0.95)
    assert ends.float().mean() > 0.8


def test_without_a_period_nothing_happens():
    light = torch.rand(2, 1, 20, 30)
    both = halftone(light, torch.tensor([0.0, 4.0]))
    assert torch.equal(both[0], light[0])
    torch.testing.assert_close(both[1:], halftone(light[1:], 4.0))


def test_gradients_pass():
    light = torch.full((1, 1, 20, 20), 0.4, requires_grad=True)
    halftone(light, 4.0).sum().backward()
    assert light.grad.sum() > 0
