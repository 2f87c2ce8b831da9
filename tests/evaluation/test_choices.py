"""Shares, trials and agreement, against SciPy and published numbers."""

import math

import pytest
from scipy import stats

from colorlib.evaluation.choices import (
    agreement_share,
    balanced_sides,
    krippendorff_alpha,
    trials_needed,
    wilson_interval,
)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(
    ("chosen", "trials"), [(0, 1), (1, 1), (0, 20), (7, 20), (20, 20), (9, 500)]
)
def test_wilson_s_interval_is_scipy_s(chosen, trials, confidence):
    theirs = stats.binomtest(chosen, trials).proportion_ci(confidence, "wilson")
    ours = wilson_interval(chosen, trials, confidence=confidence)
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("chosen", range(11))
def test_an_interval_is_a_pair_of_shares_around_the_share(chosen):
    low, high = wilson_interval(chosen, 10)
    assert 0 <= low <= chosen / 10 <= high <= 1
    assert wilson_interval(10 - chosen, 10) == pytest.approx(
        (1 - high, 1 - low)
    )


@pytest.mark.parametrize(
    ("chosen", "trials"), [(0, 0), (-1, 4), (5, 4), (math.nan, 4)]
)
def test_shares_of_nothing_are_refused(chosen, trials):
    with pytest.raises(ValueError, match="at least one trial"):
        wilson_interval(chosen, trials)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_of_95_is_not_0_95(confidence):
    with pytest.raises(ValueError, match="confidence lies between 0 and 1"):
        wilson_interval(1, 4, confidence=confidence)
    with pytest.raises(ValueError, match="power lies between 0 and 1"):
        trials_needed(0.6, power=confidence)


def power(share, trials):
    """How likely it is that an interval leaves one half out, exactly."""
    return sum(
        stats.binom.pmf(chosen, trials, share)
        for chosen in range(trials + 1)
        if not (low_high := wilson_interval(chosen, trials))[0]
        <= 0.5
        <= low_high[1]
    )


@pytest.mark.parametrize("share", [0.55, 0.6, 0.7, 0.8, 0.3])
def test_that_many_trials_tell_a_share_from_one_half(share):
    """In 80 % of such tests; the binomial distribution goes in steps."""
    needed = trials_needed(share)
    assert power(share, needed) == pytest.approx(0.8, abs=0.04)
    assert power(share, needed // 2) < 0.65


def test_trials_grow_with_what_is_asked():
    assert trials_needed(0.6) == trials_needed(0.4) == 194
    assert trials_needed(0.55) > 4 * 190
    assert trials_needed(0.6, power=0.95) > 194
    assert trials_needed(0.6, confidence=0.8) < 194
    assert trials_needed(1 - 1e-9) >= 1


@pytest.mark.parametrize("share", [0, 0.5, 1, 60])
def test_a_share_that_no_trial_tells_is_refused(share):
    with pytest.raises(ValueError, match=r"0\.6 for 60 %"):
        trials_needed(share)


def units(*judges):
    """What each photograph got, from one string a judge; "." is no answer."""
    columns = zip(*judges, strict=True)
    return [[a for a in column if a != "."] for column in columns]


# Krippendorff's own examples: four judges with gaps, and two of two kinds.
FOUR = units("123321412...", "1233224125..", ".33323422513", "12332441251.")
TWO = units("0100000010", "1110010000")


@pytest.mark.parametrize(("judged", "published"), [(FOUR, 0.743), (TWO, 0.095)])
def test_krippendorff_s_alpha_is_his(judged, published):
    assert krippendorff_alpha(judged) == pytest.approx(published, abs=5e-4)


def test_agreement_is_between_chance_and_all():
    assert agreement_share(TWO) == 0.6
    assert agreement_share(units("aab", "aab")) == 1
    assert krippendorff_alpha(units("aab", "aab")) == 1
    assert agreement_share(units("ab", "ba")) == 0
    assert krippendorff_alpha(units("ab", "ba")) < 0


def test_without_two_judges_or_two_answers_there_is_no_number():
    assert math.isnan(agreement_share(units("ab")))
    assert math.isnan(krippendorff_alpha(units("ab")))
    assert math.isnan(krippendorff_alpha(units("aa", "aa")))


@pytest.mark.parametrize("trials", [0, 1, 2, 7, 40])
def test_each_alternative_stands_left_in_half_of_the_trials(trials):
    many = [balanced_sides(trials, seed) for seed in range(20)]
    assert {len(sides) for sides in many} == {trials}
    assert {sum(sides) for sides in many} <= {trials // 2, -(-trials // 2)}
    assert balanced_sides(trials, 3) == many[3]


def test_no_side_and_no_order_is_favored():
    """Neither of an odd number, nor of one trial among the others."""
    many = [balanced_sides(5, seed) for seed in range(400)]
    assert {sum(sides) for sides in many} == {2, 3}
    for place in zip(*many, strict=True):
        assert 160 < sum(place) < 240
    assert len(set(map(tuple, many))) == 20  # all that have two or three
