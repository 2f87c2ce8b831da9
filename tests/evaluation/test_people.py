"""People and their background are measured apart, each on its own pixels."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from colorlib.color import AB_SCALE, lab_to_rgb
from colorlib.colorizer import Colorizer
from colorlib.evaluation import people
from colorlib.files import sha256_of
from colorlib.models.generator import Generator
from colorlib.models.paths import SHIPPED

ROOT = Path(__file__).resolve().parents[2]
# A square in the left half of the photograph: x, y, x, y, ...
SQUARE = (0.25, 0.25, 0.5, 0.25, 0.5, 0.75, 0.25, 0.75)


class OneColor(Generator):
    """A generator that gives every pixel a* = 20, b* = 0."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))  # says where it lives

    def forward(self, L):
        ab = torch.tensor([20 / AB_SCALE, 0.0]).view(1, 2, 1, 1)
        return ab.expand(len(L), 2, *L.shape[2:])


OneColor.multiple = 1


def photograph(inside, outside):
    """Paint 64 x 128 pixels: a* and b* in the square, and around it."""
    lab = torch.tensor([60.0, *outside]).view(3, 1, 1).repeat(1, 64, 128)
    lab[1:, 16:48, 32:64] = torch.tensor(inside).view(2, 1, 1)
    rgb = lab_to_rgb(lab).clamp(0, 1).mul(255).round().byte()
    return rgb.permute(1, 2, 0).numpy()


@pytest.fixture
def found():
    colorizer = Colorizer(
        OneColor().eval(), "pink", "", 64, torch.device("cpu")
    )
    outlined = {
        "pink person": people.Outlined(1, (SQUARE,)),
        "blue person": people.Outlined(2, (SQUARE,)),
        "only a box": people.Outlined(1, ()),
        "nobody": people.Outlined(0, ()),
    }
    pixels = photograph((20.0, 0.0), (0.0, -40.0))
    blue = photograph((0.0, -40.0), (20.0, 0.0))
    photographs = [
        (name, blue if name == "blue person" else pixels) for name in outlined
    ]
    return people.measure_people(colorizer, photographs, outlined, side=64)


def test_an_outline_lies_where_the_middle_square_is():
    """The square's pixels 32 to 64 are 0 to 32 once the ends are cut off."""
    [mask] = people.outlines([SQUARE], 64, 128, 64)
    rows, columns = np.nonzero(mask)
    assert (rows.min(), rows.max()) == pytest.approx((16, 48), abs=1)
    assert (columns.min(), columns.max()) == pytest.approx((0, 32), abs=1)


def test_who_was_cut_off_is_not_counted():
    gone = (0.0, 0.0, 0.1, 0.0, 0.1, 1.0, 0.0, 1.0)
    assert len(people.outlines([gone, SQUARE], 64, 128, 64)) == 1


def test_each_side_has_its_own_numbers(found):
    """The model is right where the truth is pink, and wrong where blue."""
    columns = found.columns
    assert columns["people_error"][0] < 2.5 < 10 < columns["people_error"][1]
    right, wrong = "background_error", "people_error"
    assert columns[right][1] < 2.5 < 10 < columns[right][0]
    assert columns[wrong][0] < columns["people_gray_error"][0]
    assert columns["people_true_chroma"] == pytest.approx([20, 40], abs=2)
    assert columns["people_chroma"] == pytest.approx([20, 20], abs=1)
    assert columns["size"] == pytest.approx([0.25, 0.25], abs=0.02)


def test_what_is_left_out_is_counted(found):
    left_out = {"no people": 1, "no outlines": 1, "too little": 0}
    assert found.about["left_out"] == left_out
    assert len(found) == 2


def test_the_reduction_is_of_means_over_photographs(found):
    one = found[np.array([True, False])]
    assert people.error_reduction(one, "people") > 0.85
    assert people.error_reduction(one, "background") < 0
    chroma, true = (
        one.columns[f"background_{name}"] for name in ("chroma", "true_chroma")
    )
    assert chroma / true == pytest.approx(0.5, abs=0.1)
    error = found.columns["people_error"].sum()
    of_gray = found.columns["people_gray_error"].sum()
    reduction = people.error_reduction(found, "people")
    assert reduction == pytest.approx(1 - error / of_gray)


def test_numbers_travel_without_photographs(found):
    """The folder goes into the project, and the photographs must not."""
    text = found.to_json()
    assert "person" not in text
    again = people.People.from_json(text)
    for name, column in found.columns.items():
        assert again.columns[name] == pytest.approx(column, abs=1e-4)
    assert again.about == found.about


def test_no_outlines_are_an_error():
    with pytest.raises(ValueError, match="do the names"):
        people.measure_people(
            Colorizer(OneColor().eval(), "pink", "", 64, torch.device("cpu")),
            [("nobody", photograph((0.0, 0.0), (0.0, 0.0)))],
            {"nobody": people.Outlined(0, ())},
        )


def test_the_tool_writes_into_the_run(tmp_path, monkeypatch, capsys):
    """It matches photographs and outlines, whatever their folder."""
    monkeypatch.syspath_prepend(ROOT / "book" / "tools")
    main = runpy.run_path(ROOT / "experiments" / "measure_people.py")["main"]
    (tmp_path / "results" / "compact").mkdir(parents=True)
    write_record(tmp_path / "results" / "compact", sha256_of(SHIPPED))
    (tmp_path / "photographs").mkdir()
    picture = Image.fromarray(photograph((20.0, 0.0), (0.0, -40.0)))
    picture.save(tmp_path / "photographs" / "00001.png")
    about = {"00001": {"boxes": [[0.5] * 4], "polygons": [SQUARE]}}
    persons = tmp_path / "persons.json"
    persons.write_text(json.dumps({"photos": about}))
    words = ["compact", "--photographs", str(tmp_path / "photographs")]
    words += ["--outlines", str(persons), "--model", str(SHIPPED)]
    words += ["--results", str(tmp_path / "results")]
    assert main(words) == 0
    written = (tmp_path / "results" / "compact" / "people.json").read_text()
    assert len(people.People.from_json(written)) == 1
    assert main(["no-such-run", *words[1:]]) == 2
    assert "no run is called" in capsys.readouterr().err
    write_record(tmp_path / "results" / "compact", "0" * 64)
    assert main(words) == 2
    assert "is not the model of compact" in capsys.readouterr().err


def write_record(folder, sha256):
    """Write what says which weights a run has trained."""
    run = {"config": {"epochs": 1}}
    (folder / "run.json").write_text(json.dumps(run))
    report = {"model": {"sha256": sha256}}
    (folder / "report.json").write_text(json.dumps(report))
