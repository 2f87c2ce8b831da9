"""What chapter 16 asks, and the truth."""

from math import log10

from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import compare_answer
from colorlib.shapes import Number

PAIRS = ((28.0, 25.0), (26.99, 22.68), (20.0, 20.0), (19.0, 22.0))


def times_smaller(model: Number, gray: Number) -> Number:
    """How many times smaller the squared error is, of two PSNRs in dB."""
    return 10 ** ((model - gray) / 10)


def check_times_smaller(answer: object) -> str:
    """The answer is a function: two PSNRs in, a factor out."""
    given = [call(answer, *pair) for pair in PAIRS]
    compare_answer(
        given,
        [times_smaller(*pair) for pair in PAIRS],
        mistakes=[
            (
                [10 ** ((m - g) / 20) for m, g in PAIRS],
                "That is the ratio of the errors themselves: PSNR is of their"
                " squares.",
            ),
            (
                [times_smaller(g, m) for m, g in PAIRS],
                "Upside down: a higher PSNR is a smaller error.",
            ),
            ([m / g for m, g in PAIRS], "Decibels are logarithms already."),
            ([m - g for m, g in PAIRS], "That is still in decibels."),
            (
                [log10(m / g) for m, g in PAIRS],
                "Decibels are logarithms already; raise 10 to a power.",
            ),
        ],
        otherwise="Subtract the two: what is 10 times the logarithm of?",
    )
    return "Ten decibels are a factor of ten, in squared error."
