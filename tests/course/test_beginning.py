"""The box at the top says what was measured, and nothing else."""

import json

import pytest

from colorlib import course
from colorlib.course.beginning import COSTS

FIGURES = {"processor_seconds": 12.4, "wall_seconds": 600.0, "gigabytes": 1.25}


@pytest.fixture
def costs(tmp_path):
    path = tmp_path / "costs.json"
    scales = dict.fromkeys(("smoke", "gpu", "laptop"), FIGURES)
    path.write_text(json.dumps({"07": scales, "09": {"laptop": FIGURES}}))
    return path


def test_each_scale_has_its_measured_cost(costs):
    """A processor is busy in seconds; beside a GPU it waits, and you too."""
    lines = repr(course.begin("07", costs=costs)).splitlines()
    assert lines[1].startswith("- laptop: 12 seconds of processor time, 1.2 GB")
    assert lines[2].startswith("- gpu: 10 minutes, 1.2 GB")
    assert lines[3].startswith("This notebook")  # no reader runs smoke


@pytest.mark.parametrize(
    ("chapter", "scales"), [("08", []), ("09", ["laptop"])]
)
def test_what_was_not_measured_is_not_there(costs, chapter, scales):
    """A new chapter has no figures, and must not borrow others."""
    assert [*course.begin(chapter, costs=costs).costs] == scales


@pytest.mark.parametrize("scale", course.SCALES)
def test_it_says_at_which_scale_the_chapter_runs(monkeypatch, costs, scale):
    monkeypatch.setenv("COLORLIB_SCALE", scale)
    begun = course.begin("07", costs=costs)
    assert f"runs at scale {scale};" in repr(begun)
    assert f"runs at scale {scale};" in begun._repr_html_()


def test_the_page_s_box_is_an_admonition(costs):
    """Else its class in the style sheet would fit nothing."""
    page = course.begin("07", costs=costs)._repr_html_()
    assert page.startswith('<div class="admonition cost">')
    assert "<code>laptop</code>: 12 seconds" in page


@pytest.mark.parametrize("chapter", ["1", "one", ""])
def test_a_chapter_is_two_digits(chapter):
    with pytest.raises(ValueError, match='two digits, "01", got'):
        course.begin(chapter)


@pytest.mark.parametrize(("scale", "most"), [("smoke", 20), ("laptop", 60)])
def test_chapters_keep_to_what_the_course_promises(scale, most):
    """20 seconds in a test and a minute on a laptop, on two cores.

    Chapter 12 takes longer in a test: it trains model 2 itself, 31 million
    weights, if only for some steps.
    """
    measured = json.loads(COSTS.read_text())
    assert "01" in measured
    for chapter, scales in measured.items():
        seconds = scales[scale]["processor_seconds"]
        allowed = max(most, 45) if chapter == "12" else most
        assert seconds <= allowed, (chapter, scales[scale]["date"])
