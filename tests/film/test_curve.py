"""The curve: monotone, anchored in the middle, bounded, differentiable."""

import pytest
import torch

from colorlib.color import lightness, linear_from_srgb
from colorlib.film.curve import (
    MIDDLE_GRAY,
    ToneCurve,
    lightness_of_light,
    print_density,
    print_light,
)

EXPOSURE = torch.logspace(-6, 1, 400, dtype=torch.float64).view(1, 1, 1, -1)
CURVES = [
    ToneCurve(),
    ToneCurve(gamma=1.4, black=1.2, toe=0.3, shoulder=0.2, stops=0.7),
    ToneCurve(gamma=0.6, toe=0.05, stops=-1),
]


@pytest.mark.parametrize("curve", CURVES)
def test_more_light_never_makes_a_print_darker(curve):
    density = print_density(EXPOSURE, curve).flatten()
    assert (density.diff() <= 1e-12).all()
    assert density.max() < curve.black + 0.3 * curve.toe
    assert density.min() > -0.3 * curve.shoulder - 1e-9


def test_middle_gray_prints_as_itself():
    middle = torch.full((1, 1, 1, 1), MIDDLE_GRAY, dtype=torch.float64)
    light = print_light(print_density(middle, ToneCurve()))
    assert light.item() == pytest.approx(MIDDLE_GRAY, rel=1e-3)


@pytest.mark.parametrize("gamma", [0.7, 1.0, 1.4])
def test_gamma_is_the_slope_in_the_middle(gamma):
    """By its definition, density for each decade of exposure."""
    two = MIDDLE_GRAY * torch.tensor([10**-0.1, 10**0.1]).view(1, 1, 1, 2)
    low, high = print_density(two, ToneCurve(gamma=gamma)).flatten().tolist()
    assert (low - high) / 0.2 == pytest.approx(gamma, abs=0.03)


def test_a_stop_more_is_twice_the_light():
    twice = print_density(2 * EXPOSURE, ToneCurve())
    longer = print_density(EXPOSURE, ToneCurve(stops=1))
    torch.testing.assert_close(twice[..., 60:], longer[..., 60:])


def test_gradients_are_right():
    light = torch.rand(2, 1, 2, 3, dtype=torch.float64) * 0.8 + 0.01
    light.requires_grad_()

    def tone(exposure):
        density = print_density(exposure, ToneCurve(gamma=1.2))
        return lightness_of_light(print_light(density))

    assert torch.autograd.gradcheck(tone, light)


def test_lightness_of_light_is_lightness():
    """Of the grays that sRGB has."""
    gray = torch.arange(256, dtype=torch.uint8).expand(3, 1, 256)
    ours = lightness_of_light(linear_from_srgb(gray)[:1])
    torch.testing.assert_close(ours, lightness(gray), rtol=0, atol=1e-3)


def test_each_photograph_has_its_own_curve():
    light = torch.rand(2, 1, 3, 4)
    gamma, stops = torch.tensor([0.8, 1.3]), torch.tensor([0.0, 0.5])
    both = print_density(light, ToneCurve(gamma=gamma, stops=stops))
    for i in range(2):
        own = ToneCurve(gamma=gamma[i].item(), stops=stops[i].item())
        torch.testing.assert_close(print_density(light[i], own), both[i])
