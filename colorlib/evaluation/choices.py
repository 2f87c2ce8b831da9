"""Statistics of a two-alternative forced choice.

A person sees two pictures of one scene and has to say which is better. Over
many trials that gives a share: how often one of the two was preferred. This
module says how far to trust a share, how many trials it takes to tell one
from one half, and whether judges agree. `answers` reads what they chose.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from statistics import NormalDist

import numpy as np

CHANCE = 0.5  # the share where nobody can tell the two apart


def wilson_interval(
    chosen: float | int, trials: int, *, confidence: float | int = 0.95
) -> tuple[float, float]:
    """Estimate how far a share depends on chance.

    Args:
        chosen: in how many trials one alternative was chosen, 0 to `trials`.
        trials: how many there were, at least one. They count as independent:
            one answer a photograph.
        confidence: share of such intervals that hold the true share, above 0
            and below 1.

    Returns:
        Where Wilson's score interval starts and ends, both in [0, 1]. It
        holds 0.5 exactly where a two-sided score test at the level of
        1 - confidence can't tell the share from 0.5.

    Raises:
        ValueError: if a number is out of its range.

    Reference:
        Wilson, Journal of the American Statistical Association 22(158), 1927:
        Probable Inference, the Law of Succession, and Statistical Inference.

    Example:
        >>> low, high = wilson_interval(26, 40)
        >>> f"{26 / 40:.1%}, between {low:.1%} and {high:.1%}"
        '65.0%, between 49.5% and 77.9%'
    """
    if trials < 1 or not 0 <= chosen <= trials:
        raise ValueError(
            "an interval needs at least one trial, and between 0 and that many"
            f" in which an alternative was chosen, got {chosen:g} of {trials}"
        )
    z = _two_sided(confidence)
    share = chosen / trials
    middle = share + z**2 / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    low, high = (middle - half) / scale, (middle + half) / scale
    # Rounding would leave 1e-17 on either side where nothing was chosen.
    return min(max(low, 0.0), share), max(min(high, 1.0), share)


def trials_needed(
    share: float | int,
    *,
    power: float | int = 0.8,
    confidence: float | int = 0.95,
) -> int:
    """Count the trials that tell a share from one half.

    Args:
        share: how often one of the two is preferred in truth, above 0 and
            below 1, and not 0.5.
        power: how likely it shall be that the interval of `wilson_interval`
            leaves 0.5 out, above 0 and below 1.
        confidence: of that interval, likewise.

    Returns:
        Trials, at least one, by the normal approximation. They count as
        independent: different photographs.

    Raises:
        ValueError: if a number is out of its range.

    Reference:
        Lemeshow, Hosmer, Klar, Lwanga, Adequacy of Sample Size in Health
        Studies, 1990, ch. 1: one-sample test of a proportion.

    Example:
        >>> trials_needed(0.6), trials_needed(0.75)
        (194, 29)
    """
    if not 0 < share < 1 or share == CHANCE:
        raise ValueError(
            "a share to tell from 0.5 lies between 0 and 1 and is not 0.5, got"
            f" {share:g}; take 0.6 for 60 %"
        )
    z, z_power = _two_sided(confidence), _quantile(power, "power")
    spread = z * math.sqrt(CHANCE * (1 - CHANCE))
    spread += z_power * math.sqrt(share * (1 - share))
    return max(math.ceil((spread / (share - CHANCE)) ** 2), 1)


def agreement_share(units: Iterable[Sequence[Hashable]]) -> float:
    """Compute how often two judges of one photograph chose the same.

    Args:
        units: for each photograph the answers of its judges.

    Returns:
        The share of pairs of answers to one photograph that are equal, in
        [0, 1]; nan if no photograph has two answers. Two alternatives chosen
        by coins agree in half of the pairs.

    Example:
        >>> agreement_share([["gan", "gan"], ["gan", "l1"], ["l1"]])
        0.5
    """
    same = pairs = 0
    for answers in units:
        same += sum(n * (n - 1) for n in Counter(answers).values())
        pairs += len(answers) * (len(answers) - 1)
    return same / pairs if pairs else math.nan


def krippendorff_alpha(units: Iterable[Sequence[Hashable]]) -> float:
    """Compute how far judges agree beyond chance.

    Args:
        units: for each photograph the answers of its judges, any number of
            them. One with a single answer says nothing about agreement.

    Returns:
        Krippendorff's alpha for nominal data: 1 where all agree, 0 where
        they agree as often as by chance, below 0 where less often. nan where
        all answers are the same, or no photograph has two.

    Reference:
        Hayes and Krippendorff, Communication Methods and Measures 1(1), 2007.

    Example:
        >>> both = [["gan", "gan"], ["l1", "l1"], ["gan", "l1"]]
        >>> round(krippendorff_alpha(both), 2)
        0.44
    """
    shared = [answers for answers in units if len(answers) > 1]
    counts = Counter(answer for answers in shared for answer in answers)
    total = sum(counts.values())
    by_chance = total**2 - sum(n**2 for n in counts.values())
    if not by_chance:
        return math.nan
    observed = sum(
        (len(a) ** 2 - sum(n**2 for n in Counter(a).values())) / (len(a) - 1)
        for a in shared
    )
    return 1 - (total - 1) * observed / by_chance


def balanced_sides(trials: int, seed: int) -> list[bool]:
    """Decide in which trials the first of two alternatives stands left.

    Args:
        trials: how many there are.
        seed: of the order.

    Returns:
        A truth value a trial: true in half of them, in random order. Of an
        odd number, the trial that is left over is decided by the seed.

    Example:
        >>> sides = balanced_sides(6, seed=0)
        >>> sum(sides)
        3
    """
    rng = np.random.default_rng(seed)
    sides = (np.arange(trials) + rng.integers(2)) % 2
    return [bool(side) for side in rng.permutation(sides)]


def _two_sided(confidence: float | int) -> float:
    return _quantile((1 + _inside(confidence, "confidence")) / 2, "confidence")


def _quantile(share: float | int, name: str) -> float:
    return NormalDist().inv_cdf(_inside(share, name))


def _inside(share: float | int, name: str) -> float:
    if not 0 < share < 1:
        raise ValueError(f"{name} lies between 0 and 1, got {share:g}")
    return share
