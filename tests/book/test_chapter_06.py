"""What chapter 06 says of its figures and tables is so, at either scale."""

import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.color import as_lab, split_lab
from colorlib.color.recolor import recolor
from colorlib.evaluation import score
from colorlib.evaluation.bootstrap import Estimate
from colorlib.evaluation.standings import Standings
from colorlib.figures.scoreboard import PANELS, beats_gray, missed
from colorlib.metrics import color_error
from colorlib.metrics.errors import ciede2000

# Gray counts as a random hue, and as no color at all.
BY_RULE = {"hue_error", "colorfulness"}


@pytest.fixture(scope="module", params=["smoke", "laptop"])
def found(request, run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("06_baselines", request.param)


# The votes.


def test_of_the_four_that_were_asked_one_prefers_the_green_portrait(found):
    green = {m for m in PANELS if beats_gray(found["one"], "hue rotated", m)}
    assert green - BY_RULE == {"ab_mae"}


def test_it_does_so_only_because_some_colors_got_paler_in_writing(found):
    """Of the colors as they were turned, gray is nearer by ab-MAE."""
    ab = 110 * found["ab"]
    turned = found["hue_rotated"](ab)
    gray = ab.abs().mean()
    if found["SIZE"] == 256:  # what readers see
        assert gray < (turned - ab).abs().mean() < 1.02 * gray
    scores = found["one"]
    assert scores["hue rotated"]["chroma"] < 0.98 * scores["truth"]["chroma"]
    assert 0.95 * gray < scores["hue rotated"]["ab_mae"]


def test_two_measures_prefer_all_of_these_to_gray(found):
    """By convention and by definition, so they can't be blamed for it."""
    assert found["one"]["gray"]["hue_error"] == pytest.approx(90)
    assert found["one"]["gray"]["colorfulness"] == 0
    for measure in BY_RULE:
        assert beats_gray(found["one"], "hue rotated", measure)
        for who in found["fooled"]:
            assert beats_gray(found["scores"], who, measure), (who, measure)


# The scoreboard.


def by(found, measure: str) -> dict[str, float]:
    scores = found["scores"]
    return {who: scores[who][measure] for who in scores if who != "truth"}


def test_a_flat_tint_and_the_model_are_nearly_level(found):
    errors, decibels = by(found, "ciede2000"), by(found, "psnr")
    first, second = sorted(errors, key=errors.get)[:2]
    assert {first, second} == {"oracle mean", "model"}
    assert errors[second] < 1.1 * errors[first]
    assert decibels["oracle mean"] > decibels["model"]
    scores = found["scores"]
    better = {
        m
        for m in PANELS
        if missed(scores, "oracle mean", m) < missed(scores, "model", m)
    }
    if found["SIZE"] == 256:  # what readers see
        assert better == PANELS.keys() - {"ciede2000", "colorfulness"}
        assert errors[second] < 1.03 * errors[first]


def test_on_more_photographs_the_tint_is_nearer_to_the_truth():
    """On those of the model's card, and on those of chapter 13, in pairs."""
    record = course.recorded("compact")
    assert record.report["groups"]["all"]["n"] == 2000
    tint, model = (
        record.scores(who=who)["ciede2000"] for who in ("oracle mean", "model")
    )
    assert tint.high < model.low
    board = Standings.from_json(course.recorded("scoreboard").report)
    assert board.better("ciede2000", "oracle mean", "compact") == "oracle mean"


def test_a_tint_is_seldom_very_far_off(found):
    """Three times what chapter 01 calls plainly another color."""
    shares = []
    for crop in found["truth"].values():
        _, ab = split_lab(as_lab(crop))
        tint = ab.mean(dim=(1, 2), keepdim=True).expand_as(ab)
        error = color_error(recolor(crop, tint)[0], crop)
        shares.append((error > 30).mean())
    assert np.mean(shares) < 0.02


def test_on_chapter_13_s_photographs_another_s_color_is_worse():
    board = Standings.from_json(course.recorded("scoreboard").report)
    assert board.photographs == 400
    worse = board.order("ciede2000")[-1]
    assert worse == "another's color"
    assert board.better("ciede2000", "hue rotated", worse) == "hue rotated"


def test_hue_rotated_is_last_and_yet_better_than_gray(found):
    errors = by(found, "ciede2000")
    assert max(errors, key=errors.get) == "hue rotated"
    assert beats_gray(found["scores"], "hue rotated", "ab_mae")
    wrong = by(found, "ab_mae")
    if found["SIZE"] == 256:  # what readers see
        lookups = wrong["lookup, mean"], wrong["lookup, median"]
        assert wrong["hue rotated"] < min(lookups)


def test_another_photograph_s_colors_are_the_most_colorful(found):
    """As a set: for single photographs the rotated hues are nearer."""
    amounts = by(found, "colorfulness")
    true = found["scores"]["truth"]["colorfulness"]
    assert (
        min(amounts, key=lambda w: abs(amounts[w] - true)) == "another's color"
    )

    def off(who):
        return np.mean(
            [
                abs(
                    row.scores[who]["colorfulness"]
                    - row.scores["truth"]["colorfulness"]
                )
                for row in found["report"].rows
            ]
        )

    assert off("hue rotated") < off("another's color")


def test_lookups_stand_on_gray_s_line_or_beside_it(found):
    errors = by(found, "ciede2000")
    for who in ("lookup, mean", "lookup, median"):
        assert abs(errors[who] - errors["gray"]) < 0.05 * errors["gray"]


def test_all_beat_gray_by_two_measures_and_the_model_by_all(found):
    assert min(found["fooled"].values()) == 2
    assert found["fooled"]["model"] == len(PANELS)
    blind = {w for w, n in found["fooled"].items() if n == len(PANELS)}
    if found["SIZE"] == 256:  # what readers see
        three = {"oracle mean", "lookup, mean", "lookup, median"}
        assert blind == three | {"model"}


def test_of_three_differences_one_is_sure(found):
    """Its interval is that of the report, which is a paired one, too."""
    sure, tint, lookup = (found["difference"](*pair) for pair in found["PAIRS"])
    group = found["report"].groups["all"]
    gain = group.scores["model - gray"]["ciede2000"]
    assert sure.value == pytest.approx(gain.value)
    assert sure.high < 0
    assert tint.low < 0 < tint.high
    assert lookup.low < 0 < lookup.high


# A rotated hue, and the order.


def test_rotating_moves_exactly_as_far_as_gray(found):
    torch.testing.assert_close(found["ratio"], torch.ones_like(found["ratio"]))


def test_color_error_alone_keeps_the_order(found):
    counts = {m: list(found["kept"](m).values())[1:] for m in PANELS}
    assert counts.pop("ciede2000") == [8, 8, 8]
    for measure, (first, second, third) in counts.items():
        assert (first, second) == (8, 8)
        if measure in BY_RULE:
            assert third == 0
        else:
            assert 0 < third < 8


def test_at_90_degrees_all_four_keep_the_order_and_at_30_none(found):
    for name, crop in found["truth"].items():
        _, ab = split_lab(as_lab(crop))
        scores = {"truth": score(crop, crop)}
        for who, fake in {
            "gray": 0 * ab,
            "30": found["hue_rotated"](ab, 30),
            "90": found["hue_rotated"](ab, 90),
        }.items():
            scores[who] = score(recolor(crop, fake)[0], crop)
        for measure in PANELS.keys() - BY_RULE:
            assert beats_gray(scores, "30", measure), (name, measure)
            assert not beats_gray(scores, "90", measure), (name, measure)


def test_in_paler_colors_nearly_half_of_the_hues_are_nearer_rotated():
    """By CIEDE2000, than gray; in strong colors hardly any."""

    def share(chroma):
        hue = torch.arange(0.0, 2 * torch.pi, 0.01)
        L, zero = torch.full_like(hue, 50), torch.zeros_like(hue)

        def color(hue):
            ab = chroma * hue.cos(), chroma * hue.sin()
            return torch.stack([L, *ab])[:, None]

        true, gray = color(hue), torch.stack([L, zero, zero])[:, None]
        rotated = color(hue + torch.pi / 3)
        nearer = ciede2000(rotated, true) < ciede2000(gray, true)
        return nearer.float().mean()

    assert all(0.4 < share(chroma) < 0.5 for chroma in (10, 20, 30))
    assert share(60) < 0.1


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
    """What he leads by is gone once it is another photograph."""
    table, known = found["usual_colors"].mean_by_L, found["known"].mean_by_L
    error = found["error_of_lookup"]
    assert error(table) < 0.9 * error(known)
    gray = [row.scores["gray"]["ciede2000"] for row in found["report"].rows]
    left_out = Estimate.of(np.mean, np.array(found["errors"]) - np.array(gray))
    assert left_out.low < 0 < left_out.high


def test_the_ladders_are_sepia_except_near_white(found):
    """Brown is more red than green, and more green than blue."""
    for name in ("mean", "median"):
        table = getattr(found["known"], f"{name}_by_L")
        row = found["ladder"](table)[0].astype(int)
        red, green, blue = row[150:400].T
        assert (red > green).all()
        assert (green > blue).all()
        near_white = row[-25:-5]
        assert (near_white[:, 0] <= near_white[:, 1]).all()
