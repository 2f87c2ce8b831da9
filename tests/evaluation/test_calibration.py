"""What is said is compared with what is true, place by place."""

import json

import numpy as np
import pytest
import torch

from colorlib.colorizer import Colorizer
from colorlib.evaluation.calibration import (
    BINS,
    Calibration,
    count,
    measure_calibration,
)
from colorlib.models.compact import CompactUnet
from colorlib.models.unet import Unet


def calibration(said, share_near, photographs=40, places=500):
    """What a model gets that always says the same."""
    rng = np.random.default_rng(0)
    tally = [
        count(np.full(places, said), rng.random(places) < share_near)
        for _ in range(photographs)
    ]
    order = np.arange(photographs, dtype=float)
    return Calibration({}, np.array(tally), order, order)


def colorizer_of(G):
    return Colorizer(G.eval(), "test", "0" * 64, 32, torch.device("cpu"))


def compact():
    torch.manual_seed(0)
    return CompactUnet(((16, 1, 3, 2, 1), (16, 1, 3, 2, 1)), (16,))


def test_who_is_right_as_often_as_said_has_no_error():
    found = calibration(0.82, 0.82)
    assert found.expected_error == pytest.approx(0, abs=0.01)
    assert found.overconfidence.low < 0 < found.overconfidence.high


@pytest.mark.parametrize(("said", "near"), [(0.82, 0.62), (0.62, 0.82)])
def test_who_is_not_has_the_difference(said, near):
    """Too sure is above 0, too doubtful below."""
    found = calibration(said, near)
    assert found.expected_error == pytest.approx(0.2, abs=0.02)
    assert float(found.overconfidence) == pytest.approx(said - near, abs=0.02)


def test_errors_of_two_bins_do_not_cancel():
    high, low = calibration(0.9, 0.7), calibration(0.3, 0.5)
    both = Calibration({}, high.tally + low.tally, high.doubt, high.error)
    assert float(both.overconfidence) == pytest.approx(0, abs=0.02)
    assert both.expected_error == pytest.approx(0.2, abs=0.02)


def test_doubts_that_rank_like_errors_correlate():
    found = calibration(0.5, 0.5)
    assert float(found.rank_correlation) == pytest.approx(1)
    turned = Calibration({}, found.tally, found.doubt, found.error[::-1])
    assert float(turned.rank_correlation) == pytest.approx(-1)


def test_every_place_is_in_one_bin():
    said = np.array([0.0, 0.05, 0.1, 0.95, 1.0])
    places, summed, near = count(said, np.ones(5, bool))
    assert places.sum() == near.sum() == 5
    assert (places[0], places[1], places[-1]) == (2, 1, 2)
    assert summed.sum() == pytest.approx(said.sum())


def test_the_report_has_a_row_a_bin_and_no_photograph():
    rows = json.loads(calibration(0.82, 0.82).to_json())["reliability"]
    assert len(rows) == BINS
    assert rows[8]["share_of_places"] == 1
    assert rows[8]["near"][1] < 0.82 < rows[8]["near"][2]
    assert "near" not in rows[3]  # nothing was said there


def test_the_expected_error_has_no_interval():
    """The bootstrap's would lie above 0 for a model that is calibrated."""
    found = calibration(0.82, 0.82, photographs=5, places=20)
    report = json.loads(found.to_json())
    assert report["expected_calibration_error"] == round(
        found.expected_error, 5
    )


def test_what_a_user_gets_is_measured():
    rng = np.random.default_rng(0)
    squares = rng.integers(256, size=(2, 64, 64, 3), dtype=np.uint8)
    found = measure_calibration(colorizer_of(compact()), squares, side=64)
    assert found.tally.shape == (2, 3, BINS)
    assert found.tally[:, 0].sum() == 2 * 16 * 16
    assert found.about["model"]["name"] == "test"


def test_what_can_t_be_measured_is_refused():
    square = np.zeros((64, 64, 3), np.uint8)
    with pytest.raises(ValueError, match="no palette"):
        measure_calibration(colorizer_of(Unet(n_down=2, width=4)), [square])
    with pytest.raises(ValueError, match="at least two"):
        measure_calibration(colorizer_of(compact()), [square], side=64)
