"""Faded prints: what is rendered, what is compared, what is summed up."""

import csv
import json
from dataclasses import dataclass

import measure_faded
import numpy as np
import pytest
import torch
from PIL import Image
from torch.testing import assert_close

from colorlib.color import as_lab
from colorlib.color.contrast import is_low_contrast
from colorlib.colorizer import Colorizer
from colorlib.data.samples import bundled


@dataclass(frozen=True)
class Painter:
    """In place of a colorizer: it paints more where it may stretch."""

    name: str = "painter"
    sha256: str = "0"
    size: int = 256
    tta_sizes: tuple[int, ...] = ()
    faded: bool = False
    mirror: bool = False

    def predict(self, L):
        stretched = is_low_contrast(L) & self.faded
        return torch.where(stretched, 0.3, 0.1)[:, None, None, None].expand(
            -1, 2, 4, 4
        )


def test_a_photograph_is_seen_in_its_lightness_and_faded():
    pixels = bundled("coffee")[::2, ::2].copy()
    eye, faded = measure_faded.lightness_inputs(pixels)
    assert_close(eye, as_lab(pixels)[:1], atol=0.01, rtol=0)
    low, high = faded.quantile(torch.tensor([0.01, 0.99]))
    assert 15 < high - low < 60
    assert high > 95  # the paper stays white
    again = measure_faded.lightness_inputs(pixels)[1]
    assert torch.equal(again, faded)
    other = pixels.copy()
    other[0, 0] ^= 1  # another photograph fades by another share
    off = measure_faded.lightness_inputs(other)[1] - faded
    assert off[:, 1:].abs().mean() > 1


def test_only_what_is_faded_is_compared_with_its_stretched_copy():
    found = measure_faded.measure(Painter(), bundled("chelsea"))
    assert found.keys() == set(measure_faded.COLUMNS)
    assert found["CIE L*: chosen"] == 0
    assert found["CIE L*: stretched"] == found["CIE L*: as it is"]
    assert found["faded print: chosen"] == 1
    assert found["faded print: as it is"] == found["CIE L*: as it is"]
    assert found["faded print: stretched"] != found["faded print: as it is"]


def test_a_change_is_over_all_and_over_those_that_are_stretched():
    rows = []
    for i in range(4):
        row = dict.fromkeys(measure_faded.COLUMNS, "10")
        row |= dict.fromkeys(
            [f"{name}: chosen" for name in measure_faded.INPUTS], "0.0000"
        )
        if i == 0:
            row |= {"faded print: stretched": "8", "faded print: chosen": "1"}
        rows.append(row)
    inputs = measure_faded.sum_up(rows)["inputs"]
    assert inputs["CIE L*"]["low contrast"] is None
    assert inputs["CIE L*"]["all"]["change"]["value"] == 0
    faded = inputs["faded print"]
    assert faded["all"]["change"]["value"] == pytest.approx(-0.5)
    assert faded["low contrast"]["photographs"] == 1
    assert faded["low contrast"]["change"]["value"] == pytest.approx(-2)


def test_it_has_a_record(tmp_path, monkeypatch):
    monkeypatch.setattr(Colorizer, "load", lambda *_, **__: Painter())
    rng = np.random.default_rng(0)
    for i in range(3):
        pixels = rng.integers(0, 256, (70, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"photo_{i}.png")
    results = tmp_path / "results"
    results.mkdir()
    (results / "README.md").write_text(
        "<!-- runs:begin -->\n<!-- runs:end -->\n"
    )
    words = ["--set", "noise", str(tmp_path), "--every", "noise=2"]
    words += ["--work", str(tmp_path / "work"), "--results", str(results)]
    assert measure_faded.main(words) == 0
    record = results / "faded-prints"
    report = json.loads((record / "report.json").read_text())
    assert report["sets"]["noise"]["photographs"] == 2
    assert report["lost"] == list(measure_faded.LOST)
    with (record / "rows.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 2
    about = json.loads((record / "run.json").read_text())
    assert str(tmp_path) not in json.dumps(about)
    assert "| `faded-prints` |" in (results / "README.md").read_text()
