"""The record of doubts: from photographs to numbers on a page."""

import json

import pytest
import record_calibration

from colorlib.course.recorded import recorded
from colorlib.data.samples import BUNDLED
from colorlib.data.splits import name_hash
from colorlib.training.run_folder import RUN


@pytest.fixture
def results(tmp_path):
    (tmp_path / "README.md").write_text(
        "<!-- runs:begin -->\n<!-- runs:end -->\n"
    )
    return tmp_path


@pytest.mark.slow
def test_the_shipped_model_s_doubts_are_recorded(results):
    words = ["--score", "bundled", "--score-on", "3"]
    words += ["--results", str(results)]
    assert record_calibration.main(words) == 0
    run = json.loads((results / "calibration" / RUN).read_text())
    assert run["method"] == "measurement"
    assert run["data"] == {"sources": ["bundled"], "photographs": 3}
    assert "--score-on 3" in run["command"]
    found = json.loads((results / "calibration" / "report.json").read_text())
    assert found["photographs"] == 3
    assert recorded("calibration", results=results).run == run
    assert "calibration" in (results / "README.md").read_text()


def test_hashes_choose_the_photographs(tmp_path, monkeypatch):
    """Files may lie in an order that has to do with what they show."""
    chosen = []
    monkeypatch.setattr(
        record_calibration, "read", lambda items, _: chosen.extend(items) or []
    )
    words = ["--score", "bundled", "--score-on", "3"]
    assert not list(
        record_calibration.photographs(record_calibration.parse_options(words))
    )
    names = [item.name for item in chosen]
    assert names == sorted(BUNDLED, key=name_hash)[:3] != list(BUNDLED)[:3]


def test_two_photographs_of_one_name_are_refused(results, capsys):
    words = ["--score", "bundled", "bundled", "--results", str(results)]
    assert record_calibration.main(words) == 2
    assert "two photographs are called" in capsys.readouterr().err


def test_too_few_photographs_are_one_clear_line(results, capsys):
    words = ["--score", "bundled", "--score-on", "1"]
    assert record_calibration.main([*words, "--results", str(results)]) == 2
    assert "at least two photographs" in capsys.readouterr().err
    assert not (results / "calibration").exists()
