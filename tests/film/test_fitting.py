"""From a print back to the scene's lightness."""

import pytest
import torch
from torch.testing import assert_close

from colorlib.film.emulsions import EMULSIONS, emulsion_weights
from colorlib.film.fitting import fit_lightness, printed_lightness


@pytest.mark.parametrize("film", list(EMULSIONS))
def test_the_scene_is_found_again_where_its_colors_are_known(film):
    torch.manual_seed(0)
    L = torch.rand(2, 1, 8, 8) * 60 + 20
    ab = torch.rand(2, 2, 8, 8) * 20 - 10  # all of it inside sRGB
    weights = emulsion_weights(film)
    printed = printed_lightness(L, ab, weights)
    assert_close(fit_lightness(printed, ab, weights), L, rtol=0, atol=0.02)


def test_gray_stays_as_it_is():
    L = torch.linspace(0, 100, 50).view(1, 1, 5, 10)
    ab = torch.zeros(1, 2, 5, 10)
    weights = emulsion_weights("blue-sensitive")
    assert_close(fit_lightness(L, ab, weights), L, rtol=0, atol=0.02)


def test_red_was_lighter_than_its_orthochromatic_print():
    ab = torch.tensor([50.0, 30.0]).view(1, 2, 1, 1)
    printed = torch.full((1, 1, 1, 1), 20.0)
    fitted = fit_lightness(printed, ab, emulsion_weights("orthochromatic"))
    assert fitted.item() > 35
