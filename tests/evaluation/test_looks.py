"""A look measures what it says, and its halves keep apart."""

import json

import numpy as np
import pytest
import torch

from colorlib.color import AB_SCALE, lab_to_rgb
from colorlib.colorizer import Colorizer
from colorlib.evaluation.looks import (
    HALVES,
    in_gray,
    look_at,
    mean_of_halves,
    sum_up,
)
from colorlib.models.generator import Generator


class Rose(Generator):
    """A generator that gives every pixel a* = 20, b* = 0."""

    multiple = 1

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, L):
        ab = torch.tensor([20 / AB_SCALE, 0.0]).view(1, 2, 1, 1)
        return ab.expand(len(L), 2, *L.shape[2:])


def even(a, b):
    """A photograph of one color, L* 60."""
    lab = torch.tensor([60.0, a, b]).view(3, 1, 1).repeat(1, 40, 40)
    rgb = lab_to_rgb(lab).clamp(0, 1).mul(255).round().byte()
    return rgb.permute(1, 2, 0).numpy()


def test_a_look_measures_error_strength_hue_and_cast():
    """Half the photograph's a* is missing, and it is all of one hue."""
    rose = Colorizer(Rose().eval(), "rose", "", 32, torch.device("cpu"))

    def lpips(rgb, true_rgb):
        return (rgb.float() - true_rgb).abs().mean()

    photographs = [even(40.0, 0.0), even(0.0, 20.0)]
    rows = look_at(rose.colorize, photographs, lpips=lpips, side=32)
    assert rows["cast_a"] == pytest.approx([-20, 20], abs=0.7)
    assert rows["cast_b"] == pytest.approx([0, -20], abs=0.7)
    assert rows["ab_mae"] == pytest.approx([10, 20], abs=0.7)
    assert rows["hue_error"] == pytest.approx([0, 90], abs=1.5)
    assert rows["chroma"] == pytest.approx([20, 20], abs=0.7)
    assert rows["true_chroma"] == pytest.approx([40, 20], abs=0.7)
    assert min(rows["ciede2000"]) > 5
    assert min(rows["lpips"]) > 1

    gray = look_at(in_gray, photographs, side=32)
    assert "lpips" not in gray
    assert gray["cast_a"] == pytest.approx([-40, 0], abs=0.7)
    assert max(gray["chroma"]) < 0.7
    assert gray["ciede2000"][0] > rows["ciede2000"][0]


@pytest.fixture
def looks():
    """Two looks at 40 photographs; the second is better on every other."""
    columns = "ciede2000", "ab_mae", "hue_error", "chroma", "true_chroma"
    rng = np.random.default_rng(0)
    first = {name: rng.uniform(5, 9, 40) for name in columns}
    first |= {name: rng.normal(size=40) for name in ("cast_a", "cast_b")}
    second = {name: column.copy() for name, column in first.items()}
    second["ciede2000"][HALVES["choose"]] -= 2
    second["chroma"] *= 3
    return {
        200: {name: column.tolist() for name, column in second.items()},
        0: {name: column.tolist() for name, column in first.items()},
    }


def test_a_step_is_chosen_on_one_half_and_judged_on_the_other(looks):
    """What looks better where it was chosen need not be better."""
    found = json.loads(sum_up(looks))
    assert found["photographs"] == {"choose": 20, "judge": 20}
    assert [each["step"] for each in found["looks"]] == [0, 200]
    start, later = found["looks"]
    assert later["choose"]["ciede2000_gain"] == [-2, -2, -2]  # in pairs
    assert later["judge"]["ciede2000_gain"] == [0, 0, 0]
    assert later["judge"]["ciede2000"] == start["judge"]["ciede2000"]
    value, low, high = start["judge"]["ciede2000"]
    assert low < value < high


def test_ratios_are_of_means(looks):
    """Of photographs that are nearly gray a ratio of each would be noise."""
    start, later = json.loads(sum_up(looks))["looks"]
    rows = {name: np.array(column) for name, column in looks[0].items()}
    part = HALVES["judge"]
    true = rows["true_chroma"][part]
    ratio = rows["chroma"][part].sum() / true.sum()
    assert start["judge"]["chroma_ratio"][0] == pytest.approx(ratio, abs=1e-4)
    assert later["judge"]["chroma_ratio"][0] == pytest.approx(
        3 * ratio, abs=1e-4
    )
    hue = (rows["hue_error"][part] * true).sum() / true.sum()
    assert start["judge"]["hue_error"][0] == pytest.approx(hue, abs=1e-4)


def test_where_nothing_is_chosen_both_halves_count(looks):
    found = json.loads(sum_up(looks))["looks"][-1]
    error = np.mean(looks[200]["ciede2000"])
    assert mean_of_halves(found, "ciede2000") == pytest.approx(error, abs=1e-4)
    assert mean_of_halves(found, "ciede2000") != found["judge"]["ciede2000"][0]


def test_a_look_needs_a_photograph_for_each_half(looks):
    with pytest.raises(ValueError, match="two photographs or more"):
        sum_up({})
    one = {name: column[:1] for name, column in looks[0].items()}
    with pytest.raises(ValueError, match="two photographs or more"):
        sum_up({0: one})
