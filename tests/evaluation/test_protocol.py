"""The protocol is frozen: whoever changes it raises its number."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from colorlib.evaluation import MEASURES, Protocol, evaluate
from colorlib.evaluation.protocol import NUMBER, PERCEPTUAL

PAGE = Path(__file__).resolve().parents[2] / "book" / "protocol.md"

# Each protocol that there ever was, by the hash of its list of measures and
# settings, and by what a picture scores. Add a line, never change one:
# reports in the world say which number they were made by.
FROZEN = {
    2: "e2c83dd3b60959c1",
}
# Colorizer, then the measures in the order of MEASURES.
SCORES = {
    2: """
model           28.86 30.93 41.62 37.56 11.01 0.425 79.15 15.37 17.43 17.43
gray            24.27 25.31 30.90 37.77 11.29 0.435 90.00  0.00  0.00  0.00
dataset mean    26.21 26.62 37.25 37.52 11.31 0.431 81.83  7.23  6.89  6.89
oracle mean     27.06 28.34 37.17 37.46 11.20 0.430 79.07  8.22  9.28  9.28
lookup, median  26.74 26.22 40.41 37.88 11.26 0.435 79.96  7.32 11.44 11.34
lookup, mean    25.97 25.82 38.50 37.22 11.35 0.434 74.74  8.43 10.89 10.77
another's color 32.14 33.12 51.32 39.94  9.84 0.364 76.42 35.58 72.55 72.45
hue rotated     27.00 27.94 39.05 32.51 10.76 0.236 59.99 44.30 154.39 121.07
model - gray     4.58  5.62 10.72 -0.21 -0.28 -0.010 -10.85 15.37 17.43 17.43
""",
}


def test_measures_and_settings_are_those_of_the_number():
    """Changed the list or a setting? Raise NUMBER, add a line to FROZEN."""
    described = json.dumps(Protocol().describe(), sort_keys=True)
    digest = hashlib.sha256(described.encode()).hexdigest()[:16]
    assert FROZEN.get(NUMBER) == digest


def test_numbers_are_those_of_the_number():
    """What no list of settings shows: the code behind a measure changed."""
    row, column = np.mgrid[:256, :256]
    picture = np.stack([row, column, (row * column) % 251], axis=-1)
    some = [("slopes", picture.astype(np.uint8))]
    report = evaluate(lambda L: L.new_full((1, 2, 4, 4), 0.1), some)
    found = report.groups["all"].scores
    lines = SCORES[NUMBER].strip().splitlines()
    assert len(lines) == len(found) - 1  # all but the truth
    for line in lines:
        who, frozen = line[:16].strip(), [float(n) for n in line[16:].split()]
        scores = [found[who][measure].value for measure in MEASURES]
        assert scores == pytest.approx(frozen, abs=0.011), who


def test_other_settings_are_another_protocol():
    """A report at 128 pixels must not pass for one at 256."""
    assert Protocol().number == NUMBER
    assert Protocol(crop=128).number is None
    assert Protocol(seed=1).describe()["number"] is None


def test_the_page_tells_the_same():
    """Its number, every measure and every baseline, every setting."""
    page = " ".join(PAGE.read_text().split())
    assert f"# The protocol, number {NUMBER}" in page
    some = [("flat", np.zeros((64, 64, 3), np.uint8))]
    report = evaluate(lambda L: L.new_zeros(1, 2, 1, 1), some)
    measures = (*MEASURES, "chroma_ratio", *PERCEPTUAL, "fid", "kid")
    for word in (*measures, *report.groups["all"].scores):
        assert f"`{word}`" in page, word
    protocol = Protocol()
    for said in (
        f"{protocol.crop} x {protocol.crop}",
        f"{protocol.resamples:,} times",
        "every other pixel of every other row",
    ):
        assert said in page, said
