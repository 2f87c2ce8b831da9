"""The scoreboard says who beats doing nothing, and says it of every measure."""

import pytest

from colorlib.evaluation import MEASURES
from colorlib.figures.charts import BLUE, VERMILION
from colorlib.figures.scoreboard import PANELS, Scoreboard, beats_gray, missed

# Someone bold and someone timid, by numbers that are easy to see through.
SCORES = {
    "gray": dict.fromkeys(PANELS, 10) | {"colorfulness": 0},
    "bold": dict.fromkeys(PANELS, 12) | {"colorfulness": 70},
    "timid": dict.fromkeys(PANELS, 8) | {"colorfulness": 130},
    "truth": dict.fromkeys(PANELS, 0) | {"colorfulness": 60},
}


def panel(board: Scoreboard, measure: str):
    return board.figure.axes[list(PANELS).index(measure)]


def test_it_knows_the_protocol_s_measures():
    assert PANELS.keys() <= MEASURES.keys()


@pytest.mark.parametrize(
    ("measure", "winner"),
    [
        ("ciede2000", "timid"),  # low is better
        ("psnr", "bold"),  # high is better
        ("colorfulness", "bold"),  # too much is no better than none
    ],
)
def test_measures_run_in_three_directions(measure, winner):
    winners = [w for w in ("bold", "timid") if beats_gray(SCORES, w, measure)]
    assert winners == [winner]


def test_as_good_as_gray_does_not_beat_it():
    scores = SCORES | {"lazy": SCORES["gray"]}
    assert not any(beats_gray(scores, "lazy", measure) for measure in PANELS)


@pytest.mark.parametrize("measure", ["ciede2000", "psnr", "ssim"])
def test_better_is_to_the_right(measure):
    """On the screen, so of errors the axis runs backwards."""
    axes = panel(Scoreboard(SCORES), measure)
    place = {
        who: axes.transData.transform((SCORES[who][measure], 0))[0]
        for who in ("bold", "timid", "gray")
    }
    by_place = sorted(place, key=place.get, reverse=True)
    assert by_place == sorted(place, key=lambda w: missed(SCORES, w, measure))


def test_marks_differ_by_color_and_by_shape():
    """Blue circles beat gray, vermilion crosses don't."""
    gray, *marks = panel(Scoreboard(SCORES), "ciede2000").get_lines()
    assert list(gray.get_xdata()) == [10, 10]
    shown = [
        (line.get_xdata()[0], line.get_marker(), line.get_color())
        for line in marks
    ]
    assert shown == [(8, "o", BLUE), (12, "x", VERMILION)]


def test_rows_go_from_the_smallest_color_error_down():
    """So that every other panel shows where it disagrees with the first."""
    board = Scoreboard(SCORES | {"hue rotated": SCORES["bold"]})
    names = [
        label.get_text() for label in board.figure.axes[0].get_yticklabels()
    ]
    assert names == ["timid", "bold", "hue rotated*"]
    bottom, top = board.figure.axes[0].get_ylim()
    assert bottom > top  # the first row is on top


@pytest.mark.parametrize("absent", ["gray", "truth"])
def test_without_gray_and_truth_there_is_nothing_to_compare_with(absent):
    scores = {who: SCORES[who] for who in SCORES if who != absent}
    with pytest.raises(ValueError, match=f"no {absent}, .* of a report"):
        Scoreboard(scores)


def test_it_is_drawn_as_svg():
    board = Scoreboard(SCORES)
    assert repr(board) == (
        "<Scoreboard: timid, bold by ciede2000, ab mae, psnr, ssim,"
        " hue error, colorfulness>"
    )
    assert "<svg" in board._repr_svg_()
    assert len(board.figure.legends) == 1  # its own, not the charts' too
