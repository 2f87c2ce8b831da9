"""A photograph across a training stands above its own curves."""

import math

import numpy as np
import pytest

from colorlib.figures import training_curves
from colorlib.training.monitor import WON

LOSSES = {"d": [0.7, 0.5, 0.6], "g_l1": [0.2, 0.1, 0.05]}


def shade(level):
    return np.full((8, 8, 3), level, np.uint8)


@pytest.fixture
def axes():
    """Epoch 3 is given first, and comes last."""
    pictures = {3: shade(3), 1: shade(1)}
    return training_curves.lay_out(pictures, LOSSES).axes


def test_pictures_stand_in_the_order_of_time(axes):
    titles = [each.get_title() for each in axes[:2]]
    assert titles == ["epoch 1", "epoch 3"]
    for each, level in zip(axes, (1, 3), strict=False):
        assert each.images[0].get_array()[0, 0, 0] == level
    left, right = (each.get_position() for each in axes[:2])
    assert left.x1 < right.x0


def test_a_curve_lies_at_the_ends_of_its_epochs(axes):
    """After epoch 1 comes the first mean; pictures are marked there."""
    L1, d = axes[2:]
    for each, name in ((L1, "g_l1"), (d, "d")):
        curve = max(each.lines, key=lambda line: len(line.get_xdata()))
        assert list(curve.get_xdata()) == [1, 2, 3]
        assert list(curve.get_ydata()) == LOSSES[name]
        marked = {line.get_xdata()[0] for line in each.lines[:2]}
        assert marked == {1, 3}


def test_the_band_reaches_from_a_guess_to_a_victory(axes):
    """19 times in 20 is what the book says of the lower edge."""
    L1, d = axes[2:]
    [band] = d.patches
    # In window's pixels: older matplotlib makes a polygon of a band.
    corners = d.transData.inverted().transform(band.get_window_extent())
    assert corners[:, 1] == pytest.approx((WON, math.log(2)))
    assert math.exp(-WON) == pytest.approx(19 / 20, abs=0.002)
    assert not L1.patches


def test_gray_is_a_line_in_the_curve_of_l1_alone():
    pictures = {1: shade(9), 3: shade(200)}
    figure = training_curves.lay_out(pictures, LOSSES, gray_l1=0.104)
    L1, d = figure.axes[2:]
    [_] = [x for x in L1.lines if list(x.get_ydata()) == [0.104, 0.104]]
    assert "gray" in [text.get_text() for text in L1.texts]
    assert L1.get_ylim()[1] > max(0.104, *LOSSES["g_l1"])
    assert "gray" not in [text.get_text() for text in d.texts]


@pytest.mark.parametrize("count", [1, 6])
def test_a_row_holds_two_to_five(count):
    pictures = {epoch: shade(epoch) for epoch in range(count)}
    with pytest.raises(ValueError, match="2 to 5"):
        training_curves.across_epochs(pictures, LOSSES)


def test_it_is_one_picture():
    picture = training_curves.across_epochs(
        {1: shade(9), 3: shade(200)}, LOSSES
    )
    assert picture.width == 1080
    assert "epoch 1, 3" in repr(picture)
