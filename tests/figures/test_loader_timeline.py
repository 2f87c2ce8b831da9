"""A timeline shows what would happen, and says how long a GPU would wait."""

import re
from itertools import pairwise

import pytest
from matplotlib.colors import same_color

from colorlib.figures.charts import GREEN
from colorlib.figures.loader_timeline import (
    AHEAD,
    ROWS,
    WAITS,
    Timeline,
    schedule,
    stages,
    waiting,
)


@pytest.mark.parametrize(
    ("load", "step", "workers", "share"),
    [
        (0.15, 0.05, 0, 0.75),  # one after the other
        (0.15, 0.05, 1, 2 / 3),  # the step hides behind the loading
        (0.15, 0.05, 2, 1 / 3),
        (0.15, 0.05, 3, 0),
        (0.15, 0.05, 4, 0),
        (0.05, 0.15, 0, 0.25),
        (0.05, 0.15, 1, 0),
    ],
)
def test_a_gpu_waits_as_long_as_arithmetic_says(load, step, workers, share):
    turns = schedule(121, load=load, step=step, workers=workers)
    assert waiting(turns) == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("workers", range(5))
@pytest.mark.parametrize("step", [0.02, 0.4])
def test_nobody_does_two_things_at_once(workers, step):
    turns = schedule(30, load=0.1, step=step, workers=workers)
    for turn in turns:
        assert turn.loaded - turn.loading == pytest.approx(0.1)
        assert turn.training >= turn.loaded
    for before, after in pairwise(turns):
        assert after.training >= before.trained
    for worker in range(max(workers, 1)):
        own = [turn for turn in turns if turn.worker == worker]
        for before, after in pairwise(own):
            assert after.loading >= before.loaded


def test_without_workers_loading_stops_the_training():
    """The same process can't do both, so nothing overlaps."""
    for before, after in pairwise(schedule(9, load=0.1, step=0.3, workers=0)):
        assert after.loading >= before.trained


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_are_never_far_ahead(workers):
    """Or batches would fill the memory while a slow GPU trains."""
    turns = schedule(60, load=0.1, step=9, workers=workers)
    for turn in turns:
        waiting_then = [
            other
            for other in turns
            if other.loading <= turn.loading and other.training > turn.loading
        ]
        assert len(waiting_then) <= AHEAD * workers


def test_one_turn_has_no_gap():
    with pytest.raises(ValueError, match="two turns or more, got 1"):
        waiting(schedule(1, load=1, step=1, workers=0))


def bars(axes, row, color=None):
    """What is drawn in a row: (left, right), of one color if asked."""
    return [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in axes.patches
        if abs(patch.get_y() + patch.get_height() / 2 - row) < 0.1
        and (color is None or same_color(patch.get_facecolor(), color))
    ]


def test_the_gpu_s_row_is_full_of_work_and_waits():
    turns = schedule(30, load=0.15, step=0.05, workers=2)
    chart = Timeline(turns, until=1.5)
    row = sorted(bars(chart.axes, 0))
    assert row[0][0] == 0
    assert row[-1][1] == pytest.approx(1.5)
    for (_, end), (start, _) in pairwise(row):
        assert start == pytest.approx(end)
    waits = sum(b - a for a, b in bars(chart.axes, 0, WAITS))
    works = sum(b - a for a, b in bars(chart.axes, 0, GREEN))
    assert works + waits == pytest.approx(1.5)
    assert waits == pytest.approx(0.15 + 1.35 / 3, abs=0.06)
    assert "waits 33%" in chart._repr_svg_()


def test_the_shortest_load_is_seen():
    """A white edge around it would leave nothing of its color."""
    turns = schedule(30, load=0.001, step=0.2, workers=1)
    axes = Timeline(turns, until=2).axes
    thin = [patch for patch in axes.patches if patch.get_width() < 0.01]
    assert len(thin) > 5
    for patch in thin:
        assert same_color(patch.get_edgecolor(), patch.get_facecolor())


def test_all_timelines_have_the_same_size():
    """A slider goes through them, and nothing may jump."""
    pictures = [
        Timeline(
            schedule(9, load=0.1, step=0.1, workers=workers), until=1
        ).picture()
        for workers in (0, 1, ROWS)
    ]
    frames = [frame for picture in pictures for frame in picture.parts]
    assert len({(frame.width, frame.height) for frame in frames}) == 1


def test_a_timeline_has_room_for_so_many():
    turns = schedule(20, load=1, step=1, workers=ROWS + 1)
    with pytest.raises(ValueError, match=f"room for {ROWS} workers, got 5"):
        Timeline(turns, until=1)


WAYS = {"deck": {"decode": 3.0, "Lab": 4.0}, "here": {"cut": 0.5, "Lab": 1.0}}


def test_stages_stand_one_after_the_other():
    axes = stages(WAYS).axes
    assert bars(axes, 0) == [(0, 3), (3, 7)]
    assert bars(axes, 1) == [(0, 0.5), (0.5, 1.5)]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first is on top
    totals = [text.get_text().strip() for text in axes.texts]
    assert totals == ["7.0", "1.5"]


def test_a_stage_looks_the_same_on_all_ways_and_is_named_once():
    axes = stages(WAYS).axes
    looks = [
        (patch.get_facecolor(), patch.get_hatch()) for patch in axes.patches
    ]
    assert looks[1] == looks[3]
    assert len(set(looks)) == 3
    svg = stages(WAYS)._repr_svg_()
    assert len(re.findall("<!-- Lab -->", svg)) == 1


def test_more_stages_than_colors_are_an_error():
    with pytest.raises(ValueError, match=r"6 stages, and 5 colors.*join some"):
        stages({"way": dict.fromkeys("abcdef", 1.0)})
