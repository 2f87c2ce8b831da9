"""Priors: shares that sum to one, dates without gaps, draws within bounds."""

from dataclasses import fields
from itertools import pairwise

import pytest
import torch

from colorlib.film.emulsions import EMULSIONS
from colorlib.film.priors import PERIODS, Habits, draw_films


@pytest.mark.parametrize("name", PERIODS)
def test_an_era_is_made_of_known_emulsions(name):
    period = PERIODS[name]
    assert sum(period.emulsions.values()) == pytest.approx(1)
    assert period.emulsions.keys() <= EMULSIONS.keys()
    assert period.source
    for setting in fields(Habits):
        spread = getattr(period.habits, setting.name)
        assert spread.low <= spread.high
        assert 0 <= spread.share <= 1


def test_periods_follow_each_other_without_a_gap():
    for before, after in pairwise(period.years for period in PERIODS.values()):
        assert before[1] + 1 == after[0]


def test_what_is_drawn_is_what_the_era_says():
    generator = torch.Generator().manual_seed(0)
    film = draw_films(500, generator, [PERIODS["wet plates"]])
    torch.testing.assert_close(film.weights.sum(1), torch.ones(500))
    assert film.weights.min() >= 0
    assert film.weights[:, 2].mean() > 0.9  # blue-sensitive all of them
    habits = PERIODS["wet plates"].habits
    assert film.curve.gamma.min() >= habits.gamma.low
    assert film.curve.gamma.max() <= habits.gamma.high
    share = (film.grain > 0).float().mean().item()
    assert share == pytest.approx(habits.grain.share, abs=0.07)


def test_only_the_press_has_dots():
    generator = torch.Generator().manual_seed(0)
    plates = draw_films(200, generator, [PERIODS["dry plates"]])
    modern = draw_films(200, generator, [PERIODS["Tri-X"]])
    assert not plates.halftone.any()
    assert 0 < (modern.halftone > 0).float().mean() < 0.25
