"""One command records trainings that fail, whole or not at all."""

import json

import list_runs
import pytest
import record_failures

from colorlib import course
from colorlib.toys.digits import INKS


@pytest.fixture
def make(tmp_path):
    text = f"{list_runs.BEGIN}old\n{list_runs.END}"
    (tmp_path / "README.md").write_text(text)

    def make(*words):
        record_failures.main([*words, "--results", str(tmp_path)])
        return tmp_path

    return make


def test_one_command_makes_a_run_that_a_chapter_can_read(make):
    results = make("ink-swapped", "--epochs", "2")
    run = course.recorded("ink-swapped", results=results)
    assert run.metrics["epoch"] == [1, 2]
    assert run.metrics.keys() == {"epoch", "d", "g", "real", "fake"}
    assert run.epochs == [1, 2]
    assert run.picture("digits", 2).shape == (54, 54, 3)
    assert list(run.report["inks_generated"]) == list(INKS)
    assert sum(run.report["inks"].values()) == run.report["digits"]
    assert "2 epochs on 1,797 digits" in repr(run)
    assert str(results) not in json.dumps(run.run)
    assert run.run["command"].endswith("failures.py ink-swapped --epochs 2")
    assert "| `ink-swapped` |" in (results / "README.md").read_text()


def test_the_same_command_makes_the_same_run(make):
    """It is seeded, and replaces what was there."""
    results = make("ink-healthy", "--epochs", "1")
    before = (results / "ink-healthy" / "metrics.csv").read_text()
    make("ink-healthy", "--epochs", "1")
    assert (results / "ink-healthy" / "metrics.csv").read_text() == before


def test_a_run_that_stops_halfway_is_none(make, monkeypatch, tmp_path):
    monkeypatch.setattr(record_failures, "describe", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make("ink-healthy", "--epochs", "1")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_an_unknown_run_is_told(make, capsys):
    with pytest.raises(SystemExit):
        make("ink-sick")
    assert "no such run: ink-sick" in capsys.readouterr().err
