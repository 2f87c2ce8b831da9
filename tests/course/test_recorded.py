"""A recorded run is read as it was written, and says what it is."""

import json
import math
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorlib import course
from colorlib.course.recorded import RESULTS, NotRecordedError
from colorlib.eras.catalog import era_names
from colorlib.training.recipes import RECIPES

ROOT = Path(__file__).resolve().parents[2]
RUN = {
    "config": {"epochs": 20},
    "data": {"photographs": 1990, "sources": ["train-*.tar"]},
    "machine": {"device": "cpu"},
    "wall_seconds": 3600,
    "photographs_per_second": 11.1,
    "finished": "2026-12-01T10:00:00+00:00",
    "lacks": [{"setting": "epochs", "recipe": 100, "here": 20}],
}


@pytest.fixture
def results(tmp_path):
    """A folder with one run in it, and what a kill may have left."""
    folder = tmp_path / "model1-100"
    (folder / "samples" / "epoch-020").mkdir(parents=True)
    (folder / "samples" / "epoch-004").mkdir()
    (folder / "run.json").write_text(json.dumps(RUN))
    (folder / "metrics.csv").write_text("epoch,d\n1,0.75\n2,0.5\n")
    (folder / "report.json").write_text('{"at": "the end"}')
    (folder / "report-004.json").write_text('{"at": 4}')
    picture = Image.new("RGB", (8, 4), (200, 30, 30))
    picture.save(folder / "samples" / "epoch-020" / "coffee.webp")
    shutil.copytree(folder, tmp_path / ".model1-seed-2.part")
    return tmp_path


def test_everything_of_a_run_is_read(results):
    run = course.recorded("model1-100", results=results)
    assert run.run == RUN
    assert run.metrics == {"epoch": [1, 2], "d": [0.75, 0.5]}
    assert run.reports == {4: {"at": 4}, 20: {"at": "the end"}}
    assert run.report == {"at": "the end"}
    assert run.epochs == [4, 20]
    pixels = run.picture("coffee", 20)
    assert (pixels.shape, pixels.dtype) == ((4, 8, 3), np.uint8)
    assert abs(pixels.astype(int) - (200, 30, 30)).max() < 12


def test_a_run_says_what_it_is_and_what_it_lacked(results):
    """A reader must not take a reduced run for the deck's."""
    run = course.recorded("model1-100", results=results)
    for said in (repr(run), run._repr_markdown_()):
        for fact in ("1,990 photographs", "cpu", "60 minutes", "2026-12-01"):
            assert fact in said
        assert "Reduced: epochs 20 instead of 100." in said


def test_of_a_time_that_nobody_knows_nothing_is_said(results):
    unknown = RUN | {"wall_seconds": None, "photographs_per_second": None}
    (results / "model1-100" / "run.json").write_text(json.dumps(unknown))
    said = repr(course.recorded("model1-100", results=results))
    assert "(train-*.tar), on cpu, 2026-12-01." in said


def test_an_epoch_of_the_recipe_has_one_that_stands_for_it(results):
    """Lambdas are compared at one epoch, however short the runs were."""
    run = course.recorded("model1-100", results=results)
    assert [run.standing_for(e) for e in (1, 10, 20, 100)] == [1, 2, 4, 20]
    shorter = RECIPES["model1-100"].but(epochs=20)
    assert run.standing_for(20) in shorter.shown


def test_a_run_in_stages_has_them_all(tmp_path):
    """A model may be trained in several, each from the one before."""
    folder = shutil.copytree(RESULTS / "compact", tmp_path / "staged")
    second = json.loads((folder / "run-1.json").read_text())
    second["config"]["epochs"] = 1
    (folder / "run-2.json").write_text(json.dumps(second))
    (folder / "metrics-2.csv").write_text("epoch,l1,seconds\n1,0.5,60\n")
    run = course.recorded("staged", results=tmp_path)
    assert len(run.stages) == len(run.curves) == 2
    assert run.run == run.stages[-1] != run.stages[0]
    assert run.metrics == {"epoch": [1], "l1": [0.5], "seconds": [60]}


def test_the_model_that_ships_is_recorded():
    run = course.recorded("compact")
    assert len(run.metrics["seconds"]) == run.run["config"]["epochs"]
    assert "model" in run.report["groups"]["all"]["scores"]
    assert run.epochs == []
    assert "mixed10k" not in repr(run)
    assert "photographs a second" in repr(run)


def test_scores_are_numbers_with_intervals():
    run = course.recorded("compact")
    [last] = run.reports
    model, gray = run.scores(), run.scores(last, "gray")
    found = run.report["groups"]["all"]["scores"]["model"]["ciede2000"]
    assert asdict(model["ciede2000"]) == found
    assert model["ciede2000"].high < gray["ciede2000"].low
    assert math.isnan(model["chroma_ratio"].median)
    shown = repr(course.table([{"": "model"} | model], digits=2))
    assert f"{found['value']:.2f} [{found['low']:.2f}," in shown


def test_scores_that_are_not_there_list_those_that_are():
    run = course.recorded("compact")
    with pytest.raises(ValueError, match=r"after epoch 99; there are 2$"):
        run.scores(99)
    with pytest.raises(ValueError, match="'pie' was not scored; choose.*gray"):
        run.scores(who="pie")


def test_people_are_read_where_they_were_measured(results):
    assert course.recorded("model1-100", results=results).people is None
    assert len(course.recorded("compact").people) > 50


def test_rows_are_numbers_of_each_photograph(results):
    run = course.recorded("model1-100", results=results)
    with pytest.raises(FileNotFoundError):
        _ = run.rows
    (run.folder / "rows.csv").write_text("photograph,CIE L*\ncat,9.5\n")
    assert run.rows == [{"photograph": "cat", "CIE L*": "9.5"}]


def test_a_picture_that_is_not_there_lists_those_that_are(results):
    run = course.recorded("model1-100", results=results)
    with pytest.raises(ValueError, match=r"epochs \[4, 20\].*this one coffee"):
        run.picture("teapot", 20)
    with pytest.raises(ValueError, match="of this one none"):
        run.picture("coffee", 21)


def test_a_run_that_is_wanted_says_how_it_is_made(results):
    """Half of one, left by a kill, is none."""
    with pytest.raises(NotRecordedError, match="not recorded yet") as error:
        course.recorded("model1-seed-2", results=results)
    assert "made by: python experiments/record.py model1-seed-2" in str(
        error.value
    )


def test_an_unknown_run_lists_the_known(results):
    with pytest.raises(ValueError, match="there are model1-100; not recorded"):
        course.recorded("model1", results=results)
    assert course.recordings(results) == ["model1-100"]


def test_the_command_that_is_named_is_there():
    assert (ROOT / "experiments" / "record.py").exists()


def test_every_run_of_the_book_can_be_read():
    """Whatever is recorded from now on, too."""
    names = course.recordings()
    assert "compact" in names
    for name in names:
        run = course.recorded(name)
        assert run.curves or not run.run["config"]["epochs"]
        judged = (run.folder / "probe.json").exists()  # a backbone
        assert judged or run.reports
        assert name in repr(run)
        assert "/" not in run.run["data"]["sources"][0]
        if name in RECIPES:
            assert run.epochs[-1] == run.run["config"]["epochs"]
            assert run.run["scale"] == (
                "reduced" if run.run["lacks"] else "full"
            )


@pytest.mark.slow
def test_an_installed_package_brings_runs_and_eras(tmp_path):
    """On Colab there is the package, and no book beside it."""
    # A copy, since a build leaves its traces where it happens.
    git = ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others"]
    git += ["--exclude-standard", "colorlib", "book/results", "data/eras"]
    listed = subprocess.run(git, capture_output=True, text=True, check=True)
    front = [
        "setup.py",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "MANIFEST.in",
    ]
    for name in [*listed.stdout.split("\0")[:-1], *front]:
        if (ROOT / name).is_file():
            (tmp_path / "source" / name).parent.mkdir(
                parents=True, exist_ok=True
            )
            shutil.copy(ROOT / name, tmp_path / "source" / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    pip += ["--no-build-isolation", "--no-index", "-w", tmp_path]
    subprocess.run([*pip, tmp_path / "source"], check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = (
        "from colorlib import course\n"
        "print(course.recorded('compact').folder)\n"
        "print(course.recordings())\n"
        "print(course.begin('01'))\n"
        "from colorlib.eras.catalog import ERAS, era_names\n"
        "print(ERAS, *era_names())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    folder, names, *_, eras = run.stdout.splitlines()
    assert Path(folder) == tmp_path / "installed/colorlib/results/compact"
    assert names == str(course.recordings())
    packed = tmp_path / "installed/colorlib/eras/listed"
    assert eras == " ".join([str(packed), *era_names()])


def test_a_checkout_reads_its_own_runs():
    assert RESULTS == ROOT / "book" / "results"
