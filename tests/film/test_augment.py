"""A film for each photograph: other lightness, the same again."""

import pytest
import torch

from colorlib.color import lightness, rgb_to_lab, split_lab
from colorlib.film.augment import film_batch, film_lightness


def generator(seed=0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def rgb() -> torch.Tensor:
    return torch.rand(6, 3, 32, 40, generator=generator(3))


def test_it_is_lightness_that_a_generator_takes(rgb):
    L = film_batch(rgb, generator())
    assert L.shape == (6, 1, 32, 40)
    assert L.dtype == torch.float32
    assert -1 <= L.min()
    assert L.max() <= 1
    assert not L.requires_grad


def test_all_plain_is_cie_lightness(rgb):
    L = film_batch(rgb, generator(), plain=1.0)
    torch.testing.assert_close(L, lightness(rgb) / 50 - 1)


def test_none_plain_changes_every_photograph(rgb):
    L = film_batch(rgb, generator(), plain=0.0)
    changed = (L - (lightness(rgb) / 50 - 1)).abs().mean((1, 2, 3))
    assert (changed > 0.01).all()


def test_the_same_state_gives_the_same_batch(rgb):
    one, again, other = (film_batch(rgb, generator(s)) for s in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_from_lab_it_is_the_same(rgb):
    L, ab = split_lab(rgb_to_lab(rgb))
    ours = film_lightness(L, ab, generator())
    torch.testing.assert_close(
        ours, film_batch(rgb, generator()), rtol=0, atol=1e-3
    )
