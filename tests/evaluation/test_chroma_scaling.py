"""Chroma is scaled, hue is not, and the best scale is judged elsewhere."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from colorlib.color import AB_SCALE, lab_to_rgb
from colorlib.colorizer import Colorizer
from colorlib.course.recorded import recorded
from colorlib.evaluation.chroma_scaling import (
    SCALES,
    ChromaScaling,
    measure_chroma_scaling,
)
from colorlib.files import sha256_of
from colorlib.models.generator import Generator
from colorlib.models.paths import SHIPPED

ROOT = Path(__file__).resolve().parents[2]


class OneColor(Generator):
    """A generator that gives every pixel a* = 20, b* = 0."""

    multiple = 1

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, L):
        ab = torch.tensor([20 / AB_SCALE, 0.0]).view(1, 2, 1, 1)
        return ab.expand(len(L), 2, *L.shape[2:])


@pytest.fixture
def colorizer():
    return Colorizer(OneColor().eval(), "pink", "ab", 64, torch.device("cpu"))


def even(a):
    """A photograph of one color: L* 60, b* 0."""
    lab = torch.tensor([60.0, a, 0.0]).view(3, 1, 1).repeat(1, 64, 64)
    rgb = lab_to_rgb(lab).clamp(0, 1).mul(255).round().byte()
    return rgb.permute(1, 2, 0).numpy()


def test_the_right_hue_at_half_the_chroma_is_right(colorizer):
    """The truth has a* 10, the model says 20: half of it is exact."""
    found = measure_chroma_scaling(
        colorizer, [even(10.0)] * 4, scales=(0.0, 0.25, 0.5, 1.0), side=64
    )
    errors = found.errors["ciede2000"]
    assert errors.shape == (4, 4)
    assert errors[0, 2] < 0.5  # rounding to bytes
    assert errors[0, 1] > 3
    assert found.scales[found.best] == 0.5
    assert found.less_gray("ciede2000", 2).value < -5
    assert found.less_gray("ciede2000", 0).value == 0


def test_where_the_hue_is_wrong_gray_is_best(colorizer):
    found = measure_chroma_scaling(
        colorizer, [even(-10.0)] * 2, scales=(0.0, 0.5, 1.0), side=64
    )
    assert found.best == 0
    assert (np.diff(found.errors["ciede2000"][0]) > 3).all()


def test_lpips_is_asked_for_the_written_picture(colorizer):
    seen = []

    def lpips(picture, truth):
        seen.append((picture, truth))
        return torch.tensor(len(seen) / 10)

    photographs = [even(10.0), even(0.0)]
    found = measure_chroma_scaling(
        colorizer, photographs, scales=(0.0, 1.0), lpips=lpips, side=64
    )
    assert found.errors["lpips"] == pytest.approx(
        np.array([[0.1, 0.2], [0.3, 0.4]])
    )
    picture, truth = seen[0]
    assert picture.dtype == truth.dtype == torch.uint8
    assert (picture[0] == picture[1]).all()  # gray
    assert (truth.permute(1, 2, 0).numpy() == photographs[0]).all()


def test_the_scale_is_chosen_on_one_half_and_judged_on_the_other():
    """Even photographs say the second scale, odd ones would say the third."""
    errors = np.array([[9.0, 7.0, 8.0], [9.0, 10.0, 2.0]] * 5)
    found = ChromaScaling({}, (0.0, 0.5, 1.0), {"ciede2000": errors})
    document = json.loads(found.to_json())
    assert document["best"] == {
        "scale": 0.5,
        "less_gray_on_the_other_half": {"ciede2000": [1.0, 1.0, 1.0]},
    }
    assert document["photographs"] == 10
    value, low, high = document["less_gray"]["ciede2000"][2]
    assert value == -4.0
    assert low < -4 < high


@pytest.mark.usefixtures("as_outside_pytest")
def test_what_makes_no_sense_is_refused(colorizer):
    with pytest.raises(ValueError, match="first scale must be 0"):
        measure_chroma_scaling(colorizer, [even(0.0)] * 2, scales=(0.5, 1.0))
    with pytest.raises(ValueError, match="at least two photographs"):
        measure_chroma_scaling(colorizer, [even(0.0)], side=64)


def test_the_experiment_leaves_its_numbers_with_the_run(
    tmp_path, monkeypatch, capsys
):
    """As the chapters read them; a file that is no photograph stops nothing."""
    monkeypatch.syspath_prepend(ROOT / "experiments")
    others = tmp_path / "others"
    others.mkdir()
    (others / "torn.jpg").write_bytes(b"\xff\xd8\xff")
    run = tmp_path / "results" / "mine"
    run.mkdir(parents=True)
    (run / "run.json").write_text('{"config": {"epochs": 1}}')
    report = {"model": {"sha256": sha256_of(SHIPPED)}}
    (run / "report.json").write_text(json.dumps(report))
    main = runpy.run_path(str(ROOT / "experiments/measure_chroma.py"))["main"]
    words = ["mine", "--photographs", "bundled", str(others)]
    results = ["--results", str(tmp_path / "results"), "--model", str(SHIPPED)]
    assert main([*words, *results]) == 0
    chroma = recorded("mine", results=tmp_path / "results").chroma
    assert chroma["scales"] == list(SCALES)
    assert len(chroma["less_gray"]["ciede2000"]) == len(SCALES)
    assert chroma["less_gray"]["ciede2000"][0] == [0, 0, 0]
    assert main(["other", "--photographs", "bundled", *results]) == 2
    report["model"]["sha256"] = "0" * 64
    (run / "report.json").write_text(json.dumps(report))
    assert main([*words, *results]) == 2
    assert "is not the model of mine" in capsys.readouterr().err
