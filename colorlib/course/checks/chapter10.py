"""What chapter 10 asks, and the truth."""

import math

import numpy as np
from jaxtyping import Float

from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import as_numbers, compare_answer

Errors = Float[np.ndarray, " photographs"]

LOSSES = 0.02, 0.3, math.log(2), 1.5
# Of people: small errors of pale colors, and large ones of strong colors.
OURS = np.array([3.0, 9.0, 14.0, 6.0])
GRAYS = np.array([2.0, 12.0, 20.0, 6.0])


def sure(loss: float) -> float:
    """The probability that D gives to the right answer, if always the same."""
    return math.exp(-loss)


def check_sure(answer: object) -> str:
    """The answer is a function: the discriminator's loss in, 0 to 1 out."""
    losses = np.array(LOSSES)
    compare_answer(
        [as_numbers(call(answer, loss)) for loss in LOSSES],
        [sure(loss) for loss in LOSSES],
        mistakes=[
            (np.exp(losses), "A probability above 1? Mind the sign."),
            (1 - losses, "Near 0 it is almost that. And at a loss of 1.5?"),
            (-np.log(losses), "That is the way from p to the loss. Turn back."),
            (
                1 - np.exp(-losses),
                "That is how much it leaves to the wrong answer.",
            ),
            (2.0**-losses, "Our logarithms are natural ones."),
            (
                1 / (1 + np.exp(-losses)),
                "A sigmoid is for logits. This is a loss already.",
            ),
        ],
        otherwise="A patch that is called right with p costs -ln p.",
    )
    return "At ln 2 it is one half, whatever the picture."


def error_reduction(errors: Errors, grays: Errors) -> float:
    """The share of gray's mean error that a model removes."""
    return float(1 - errors.mean() / grays.mean())


def check_removed(answer: object) -> str:
    """The answer is a function: the model's errors and gray's, a share out."""
    means = OURS.mean(), GRAYS.mean()
    compare_answer(
        call(answer, OURS, GRAYS),
        error_reduction(OURS, GRAYS),
        high=1,
        mistakes=[
            (means[0] / means[1], "That is the share which is left."),
            (
                (1 - OURS / GRAYS).mean(),
                "That is the mean of each photograph's share. One that is"
                " nearly gray then counts as much as all the others. Sum up"
                " first, divide afterwards.",
            ),
            (means[1] - means[0], "That is a difference, in units of error."),
            (means[0] - means[1], "That is a difference, in units of error."),
            (means[1] / means[0] - 1, "Whose error is the whole here?"),
        ],
        otherwise="At 1 the model makes no error, at 0 it errs like gray.",
    )
    return "Below 0 it would have done better to do nothing."
