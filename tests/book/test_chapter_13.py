"""What chapter 13 says of its figures and tables is so."""

from itertools import combinations

import pytest

from colorlib import course
from colorlib.course.recorded import RESULTS
from colorlib.evaluation.choices import trials_needed, wilson_interval
from colorlib.evaluation.standings import (
    BETTER,
    CHEATS,
    FOOLED,
    NOT_FOOLED,
    UNDECIDED,
    Standings,
)
from colorlib.figures.scoreboard import PANELS


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("13_evaluation", "smoke")


@pytest.fixture(scope="module")
def board():
    return Standings.from_json(course.recorded("scoreboard").report)


TINTS = "dataset mean", "lookup, mean", "lookup, median"


# The scoreboard.


def test_settings_were_chosen_on_photographs_to_validate_on(board):
    """So "its numbers may look a little too good"."""
    command = course.recorded("scoreboard").run["command"]
    assert "--score 'val-*.tar'" in command
    readme = " ".join((RESULTS / "README.md").read_text().split())
    assert (
        "were chosen on an eighth and a quarter of the validation photographs"
        in readme
    )


def test_everybody_of_chapter_06_is_on_it(board):
    assert {*board.names} >= {"compact", "gray", *CHEATS}
    assert board.measures[-3:] == ["lpips", "fid", "kid"]
    assert len(board.measures) == 9  # "of the nine"


def test_the_tint_that_was_told_is_ahead_and_the_rest_overlap(board):
    assert board.order("ciede2000")[:2] == ["oracle mean", "compact"]
    four = [board.scores[who]["ciede2000"] for who in ("gray", *TINTS)]
    assert max(e.low for e in four) < min(e.high for e in four)


def test_the_model_is_told_from_gray_and_lookups_are_not(board):
    assert board.better("ciede2000", "compact", "gray") == "compact"
    assert board.better("ciede2000", "oracle mean", "gray") == "oracle mean"
    assert board.better("ciede2000", "dataset mean", "gray") == "gray"
    dataset_mean = board.gaps["ciede2000"]["dataset mean"]["gray"]
    assert dataset_mean.value < 0.5
    assert dataset_mean.low < 0.1  # "only just"
    for who in ("lookup, mean", "lookup, median"):
        assert board.better("ciede2000", who, "gray") is None
    for who in ("hue rotated", "another's color"):
        assert board.better("ciede2000", who, "gray") == "gray"


def test_overlapping_intervals_may_be_told_apart(found):
    assert 0 < len(found["told"]) < len(found["pairs"])


# Through networks.


def test_fid_falls_and_kid_scatters_around_zero(found):
    fids = [row["FID"] for row in found["rows_of_sets"]]
    assert fids == sorted(fids, reverse=True)
    assert fids[0] > 20 * fids[-1]
    kids = [row["1,000 x KID"] for row in found["rows_of_sets"]]
    assert min(kids) < 0 < max(kids)
    assert all(abs(k) < f for k, f in zip(kids, fids, strict=True))
    assert max(map(abs, kids)) < 50  # of 1,000 times it: "about 0"


def test_the_truths_kid_is_below_zero(board):
    assert board.scores["truth"]["kid"].high < 0
    assert round(-1000 * board.scores["truth"]["kid"].value, 1) == 1.7
    assert board.scores["truth"]["fid"].value == pytest.approx(0, abs=1e-3)


def test_lpips_prefers_wrong_hues_to_gray(board):
    assert board.better("lpips", "hue rotated", "gray") == "hue rotated"
    assert board.better("lpips", "another's color", "gray") == "gray"


def test_sets_of_wrong_hues_stand_beside_the_model(board):
    assert board.fooled("fid", "hue rotated", "compact") == FOOLED
    assert board.fooled("kid", "hue rotated", "compact") == UNDECIDED
    for measure in ("fid", "kid"):
        assert {"compact", "hue rotated"} == {*board.order(measure)[:2]}


# Where measures disagree.


def test_colorfulness_disagrees_most_and_sets_follow(board):
    pairs = {
        m: len(board.disagreements("ciede2000", m)) for m in board.measures[1:]
    }
    first, *others = sorted(pairs, key=pairs.get, reverse=True)
    assert first == "colorfulness"
    assert {*others[:2]} == {"fid", "kid"}
    assert 0 < pairs["lpips"] < min(pairs["fid"], pairs["kid"])


def test_who_is_preferred_by_whom(board):
    for measure in ("fid", "kid"):
        against = board.disagreements("ciede2000", measure)
        assert ("gray", "hue rotated") in against
        assert ("oracle mean", "compact") in against
        for tint in TINTS:
            assert (tint, "hue rotated") in against
    assert {
        second for _, second in board.disagreements("ciede2000", "lpips")
    } == {"hue rotated"}


# Fooled.


def test_errors_fall_for_the_tint_that_was_told(board):
    for measure in ("ciede2000", "ab_mae", "psnr"):
        for cheat in CHEATS:
            expected = FOOLED if cheat == "oracle mean" else NOT_FOOLED
            assert board.fooled(measure, cheat, "compact") == expected, cheat


def test_colorfulness_falls_for_those_that_are_as_colorful(board):
    """Only for these two, and nobody else is as colorful as the truth."""
    true = board.scores["truth"]["colorfulness"].value
    for who in board.names:
        as_colorful = who in ("hue rotated", "another's color")
        far = abs(board.scores[who]["colorfulness"].value - true)
        assert (far < 0.1 * true) == as_colorful
        if who in CHEATS:
            fooled = board.fooled("colorfulness", who, "compact")
            assert fooled == (FOOLED if as_colorful else NOT_FOOLED)


def test_colorfulness_asks_for_the_truths_mean(board):
    """So to hand out true colors in the wrong order is no error of it."""
    assert BETTER["colorfulness"] == "like the truth's"
    true = board.scores["truth"]["colorfulness"].value
    off = {
        who: abs(board.scores[who]["colorfulness"].value - true)
        for who in board.names
    }
    for one, other in combinations(board.names, 2):
        gap = board.gaps["colorfulness"][one][other].value
        assert gap == pytest.approx(off[one] - off[other], abs=1e-3)


def test_sets_see_through_tints(board):
    for measure in ("fid", "kid"):
        for cheat in ("oracle mean", *TINTS):
            assert board.fooled(measure, cheat, "compact") == NOT_FOOLED


def test_whatever_looks_through_a_network_prefers_wrong_hues_to_gray(board):
    for measure in ("lpips", "fid", "kid"):
        assert board.fooled(measure, "hue rotated", "gray") == FOOLED


def test_six_of_nine_are_fooled_by_rotated_hues_and_three_by_another_s(board):
    fooled = {
        cheat: {
            measure
            for measure in board.measures
            if board.fooled(measure, cheat, "gray") == FOOLED
        }
        for cheat in ("hue rotated", "another's color")
    }
    own = {"hue_error", "colorfulness"}
    assert len(board.measures) == 9
    assert fooled["hue rotated"] == own | {"lpips", "fid", "kid", "ab_mae"}
    assert fooled["another's color"] == own | {"kid"}


def test_the_oracle_is_ahead_of_gray_by_little_where_sets_are_compared(board):
    """ "Too little to trust": KID's pairs alone may be worth 2."""
    gap = board.gaps["kid"]["oracle mean"]["gray"].value
    assert 0 < abs(gap) < 3
    assert board.fooled("hue_error", "oracle mean", "compact") == FOOLED
    assert board.fooled("lpips", "oracle mean", "compact") == UNDECIDED


def test_ssim_is_never_fooled_and_differs_by_little(board):
    for cheat in CHEATS:
        assert board.fooled("ssim", cheat, "compact") == NOT_FOOLED
    for cheat in ("hue rotated", "another's color"):
        for measure in ("ssim", "ciede2000"):
            assert board.fooled(measure, cheat, "gray") == NOT_FOOLED
    assert abs(board.gaps["ssim"]["compact"]["gray"].value) < 0.01


def test_two_kinds_of_measures_are_fooled_by_no_cheat(board):
    """Whoever beats the model by CIEDE2000 loses by each of the others."""
    for other in ("fid", "kid", "colorfulness"):
        for cheat in CHEATS:
            fooled = (
                board.fooled("ciede2000", cheat, "compact"),
                board.fooled(other, cheat, "compact"),
            )
            assert NOT_FOOLED in fooled


def test_against_gray_a_tint_that_was_told_wins_by_both_kinds(board):
    for measure in ("ciede2000", "fid", "kid", "colorfulness"):
        assert board.fooled(measure, "oracle mean", "gray") == FOOLED


# The duel.


@pytest.mark.parametrize("scale", ["smoke", "laptop"])
def test_measures_are_divided_but_for_the_coffee_and_the_rocket(
    run_chapter, found, scale
):
    if scale == "laptop":
        found = run_chapter("13_evaluation", "laptop")
    rows = {
        row["photograph"]: {row[measure] for measure in PANELS}
        for row in found["chosen"]
    }
    assert len(rows) == len(PANELS) == 6
    assert rows.pop("coffee") == {"the cheat"}
    assert rows.pop("rocket") == {"compact"}
    assert {len(who) for who in rows.values()} == {2}  # "divided"


# People.


def test_26_of_40_leave_it_open_if_only_just(found):
    assert 0.49 < found["low"] < 0.5
    assert wilson_interval(18, 30)[0] < 0.5  # "what coins do, too"


def test_half_the_distance_takes_four_times_the_trials():
    assert trials_needed(0.55) / trials_needed(0.6) == pytest.approx(4, abs=0.3)
    assert trials_needed(0.6) == 194  # the command's number


def test_who_looks_after_each_answer_finds_what_is_not_there(found):
    """Far more than one of twenty; who looks once, about so many."""
    looked = sum(
        found_at_any_time(answers, wilson_interval)
        for answers in found["coins"]
    )
    assert looked > 200 / 5
    assert found["found"] < 200 / 10


def found_at_any_time(answers, interval):
    return any(
        not low <= 0.5 <= high
        for low, high in (
            interval(sum(answers[:n]), n) for n in range(10, len(answers) + 1)
        )
    )
