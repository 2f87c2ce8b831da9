"""What chapter 15 asks, and the truth."""

from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import compare_answer
from colorlib.shapes import Number

PAIRS = ((10, 350), (350, 10), (40, 90), (0, 180), (270, 45))


def hue_distance(first: Number, second: Number) -> Number:
    """How far two hues are apart, in degrees: at most half a circle."""
    apart = abs(first - second) % 360
    return min(apart, 360 - apart)


def check_hue_distance(answer: object) -> str:
    """The answer is a function: two angles in, an angle out."""
    given = [call(answer, *pair) for pair in PAIRS]
    plain = [abs(a - b) for a, b in PAIRS]
    compare_answer(
        given,
        [hue_distance(*pair) for pair in PAIRS],
        mistakes=[
            (plain, "Between 350 and 10 lie 20 degrees: hues are a circle."),
            (
                [a - b for a, b in PAIRS],
                "A distance has no sign, and hues are a circle.",
            ),
            (
                [(a - b) % 360 for a, b in PAIRS],
                "That goes one way around. The other one may be shorter.",
            ),
        ],
        otherwise="Two ways lead around the circle. Which one is shorter?",
    )
    return "The shorter way around the circle."
