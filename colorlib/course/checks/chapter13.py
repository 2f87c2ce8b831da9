"""What chapter 13 asks, and the truth."""

from collections.abc import Sequence

import numpy as np

from colorlib.course.checks.calling import WrongAnswerError, call
from colorlib.course.checks.comparing import compare_answer
from colorlib.evaluation.choices import CHANCE, wilson_interval

SETS = ((0.0, 1.0, 3.0, 1.0), (1.0, 2.0, 1.0, 5.0), (-1.0, 0.5, 2.0, 3.0))


def frechet(
    mean: float, std: float, true_mean: float, true_std: float
) -> float:
    """Fréchet distance of two normal distributions of one number."""
    return (mean - true_mean) ** 2 + (std - true_std) ** 2


def check_frechet(answer: object) -> str:
    """The answer is a function: two means and deviations in, a number out."""
    given = [call(answer, *numbers) for numbers in SETS]
    means = np.array([(m - n) ** 2 for m, _, n, _ in SETS])
    spreads = np.array([(s - t) ** 2 for _, s, _, t in SETS])
    sums = np.array([s**2 + t**2 for _, s, _, t in SETS])
    squares = np.array([(s**2 - t**2) ** 2 for _, s, _, t in SETS])
    compare_answer(
        given,
        [frechet(*numbers) for numbers in SETS],
        mistakes=[
            (means, "Two sets with equal means can differ in their spread."),
            (spreads, "The means count, too."),
            (
                np.sqrt(means + spreads),
                "FID is a squared distance: no root is taken at the end.",
            ),
            (
                means + squares,
                "The formula has covariances; their roots are the deviations.",
            ),
            (means + sums, "The last part of the trace is subtracted."),
        ],
        otherwise="Write s * s and t * t for the covariances in the trace.",
    )
    return "With 2,048 numbers it is the same, but for how they vary together."


def mean_of_pairs(k: np.ndarray) -> float:
    """Average a square of kernels over pairs of different pictures."""
    n = len(k)
    return float((k.sum() - np.trace(k)) / (n * (n - 1)))


def check_pairs(answer: object) -> str:
    """The answer is a function: a square of numbers in, a number out."""
    x = np.random.default_rng(13).normal(size=(5, 3))
    k = (x @ x.T / 3 + 1) ** 3
    compare_answer(
        call(answer, k),
        mean_of_pairs(k),
        mistakes=[
            (k.mean(), "Each picture still meets itself, on the diagonal."),
            (
                k.sum() - np.trace(k),
                "That is the sum. Divide by the number of pairs.",
            ),
            (
                (k.sum() - np.trace(k)) / k.size,
                "The diagonal is left out of the sum, and still counted.",
            ),
            (np.triu(k, 1).sum(), "Divide by the number of pairs."),
        ],
        otherwise="Of n times n numbers, n stand on the diagonal.",
    )
    return "A mean without the pictures themselves is right for any number."


def differs(answers: Sequence[bool]) -> bool:
    """Whether the interval of all answers leaves out one half."""
    low, high = wilson_interval(sum(answers), len(answers))
    return not low <= CHANCE <= high


def check_stopped(answer: object) -> str:
    """The answer is a function: true and false in, true or false out."""
    early = [True] * 12 + [False, True] * 44
    late = [True, False] * 20 + [True] * 40
    cases = (
        ([True, False] * 30, False, "Half and half is no preference."),
        (late, True, "All answers count, the last ones, too."),
        (
            early,
            False,
            "Look at the interval once, when all answers are there.",
        ),
        ([not a for a in late], True, "Either of the two may be preferred."),
    )
    for answers, true, told in cases:
        said = call(answer, answers)
        if not isinstance(said, bool | np.bool_):
            raise WrongAnswerError("differs says True or False.")
        if said != true:
            raise WrongAnswerError(told)
    return "One look at the end, as planned before the first answer."
