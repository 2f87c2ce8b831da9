"""What chapter 02 asks, and the truth."""

import torch
from torch import Tensor

from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import compare_answer
from colorlib.losses import bce
from colorlib.toys.small_gans import best_discriminator

# Places with as many real things as generated, more of either, only one kind.
P = torch.tensor([0.1, 0.3, 0.05, 0.0, 0.2], dtype=torch.float64)
Q = torch.tensor([0.1, 0.1, 0.25, 0.3, 0.0], dtype=torch.float64)
RATIOS = 1.0, 3.0, 0.5


def heap(p: Tensor, q: Tensor, r: float) -> Tensor:
    """The best answer where r real things lie in a heap for each generated."""
    return best_discriminator(r * p, q)


def check_heap(answer: object) -> str:
    """The answer is a function: p, q and r in, a probability out."""
    for r in RATIOS:
        compare_answer(
            call(answer, P, Q, r),
            heap(P, Q, r),
            low=0,
            high=1,
            mistakes=[
                (heap(P, Q, 1.0), "That is right for r = 1, and this is not."),
                (
                    heap(P, Q, 1 / r),
                    "That is for r generated things to each real one.",
                ),
                (1 - heap(P, Q, r), "That is the share of the generated."),
            ],
            otherwise="A share, but another. What does a place cost, when"
            " r times as many real things lie there?",
        )
    return "D* is what it becomes for r = 1."


def d_loss_of(real: Tensor, fake: Tensor) -> float:
    """D's loss, of its logits on real things and on generated ones."""
    return ((bce(real, 1.0) + bce(fake, 0.0)) / 2).item()


def check_d_loss_of(answer: object) -> str:
    """The answer is the friend's function, mended."""
    sure, unsure = torch.full((8, 1), 20.0), torch.linspace(-2, 3, 8)[:, None]
    for real, fake in ((unsure, unsure - 1), (sure, -sure)):
        halves = d_loss_of(real, fake)
        twice = d_loss_of(real.sigmoid(), fake.sigmoid())
        compare_answer(
            call(answer, real, fake),
            halves,
            within=1e-5,
            low=0,
            mistakes=[
                (twice, "Still the friend's: how often is there a sigmoid?"),
                (2 * halves, "Both halves together; the mean is wanted."),
                (d_loss_of(fake, real), "Real and generated are swapped."),
            ],
        )
    return "Now a discriminator that is sure and right has a loss of 0."
