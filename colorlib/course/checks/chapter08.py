"""What chapter 08 asks, and the truth."""

import torch
import torch.nn.functional as F
from torch import Tensor

from colorlib.course.checks.calling import WrongAnswerError, call
from colorlib.course.checks.comparing import compare_answer

# Sides, and how often they are halved: some fit, some are 1 too long.
SIDES = (250, 8), (256, 8), (257, 8), (333, 5), (96, 5), (1, 4), (700, 6)
SMALL, DECK = (64, 16, 6), (256, 64, 8)


def padded(side: int, n_down: int) -> int:
    """The smallest side, no smaller than this one, that halves n_down times."""
    multiple = 2**n_down
    return -(-side // multiple) * multiple


def check_padded(answer: object) -> str:
    """The answer is a function: a side and a number of halvings in."""
    multiples = [2**n for _, n in SIDES]
    fits = [
        side // m * m for (side, _), m in zip(SIDES, multiples, strict=True)
    ]
    compare_answer(
        [call(answer, side, n_down) for side, n_down in SIDES],
        [padded(side, n_down) for side, n_down in SIDES],
        mistakes=[
            (fits, "That cuts off what doesn't fit. Nothing may get lost."),
            (
                [fit + m for fit, m in zip(fits, multiples, strict=True)],
                "What fits already is padded too. Try 256 with 8 halvings.",
            ),
            (
                [1 << (side - 1).bit_length() for side, _ in SIDES],
                "That is a power of two. Does 700 need 1,024, halved 6 times?",
            ),
            (
                [padded(side, 8) for side, _ in SIDES],
                "That is right for 8 halvings. Where does `n_down` come in?",
            ),
        ],
        otherwise="Halve it by hand until it is odd. When may that happen?",
    )
    return "So 257 become 512: three quarters of that square are mirror."


def carried(side: int, width: int, n_down: int) -> list[int]:
    """Numbers that each skip carries, finest first, for one photograph."""
    return [
        width * min(2 ** (level - 1), 8) * (side // 2**level) ** 2
        for level in range(1, n_down)
    ]


def check_carried(answer: object) -> str:
    """The answer is a function: side, width and halvings in, counts out."""
    for shape in (SMALL, DECK):
        side, width, n_down = shape
        levels = range(1, n_down)
        endless = [
            width * 2 ** (level - 1) * (side // 2**level) ** 2
            for level in levels
        ]
        early = [
            width * min(2 ** (n - 1), 8) * (side // 2 ** (n - 1)) ** 2
            for n in levels
        ]
        truth = carried(*shape)
        compare_answer(
            call(answer, *shape),
            truth,
            within=0.5,
            mistakes=[
                (endless, "From 8 * width on they double no more."),
                (early, "The first skip starts after the first halving."),
                (truth[::-1], "The finest one comes first."),
            ],
            otherwise="In the diagram: channels times height times width.",
        )
    return "Beside the few numbers at the bottom, that is a flood."


def hand_across(x: Tensor) -> tuple[Tensor, Tensor]:
    """What the skip keeps, and what the next layer gets."""
    return x, F.leaky_relu(x, 0.2)


def check_hand_across(answer: object) -> str:
    """The answer is a function: x in, x as it was and x activated out."""
    x = torch.tensor([-2.0, -0.5, 0.0, 1.0, 3.0])
    pair = call(answer, x)
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise WrongAnswerError(
            "Two tensors are wanted: what is kept, what is handed on."
        )
    kept, activated = hand_across(x)
    compare_answer(
        pair[0],
        kept.numpy(),
        mistakes=[
            (
                activated.numpy(),
                "What is kept is activated: is it the same memory, or the"
                " other of the two?",
            ),
            (F.relu(x).numpy(), "What is kept is no longer the whole x."),
        ],
        otherwise="The first of the two is not x.",
    )
    compare_answer(
        pair[1],
        activated.numpy(),
        mistakes=[
            (kept.numpy(), "What goes on is not activated."),
            (F.relu(x).numpy(), "A leaky one was wanted, with slope 0.2."),
        ],
        otherwise="The second of the two is not LeakyReLU(0.2) of x.",
    )
    return "Two tensors, two places in memory."
