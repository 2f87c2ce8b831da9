"""The best of four is compared with other fours, on the same prints."""

import numpy as np
import pytest
import torch

from colorlib.cli.colorize import _ways
from colorlib.colorizer import Colorizer, PaletteAnswers
from colorlib.data.crops import center_crop
from colorlib.data.samples import bundled
from colorlib.evaluation.era_scenes import Scene
from colorlib.evaluation.era_variants import (
    FIRST,
    VARIANT_COLUMNS,
    VARIANT_MEANINGS,
    WAYS,
    EraVariants,
    measure_variants,
)

PHOTO = Scene(center_crop(bundled("coffee"), 64))
VARIANTS, TINTS, CHROMA = 1, 2, 3


def told(ab, *variants):
    """What a model says of one print."""
    doubt = torch.zeros(1, *ab.shape[1:])
    return PaletteAnswers(
        ab[None], doubt, {str(i): v[None] for i, v in enumerate(variants)}
    )


def flat(a, b):
    return torch.tensor([a, b]).view(2, 1, 1).expand(2, 64, 64) / 110


def half(ab):
    """The same on the right, and nothing on the left."""
    return ab * (torch.arange(64) >= 32)


def columns(scene, answers):
    rows = measure_variants(scene, answers, answers)
    return dict(zip(VARIANT_COLUMNS, rows, strict=True))


ANSWER = flat(4.0, 6.0)
MOVED = [half(flat(*move)) for move in ((12, 12), (-12, -12), (-12, 12))]
CASES = {  # of the truth: which of the fours has it
    VARIANTS: ANSWER + MOVED[2],
    TINTS: ANSWER + flat(-6, 6),
    CHROMA: ANSWER * 1.5,
}


@pytest.mark.parametrize("which", CASES)
def test_who_has_the_truth_is_nearest_to_it(which):
    """The variant moves one half, and the tint all, half as far."""
    scene = Scene(PHOTO.paint(CASES[which]))
    answers = told(ANSWER, *(ANSWER + move for move in MOVED))
    found = columns(scene, answers)
    assert found["film"][which] < 0.3  # bytes were rounded
    others = {VARIANTS, TINTS, CHROMA} - {which}
    for other in others:
        assert found["film"][other] > found["film"][which] + 0.5
    assert found["film nearer"][which] == 1
    np.testing.assert_array_equal(found["film"], found["modern"])


def test_the_first_answer_is_one_of_each_four():
    scene = Scene(PHOTO.paint(ANSWER))
    answers = told(ANSWER, *(ANSWER + move for move in MOVED))
    found = columns(scene, answers)
    assert (found["film"] == found["film"][0]).all()
    assert (found["film nearer"] == 0).all()


def test_the_same_again_is_not_nearer():
    found = columns(PHOTO, told(ANSWER, ANSWER, ANSWER))
    assert found["film nearer"][[VARIANTS, TINTS]].tolist() == [0, 0]


def test_on_film_each_print_has_its_own_best():
    scene = Scene(PHOTO.paint(flat(16.0, 18.0)))
    good, bad = (told(ANSWER, flat(a, 18.0)) for a in (16.0, -16.0))
    both = PaletteAnswers(
        torch.cat([good.ab, bad.ab]),
        torch.cat([good.doubt, bad.doubt]),
        {"0": torch.cat([good.variants["0"], bad.variants["0"]])},
    )
    apart = [columns(scene, each)["film"][VARIANTS] for each in (good, bad)]
    found = columns(scene, both)
    assert found["film"][VARIANTS] == pytest.approx(np.mean(apart))
    assert found["film nearer"][VARIANTS] == 0.5


def test_they_are_those_that_a_user_gets():
    model = Colorizer.load(device="cpu")
    assert [*WAYS] == _ways(model, False, False, 3)


def test_differences_are_paired_and_stand_in_the_json():
    rows = np.zeros((3, 4, 4))
    rows[:, 1] = [[12, 9, 10, 8], [14, 11, 12, 13], [13, 10, 11, 9]]
    rows[:, 3, 1:] = [[1, 0.5, 1], [1, 0.5, 0], [1, 0.5, 1]]
    variants = EraVariants({"m": rows})
    film = variants.estimates["m"]["film"]
    assert [*film, "nearer"] == [*VARIANT_MEANINGS]  # each is explained
    difference = film["variants - tints"]
    assert (difference.low, difference.high) == (-1, -1)  # of each the same
    nearer = variants.estimates["m"]["film nearer"]
    assert FIRST not in nearer
    assert nearer["variants - chroma"].value == pytest.approx(1 / 3)
    document = variants.as_json()
    assert document["scores"]["m"]["film"]["variants"][0] == 10
    assert document["ways"] == [*WAYS]
