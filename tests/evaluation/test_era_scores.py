"""What film costs is measured on the same prints for every colorizer."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from colorlib.colorizer import Colorizer
from colorlib.data.samples import bundled
from colorlib.eras.catalog import load_era
from colorlib.evaluation.era_scenes import NOT_COLOR
from colorlib.evaluation.era_scores import COLUMNS, GRAY_NAME, score_era
from colorlib.models.unet import Unet

ERA = load_era("colonial")
PHOTOGRAPHS = [(name, bundled(name)) for name in ("coffee", "chelsea")]


def tiny(seed=0):
    """A colorizer that has learned nothing."""
    torch.manual_seed(seed)
    G = Unet(n_down=5, width=4).eval()
    return Colorizer(G, f"tiny {seed}", "", 32, torch.device("cpu"))


def score(colorizers, photographs=PHOTOGRAPHS, era=ERA, **options):
    options = {"films": 2, "crop": 64} | options
    return score_era(era, colorizers, photographs, **options)


@pytest.fixture(scope="module")
def scores():
    return score({"a": tiny(0), "b": tiny(1)})


def test_each_photograph_has_a_row(scores):
    assert scores.names == ("coffee", "chelsea")
    assert list(scores.errors) == [GRAY_NAME, "a", "b"]
    for errors in scores.errors.values():
        assert errors.shape == (2, len(COLUMNS))
        assert (errors > 0).all()


def test_gray_loses_nothing_on_film(scores):
    """No color is the same color whatever the film saw."""
    modern, film, print_ = scores.errors[GRAY_NAME].T
    np.testing.assert_allclose(film, modern, rtol=1e-6)
    assert (print_ > modern).all()  # it has the film's tones besides
    assert scores.estimates[GRAY_NAME]["gap"].value == pytest.approx(0)
    assert "gain" not in scores.estimates[GRAY_NAME]


def test_gap_and_gain_are_paired_differences(scores):
    errors, gray = scores.errors["a"], scores.errors[GRAY_NAME]
    told = scores.estimates["a"]
    assert told["gap"].value == pytest.approx(
        float((errors[:, 1] - errors[:, 0]).mean())
    )
    assert told["gain"].value == pytest.approx(
        float((gray[:, 1] - errors[:, 1]).mean())
    )
    assert told["gap"].low <= told["gap"].value <= told["gap"].high


def test_films_depend_on_the_name_alone(scores):
    """Not on the other photographs, nor on the other colorizers."""
    alone = score({"b": tiny(1)}, PHOTOGRAPHS[::-1])
    np.testing.assert_allclose(
        alone.errors["b"][::-1], scores.errors["b"], rtol=1e-5
    )


def test_an_era_s_film_decides(scores):
    """Blue-sensitive film alone gives other prints."""
    prior = replace(
        ERA.film[0], years=ERA.years, shares={"blue-sensitive": 1.0}
    )
    blue = score({"a": tiny(0)}, era=replace(ERA, film=(prior,)))
    same = blue.errors["a"][:, 0] - scores.errors["a"][:, 0]
    np.testing.assert_allclose(same, 0, atol=1e-5)  # CIE L* is what it was
    other = abs(blue.errors["a"][:, 2] - scores.errors["a"][:, 2])
    assert (other > 0.1).all()


@pytest.mark.parametrize("name", ["democratization", "korean-war"])
def test_every_era_can_be_simulated(name):
    found = score({}, PHOTOGRAPHS[:1], load_era(name), films=1)
    assert list(found.errors) == [GRAY_NAME]


def test_photographs_without_color_are_counted_and_not_scored():
    """On these a model could only lose to gray, whose error is nothing."""
    gray = np.tile(np.arange(64, dtype=np.uint8)[:, None, None], (1, 64, 3))
    found = score({}, [*PHOTOGRAPHS, ("gray", gray)])
    assert found.names == ("coffee", "chelsea")
    assert found.left_out == {NOT_COLOR: 1}
    with pytest.raises(ValueError, match="in color.*--data; 1 are gray or of"):
        score({}, [("gray", gray)])


def test_without_photographs_there_is_no_score():
    with pytest.raises(ValueError, match="no photographs"):
        score({}, [])


def test_a_model_is_not_called_gray():
    with pytest.raises(ValueError, match="may be called 'gray'"):
        score({"gray": tiny()})
