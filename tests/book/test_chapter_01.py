"""What chapter 01 says of its pictures and tables is so."""

import json

import numpy as np
import pytest

from colorlib import course
from colorlib.color import as_lab
from colorlib.evaluation.bootstrap import Estimate
from colorlib.evaluation.standings import Standings
from colorlib.metrics import color_error
from colorlib.models import weights


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("01_five_minutes", "laptop")


def region(found, name: str, rows: slice, columns: slice):
    """Mean color error, mean a*, b* of the model and of the truth."""
    model, true = found["model"][name], found["truth"][name]
    error = color_error(model, true)[rows, columns].mean()
    colors = [
        as_lab(pixels)[1:, rows, columns].mean(dim=(1, 2)).tolist()
        for pixels in (model, true)
    ]
    return error, *colors


def test_the_rocket_is_a_success_and_the_astronaut_is_none(found):
    gray, model = (
        {card["photograph"]: card[f"error: {who}"] for card in found["cards"]}
        for who in ("gray", "model")
    )
    assert model["rocket"] < gray["rocket"] / 2
    assert 0.8 * gray["astronaut"] < model["astronaut"] < gray["astronaut"]
    # "no better than doing nothing"
    assert gray["flower"] < model["flower"] < 1.05 * gray["flower"]


def test_the_sky_is_nearly_right(found):
    sky = slice(0, 350), slice(100, 300)
    error, _, _ = region(found, "rocket", *sky)
    assert error < 4


def test_lamps_and_rocket_were_orange_and_are_a_bluish_white(found):
    for spot in (
        (slice(150, 400), slice(312, 330)),  # the rocket
        (slice(380, 427), slice(50, 480)),  # the lamps
    ):
        error, (a_model, b_model), (_, b_true) = region(found, "rocket", *spot)
        assert error > 10
        assert b_true > 10
        assert -18 < b_model < -4
        assert abs(a_model) < 4


def test_the_astronaut_is_sepia(found):
    """Brown: a little red, more yellow, and neither of them strong."""
    _, (a, b), _ = region(found, "astronaut", slice(None), slice(None))
    assert 0 < a < b < 15
    for spot in (
        (slice(260, 330), slice(100, 160)),  # the suit
        (slice(100, 260), slice(0, 60)),  # the flag
    ):
        error, (a, b), _ = region(found, "astronaut", *spot)
        assert error > 10
        assert 0 < a < b < 20


def test_her_face_is_right_and_the_wall_too_yellow(found):
    face = slice(80, 170), slice(190, 250)
    error, _, _ = region(found, "astronaut", *face)
    assert error < 6
    wall = slice(20, 150), slice(310, 360)
    error, (_, b_model), (_, b_true) = region(found, "astronaut", *wall)
    assert b_model > b_true + 5
    assert error > 5


def test_five_rows_are_nearer_than_gray_and_all_paler_than_the_truth(found):
    assert len(found["cards"]) == 6
    for card in found["cards"]:
        nearer = card["error: model"] < card["error: gray"]
        assert nearer == (card["photograph"] != "flower")
        assert card["colorfulness: model"] < card["colorfulness: truth"]


def test_strong_colors_often_have_larger_errors_and_not_always(found):
    """Not of gray either: the astronaut has strong colors, and the cat not."""
    cards = {card["photograph"]: card for card in found["cards"]}
    color, gray = (
        {name: card[key] for name, card in cards.items()}
        for key in ("colorfulness: truth", "error: gray")
    )
    for numbers in (color, gray):
        first, *_, before, last = sorted(numbers, key=numbers.get)
        assert (first, {before, last}) == ("china", {"coffee", "flower"})
    assert color["astronaut"] > color["chelsea"]
    assert gray["astronaut"] < gray["chelsea"]


def test_the_largest_error_is_the_dahlia_with_green_petals(found):
    assert found["worst"] == "flower"
    petals = slice(100, 240), slice(200, 400)
    _, (a, b), (a_true, b_true) = region(found, "flower", *petals)
    assert a < 0 < b  # green
    assert min(a_true, b_true) > 10  # orange


def test_of_the_past_sky_and_dress_have_color_and_the_sail_is_white(found):
    lab = as_lab(found["colorizer"].colorize(found["old"]).pixels)

    def color(rows, columns):
        return lab[1:, slice(*rows), slice(*columns)].mean(dim=(1, 2))

    assert color((100, 250), (430, 500))[1] < -15  # the sky: b*, blue
    assert color((150, 200), (215, 265)).min() > 8  # the face: reddish, yellow
    assert 3 < color((330, 430), (150, 330)).min() < 15  # the dress: brown
    assert color((250, 400), (20, 120)).abs().max() < 4  # the sail: white


def test_the_card_trusts_it_least_on_people():
    """And their colors can't be told from gray, by their error."""
    card = json.loads(weights.SHIPPED.with_suffix(".json").read_text())
    [of_skin] = [limit for limit in card["limits"] if "Skin" in limit]
    assert "painted as most skin in its photographs was" in of_skin
    assert "On people it is least to be trusted" in of_skin
    people = course.recorded("compact").people.columns
    gain = Estimate.of(
        np.mean, people["people_error"] - people["people_gray_error"]
    )
    assert gain.low < 0 < gain.high


def test_brown_keeps_the_error_small_and_below_gray_it_is_not():
    """A strong wrong color has a larger one."""
    board = Standings.from_json(course.recorded("scoreboard").report)
    for who in ("hue rotated", "another's color"):
        assert board.better("ciede2000", "dataset mean", who) == "dataset mean"
    assert board.better("ciede2000", "dataset mean", "gray") == "gray"


def test_two_truths_leave_one_gray_photograph(found):
    assert found["levels"] <= 2
    colors = [
        found["colorizer"].colorize(found[which]).pixels.astype(int)
        for which in ("first", "second")
    ]
    assert np.abs(colors[0] - colors[1]).mean() < 1


def test_the_share_of_plainly_wrong_pixels_is_smaller_and_large(found):
    """As the solution says."""
    share, true = found["share_wrong"], found["true"]
    model, gray = (
        share(found["colored"].pixels, true),
        share(found["gray"], true),
    )
    assert 1 / 3 < model < gray


def test_even_the_leaves_are_not_the_usual_green(found):
    """They are blue-green, and the model's are yellow-green."""
    for leaves in (
        (slice(100, 300), slice(0, 100)),
        (slice(0, 200), slice(540, 640)),
    ):
        error, (a, b), (a_true, b_true) = region(found, "flower", *leaves)
        assert error > 10
        assert max(a, a_true, b_true) < 0 < b
