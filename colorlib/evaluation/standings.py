"""Who is better than whom, by which measure, and how sure that is.

One scoreboard for many colorizers of the same photographs. Where a photograph
is hard, it is hard for all of them, so what counts are differences of pairs,
each with its own interval: it can tell two colorizers apart whose own
intervals overlap. And where it can't, nobody is called the winner.

Measures disagree: one may prefer a cheat of chapter 06 to a colorizer that
looks at the photograph. Chapter 13.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from colorlib.evaluation.bootstrap import (
    Estimate,
    percentile_interval,
    sum_up_scores,
)
from colorlib.evaluation.protocol import Protocol
from colorlib.evaluation.scoring import Row
from colorlib.metrics.sets import fid, interval_around, kid, on_halves

LOW, HIGH, TRUE = "low", "high", "like the truth's"
# What is better, as `book/protocol.md` says it. The protocol's other measures
# are near relatives of these.
BETTER = {
    "ciede2000": LOW,
    "ab_mae": LOW,
    "psnr": HIGH,
    "ssim": HIGH,
    "hue_error": LOW,
    "colorfulness": TRUE,
    "lpips": LOW,
    "fid": LOW,
    "kid": LOW,
}
OF_SETS: dict[str, Callable[..., float]] = {"fid": fid, "kid": kid}
# Baselines that don't look at what a photograph shows. No measure should
# prefer one to a colorizer that does.
CHEATS = (
    "hue rotated",
    "another's color",
    "oracle mean",
    "dataset mean",
    "lookup, mean",
    "lookup, median",
)
FOOLED, NOT_FOOLED, UNDECIDED = "fooled", "not fooled", "undecided"

Scored = Float[np.ndarray, "photographs everybody columns"]
Summed = Float[np.ndarray, "everybody measures"]
Penalties = Float[np.ndarray, "colorizers measures"]  # without the truth
Gaps = dict[str, dict[str, dict[str, Estimate]]]


@dataclass(frozen=True)
class Standings:
    """Colorizers of the same photographs, by several measures."""

    photographs: int
    """How many there are."""
    scores: dict[str, dict[str, Estimate]]
    """By colorizer and measure, "truth" among them; medians are nan."""
    gaps: Gaps
    """By measure, how much worse one is than another: below 0 it is better.
    For colorfulness, how much further from the truth's."""

    @property
    def names(self) -> list[str]:
        """The colorizers, without the truth."""
        return [who for who in self.scores if who != "truth"]

    @property
    def measures(self) -> list[str]:
        """What they were measured by."""
        return list(self.gaps)

    def order(self, measure: str) -> list[str]:
        """Sort the colorizers, the best first.

        Args:
            measure: one of `measures`.
        """
        to_first = self.gaps[measure][self.names[0]]
        return sorted(self.names, key=lambda who: -to_first[who].value)

    def better(self, measure: str, one: str, other: str) -> str | None:
        """Say which of two colorizers a measure prefers.

        Args:
            measure: one of `measures`.
            one: a colorizer.
            other: another one.

        Returns:
            Its name; None where the interval of their difference holds 0, so
            that other photographs might have said otherwise.
        """
        gap = self.gaps[measure][one][other]
        if gap.high < 0:
            return one
        return other if gap.low > 0 else None

    def disagreements(self, measure: str, other: str) -> list[tuple[str, str]]:
        """Find pairs of colorizers that two measures order differently.

        Args:
            measure: one of `measures`.
            other: another one.

        Returns:
            Pairs, first the one that `measure` prefers, then the one that
            `other` does; where either can't tell, there is no disagreement.
        """
        found = []
        for pair in combinations(self.names, 2):
            first, second = (self.better(m, *pair) for m in (measure, other))
            if first and second and first != second:
                found.append((first, second))
        return found

    def fooled(self, measure: str, cheat: str, honest: str) -> str:
        """Say whether a measure falls for a cheat.

        Args:
            measure: one of `measures`.
            cheat: a colorizer that doesn't look, such as one of `CHEATS`.
            honest: one that should be preferred.

        Returns:
            `FOOLED`, `NOT_FOOLED` or `UNDECIDED`.
        """
        better = self.better(measure, cheat, honest)
        if better is None:
            return UNDECIDED
        return FOOLED if better == cheat else NOT_FOOLED

    def to_json(self) -> dict[str, Any]:
        """Return all of it for a JSON file: value, low and high each."""
        return {
            "photographs": self.photographs,
            "scores": _map_leaves(_as_list, self.scores, 2),
            "gaps": _map_leaves(_as_list, self.gaps, 3),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Standings":
        """Read what `to_json` returned."""
        return cls(
            found["photographs"],
            _map_leaves(_as_estimate, found["scores"], 2),
            _map_leaves(_as_estimate, found["gaps"], 3),
        )


def stand(
    rows: Sequence[Row], *, protocol: Protocol | None = None
) -> Standings:
    """Compare all colorizers of some photographs with each other.

    Args:
        rows: photographs that `measure` has measured, with the truth among
            the colorizers; at least one, and for FID and KID at least 4.
        protocol: resamples and seed are used; `Protocol()` if None.

    Returns:
        Scores, and the gap of every pair, with 95 % intervals: of the
        bootstrap, all colorizers on the same draws. FID and KID have theirs
        from halves of the photographs; they are for as many photographs as
        there are.

    Raises:
        ValueError: if there are no photographs.

    See Also:
        `colorlib.metrics.sets.on_halves`. Chapter 13.
    """
    if not rows:
        raise ValueError("there are no photographs to compare on; give some")
    protocol = protocol or Protocol()
    names = [who for who in rows[0].scores if who != "truth"]
    everybody = [*names, "truth"]
    known = rows[0].scores[names[0]]
    measures = [m for m in BETTER if m in known]
    columns = [*measures, "chroma"]
    values = np.array(
        [
            [[row.scores[w][m] for m in columns] for w in everybody]
            for row in rows
        ]
    )

    def numbers(drawn: Scored) -> Float[np.ndarray, "numbers measures"]:
        sums = sum_up_scores(drawn, columns, truth=-1)[:, :-1]
        return np.concatenate([sums, _gaps(_penalties(sums, measures))])

    ends = percentile_interval(
        numbers, values, resamples=protocol.resamples, seed=protocol.seed
    )
    found = np.stack([numbers(values), *ends])  # (3, numbers, measures)
    scores: dict[str, dict[str, Estimate]] = {who: {} for who in everybody}
    gaps: Gaps = {}
    for i, measure in enumerate(measures):
        _enter(scores, gaps, measure, found[..., i], everybody)
    for measure in OF_SETS if rows[0].features else ():
        found_of_sets = _compare(rows, everybody, OF_SETS[measure])
        _enter(scores, gaps, measure, found_of_sets, everybody)
    return Standings(len(rows), scores, gaps)


def _penalties(sums: Summed, measures: Sequence[str]) -> Penalties:
    """Turn what is better into what is lower."""
    found = sums[:-1].copy()
    for i, measure in enumerate(measures):
        if BETTER[measure] == HIGH:
            found[:, i] *= -1
        elif BETTER[measure] == TRUE:
            found[:, i] = np.abs(found[:, i] - sums[-1, i])
    return found


def _gaps(penalties: np.ndarray) -> np.ndarray:
    """Subtract each from each: a row a pair."""
    with np.errstate(invalid="ignore"):  # inf - inf: both are right
        gaps = penalties[:, None] - penalties[None]
    gaps[np.isnan(gaps)] = 0
    return gaps.reshape(-1, *penalties.shape[1:])


def _compare(
    rows: Sequence[Row], everybody: Sequence[str], distance: Callable
) -> Float[np.ndarray, "3 numbers"]:
    """Measure sets and their gaps: values, where intervals start, and end."""
    seen = {
        who: torch.from_numpy(np.stack([row.features[who] for row in rows]))
        for who in everybody
    }
    true = seen["truth"]
    whole = np.array([distance(each, true) for each in seen.values()])
    halves = np.array(
        [on_halves(distance, each, true).numpy() for each in seen.values()]
    )
    whole, halves = (
        np.concatenate([x, _gaps(x[:-1])]) for x in (whole, halves)
    )
    return np.stack([whole, *interval_around(whole, halves)])


def _enter(
    scores: dict[str, dict[str, Estimate]],
    gaps: Gaps,
    measure: str,
    found: Float[np.ndarray, "3 numbers"],
    everybody: Sequence[str],
) -> None:
    """Enter a measure's numbers: one a colorizer, then one a pair."""
    estimates = iter(
        Estimate(value, low, high, math.nan)
        for value, low, high in found.T.tolist()
    )
    for who in everybody:
        scores[who][measure] = next(estimates)
    gaps[measure] = {
        one: {other: next(estimates) for other in everybody[:-1]}
        for one in everybody[:-1]
    }


def _map_leaves(change: Callable, found: Any, depth: int) -> Any:
    if not depth:
        return change(found)
    return {k: _map_leaves(change, v, depth - 1) for k, v in found.items()}


def _as_list(estimate: Estimate) -> list[float | None]:
    """Six digits are enough; JSON has no nan and no inf."""
    numbers = (estimate.value, estimate.low, estimate.high)
    return [
        float(f"{round(n, 7) + 0.0:.6g}") if math.isfinite(n) else None
        for n in numbers  # + 0.0, so that there is no -0.0
    ]


def _as_estimate(numbers: Iterable[float | None]) -> Estimate:
    value, low, high = (math.nan if n is None else n for n in numbers)
    return Estimate(value, low, high, math.nan)
