"""The answers of people who compared pictures, read and summed up.

`widgets.choice_page` makes a page that asks which of two pictures is better,
and each judge sends back a CSV. Here they are read with suspicion, because
files come by mail and through spreadsheets, and summed up: how often each of
the two was preferred, by whom, and whether judges agree and favor a side.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from colorlib.evaluation.bootstrap import percentile_interval
from colorlib.evaluation.choices import (
    CHANCE,
    agreement_share,
    krippendorff_alpha,
    wilson_interval,
)
from colorlib.files.spreadsheets import MOST_BYTES, read_rows

COLUMNS = "judge,trial,pair,left,right,preferred,seconds".split(",")
WILSON, BOOTSTRAP = "wilson", "bootstrap"


@dataclass(frozen=True)
class Answer:
    """What one judge chose in one trial."""

    judge: str
    pair: str
    """The photograph that both pictures show."""
    left: str
    """What stood left, or above: the name of one of the two alternatives."""
    right: str
    preferred: str
    """One of the two."""


@dataclass(frozen=True)
class Proportion:
    """A share of trials with its 95 % interval, each in [0, 1]."""

    share: float
    low: float
    high: float
    method: str
    """How the interval was made: wilson or bootstrap."""


@dataclass(frozen=True)
class Preference:
    """What one judge preferred, or several together."""

    trials: int
    photographs: int
    first: Proportion
    """How often the first alternative was preferred."""
    left: Proportion
    """How often the left picture was, whichever that was: 0.5 without bias."""


@dataclass(frozen=True)
class JudgeAgreement:
    """Whether judges of the same photographs chose the same."""

    photographs: int
    """How many were seen by two judges or more."""
    share: float
    """Of pairs of answers to one photograph that agree; by coins it is 0.5."""
    alpha: float
    """Krippendorff's: 1 all agree, 0 as by chance; nan if all are equal."""


@dataclass(frozen=True)
class ChoiceSummary:
    """What judges chose, one by one and together."""

    names: tuple[str, str]
    """The two alternatives, by the alphabet; shares are those of the first."""
    together: Preference
    judges: dict[str, Preference]
    agreement: JudgeAgreement | None
    """None where no photograph has two judges."""

    def as_json(self) -> dict[str, Any]:
        """Return all of it for a JSON file; what is nan becomes None."""
        data = asdict(self)
        data["names"] = list(self.names)
        if self.agreement and np.isnan(self.agreement.alpha):
            data["agreement"]["alpha"] = None
        return data

    def sentence(self) -> str:
        """Say who was preferred, how often, and whether that may be chance."""
        first, second = self.names
        of = self.together.first
        share, low, high = of.share, of.low, of.high
        if share < CHANCE:
            first, second = second, first
            share, low, high = 1 - share, 1 - high, 1 - low
        verdict = "above" if low > CHANCE else "not clear of"
        how = {WILSON: "by Wilson", BOOTSTRAP: "bootstrap over photographs"}
        return (
            f"{first} was preferred to {second} in {100 * share:.1f} % of"
            f" {self.together.trials} trials on {self.together.photographs}"
            f" photographs, 95 % interval {100 * low:.1f} % to"
            f" {100 * high:.1f} % ({how[of.method]}): {verdict} 50 %"
        )


def read_answers(
    paths: Sequence[str | Path], *, max_bytes: int = MOST_BYTES
) -> list[Answer]:
    """Read the answers that judges sent.

    Args:
        paths: CSV files as `widgets.choice_page` writes them.
        max_bytes: a file that is larger is refused before it is read.

    Returns:
        All answers, all about the same two alternatives, each judge's answer
        to a photograph once.

    Raises:
        ValueError: if a file is no such CSV, if files compare different
            alternatives, or if a judge answered a photograph twice; the line
            says which file and which line of it.
        OSError: if a file can't be read.
    """
    answers: list[Answer] = []
    seen: dict[tuple[str, str], str] = {}
    names: set[str] = set()
    for path in map(Path, paths):
        for place, row in read_rows(
            path, COLUMNS, "answers", max_bytes=max_bytes
        ):
            answer = _answer(place, row)
            names = names or {answer.left, answer.right}
            if names != {answer.left, answer.right}:
                raise ValueError(
                    f"{place}: compares {answer.left} and {answer.right},"
                    f" others {' and '.join(sorted(names))}; sum up one"
                    " comparison at a time"
                )
            if before := seen.get((answer.judge, answer.pair)):
                raise ValueError(
                    f"{place}: {answer.judge} answered {answer.pair} before,"
                    f" in {before}; leave a copy out, or give judges who share"
                    " a name two names"
                )
            seen[answer.judge, answer.pair] = place
            answers.append(answer)
    return answers


def summarize_answers(
    answers: Sequence[Answer], *, resamples: int = 2_000, seed: int = 0
) -> ChoiceSummary:
    """Sum up what judges chose.

    A judge answers each photograph once, so one judge's answers count as
    independent, with Wilson's interval. Answers of several judges to one
    photograph don't: where one model fails, all see it. So an interval over
    judges is a bootstrap over photographs, each drawn with all its answers.
    It tells how far the share depends on the choice of photographs, for
    these judges; to speak of judges in general takes many of them. Where all
    photographs have one and the same share, a bootstrap sees no spread, and
    Wilson's interval is taken, as of one answer a photograph.

    Args:
        answers: as `read_answers` returns them, at least one.
        resamples: how many times photographs are drawn.
        seed: of the draws.

    Returns:
        Shares with 95 % intervals, for each judge and together.

    Raises:
        ValueError: if there are no answers.

    Example:
        >>> answers = [
        ...     Answer("ann", "pier", "gan", "l1", preferred="gan"),
        ...     Answer("ann", "mill", "l1", "gan", preferred="gan"),
        ...     Answer("bob", "pier", "l1", "gan", preferred="l1"),
        ... ]
        >>> summary = summarize_answers(answers)
        >>> summary.names, summary.together.trials
        (('gan', 'l1'), 3)
        >>> f"{summary.together.first.share:.2f}"
        '0.67'
        >>> summary.agreement.share
        0.0
    """
    if not answers:
        raise ValueError("there are no answers to sum up; give some")
    first, second = sorted({answers[0].left, answers[0].right})
    judges = defaultdict(list)
    photographs = defaultdict(list)
    for answer in answers:
        judges[answer.judge].append(answer)
        photographs[answer.pair].append(answer.preferred)
    units = [given for given in photographs.values() if len(given) > 1]
    agreement = JudgeAgreement(
        len(units), agreement_share(units), krippendorff_alpha(units)
    )

    def preference(some: Iterable[Answer]) -> Preference:
        return _preference(list(some), first, resamples, seed)

    return ChoiceSummary(
        names=(first, second),
        together=preference(answers),
        judges={who: preference(judges[who]) for who in sorted(judges)},
        agreement=agreement if units else None,
    )


def side_balanced_share(
    answers: Sequence[Answer],
    name: str,
    *,
    resamples: int = 2_000,
    seed: int = 0,
) -> Proportion:
    """Estimate how often one alternative is preferred, both sides alike.

    A judge who favors a side prefers what stands there too often, and chance
    may have put one alternative there in more of the trials. So the share is
    the mean of two: that of the trials with it on the left, and that of the
    trials with it on the right.

    Args:
        answers: as `read_answers` returns them.
        name: the alternative.
        resamples: how many times photographs are drawn.
        seed: of the draws.

    Returns:
        The share, its interval a bootstrap over photographs, each drawn with
        all its answers; without bounds (nan) where there are so few of them
        that a draw may leave a side empty.

    Raises:
        ValueError: if the alternative never stood on one of the sides.

    Example:
        >>> answers = [
        ...     Answer("ann", "pier", "gan", "l1", preferred="gan"),
        ...     Answer("ann", "mill", "gan", "l1", preferred="gan"),
        ...     Answer("ann", "town", "gan", "l1", preferred="gan"),
        ...     Answer("ann", "boat", "l1", "gan", preferred="l1"),
        ... ]
        >>> side_balanced_share(answers, "gan").share
        0.5
    """
    rows: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0], [0, 0]])
    for answer in answers:
        row = rows[answer.pair][answer.left != name]
        row[0] += answer.preferred == name
        row[1] += 1
    counts = np.array(list(rows.values()))  # (photographs, sides, 2)
    if not counts.size or not counts[..., 1].sum(axis=0).all():
        raise ValueError(
            f"{name} never stood on one of the sides, so these can't be"
            " compared; give answers with it on both"
        )

    def mean_of_sides(drawn: np.ndarray) -> float:
        chosen, trials = drawn.sum(axis=0).T
        return (chosen / trials).mean()

    with np.errstate(invalid="ignore"):  # none on a side: nan
        low, high = map(
            float,
            percentile_interval(
                mean_of_sides, counts, resamples=resamples, seed=seed
            ),
        )
    return Proportion(float(mean_of_sides(counts)), low, high, BOOTSTRAP)


def _preference(
    answers: list[Answer], first: str, resamples: int, seed: int
) -> Preference:
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for answer in answers:
        row = rows[answer.pair]
        row[0] += answer.preferred == first
        row[1] += answer.preferred == answer.left
        row[2] += 1
    counts = np.array(list(rows.values()))  # (photographs, 3)
    of_first, of_left = (
        _proportion(counts[:, [column, 2]], resamples, seed)
        for column in (0, 1)
    )
    return Preference(len(answers), len(rows), of_first, of_left)


def _proportion(counts: np.ndarray, resamples: int, seed: int) -> Proportion:
    """Make an interval of (chosen, trials) by photograph."""
    chosen, trials = (int(n) for n in counts.sum(axis=0))
    share = chosen / trials
    shares = counts[:, 0] / counts[:, 1]
    if trials == len(counts) or np.ptp(shares) == 0:
        low, high = wilson_interval(share * len(counts), len(counts))
        return Proportion(share, low, high, WILSON)

    def drawn_share(drawn: np.ndarray) -> float:
        return drawn[:, 0].sum() / drawn[:, 1].sum()

    low, high = map(
        float,
        percentile_interval(
            drawn_share, counts, resamples=resamples, seed=seed
        ),
    )
    return Proportion(share, low, high, BOOTSTRAP)


def _answer(place: str, of: dict[str, str]) -> Answer:
    answer = Answer(*(of[name] for name in Answer.__dataclass_fields__))
    if empty := [name for name in Answer.__dataclass_fields__ if not of[name]]:
        raise ValueError(f"{place}: {empty[0]} is empty; mend or remove it")
    if answer.left == answer.right:
        raise ValueError(
            f"{place}: left and right are both {answer.left}; a choice is"
            " between two"
        )
    if answer.preferred not in (answer.left, answer.right):
        raise ValueError(
            f"{place}: preferred is {answer.preferred}, and neither"
            f" {answer.left} nor {answer.right}"
        )
    return answer
