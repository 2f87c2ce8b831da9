"""What chapter 06 asks, and the truth."""

import math

import numpy as np
import torch
from jaxtyping import Float

from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import as_numbers, compare_answer

Colors = Float[torch.Tensor, "dresses 2"]  # a*, b*
Decibels = Float[np.ndarray, " photographs"]

DEGREES = 0.0, 30.0, 60.0, 90.0, 180.0
# Of three medians, one channel may be one dye's and the other another's.
DYES = torch.tensor([[60.0, 40.0], [10.0, -45.0], [-35.0, 30.0]])
_LEFT_OUT = "The infinite ones are left out, and they are the best. Why?"


def moved(degrees: float) -> float:
    """How far a rotation moves a color, in multiples of its chroma."""
    return 2 * math.sin(math.radians(degrees) / 2)


def check_moved(answer: object) -> str:
    """The answer is a function: degrees in, a multiple of the chroma out."""
    angles = np.radians(DEGREES)
    compare_answer(
        [as_numbers(call(answer, degrees)) for degrees in DEGREES],
        [moved(degrees) for degrees in DEGREES],
        mistakes=[
            (2 * np.sin(np.array(DEGREES) / 2), "Sines want radians here."),
            (2 * np.sin(angles), "Is it the sine of the whole angle?"),
            (angles, "That is the way along the circle. Gray goes straight."),
            (np.array(DEGREES) / 60, "It fits at 60. Draw a rotation by 180."),
        ],
        otherwise="Draw gray, the color, and the rotated color as a triangle.",
    )
    return "Three equal sides at 60 degrees, and two in a line at 180."


def best_for_l1(colors: Colors) -> Float[torch.Tensor, "2"]:
    """The color with the least sum of absolute errors in a* and b*."""
    return colors.median(dim=0).values


def check_best_for_l1(answer: object) -> str:
    """The answer is a function: rows of a*, b* in, one such row out."""
    # Odd numbers, so that there is one median and not two.
    for counts in ((4, 3, 2), (1, 2, 6), (5, 5, 1)):
        colors = torch.repeat_interleave(DYES, torch.tensor(counts), dim=0)
        commonest = DYES[counts.index(max(counts))]
        compare_answer(
            call(answer, colors),
            best_for_l1(colors).numpy(),
            mistakes=[
                (colors.mean(dim=0).numpy(), "That is what L2 asks for."),
                (
                    commonest.numpy(),
                    "That is the commonest color, the best answer if only being"
                    " exactly right counts.",
                ),
                (
                    DYES.median(dim=0).values.numpy(),
                    "That is the middle of the dyes. How many have each?",
                ),
            ],
            otherwise="Try it on one channel: which errors fall and which rise"
            " if the guess moves by one unit?",
        )
    return "And it need not be the color of any dress."


def sum_up(decibels: Decibels) -> tuple[float, int]:
    """The median PSNR, and how many are infinite."""
    return float(np.median(decibels)), int(np.isinf(decibels).sum())


def check_psnr(answer: object) -> str:
    """The answer is a function: decibels in, median and a count out."""
    for decibels in ([22.0, 25.0, np.inf, 31.0, 20.5], [18.0, 19.0, 24.0]):
        values = np.array(decibels)
        finite = values[np.isfinite(values)]
        infinite = len(values) - len(finite)
        compare_answer(
            call(answer, values),
            sum_up(values),
            mistakes=[
                ((infinite, np.median(values)), "First the decibels."),
                ((finite.mean(), infinite), _LEFT_OUT),
                ((np.median(finite), infinite), _LEFT_OUT),
                (
                    (np.median(values), len(finite)),
                    "That counts the finite ones.",
                ),
                (
                    (np.median(values), len(values)),
                    "That counts all of them. Which are special?",
                ),
            ],
            otherwise="Two numbers, but others. What is in the middle, when"
            " they are put in order?",
        )
    return "No mean of infinities, and nothing left out."
