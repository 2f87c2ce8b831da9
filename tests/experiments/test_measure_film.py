"""The film gap: what is rendered, what is kept, what is summed up."""

import csv
import json
from dataclasses import asdict
from types import SimpleNamespace

import measure_film
import measure_print
import numpy as np
import photo_sets
import pytest
import torch
from PIL import Image
from torch.testing import assert_close

from colorlib.color import lightness
from colorlib.colorizer import Colorizer


class Painter:
    """In place of a colorizer: it paints more the lighter its input is."""

    name, sha256, size, tta_sizes = "painter", "0", 256, (192,)
    mirror = faded = False
    loaded = None

    def predict(self, L):
        return torch.cat([L, -L], dim=1) / 10


@pytest.fixture
def folder(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    for i in range(3):
        pixels = rng.integers(0, 256, (70, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"photo_{i}.png")

    def load(model, device):
        Painter.loaded = model
        return Painter()

    monkeypatch.setattr(Colorizer, "load", load)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "README.md").write_text(
        "<!-- runs:begin -->\n<!-- runs:end -->\n"
    )
    return tmp_path


def words(folder, *more):
    work, results = folder / "work", folder / "results"
    return [
        *("--set", "noise", str(folder), *more),
        *("--work", str(work), "--results", str(results)),
    ]


def test_inputs_are_lightness_and_film():
    rgb = (torch.rand(3, 40, 48) * 255).byte()
    seen = measure_film.lightness_inputs(rgb)
    assert list(seen) == list(measure_film.INPUTS)
    assert_close(seen["CIE L*"][0], lightness(rgb), rtol=0, atol=0.01)
    for name, L_star in seen.items():
        assert L_star.shape == (1, 1, 40, 48)
        assert (name == "CIE L*") == torch.allclose(
            L_star[0], lightness(rgb), atol=0.01
        )


def test_each_part_of_a_print_changes_one_thing():
    rgb = (torch.rand(3, 40, 48) * 255).byte()
    seen = measure_print.lightness_inputs(rgb)
    assert list(seen) == list(measure_print.INPUTS)
    whole = measure_film.lightness_inputs(rgb)
    for name, there in {
        "CIE L*": "CIE L*",
        "orthochromatic": "orthochromatic",
        "all three": measure_film.PRINT,
    }.items():
        assert_close(seen[name], whole[there])
    plain = asdict(measure_print.PLAIN)
    for name in ("steep curve", "softness", "grain"):
        film = asdict(measure_print.PRINTS[name])
        assert sum(repr(film[k]) != repr(plain[k]) for k in film) == 1
        assert not torch.allclose(seen[name], seen["plain print"], atol=1)


def test_a_share_is_of_grays_error_and_lost_against_lightness():
    row = dict.fromkeys(measure_film.INPUTS, "8") | {"gray": "10"}
    rows = [row | {"blue-sensitive": "9"}] * 4
    found = measure_film.sum_up(rows, measure_film.INPUTS)
    blue = found["inputs"]["blue-sensitive"]
    assert blue["removed"]["value"] == pytest.approx(0.1)
    assert blue["lost"]["value"] == pytest.approx(0.1)
    assert found["inputs"]["CIE L*"]["removed"]["value"] == pytest.approx(0.2)


@pytest.mark.slow
def test_it_goes_on_where_it_was_stopped(folder, capsys):
    assert measure_film.main(words(folder)) == 0
    rows = folder / "work" / "rows.csv"
    full = rows.read_text()
    lines = full.splitlines(keepends=True)
    rows.write_text("".join(lines[:2]) + lines[2][:9])
    assert measure_film.main(words(folder)) == 0
    assert rows.read_text() == full
    record = folder / "results" / "film-gap"
    report = json.loads((record / "report.json").read_text())
    assert report["sets"]["noise"]["photographs"] == 3
    with (record / "rows.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 3
    about = json.loads((record / "run.json").read_text())
    assert str(folder) not in json.dumps(about)


@pytest.mark.slow
def test_rows_of_something_else_are_not_taken(folder, capsys, monkeypatch):
    """The folder is the same for all models, unless --work is given."""
    assert measure_film.main(words(folder)) == 0
    rows = (folder / "work" / "rows.csv").read_bytes()
    for more in (("--balance", "noise"), ("--every", "noise=2")):
        assert measure_film.main(words(folder, *more)) == 2
        assert "made with other settings; move" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        patch.setattr(Painter, "tta_sizes", ())
        assert measure_film.main(words(folder)) == 2
    (folder / "photo_0.png").rename(folder / "photo_5.png")
    assert measure_film.main(words(folder)) == 2
    assert (folder / "work" / "rows.csv").read_bytes() == rows


@pytest.mark.slow
def test_seconds_are_those_of_all_calls(folder, monkeypatch):
    """Those of a call that was cut short, too."""
    clock = SimpleNamespace(monotonic=iter(range(1000)).__next__)
    monkeypatch.setattr(photo_sets, "time", clock)
    real, measured = measure_film.measure, []

    def measure(*args, **options):
        measured.append(1)
        if len(measured) == 3:
            raise OSError("the disk is full")
        return real(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(measure_film, "measure", measure)
        assert measure_film.main(words(folder)) == 2
    kept = float((folder / "work" / "seconds.txt").read_text())
    assert kept > 0
    assert measure_film.main(words(folder)) == 0
    record = folder / "results" / "film-gap" / "run.json"
    assert json.loads(record.read_text())["wall_seconds"] > kept


def test_two_that_differ_in_their_endings_alone_are_refused(folder, capsys):
    Image.new("RGB", (70, 80)).save(folder / "photo_1.webp")
    assert measure_film.main(words(folder)) == 2
    err = capsys.readouterr().err
    assert "photo_1.png and photo_1.webp differ in their endings" in err


@pytest.mark.slow
def test_another_model_has_a_record_of_its_own(folder):
    more = ("--model", "/some/where/older", "--name", "film-gap-before")
    assert measure_film.main(words(folder, *more)) == 0
    assert Painter.loaded == "/some/where/older"
    record = folder / "results" / "film-gap-before" / "run.json"
    command = json.loads(record.read_text())["command"]
    assert command.endswith("--model older --name film-gap-before")


def test_what_there_is_not_is_told_in_one_line(folder, capsys):
    more = ("--without", "photo")
    assert measure_film.main(words(folder, *more)) == 2
    assert "no photographs in" in capsys.readouterr().err


@pytest.mark.slow
def test_the_parts_of_a_print_have_a_record(folder):
    assert measure_print.main(words(folder)) == 0
    record = folder / "results" / "print-parts" / "report.json"
    [found] = json.loads(record.read_text())["sets"].values()
    assert list(found["inputs"]) == list(measure_print.INPUTS)
