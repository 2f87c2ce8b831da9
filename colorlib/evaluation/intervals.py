"""Means over photographs, and how far to trust them.

A score from 2,000 photographs would be another one from another 2,000. The
bootstrap asks how different: it draws as many photographs with replacement
from those at hand, sums up, and does so again and again. Chapter 13.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from colorlib.data.dataset import NEAR_GRAY
from colorlib.evaluation.measuring import MEASURES, Protocol, Row

# A name for what the model gains over doing nothing.
DIFFERENCE = "model - gray"
_CHROMA = MEASURES.index("chroma")


@dataclass(frozen=True)
class Estimate:
    """A number over many photographs, and how far to trust it."""

    value: float  # the mean over photographs; of chroma_ratio, mean / mean
    low: float  # the middle 95 % of the bootstrap's values start here
    high: float  # and end here
    median: float  # over photographs; nan for chroma_ratio, which has none


@dataclass(frozen=True)
class Group:
    """The scores of some of the photographs."""

    n: int
    near_gray: int  # how many of them have a nearly gray truth
    scores: dict[str, dict[str, Estimate]]


def sum_up(rows: Sequence[Row], protocol: Protocol) -> Group:
    """Sum up the numbers of some photographs.

    Args:
        rows: at least one.
        protocol: resamples and seed are used.

    Returns:
        For the model, for gray, for the truth and for "model - gray": the
        measures, and "chroma_ratio", mean chroma over mean true chroma. The
        difference has intervals of its own, far narrower than the two it
        comes from: a photograph that is hard is hard for both.

    Reference:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
        chapter 13: percentile intervals.
    """
    who = list(rows[0].scores)
    values = np.array(
        [[[row.scores[w][m] for m in MEASURES] for w in who] for row in rows]
    )  # (photographs, who, measures)
    true_chroma = values[:, who.index("truth"), _CHROMA]
    gain = values[:, who.index("model")] - values[:, who.index("gray")]
    values = np.concatenate([values, gain[:, None]], axis=1)

    # One draw serves all columns, so that a difference is a paired one.
    rng, n = np.random.default_rng(protocol.seed), len(rows)
    picks = (rng.integers(n, size=n) for _ in range(protocol.resamples))
    draws = [_means(values[pick], true_chroma[pick]) for pick in picks]
    low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    no_median = np.full(len(values[0]), np.nan)
    median = np.column_stack([np.median(values, axis=0), no_median])
    found = np.stack([_means(values, true_chroma), low, high, median], -1)

    names = [*MEASURES, "chroma_ratio"]
    scores = {
        w: {m: Estimate(*found[i, j].tolist()) for j, m in enumerate(names)}
        for i, w in enumerate([*who, DIFFERENCE])
    }
    return Group(n, int(np.count_nonzero(true_chroma < NEAR_GRAY)), scores)


def _means(values: np.ndarray, true_chroma: np.ndarray) -> np.ndarray:
    """Means over photographs, and behind them the ratio of mean chromas."""
    means = values.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):  # black: nan
        ratio = means[:, _CHROMA] / true_chroma.mean()
    return np.column_stack([means, ratio])
