"""Eras, simulated: all of them, resumed, and told what they are of."""

import json

import numpy as np
import pytest
import record_eras
from PIL import Image

from colorlib import course
from colorlib.eras.catalog import era_names
from colorlib.evaluation.era_scores import BASELINES, ERA_PROTOCOL
from colorlib.files import sha256_of
from colorlib.models.compact import CompactUnet
from colorlib.models.unet import Unet
from colorlib.models.weights import save_generator


@pytest.fixture
def make(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    for i in range(4):
        pixels = rng.integers(0, 256, (70, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"photo_{i}.png")
    monkeypatch.setattr(record_eras, "CROP", 64)
    G = Unet(n_down=4, width=8)
    card = {"name": "tiny", "size": 32}
    model = save_generator(G, tmp_path / "tiny", card=card)
    results = tmp_path / "results"
    results.mkdir()
    (results / "README.md").write_text(
        "<!-- runs:begin -->\n<!-- runs:end -->\n"
    )

    def make(*words):
        return record_eras.main(
            [
                "--score",
                str(tmp_path),
                "--model",
                str(model),
                "--score-on",
                "3",
                *words,
            ]
            + ["--work", str(tmp_path / "work"), "--results", str(results)]
        )

    return make


@pytest.fixture
def results(tmp_path):
    return tmp_path / "results"


def test_all_eras_are_scored_and_none_twice(make, results, monkeypatch):
    real, scored = record_eras.measure_era, []

    def measure_era(era, *args, **options):
        if len(scored) == 1:
            raise OSError("the disk is full")
        scored.append(era.name)
        return real(era, *args, **options)

    monkeypatch.setattr(record_eras, "measure_era", measure_era)
    assert make() == 2
    assert course.recordings(results) == []
    monkeypatch.setattr(record_eras, "measure_era", real)
    first = results.parent / "work" / f"{scored[0]}.json"
    before = first.stat().st_mtime_ns
    assert make("--collection", "noise") == 0
    assert first.stat().st_mtime_ns == before
    run = course.recorded("eras", results=results)
    assert list(run.report) == era_names()
    for found in run.report.values():
        assert found["photographs"] == 3
        low_high = found["ciede2000"]["tiny"]["gap"]
        assert low_high[1] <= low_high[0] <= low_high[2]
        assert "rows" not in found
        assert found["doubt"] == {"needs": "a model that predicts a palette"}
        assert list(found["ciede2000"]) == [*BASELINES, "tiny"]
    assert str(results.parent) not in json.dumps(run.run)


def test_a_model_with_a_palette_is_asked_and_not_twice(
    make, results, tmp_path, monkeypatch
):
    stages = ((16, 1, 3, 2, 1), (16, 1, 3, 2, 1))
    model = save_generator(
        CompactUnet(stages, (16,)),
        tmp_path / "palette",
        card={"name": "palette", "size": 32},
    )
    words = "--model", str(model), "--score-on", "2"
    assert make(*words) == 0
    report = course.recorded("eras", results=results).report
    for found in report.values():
        value, low, high = found["doubt"]["shares"]["palette"]["film"]
        assert 0 <= low <= value <= high <= 1
        assert found["doubt"]["photographs"] == 2
        film = found["doubt"]["variants"]["scores"]["palette"]["film"]
        assert film["variants"][0] <= film["first"][0]
    monkeypatch.setattr(record_eras, "measure_era", None)
    assert make(*words) == 0
    assert course.recorded("eras", results=results).report == report


OBJECT = """
[[object]]
photo = "photo_0.png"
thing = "Sign of the Red Cross"
parts = { "cross" = [8, 4, 24, 12] }
"""


def test_documented_things_are_judged_where_a_file_marks_them(
    make, results, tmp_path, capsys
):
    path = tmp_path / "objects.toml"
    path.write_text(OBJECT)
    assert make("--objects", "korean-war", str(path)) == 0
    run = course.recorded("eras", results=results)
    found = run.report["korean-war"]["objects"]
    assert found["right"]["tiny"]["parts"][1] == 1
    [place] = found["places"]
    assert place["boxes"] == {"cross": [8, 4, 24, 12]}
    assert place["sha256"] == sha256_of(tmp_path / "photo_0.png")
    assert "objects" not in run.report["colonial"]
    assert run.run["command"].endswith("--objects korean-war objects.toml")
    path.write_text(OBJECT.replace("cross", "star"))
    assert make("--objects", "korean-war", str(path)) == 2
    assert "has no part 'star'" in capsys.readouterr().err


@pytest.mark.slow
def test_an_era_is_scored_anew_for_something_else(make, results, monkeypatch):
    """And not for a photograph that is gray, or one that can't be read."""
    folder = results.parent
    Image.new("RGB", (80, 70), (90, 90, 90)).save(folder / "photo_0.png")
    (folder / "photo_1.png").write_bytes(b"cut")
    assert make("--score-on", "4") == 0
    run = course.recorded("eras", results=results)
    report, seconds = run.report, run.run["wall_seconds"]
    first = folder / "work" / f"{era_names()[0]}.json"
    before = first.stat().st_mtime_ns
    assert make("--score-on", "4") == 0
    assert first.stat().st_mtime_ns == before
    again = course.recorded("eras", results=results)
    assert again.report == report
    assert again.run["wall_seconds"] == seconds > 0
    (folder / "photo_2.png").rename(folder / "photo_5.png")
    assert make("--score-on", "4") == 0  # as many, and others
    assert first.stat().st_mtime_ns > before
    before = first.stat().st_mtime_ns
    monkeypatch.setattr(record_eras, "ERA_PROTOCOL", ERA_PROTOCOL + 1)
    assert make("--score-on", "4") == 0
    assert first.stat().st_mtime_ns > before


def test_fewer_photographs_are_scored_anew(make, results):
    assert make() == 0
    assert make("--score-on", "2") == 0
    report = course.recorded("eras", results=results).report
    assert {found["photographs"] for found in report.values()} == {2}


def test_one_photograph_has_no_interval(make, capsys, tmp_path):
    for path in sorted(tmp_path.glob("*.png"))[1:]:
        path.unlink()
    assert make() == 2
    assert "fewer than two photographs" in capsys.readouterr().err
