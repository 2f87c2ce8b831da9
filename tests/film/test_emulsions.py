"""Emulsions: gray stays gray, and red and blue change places."""

import pytest
import torch

from colorlib.color import lightness, linear_from_srgb
from colorlib.film.curve import lightness_of_light
from colorlib.film.emulsions import (
    EMULSIONS,
    FILTERS,
    emulsion_weights,
    expose,
)

RED, GREEN, BLUE = torch.eye(3).view(3, 3, 1, 1)
# CIE's luminance of the primaries of sRGB, as scikit-image has it.
EYE = (0.212671, 0.715160, 0.072169)


def L_star(rgb, weights) -> float:
    return lightness_of_light(expose(rgb, weights)).item()


@pytest.mark.parametrize("name", EMULSIONS)
def test_weights_sum_to_one_and_gray_stays_gray(name):
    weights = emulsion_weights(name)
    torch.testing.assert_close(weights.sum(), torch.tensor(1.0))
    gray = torch.rand(1, 1, 4, 5).expand(2, 3, 4, 5)
    light = expose(gray, weights)
    torch.testing.assert_close(light, linear_from_srgb(gray[:, :1]))


@pytest.mark.parametrize("color_filter", ["yellow", "red"])
def test_a_filter_leaves_gray_and_darkens_blue(color_filter):
    plain = emulsion_weights("panchromatic B")
    held = emulsion_weights("panchromatic B", color_filter)
    torch.testing.assert_close(held.sum(), torch.tensor(1.0))
    assert held[2] < plain[2]
    assert held[0] > plain[0]
    assert set(FILTERS) == {"none", "yellow", "red"}


def test_the_eyes_weights_give_cie_lightness():
    """So L* is one more emulsion, which no film had."""
    rgb = torch.rand(2, 3, 6, 7)
    ours = lightness_of_light(expose(rgb, EYE))
    torch.testing.assert_close(ours, lightness(rgb), rtol=0, atol=1e-2)


def test_red_goes_dark_and_blue_goes_light():
    """Known since dyes were first tried: Vogel 1873."""
    ortho, blue = (
        emulsion_weights(name) for name in ("orthochromatic", "blue-sensitive")
    )
    assert L_star(RED, ortho) < 1 < L_star(RED, EYE)
    assert L_star(BLUE, blue) > 99 > L_star(BLUE, EYE)
    assert L_star(GREEN, blue) < 1


def test_each_photograph_can_have_its_own():
    rgb = torch.rand(2, 3, 4, 4)
    both = torch.stack([emulsion_weights(n) for n in list(EMULSIONS)[:2]])
    light = expose(rgb, both)
    for one, weights, alone in zip(rgb, both, light, strict=True):
        torch.testing.assert_close(expose(one, weights), alone)


def test_light_adds_up_in_linear_light():
    """Half of white is 0.5 of light, which sRGB stores as 188, not 128."""
    half = torch.full((1, 3, 1, 1), 188, dtype=torch.uint8)
    assert expose(half, (0.0, 0.5, 0.5)).item() == pytest.approx(0.5, abs=0.005)


def test_what_there_is_not():
    with pytest.raises(ValueError, match="orthochromatic"):
        emulsion_weights("ortho")
    with pytest.raises(ValueError, match="sees nothing"):
        emulsion_weights("blue-sensitive", "red")
