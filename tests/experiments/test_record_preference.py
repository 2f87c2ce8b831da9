"""The record of what judges preferred: shares, answers, and who they were."""

import csv
import json

import pytest
import record_preference

from colorlib.evaluation.answers import COLUMNS

WORDS = "--judges", "two friends, blind", "--photographs", "ten of a box"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two judges who answered four pairs each, and a list of records."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "README.md").write_text(
        "<!-- runs:begin -->\n<!-- runs:end -->\n"
    )
    for judge, chosen in (("ann", "nnno"), ("bob", "nnoo")):
        rows = [
            [judge, i, f"secret-{i}", "new", "old", {"n": "new"}.get(c, "old")]
            for i, c in enumerate(chosen, start=1)
        ]
        with (tmp_path / f"{judge}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *(r + [2] for r in rows)])
    return tmp_path


def test_the_share_and_the_judges_are_kept(folder, capsys):
    words = ["ann.csv", "bob.csv", *WORDS, "--results", "results"]
    assert record_preference.main(words) == 0
    record = folder / "results" / "preference"
    report = json.loads((record / "report.json").read_text())
    assert report["who"] == "two friends, blind"
    assert report["names"] == ["new", "old"]
    assert report["together"]["first"]["share"] == pytest.approx(5 / 8)
    assert "new was preferred in 0.62" in capsys.readouterr().out
    kept = (record / "answers.csv").read_text()
    assert kept.count("\n") == 9
    assert "secret" not in kept
    run = json.loads((record / "run.json").read_text())
    assert run["data"]["photographs"] == 4
    assert run["collection"] == "ten of a box"


def test_answers_that_are_none_leave_nothing(folder, capsys):
    (folder / "bad.csv").write_text("judge,what\nann,1\n")
    words = ["bad.csv", *WORDS, "--results", "results"]
    assert record_preference.main(words) == 2
    assert capsys.readouterr().err.startswith("record_preference.py: bad.csv")
    assert not (folder / "results" / "preference").exists()


def test_faults_are_counted_by_model(folder, capsys):
    faults = folder / "faults.csv"
    faults.write_text(
        "judge,pair,model,fault\nann,secret-1,old,haze\n"
        "ann,secret-2,old,haze\nbob,secret-1,new,haze\n"
        "bob,secret-1,old,blotches\n"
    )
    words = ["ann.csv", *WORDS, "--faults", "faults.csv"]
    assert record_preference.main([*words, "--results", "results"]) == 0
    path = folder / "results" / "preference" / "report.json"
    assert json.loads(path.read_text())["faults"] == {
        "haze": {"new": 1, "old": 2},
        "blotches": {"new": 0, "old": 1},
    }
    kept = path.with_name("faults.csv").read_text()
    assert kept.splitlines()[:2] == ["judge,pair,model,fault", "ann,1,old,haze"]
    assert "secret" not in kept
    faults.write_text("judge,pair,model,fault\nann,secret-9,old,haze\n")
    assert record_preference.main([*words, "--results", "results"]) == 2
    assert "no answer is about the pair" in capsys.readouterr().err
    faults.write_text("judge,pair,model,fault\nann,secret-1,older,haze\n")
    assert record_preference.main([*words, "--results", "results"]) == 2
    assert "line 2: wanted a fault and one of" in capsys.readouterr().err
