"""The cover shows what it says: one photograph, gray, colored and true."""

import cover
import numpy as np
import pytest

from colorlib.color import as_lab, without_color
from colorlib.data.samples import bundled
from colorlib.metrics import color_error


@pytest.fixture(scope="module")
def picture():
    return cover.triptych()


def test_left_is_gray_and_right_is_true(picture):
    """And the middle, what the model makes of it, is neither."""
    true = bundled("rocket")[cover.ROWS, cover.COLUMNS]
    shown = np.asarray(picture)
    first, second = cover.SEAMS
    left = shown[:, : first - cover.SEAM]
    middle = slice(first + cover.SEAM, second - cover.SEAM)
    right = slice(second + cover.SEAM, None)
    assert np.ptp(left, axis=-1).max() <= 1  # a level, from rounding
    assert (shown[:, right] == true[:, right]).all()
    error = color_error(shown[:, middle], true[:, middle])
    assert np.ptp(shown[:, middle], axis=-1).mean() > 3  # it has color
    assert error.mean() > 3  # and not the true one


def test_only_the_color_differs(picture):
    """Across a seam the sky goes on: nothing but color was changed."""
    true = bundled("rocket")[cover.ROWS, cover.COLUMNS]
    off = abs(as_lab(np.asarray(picture))[0] - as_lab(true)[0])
    for seam in cover.SEAMS:
        off[:, seam - cover.SEAM : seam + cover.SEAM] = 0
    assert off.mean() < 1


def test_the_photograph_is_one_that_the_model_colors_well(picture):
    """A first look at the book should not be at a failure."""
    true = bundled("rocket")[cover.ROWS, cover.COLUMNS]
    middle = slice(cover.SEAMS[0] + cover.SEAM, cover.SEAMS[1] - cover.SEAM)
    model = np.asarray(picture)[:, middle]
    gray = without_color(true)[:, middle]
    error = color_error(model, true[:, middle]).mean()
    assert error < 0.6 * color_error(gray, true[:, middle]).mean()


def test_the_card_is_the_same_each_time(picture):
    """A card that changes with every build would be fetched with each."""
    once, again = cover.card(picture), cover.card(picture)
    assert once.size == (1200, 630)  # what those who show such cards expect
    assert once.tobytes() == again.tobytes()


def test_of_the_past_her_side_is_colored():
    photograph = bundled("lunch")
    left, right = np.split(np.asarray(cover.past()), [cover.BEFORE_HER], axis=1)
    gray = left[:, : -cover.SEAM]
    assert (gray == photograph[:, : gray.shape[1]]).all()
    assert np.ptp(right.astype(int), axis=-1).mean() > 10
