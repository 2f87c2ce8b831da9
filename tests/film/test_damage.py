"""Damage: none without an amount, and mostly not there with one."""

import pytest
import torch

from colorlib.film.damage import (
    cover_with,
    draw_dust,
    draw_folds,
    draw_scratches,
)

KINDS = pytest.mark.parametrize("draw", [draw_scratches, draw_dust, draw_folds])


def generator(seed=0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@KINDS
def test_no_amount_no_mark(draw):
    light = torch.rand(2, 1, 40, 50)
    assert not draw(0.0, light, generator()).any()


@KINDS
def test_marks_hide_little(draw):
    light = torch.rand(3, 1, 120, 150)
    cover = draw(1.0, light, generator())
    assert cover.shape == light.shape
    assert cover.min() >= 0
    assert cover.max() <= 1
    assert (cover.amax((1, 2, 3)) > 0.3).all()
    assert cover.mean() < 0.1


@KINDS
def test_chance_repeats_itself(draw):
    light = torch.rand(2, 1, 40, 50)
    one, again, other = (draw(1.0, light, generator(s)) for s in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_what_is_covered_is_the_mark():
    light = torch.tensor([0.2, 0.2, 0.2]).view(1, 1, 1, 3)
    cover = torch.tensor([0.0, 0.5, 1.0]).view(1, 1, 1, 3)
    seen = cover_with(light, cover, 1.0).flatten()
    torch.testing.assert_close(seen, torch.tensor([0.2, 0.6, 1.0]))
