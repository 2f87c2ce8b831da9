"""Intervals hold what they should, and pairs stay pairs."""

import numpy as np
import pytest
from scipy import stats

from colorlib.evaluation.bootstrap import (
    Estimate,
    percentile_interval,
    rank_correlation,
)
from colorlib.evaluation.people import People


def test_it_agrees_with_scipy():
    """A second implementation of the percentile bootstrap."""
    values = np.random.default_rng(0).gamma(2, size=40)
    ours = percentile_interval(np.median, values, resamples=4_000)
    theirs = stats.bootstrap(
        [values], np.median, method="percentile", n_resamples=4_000
    ).confidence_interval
    assert ours == pytest.approx(theirs, abs=0.05)


@pytest.mark.parametrize("values", [1000, 4])
def test_ranks_of_equal_numbers_are_shared(values):
    """A second implementation, without and with many equal numbers."""
    pairs = np.random.default_rng(0).integers(values, size=(60, 2)) * 1.0
    theirs = stats.spearmanr(*pairs.T).statistic
    assert rank_correlation(pairs) == pytest.approx(theirs)


def test_numbers_that_are_all_equal_rank_nothing():
    """A photograph drawn twice must not look like perfect agreement."""
    pairs = np.array([[1.0, 5.0], [1.0, 6.0], [1.0, 7.0]])
    assert np.isnan(rank_correlation(pairs))
    assert np.isnan(rank_correlation(pairs[:1].repeat(3, axis=0)))
    assert Estimate.of(rank_correlation, pairs).rounded() == [None] * 3


def test_an_interval_holds_what_it_should():
    """About 95 of a hundred intervals hold the mean that was drawn from."""
    rng = np.random.default_rng(0)

    def group(mean):
        return People({}, {"count": rng.normal(mean, 1, size=30)})

    def gap(a, b):
        return b.columns["count"].mean() - a.columns["count"].mean()

    held = 0
    for _ in range(100):
        each = Estimate.of(gap, group(0.0), group(0.5), resamples=200)
        held += each.low <= 0.5 <= each.high
    assert 85 <= held <= 100
    assert each.low < each.value < each.high


def test_one_group_keeps_its_pairs():
    """What is hard in a photograph is hard on both sides, and cancels."""
    hard = np.arange(30.0)
    pairs = np.column_stack([hard, hard + 1])
    low, high = percentile_interval(lambda p: p.mean(axis=0), pairs)
    assert (high - low > 5).all()
    gap = Estimate.of(lambda p: (p[:, 1] - p[:, 0]).mean(), pairs)
    assert (gap.low, gap.value, gap.high) == pytest.approx((1, 1, 1))


def test_the_seed_decides_the_draws():
    values = np.arange(30.0)
    first, again, other = (
        percentile_interval(np.mean, values, resamples=50, seed=seed)
        for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other
