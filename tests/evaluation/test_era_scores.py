"""What film costs is measured on the same prints for every colorizer."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from colorlib.color import split_lab
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.data.samples import bundled
from colorlib.eras.catalog import load_era
from colorlib.evaluation import baselines
from colorlib.evaluation.era_film import measure_era
from colorlib.evaluation.era_scenes import NOT_COLOR, Scene
from colorlib.evaluation.era_scores import (
    BASELINES,
    COLUMNS,
    GRAY_NAME,
    LOOKUP_NAME,
    MEAN_NAME,
)
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
    return measure_era(era, colorizers, photographs, **options).scores


@pytest.fixture(scope="module")
def scores():
    return score({"a": tiny(0), "b": tiny(1)})


def test_each_photograph_has_a_row(scores):
    assert scores.names == ("coffee", "chelsea")
    assert list(scores.errors) == [*BASELINES, "a", "b"]
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
    assert list(found.errors) == [*BASELINES]


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


@pytest.mark.parametrize("name", BASELINES)
def test_a_model_is_not_called_as_a_baseline_is(name):
    with pytest.raises(ValueError, match=f"may be called '{name}'"):
        score({name: tiny()})


def test_baselines_are_those_of_the_main_protocol(scores):
    """The same colors, and so the same errors, where all see CIE L*."""
    known = baselines.learned()
    for row, (_, pixels) in enumerate(PHOTOGRAPHS):
        scene = Scene(center_crop(pixels, 64))
        L, ab = split_lab(scene.lab)
        made = baselines.baseline_predictions(L, ab, ab, known)
        for name in BASELINES:
            error = scene.error(scene.paint(made[name]))
            assert scores.errors[name][row, 0] == pytest.approx(error, 1e-5)


def test_one_tint_loses_nothing_on_film_and_a_look_up_does(scores):
    """It looks at the print's lightness, which film changes."""
    gap = {n: scores.estimates[n]["gap"].value for n in BASELINES}
    assert gap[MEAN_NAME] == pytest.approx(0)
    assert abs(gap[LOOKUP_NAME]) > 0.02


def test_each_print_is_predicted_once():
    """Baselines take no second pass through the network."""
    model = tiny()
    seen = []
    real = model.G.forward
    model.G.forward = lambda L: seen.append(len(L)) or real(L)
    score({"a": model}, PHOTOGRAPHS[:1], films=3)
    assert sum(seen) == 1 + 3
