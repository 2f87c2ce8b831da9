"""What is off about a number or an array, without saying what is right.

A wrong answer is seldom just wrong. It has the wrong sign or unit, counts
where a share is wanted, or has its axes turned. Each look below knows one
such mistake, and they are taken in turn.
"""

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from colorlib.course.checks.calling import WrongAnswerError, kind
from colorlib.shapes import Number

# How a value comes to be this many times the right one.
UNITS = {
    100: "A hundred times too large: percent, where a share is wanted?",
    1 / 100: "A hundred times too small: a share, where percent is wanted?",
    255: "It runs up to 255 where 1 is the most: bytes?",
    1 / 255: "It runs up to 1 where 255 is the most: not bytes yet?",
}
SMALL_FACTORS = 2, 3, 4, 1 / 2, 1 / 3, 1 / 4


def compare_answer(
    answer: object,
    truth: object,
    *,
    low: Number = -np.inf,
    high: Number = np.inf,
    within: Number | None = None,
    count: int | None = None,
    mistakes: Iterable[tuple[object, str]] = (),
    otherwise: str = "The form is right, the value is not.",
) -> None:
    """Return if the answer is the truth, and say what is off if it isn't.

    Args:
        answer: the reader's: a number, an array, a tensor, nested lists.
        truth: a number or an array. If it holds bytes, bytes are wanted.
        low: the smallest value that is possible at all.
        high: the largest.
        within: how far a value may be off; by default a ten-thousandth of
            the truth's largest.
        count: how many things a share is a share of.
        mistakes: wrong answers that this exercise invites, with their hints.
        otherwise: the hint if nothing else is known: best a question.

    Raises:
        WrongAnswerError: with a hint.
    """
    got, want = as_numbers(answer), np.asarray(truth)
    _check_form(got, want)
    got, want = got.astype(float), want.astype(float)
    if within is None:
        within = 1e-4 * (np.abs(want).max() or 1)

    def same(a: np.ndarray, b: object) -> bool:
        return np.allclose(a, np.asarray(b), rtol=0, atol=within)

    if same(got, want):
        return
    for wrong, remark in mistakes:
        if same(got, wrong):
            raise WrongAnswerError(remark)
    if same(got, -want):
        raise WrongAnswerError("The sign is off.")
    if (low, high) == (0, 1) and same(got, 1 - want):
        raise WrongAnswerError("That is the share of all the others.")
    hint = _factor(got, want, count)
    if not hint and ((got < low).any() or (got > high).any()):
        hint = _range(got, low, high)
    hint = hint or _power(got, want) or _places(got, want, within)
    raise WrongAnswerError(hint or otherwise)


def as_numbers(answer: object) -> np.ndarray:
    """Turn a number, an array, a tensor or nested lists into an array.

    Raises:
        WrongAnswerError: if there are no numbers in it.
    """
    if answer is None or answer is ...:
        raise WrongAnswerError(f"The answer is {answer!r}.")
    detach = getattr(answer, "detach", None)
    if callable(detach):  # a tensor, on any device
        answer = detach().cpu().numpy()
    if callable(answer):
        raise WrongAnswerError(
            "A value is wanted, this is a function: call it."
        )
    try:
        numbers = np.asarray(answer)
    except ValueError:
        raise WrongAnswerError(
            "The rows differ in length; an array is wanted."
        ) from None
    if numbers.dtype.kind not in "biuf":
        raise WrongAnswerError(f"Numbers are wanted, this is {kind(answer)}.")
    return numbers


def _check_form(got: np.ndarray, want: np.ndarray) -> None:
    if got.shape != want.shape:
        raise WrongAnswerError(_shape(got.shape, want.shape))
    if not np.isfinite(got).all():
        raise WrongAnswerError(
            "Not all of it is a number: there is NaN or infinity."
        )
    if want.dtype == np.uint8 and got.dtype != np.uint8:
        raise WrongAnswerError(
            f"Bytes (np.uint8) are wanted, these are {got.dtype}."
        )


def _shape(got: tuple, want: tuple) -> str:
    if not want:
        return f"One number is wanted, this is an array of shape {got}."
    if not got:
        return f"An array of shape {want} is wanted, this is one number."
    hint = f"Shape {want} is wanted, this has {got}."
    if sorted(got) == sorted(want):
        hint += " The axes are in another order."
    elif np.prod(got) == np.prod(want):
        hint += " As many values, arranged in another way."
    return hint


def _range(got: np.ndarray, low: Number, high: Number) -> str:
    far = got.max() if (got > high).any() else got.min()
    if np.isinf(high):
        possible = f"{low:g} or more"
    else:
        possible = (
            f"{low:g} to {high:g}" if low > -np.inf else f"up to {high:g}"
        )
    return f"Out of range: possible is {possible}, and this has {far:.4g}."


def _factor(got: np.ndarray, want: np.ndarray, count: int | None) -> str | None:
    """One factor everywhere, and zero only where there is to be zero."""
    there = want != 0
    if not there.any() or not np.array_equal(there, got != 0):
        return None
    ratios = got[there] / want[there]
    ratio = ratios.mean()
    if not np.allclose(ratios, ratio, rtol=1e-3):
        return None
    if count and np.isclose(ratio, count, rtol=1e-3):
        return "That is a count; a share is wanted."
    for factor, hint in UNITS.items():
        if np.isclose(ratio, factor, rtol=1e-3):
            return hint
    if np.isclose(ratio, SMALL_FACTORS, rtol=1e-3).any():
        return "Off by a small factor: is something counted twice, or left out?"
    if want.size > 1:
        return "Off by the same factor everywhere."
    return None


def _power(got: np.ndarray, want: np.ndarray) -> str | None:
    if np.allclose(got, want**2, rtol=1e-3):
        return "That is its square."
    if np.allclose(got**2, want, rtol=1e-3):
        return "That is its root."
    return None


def _places(got: np.ndarray, want: np.ndarray, within: Number) -> str | None:
    """Right values in wrong places, or in most of the right ones."""
    if got.size < 2:
        return None

    def right(values: np.ndarray) -> np.ndarray:
        return np.isclose(got, values, rtol=0, atol=within)

    for a, b in combinations(range(want.ndim), 2):
        turned = np.swapaxes(want, a, b)
        if turned.shape == got.shape and right(turned).all():
            return f"Transposed: axes {a} and {b} are swapped."
    for axis in range(want.ndim):
        if right(np.flip(want, axis)).all():
            return f"Axis {axis} runs the other way."
    in_order = np.sort(got, axis=None) - np.sort(want, axis=None)
    if np.abs(in_order).max() <= within:
        return "The values are right, their places are not."
    if np.ptp(got - want) < 1e-3 * np.ptp(want):
        return "Off by the same amount everywhere."
    share = right(want).mean()
    if share >= 0.5:
        return f"Right in {share:.0%} of the places. What is special elsewhere?"
    return None
