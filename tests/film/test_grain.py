"""Grain: the formula against discs that really fall, and what it keeps."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from colorlib.color import linear_from_srgb, srgb_from_linear
from colorlib.film.grain import (
    APERTURE,
    add_grain,
    boolean_variance,
    grain_noise,
)


def generator(seed=0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def fallen_discs(gray: float, radius: float, fine: int = 16, side: int = 48):
    """One draw of the Boolean model of Newson et al. 2017, section 3.

    Discs at random on a torus, painted on a grid of `fine` samples a pixel,
    and seen through the Gaussian aperture: (side, side).
    """
    rng = np.random.default_rng(0)
    intensity = -np.log(1 - gray) / (np.pi * radius**2)
    n = rng.poisson(intensity * side**2)
    seen = np.zeros((side * fine,) * 2, bool)
    reach = int(np.ceil(radius * fine)) + 1
    ring = np.arange(-reach, reach + 1)
    for x, y in rng.random((n, 2)) * side * fine:
        rows, columns = ring + int(x), ring + int(y)
        inside = (rows + 0.5 - x)[:, None] ** 2 + (columns + 0.5 - y) ** 2
        seen[np.ix_(rows % len(seen), columns % len(seen))] |= (
            inside <= (radius * fine) ** 2
        )
    return gaussian_filter(seen.astype(float), APERTURE * fine, mode="wrap")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gray", "radius"), [(0.2, 0.3), (0.5, 0.3), (0.8, 0.3), (0.5, 0.6)]
)
def test_variance_is_that_of_discs_that_fall(gray, radius):
    """Within what one draw of so many pixels can tell."""
    seen = fallen_discs(gray, radius)
    expected = boolean_variance(torch.tensor(gray), torch.tensor(radius))
    assert seen.mean() == pytest.approx(gray, abs=0.02)
    assert seen.var() == pytest.approx(expected.item(), rel=0.12)


def test_variance_of_a_point_is_that_of_a_coin():
    """Through the narrowest aperture a point is covered or it isn't."""
    gray = torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64)
    radius = torch.tensor(1.0, dtype=torch.float64)
    narrow = boolean_variance(gray, radius, aperture=0.05)
    torch.testing.assert_close(narrow, gray * (1 - gray), rtol=0.15, atol=0)


def test_white_and_black_have_no_grain():
    ends = boolean_variance(torch.tensor([0.0, 1.0]), torch.tensor(0.3))
    assert (ends < 1e-5).all()


@pytest.mark.parametrize("gray", [0.02, 0.2, 0.5, 0.9])
def test_the_mean_is_kept(gray):
    light = linear_from_srgb(torch.full((1, 1, 200, 200), gray))
    noise = grain_noise(1, 200, 200, generator())
    seen = srgb_from_linear(add_grain(light, 0.15, noise))
    assert seen.mean().item() == pytest.approx(gray, abs=0.004)


def test_the_drawn_grain_has_the_variance_of_the_formula():
    light = linear_from_srgb(torch.full((2, 1, 200, 200), 0.5))
    radius = torch.tensor([0.05, 0.2])
    noise = grain_noise(2, 200, 200, generator())
    seen = srgb_from_linear(add_grain(light, radius, noise))
    expected = boolean_variance(torch.tensor(0.5), radius)
    torch.testing.assert_close(seen.var((1, 2, 3)), expected, rtol=0.05, atol=0)


def test_noise_has_unit_variance_and_the_apertures_size():
    noise = grain_noise(1, 300, 300, generator())[0, 0]
    assert noise.var().item() == pytest.approx(1, rel=0.05)
    beside = (noise[:, 1:] * noise[:, :-1]).mean().item()
    assert beside == pytest.approx(np.exp(-1 / (4 * APERTURE**2)), abs=0.06)


def test_no_radius_no_grain_and_gradients_pass():
    light = torch.rand(2, 1, 8, 9).clamp(0.05, 0.95).requires_grad_()
    noise = grain_noise(2, 8, 9, generator())
    radius = torch.tensor([0.0, 0.1])
    seen = add_grain(light, radius, noise)
    torch.testing.assert_close(seen[0], light[0])
    assert not torch.allclose(seen[1], light[1])
    seen.sum().backward()
    assert light.grad.isfinite().all()
    assert (light.grad != 0).all()
