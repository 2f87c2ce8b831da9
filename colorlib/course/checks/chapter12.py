"""What chapter 12 asks, and the truth."""

from collections.abc import Sequence

import numpy as np

from colorlib.course.checks.calling import WrongAnswerError, call
from colorlib.course.checks.comparing import as_numbers, compare_answer

CHOOSE = (3.0, 2.0, 1.0, 1.5)
JUDGE = (3.2, 1.4, 1.9, 1.7)


def stopped(
    choose: Sequence[float], judge: Sequence[float]
) -> tuple[int, float]:
    """The place that one half chooses, and its error on the other half."""
    place = int(np.argmin(choose))
    return place, judge[place]


def check_stopped(answer: object) -> str:
    """The answer is a function: two lists of errors in, place and error out."""
    given = call(answer, list(CHOOSE), list(JUDGE))
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise WrongAnswerError(
            "stopped gives two things, a place and an error."
        )
    numbers = [as_numbers(x) for x in given]
    if any(x.size != 1 for x in numbers):
        raise WrongAnswerError(
            "stopped gives a place and an error, one number each."
        )
    place, error = (x.item() for x in numbers)
    best = int(np.argmin(JUDGE))
    compare_answer(
        [place, error],
        stopped(CHOOSE, JUDGE),
        mistakes=[
            (
                [int(np.argmin(CHOOSE)), min(CHOOSE)],
                "The place is right. But this error has luck in it: it is from"
                " the half that chose.",
            ),
            (
                [best, min(JUDGE)],
                "That chooses by the half that is to judge.",
            ),
            (
                [int(np.argmin(CHOOSE)), min(JUDGE)],
                "The place is right. The error is of another place.",
            ),
            (
                [int(np.argmin(CHOOSE)) + 1, stopped(CHOOSE, JUDGE)[1]],
                "Places count from 0.",
            ),
        ],
        otherwise="Where is the lowest error of choose? Take judge's there.",
    )
    return "Chosen by one half, judged by the other."
