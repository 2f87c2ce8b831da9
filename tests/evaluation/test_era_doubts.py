"""What a model says of its own colors stands beside how often it was so."""

import os
from dataclasses import replace

import numpy as np
import pytest
import torch

from colorlib.color import as_lab
from colorlib.colorizer import Colorizer, PaletteAnswers
from colorlib.data.crops import center_crop
from colorlib.data.samples import bundled
from colorlib.eras.catalog import load_era
from colorlib.evaluation.era_doubts import measure_doubt, with_palette
from colorlib.evaluation.era_film import measure_era
from colorlib.evaluation.era_scenes import Scene, draw_prints, seen_of
from colorlib.evaluation.era_scores import periods_of
from colorlib.models.compact import CompactUnet
from colorlib.models.palette import NEAR, Doubting
from colorlib.models.unet import Unet

ERA = load_era("colonial")
SKEWED = torch.tensor([[[0.0, 0.0], [0.0, 0.8]], [[0.0, 0.4], [0.4, 0.4]]])
GRAY = np.tile(np.arange(64, 192, 2, np.uint8)[:, None, None], (1, 64, 3))
PHOTOGRAPHS = [(name, bundled(name)) for name in ("coffee", "chelsea")]


def colorizer_of(G):
    return Colorizer(G.eval(), "test", "", 32, torch.device("cpu"))


def compact():
    torch.manual_seed(0)
    stages = ((16, 1, 3, 2, 1), (16, 1, 3, 2, 1))
    return colorizer_of(CompactUnet(stages, (16,)))


@pytest.fixture(scope="module")
def doubts():
    some = [*PHOTOGRAPHS, ("gray", GRAY)]  # it has no row
    return measure_era(ERA, {"m": compact()}, some, films=2, crop=64).doubt


@pytest.fixture(scope="module")
def seen():
    """The scene of the first photograph, and what is seen of its prints."""
    scene = Scene(center_crop(bundled("coffee"), 64))
    return scene, seen_of(draw_prints(scene, "coffee", periods_of(ERA), 2))


def test_a_name_that_is_not_utf_8_decides_about_films(seen):
    """An old disk has some; one of them must not stop an evaluation."""
    odd = os.fsdecode(b"caf\xe9.jpg")
    prints = draw_prints(seen[0], odd, periods_of(ERA), 2)
    assert prints.shape == seen[1].shape


def test_what_is_said_is_the_mean_over_places(doubts, seen):
    """Of the prints that part (a) makes."""
    asked = replace(compact(), G=Doubting(compact().G))
    said = float(asked.predict(seen[1])[:, 0].mean())
    assert doubts.doubts["m"][0, 1] == pytest.approx(said, abs=1e-5)


def test_all_places_of_all_prints_count_alike(seen):
    scene, _ = seen
    modern, film = (
        PaletteAnswers(torch.zeros(n, 2, 1, 1), doubt, {})
        for n, doubt in ((1, torch.full((1, 2, 2), 0.3)), (2, SKEWED))
    )
    said = measure_doubt(scene, modern, film)[:2]
    assert said == pytest.approx([0.3, 0.25])


def test_what_was_off_is_measured_on_the_truth(doubts, seen):
    """The distance of a* and b*, on the photograph's own lightness."""
    scene, L = seen
    true, far = as_lab(scene.pixels)[1:].numpy(), []
    for ab in compact().predict(L):
        fake = as_lab(scene.paint(ab))[1:].numpy()
        far.append((np.hypot(*(fake - true)) > NEAR).mean())
    off = doubts.doubts["m"][0, 2]
    assert 0 < off < 1
    assert off == pytest.approx(np.mean(far), abs=1e-3)


def test_all_are_shares_with_intervals(doubts):
    rows = doubts.doubts["m"]
    assert rows.shape == (2, 3)
    assert ((rows >= 0) & (rows <= 1)).all()
    told = doubts.estimates["m"]["film"]
    assert told.low <= told.value <= told.high
    assert doubts.as_json()["far"] == NEAR
    assert doubts.as_json()["shares"]["m"]["off"][0] == pytest.approx(
        rows[:, 2].mean()
    )


def test_only_models_with_a_palette_are_asked():
    torch.manual_seed(0)
    plain = colorizer_of(Unet(n_down=5, width=4))
    both = {"plain": plain, "palette": compact()}
    assert list(with_palette(both)) == ["palette"]
    some = PHOTOGRAPHS[:1]
    film = measure_era(ERA, both, some, films=1, crop=64)
    assert list(film.doubt.doubts) == ["palette"]
    assert list(film.doubt.variants.errors) == ["palette"]
    assert film.doubt.as_json()["photographs"] == 1
    alone = measure_era(ERA, {"plain": plain}, some, films=1, crop=64)
    assert alone.doubt is None
