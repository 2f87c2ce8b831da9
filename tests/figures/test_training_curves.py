"""A photograph across a training stands above its own curves."""

import io
import math

import numpy as np
import pytest
from PIL import Image

from colorlib.figures import training_curves
from colorlib.training.monitor import WON

LOSSES = {"d": [0.7, 0.5, 0.6], "g_l1": [0.2, 0.1, 0.05]}


def shade(level):
    return np.full((8, 8, 3), level, np.uint8)


def across(pictures=None, **options):
    """Epoch 3 is given first, and comes last."""
    pictures = pictures or {3: shade(200), 1: shade(9)}
    return training_curves.across_epochs(pictures, LOSSES, **options)


@pytest.fixture
def axes():
    _, curves = across().parts
    return curves.axes


def test_pictures_stand_in_the_order_of_time():
    row, _ = across().parts
    assert [name for name, _ in row.names] == ["epoch 1", "epoch 3"]
    pixels = np.asarray(Image.open(io.BytesIO(row.webp)))
    assert pixels[5, 5, 0] < 20
    assert pixels[5, -5, 0] > 190


def test_a_curve_lies_at_the_ends_of_its_epochs(axes):
    """After epoch 1 comes the first mean; pictures are marked there."""
    d, L1 = axes
    for each, name in ((L1, "g_l1"), (d, "d")):
        curve = max(each.lines, key=lambda line: len(line.get_xdata()))
        assert list(curve.get_xdata()) == [1, 2, 3]
        assert list(curve.get_ydata()) == LOSSES[name]
        marked = {line.get_xdata()[0] for line in each.lines[:2]}
        assert marked == {1, 3}


def test_the_band_reaches_from_a_guess_to_a_victory(axes):
    """19 times in 20 is what the book says of the lower edge."""
    d, L1 = axes
    [band] = d.patches
    # In window's pixels: older matplotlib makes a polygon of a band.
    corners = d.transData.inverted().transform(band.get_window_extent())
    assert corners[:, 1] == pytest.approx((WON, math.log(2)))
    assert math.exp(-WON) == pytest.approx(19 / 20, abs=0.002)
    assert not L1.patches


def test_gray_is_a_line_in_the_curve_of_l1_alone():
    _, curves = across(gray_l1=0.104).parts
    d, L1 = curves.axes
    [_] = [x for x in L1.lines if list(x.get_ydata()) == [0.104, 0.104]]
    assert "gray" in [text.get_text() for text in L1.texts]
    assert L1.get_ylim()[1] > max(0.104, *LOSSES["g_l1"])
    assert "gray" not in [text.get_text() for text in d.texts]


@pytest.mark.parametrize("count", [1, 6])
def test_a_row_holds_two_to_five(count):
    pictures = {epoch: shade(epoch) for epoch in range(count)}
    with pytest.raises(ValueError, match="2 to 5"):
        training_curves.across_epochs(pictures, LOSSES)


def test_it_says_which_epochs_it_shows():
    assert "epoch 1, 3" in repr(across())
    assert "image/svg+xml" in across()._repr_html_()  # dark in the dark
