"""What chapter 05 asks, and the truth."""

import numpy as np
import torch
from jaxtyping import Bool, UInt8

from colorlib.course.checks.calling import WrongAnswerError, call, kind
from colorlib.course.checks.comparing import as_numbers, compare_answer
from colorlib.shapes import ABChannels, LChannel

Thumbnail = UInt8[np.ndarray, "8 9"]
Fingerprint = Bool[np.ndarray, "8 8"]

# Seconds to load a batch and to train on it.
LOAD, STEP = 0.15, 0.05
MEAN = "Compare neighbors with each other, not with the mean."
COINS = 200  # mirrored photographs: enough to tell a half from a quarter


def fingerprint(gray: Thumbnail) -> Fingerprint:
    """Say of each pixel whether its right neighbor is lighter."""
    return gray[:, 1:] > gray[:, :-1]


def check_fingerprint(answer: object) -> str:
    """The answer is a function: 8 x 9 bytes in, 8 x 8 truth values out."""
    gray = np.random.default_rng(5).permutation(256)[:72].astype(np.uint8)
    gray = gray.reshape(8, 9)
    got = call(answer, gray)
    truth = fingerprint(gray)
    # Bytes can't be negative: 3 - 5 is 254, and nearly all seem lighter.
    left, right = gray[:, :-1], gray[:, 1:]
    wrapped = (right - left) > 0
    compare_answer(
        got,
        truth,
        low=0,
        high=1,
        mistakes=[
            (~truth, "That says where it gets darker, not lighter."),
            (wrapped, "Bytes have no sign: 3 - 5 is 254. Compare them."),
            *((side > gray.mean(), MEAN) for side in (left, right)),
        ],
        otherwise="Truth values of the right shape. Which two neighbors does"
        " each of them compare?",
    )
    if as_numbers(got).dtype != bool:
        raise WrongAnswerError(
            "The right numbers; as True and False they can be counted."
        )
    # Equal is not lighter: a white wall must not be all True.
    compare_answer(
        call(answer, np.full((8, 9), 200, np.uint8)),
        np.zeros((8, 8), bool),
        otherwise="And if both are equally light? Then neither is lighter.",
    )
    return "64 bits that survive another size, another exposure, another JPEG."


def idle(load: float, step: float, workers: int) -> float:
    """The share of the time in which the GPU waits, in the long run."""
    wait = max(load / workers - step, 0) if workers else load
    return wait / (wait + step)


def check_idle(answer: object) -> str:
    """The answer is a function: two durations and workers in, a share out."""
    for load, step in ((LOAD, STEP), (STEP, LOAD)):
        for workers in (1, 0, 2, 4):
            who = f"{workers} workers" if workers != 1 else "1 worker"
            compare_answer(
                as_numbers(call(answer, load, step, workers)),
                idle(load, step, workers),
                low=0,
                high=1,
                mistakes=_wrong_waits(load, step, workers),
                otherwise=f"With {who} that load for {load} s and a step of"
                f" {step} s it is another share. Draw the two rows.",
            )
    return "Try it with your own milliseconds and the workers you have."


def _wrong_waits(load: float, step: float, workers: int) -> list:
    """Shares that come of one wrong idea, with what to ask about it."""
    together = load / (load + step)
    if workers == 0:
        return [
            (idle(load, step, 1), "With no workers, who loads meanwhile?"),
        ]
    wrong = [(together, "While a worker loads, the GPU computes.")]
    if workers > 1:
        wrong += [
            (idle(load, step, 1), "How many load at the same time?"),
        ]
    short = load / workers - step
    if short < 0:
        wrong += [
            (short / (short + step), "Nobody waits less than not at all."),
        ]
    return wrong


def mirrored(
    L: LChannel, ab: ABChannels, rng: np.random.Generator
) -> tuple[LChannel, ABChannels]:
    """Mirror half of the photographs, lightness and color together."""
    return (L.flip(-1), ab.flip(-1)) if rng.random() < 0.5 else (L, ab)


def check_mirrored(answer: object) -> str:
    """The answer is a function: L, ab and a generator in, L and ab out."""
    numbers = torch.arange(3.0 * 4 * 6).reshape(3, 4, 6) / 100
    L, ab = numbers[:1], numbers[1:]
    turned = []
    for seed in range(COINS):
        got = call(answer, L, ab, np.random.default_rng(seed))
        if not isinstance(got, tuple | list) or len(got) != 2:
            raise WrongAnswerError(f"L and ab are wanted, this is {kind(got)}.")
        both = [
            _how_turned(new, old) for new, old in zip(got, (L, ab), strict=True)
        ]
        if both[0] != both[1]:
            raise WrongAnswerError(
                "Now and then the color is on the other side than L."
            )
        turned.append(both[0])
    share = np.mean(turned)
    if share in (0, 1):
        which = "all" if share else "none"
        raise WrongAnswerError(f"Of {COINS} photographs {which} were mirrored.")
    if not 0.35 < share < 0.65:
        raise WrongAnswerError(
            f"Of {COINS} photographs {share:.0%} were mirrored."
        )
    return "One random number for both, and color stays where it belongs."


def _how_turned(new: object, old: torch.Tensor) -> bool:
    """Tell whether it is mirrored, or say what else has become of it."""
    got = as_numbers(new)
    if got.shape != old.shape:
        raise WrongAnswerError(
            f"Shape {tuple(old.shape)} is wanted, this has {got.shape}."
        )
    for turned in (False, True):
        if np.array_equal(got, old.flip(-1) if turned else old):
            return turned
    if np.array_equal(got, old.flip(-2)):
        raise WrongAnswerError(
            "Upside down: which axis runs from left to right?"
        )
    raise WrongAnswerError("Neither as it was nor mirrored from left to right.")
