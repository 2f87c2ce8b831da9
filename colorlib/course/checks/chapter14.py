"""What chapter 14 asks, and the truth."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from colorlib.color import (
    XYZ_FROM_RGB,
    linear_from_srgb,
    srgb_from_linear,
)
from colorlib.course.checks.calling import WrongAnswerError, call
from colorlib.course.checks.comparing import as_numbers, compare_answer
from colorlib.film.curve import lightness_of_light
from colorlib.film.emulsions import EMULSIONS, FILTERS, expose

APART = 10  # of L*, that the two colors of an answer have to be


def through(w: Sequence[float], t: Sequence[float]) -> list[float]:
    """Weights of a film behind a filter; the exposure keeps gray."""
    product = [a * b for a, b in zip(w, t, strict=True)]
    return [p / sum(product) for p in product]


def check_through(answer: object) -> str:
    """The answer is a function: two lists of three in, one out."""
    w, t = EMULSIONS["panchromatic B"].weights, FILTERS["yellow"]
    product = [a * b for a, b in zip(w, t, strict=True)]
    compare_answer(
        call(answer, w, t),
        through(w, t),
        mistakes=[
            (w, "That is the film without the glass."),
            (t, "That is the glass without the film."),
            (product, "So gray gets darker: the exposure is to be longer."),
            (
                [p / max(product) for p in product],
                "Gray stays as it is if the weights sum to 1.",
            ),
        ],
        otherwise="Light passes the glass, then the film weighs it.",
    )
    return "Blue counts less now, so the sky gets darker than a cloud."


def swapped(first: Any, second: Any) -> tuple[float, float]:
    """By how much the first is lighter, for the eye and on the film."""
    colors = np.stack([as_numbers(first), as_numbers(second)])
    rgb = torch.from_numpy(colors / 255).float().T[:, None]  # (3, 1, 2)
    eye = XYZ_FROM_RGB[1].float()
    film = EMULSIONS["orthochromatic"].weights
    seen = (lightness_of_light(expose(rgb, w))[0, 0] for w in (eye, film))
    by_eye, by_film = ((L[0] - L[1]).item() for L in seen)
    return by_eye, by_film


def check_swap(answer: object) -> str:
    """The answer is two colors of three numbers."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise WrongAnswerError("Give two colors, each a list of three.")
    colors = [as_numbers(color) for color in answer]
    if any(color.shape != (3,) for color in colors):
        raise WrongAnswerError("Each color has red, green and blue.")
    if any(color.min() < 0 or color.max() > 255 for color in colors):
        raise WrongAnswerError("Red, green and blue go from 0 to 255.")
    by_eye, by_film = swapped(*colors)
    if by_eye < APART:
        raise WrongAnswerError(
            f"For the eye the first is lighter by {by_eye:.0f}; it should be"
            f" {APART} or more."
        )
    if by_film > -APART:
        raise WrongAnswerError(
            f"On the film the second is lighter by {-by_film:.0f}; it should"
            f" be {APART} or more. What does the film not see?"
        )
    return f"Lighter by {by_eye:.0f}, and then darker by {-by_film:.0f}."


def film_gray(rgb: Sequence[float], weights: Sequence[float]) -> float:
    """The gray that a film makes of a color, as it is stored."""
    light = linear_from_srgb(torch.as_tensor(rgb, dtype=torch.float64))
    total = (light * torch.as_tensor(weights, dtype=torch.float64)).sum()
    return srgb_from_linear(total).item()


def check_expose(answer: object) -> str:
    """The answer is a function: a color and weights in, a number out."""
    weights = EMULSIONS["panchromatic B"].weights
    color = (0.8, 0.1, 0.1)
    light = linear_from_srgb(torch.tensor(color, dtype=torch.float64))
    pairs = list(zip(color, weights, strict=True))
    amounts = list(zip(light.tolist(), weights, strict=True))
    compare_answer(
        call(answer, color, weights),
        film_gray(color, weights),
        mistakes=[
            (
                sum(value * w for value, w in pairs),
                "That adds stored values. Light is what adds up.",
            ),
            (
                sum(x * w for x, w in amounts),
                "That is the light. A file stores it by the sRGB curve.",
            ),
        ],
        otherwise="To light, add, and back to a stored value.",
    )
    return "Now a red is as light as the film makes it."
