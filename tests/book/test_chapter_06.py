"""What chapter 06 says of its figures and tables is so, at either scale."""

import numpy as np
import pytest
import torch

from colorlib.figures.scoreboard import PANELS, beats_gray


@pytest.fixture(scope="module", params=["smoke", "laptop"])
def found(request, run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("06_baselines", request.param)


# The opponents.


def test_her_photograph_is_blue_at_the_lightness_of_the_wall(found):
    blue = [
        level for level in found["LEVELS"] if found["usual"](level)[0][1] < 0
    ]
    assert blue == [60]


def test_counting_finds_the_usual_colors_up_to_its_rounding(found):
    assert 0 < found["off"] <= 0.5


def test_half_of_the_measures_prefer_the_green_portrait(found):
    green = [m for m in PANELS if beats_gray(found["one"], "hue rotated", m)]
    assert len(green) == len(PANELS) / 2


# The scoreboard.


def by(found, measure: str) -> dict[str, float]:
    scores = found["scores"]
    return {who: scores[who][measure] for who in scores if who != "truth"}


def test_a_flat_tint_stands_above_the_model(found):
    errors, decibels = by(found, "ciede2000"), by(found, "psnr")
    assert min(errors, key=errors.get) == "oracle mean"
    assert decibels["oracle mean"] > decibels["model"]


def test_hue_turned_is_last_and_yet_better_than_gray(found):
    errors = by(found, "ciede2000")
    assert max(errors, key=errors.get) == "hue rotated"
    assert beats_gray(found["scores"], "hue rotated", "ab_mae")


def test_another_photograph_s_colors_are_the_most_colorful(found):
    amounts = by(found, "colorfulness")
    true = found["scores"]["truth"]["colorfulness"]
    assert (
        min(amounts, key=lambda w: abs(amounts[w] - true)) == "another's color"
    )


def test_lookups_stand_on_gray_s_line_or_beside_it(found):
    errors = by(found, "ciede2000")
    for who in ("lookup, mean", "lookup, median"):
        assert abs(errors[who] - errors["gray"]) < 0.05 * errors["gray"]


def test_nobody_is_beaten_by_gray_on_all_and_the_model_on_none(found):
    assert min(found["fooled"].values()) >= 1
    assert found["fooled"]["model"] == len(PANELS)


def test_the_model_is_surely_better_than_gray(found):
    assert found["gain"].high < 0


# A turned hue, and the order.


def test_turning_moves_exactly_as_far_as_gray(found):
    torch.testing.assert_close(found["ratio"], torch.ones_like(found["ratio"]))


def test_color_error_alone_keeps_the_order(found):
    counts = {m: list(found["kept"](m).values())[1:] for m in PANELS}
    assert counts.pop("ciede2000") == [8, 8, 8]
    for measure, (first, second, third) in counts.items():
        assert (first, second) == (8, 8)
        if measure in ("hue_error", "colorfulness"):
            assert third == 0
        else:
            assert 0 < third < 8


def test_half_the_color_has_the_same_hue(found):
    """Its hue error is rounding, which is why the chapter discounts it."""
    for scores in found["four"]:
        assert scores["half"]["hue_error"] < 0.05 * scores["gray"]["hue_error"]


# The dresses.


def dyes(found) -> list[tuple]:
    return [found[name] for name in ("RED", "BLUE", "GREEN")]


def test_each_guess_wins_the_bet_that_it_is_made_for(found):
    colors = found["dresses"](45)
    guesses = found["guesses"](colors)
    off = {name: colors - guess for name, guess in guesses.items()}
    squared = {name: x.square().sum().item() for name, x in off.items()}
    absolute = {name: x.abs().sum().item() for name, x in off.items()}
    right = {n: (x == 0).all(dim=1).sum().item() for n, x in off.items()}
    assert min(squared, key=squared.get) == "mean"
    assert min(absolute, key=absolute.get) == "median"
    assert right == {"mean": 0, "median": 0, "mode": 45}


def test_the_mode_is_a_dress_and_the_mean_is_none(found):
    for red in found["shares"]:
        guesses = found["guesses"](found["dresses"](red))
        assert tuple(guesses["mode"].tolist()) in dyes(found)
        assert tuple(guesses["mean"].tolist()) not in dyes(found)


def test_the_median_is_brown_where_no_dye_has_the_majority(found):
    """Blue's a* and green's b*; elsewhere the dye that most wear."""
    _, blue, green = dyes(found)
    brown = (blue[0], green[1])
    assert brown not in dyes(found)
    for red in found["shares"]:
        colors = found["dresses"](red)
        guesses = found["guesses"](colors)
        most = (colors == guesses["mode"]).all(dim=1).sum()
        wanted = guesses["mode"].tolist() if most > 50 else list(brown)
        assert guesses["median"].tolist() == wanted


def test_that_brown_is_brown(found):
    """Dark orange: more red than green, more green than blue."""
    colors = found["dresses"](45)
    guess = found["guesses"](colors)["median"]
    red, green, blue = found["swatch"](colors, guess)[-1, 0].astype(int)
    assert 140 > red > green + 20 > blue + 40


# The exercises.


def test_one_print_of_the_album_is_infinitely_good(found):
    assert np.isinf(found["decibels"]).sum() == 1


def test_the_friend_s_lookup_only_remembers(found):
    """What he leads by is gone, and more, once it is another photograph."""
    table, known = found["usual_colors"].mean_by_L, found["known"].mean_by_L
    error = found["error_of_lookup"]
    assert error(table) < 0.9 * error(known)
    assert np.mean(found["errors"]) > by(found, "ciede2000")["gray"]


def test_colorfulness_can_be_bought_at_the_price_of_error(found):
    *rows, truth = found["rows"]
    amounts = [row["colorfulness"] for row in rows]
    errors = [row["CIEDE2000"] for row in rows]
    assert amounts == sorted(amounts)
    assert errors == sorted(errors)
    assert amounts[0] < truth["colorfulness"] < amounts[-1]
    assert errors[-1] > 1.5 * errors[0]  # the first is gray's
