"""The record of doubts: from photographs to numbers on a page."""

import json

import pytest
import record_calibration

from colorlib.course.recorded import recorded
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


def test_too_few_photographs_are_one_clear_line(results, capsys):
    words = ["--score", "bundled", "--score-on", "1"]
    assert record_calibration.main([*words, "--results", str(results)]) == 2
    assert "at least two photographs" in capsys.readouterr().err
    assert not (results / "calibration").exists()
