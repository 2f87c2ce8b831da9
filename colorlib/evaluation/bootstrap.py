"""Numbers over many photographs, and how far to trust them.

A score from 2,000 photographs would be another one from another 2,000. The
bootstrap asks how different: it draws as many photographs with replacement
from those at hand, sums up, and does so again and again. Chapter 13.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, runtime_checkable
from typing import Protocol as Structure

import numpy as np
from jaxtyping import Float

from colorlib.data.cache import NEAR_GRAY
from colorlib.evaluation.perception import compare_sets
from colorlib.evaluation.protocol import (
    BY_CHROMA,
    MEASURES,
    MEDIAN,
    PERCEPTUAL,
    Protocol,
)
from colorlib.evaluation.scoring import Row

# A name for what the model gains over doing nothing.
DIFFERENCE = "model - gray"

Numbers = np.floating | np.ndarray  # whatever a statistic's shape is


@runtime_checkable
class Resampled(Structure):
    """Photographs that can be drawn: an array with a row each, or `People`."""

    def __len__(self) -> int: ...

    def __getitem__(self, chosen: Any, /) -> Any: ...


_NAMES = list(MEASURES)
_CHROMA = _NAMES.index("chroma")
_HOW = MEASURES | PERCEPTUAL


@dataclass(frozen=True)
class Estimate:
    """A number over many photographs, and how far to trust it."""

    value: float  # summed up as `MEASURES` says; chroma_ratio is mean / mean
    low: float  # the middle 95 % of the bootstrap's values start here
    high: float  # and end here; nan for fid
    median: float  # over photographs; nan for chroma_ratio, fid and kid

    @classmethod
    def of(
        cls,
        statistic: Callable[..., float],
        *groups: Resampled,
        resamples: int = 2_000,
        seed: int = 0,
    ) -> "Estimate":
        r"""Compute a number over photographs, with its interval.

        Args:
            statistic: see `percentile_interval`; gives one number.
            groups: likewise.
            resamples: likewise.
            seed: likewise.

        Returns:
            The number and its 95 % interval; its median is nan.

        Example:
            >>> errors = np.array([9.0, 11.0, 10.0, 14.0, 8.0])
            >>> f"{Estimate.of(np.mean, errors):.1f}"
            '10.4 [8.8,\xa012.2]'
        """
        low, high = percentile_interval(
            statistic, *groups, resamples=resamples, seed=seed
        )
        value = float(statistic(*groups))
        return cls(value, float(low), float(high), np.nan)

    def rounded(self) -> list[float | None]:
        """Return value, low and high for a file, five places; nan is None."""
        numbers = self.value, self.low, self.high
        return [None if np.isnan(n) else round(n, 5) for n in numbers]

    def __float__(self) -> float:
        """Give the number without its interval."""
        return self.value

    def __format__(self, spec: str) -> str:
        r"""Write the number with its interval, both in one format.

        Example:
            >>> f"{Estimate(9.904, 9.716, 10.088, 9.139):.2f}"
            '9.90 [9.72,\xa010.09]'
        """
        value, low, high = (
            format(number, spec) for number in (self.value, self.low, self.high)
        )
        return f"{value} [{low},\N{NO-BREAK SPACE}{high}]"


@dataclass(frozen=True)
class Group:
    """The scores of some of the photographs."""

    n: int
    near_gray: int  # how many of them have a nearly gray truth
    infinite_psnr: dict[str, int]  # how many are right to the last byte
    scores: dict[str, dict[str, Estimate]]


def percentile_interval(
    statistic: Callable[..., Any],
    *groups: Resampled,
    resamples: int = 2_000,
    seed: int = 0,
) -> tuple[Numbers, Numbers]:
    """Estimate how far a statistic depends on the choice of photographs.

    Args:
        statistic: makes a number, or an array of numbers, of the groups.
        groups: photographs, each group drawn anew by itself, with
            replacement. What compares two measures of the same photographs
            takes one group, and is then a paired comparison.
        resamples: how many times the groups are drawn.
        seed: of the draws.

    Returns:
        Where the middle 95 % of the statistic's values start, and where they
        end; nan where they are infinite.

    Reference:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
        ch. 13: percentile intervals.
    """
    rng = np.random.default_rng(seed)
    draws = [
        statistic(*(g[rng.integers(len(g), size=len(g))] for g in groups))
        for _ in range(resamples)
    ]
    with np.errstate(invalid="ignore"):  # between inf and inf: nan
        low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    return low, high


def summarize(rows: Sequence[Row], protocol: Protocol) -> Group:
    """Summarize the scores of some photographs.

    Args:
        rows: at least one.
        protocol: resamples and seed are used.

    Returns:
        For the model, for each baseline, for the truth and for "model -
        gray": the measures, and "chroma_ratio", mean chroma over mean true
        chroma. The difference has intervals of its own, far narrower than
        the two it comes from: a photograph that is hard is hard for both.
        Where it was asked for, "lpips", and of sets "fid", which has no
        interval, and "kid", whose interval is from halves.
    """
    who = list(rows[0].scores)
    names = [*_NAMES, *(m for m in PERCEPTUAL if m in rows[0].scores["model"])]
    values = np.array(
        [[[row.scores[w][m] for m in names] for w in who] for row in rows]
    )  # (photographs, who, measures)
    true_chroma = values[:, who.index("truth"), _CHROMA]
    infinite = np.isinf(values[..., _NAMES.index("psnr")]).sum(axis=0)
    with np.errstate(invalid="ignore"):  # inf - inf: both are right
        gain = values[:, who.index("model")] - values[:, who.index("gray")]
    gain[np.isnan(gain)] = 0
    values = np.concatenate([values, gain[:, None]], axis=1)  # who + 1

    # One draw serves all columns, so that a difference is a paired one.
    together = partial(
        _with_chroma_ratio, names=names.copy(), truth=who.index("truth")
    )
    low, high = percentile_interval(
        together, values, resamples=protocol.resamples, seed=protocol.seed
    )
    no_median = np.full(len(values[0]), np.nan)
    median = np.column_stack([np.median(values, axis=0), no_median])
    # (who + 1, measures + 1, 4)
    found = np.stack([together(values), low, high, median], -1)

    names.append("chroma_ratio")
    scores = {
        w: {m: Estimate(*found[i, j].tolist()) for j, m in enumerate(names)}
        for i, w in enumerate([*who, DIFFERENCE])
    }
    for w in rows[0].features:
        for m, found_of_set in compare_sets(rows, w).items():
            scores[w][m] = Estimate(*found_of_set, np.nan)
    return Group(
        n=len(rows),
        near_gray=int(np.count_nonzero(true_chroma < NEAR_GRAY)),
        infinite_psnr=dict(zip(who, infinite.tolist(), strict=True)),
        scores=scores,
    )


def sum_up_scores(
    values: Float[np.ndarray, "photographs everybody measures"],
    names: Sequence[str],
    truth: int,
) -> Float[np.ndarray, "everybody measures"]:
    """Sum up over photographs, each measure as `MEASURES` says.

    Args:
        values: the scores.
        names: of the measures; "chroma" is among them.
        truth: the place of the truth among everybody.

    Returns:
        Means, medians, and means weighted by true chroma; nan where all
        photographs are black.
    """
    how = [_HOW[name] for name in names]
    medians = [i for i, way in enumerate(how) if way == MEDIAN]
    by_chroma = [i for i, way in enumerate(how) if way == BY_CHROMA]
    true_chroma = values[:, truth, list(names).index("chroma")]
    found = values.mean(axis=0)
    found[:, medians] = np.median(values[..., medians], axis=0)
    weight = true_chroma[:, None, None]  # (photographs, 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # black: nan
        weighted = (values[..., by_chroma] * weight).mean(axis=0)
        found[:, by_chroma] = weighted / true_chroma.mean()
    return found


def _with_chroma_ratio(
    values: np.ndarray, names: Sequence[str], truth: int
) -> np.ndarray:
    """Sum up; the ratio of mean chromas comes last."""
    found = sum_up_scores(values, names, truth)
    with np.errstate(divide="ignore", invalid="ignore"):  # black: nan
        ratio = found[:, _CHROMA] / found[truth, _CHROMA]
    return np.column_stack([found, ratio])


def rank_correlation(pairs: Float[np.ndarray, "photographs 2"]) -> float:
    """Compute Spearman's rank correlation: a statistic for `Estimate.of`.

    Args:
        pairs: two numbers for each photograph.

    Returns:
        From -1 to 1. Equal numbers share the mean of their ranks; nan where
        all are equal.

    Reference:
        Spearman, The Proof and Measurement of Association between Two
        Things, 1904. Chapter 14.

    >>> pairs = np.array([[1.0, 5.0], [2.0, 6.0], [9.0, 7.0]])
    >>> round(rank_correlation(pairs), 6)
    1.0
    """
    with np.errstate(invalid="ignore"):  # all equal: nan
        found = np.corrcoef([_ranks(column) for column in pairs.T])
    return float(found[0, 1])


def _ranks(
    numbers: Float[np.ndarray, " photographs"],
) -> Float[np.ndarray, " photographs"]:
    _, group, sizes = np.unique(
        numbers, return_inverse=True, return_counts=True
    )
    return (sizes.cumsum() - (sizes - 1) / 2)[group]
