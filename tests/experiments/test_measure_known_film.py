"""What it is worth to know the film: looks, numbers, sums."""

import measure_known_film as known
import numpy as np
import pytest
import torch

from colorlib.color import as_lab

SCENE = np.zeros((64, 64, 3), np.uint8)
SCENE[:, :32], SCENE[:, 32:] = (200, 60, 50), (60, 90, 190)


class Knowing:
    """In place of a colorizer: it knows the scene's colors, and what it saw."""

    def __init__(self):
        self.seen = []
        lab = as_lab(SCENE)
        self.ab = lab[1:] / known.AB_SCALE

    def predict(self, L):
        self.seen.append(L)
        return self.ab.expand(len(L), -1, -1, -1)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(known, "SIZE", 64)


def test_with_the_true_colors_the_second_look_sees_true_lightness(small):
    model = Knowing()
    found = known.measure(model, SCENE)
    first, second = model.seen
    for film in second:  # each fitted to its own print
        torch.testing.assert_close(film, first[0], rtol=0, atol=2e-4)
    assert not torch.allclose(first[2], first[0], atol=0.1)
    assert found.keys() == set(known.COLUMNS)
    assert found["orthochromatic: moved"] > 5
    assert found["gray"] > 20 > 1 > found["orthochromatic: second"]


def test_a_change_is_between_answers_and_ranks_are_of_photographs():
    rows = []
    for i in range(6):
        row = dict.fromkeys(known.COLUMNS, "10")
        row |= {
            "blue-sensitive: first": str(8 + i),
            "blue-sensitive: second": str(7 + 1.2 * i),
            "blue-sensitive: moved": str(i**3),
            "blue-sensitive: chroma": str(-i),
        }
        rows.append(row)
    found = known.sum_up(rows)["films"]["blue-sensitive"]
    assert found["change"]["value"] == pytest.approx(-0.5)
    assert found["better"]["value"] == pytest.approx(5 / 6)
    ranks = found["rank_correlation"]
    assert ranks["moved"]["value"] == pytest.approx(1)
    assert ranks["chroma"]["value"] == pytest.approx(-1)
