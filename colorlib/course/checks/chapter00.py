"""What chapter 00 asks, and the truth."""

from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import as_numbers, compare_answer

# Weight, input, target: one of them zero, and signs of all kinds.
POINTS = (1.0, 2.0, 5.0), (-0.5, 3.0, 1.0), (2.0, -1.5, 4.0), (3.0, 0.0, 1.0)
INPUTS = 1.0, 2.0, 10.0, 0.5


def slope(w: float, x: float, target: float) -> float:
    """Gradient of (w x - target)^2 with respect to w."""
    return 2 * (w * x - target) * x


def check_slope(answer: object) -> str:
    """The answer is a function: weight, input, target in, a gradient out."""
    compare_answer(
        [as_numbers(call(answer, *point)) for point in POINTS],
        [slope(*point) for point in POINTS],
        mistakes=[
            (
                [2 * (w * x - t) for w, x, t in POINTS],
                "That is the slope of the square. And of what is inside?",
            ),
            (
                [(w * x - t) ** 2 for w, x, t in POINTS],
                "That is the loss itself. How fast does it rise with w?",
            ),
            (
                [2 * (w * x - t) * w for w, x, t in POINTS],
                "That is the slope with respect to x.",
            ),
            (
                [-slope(*point) for point in POINTS],
                "That points downhill. The gradient points uphill.",
            ),
        ],
        otherwise="Move w by 0.001 and see how much the loss changes.",
    )
    return "The error, times the input, times two."


def largest_rate(x: float) -> float:
    """The learning rate above which gradient descent on (w x)^2 diverges."""
    return 1 / x**2


def check_largest_rate(answer: object) -> str:
    """The answer is a function: an input in, a learning rate out."""
    compare_answer(
        [as_numbers(call(answer, x)) for x in INPUTS],
        [largest_rate(x) for x in INPUTS],
        mistakes=[
            (
                [1 / (2 * x**2) for x in INPUTS],
                "There one step lands on the bottom. How much further may it"
                " go, and still come nearer?",
            ),
            (
                [1 / x for x in INPUTS],
                "The input counts twice: in the answer, and in its slope.",
            ),
            (
                [1 / 4 for _ in INPUTS],
                "That is for x = 2. And for another?",
            ),
        ],
        otherwise="What does one step multiply w by? When is that below -1?",
    )
    return "Beyond it, each step lands higher on the other side."
