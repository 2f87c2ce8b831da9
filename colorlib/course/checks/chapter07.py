"""What chapter 07 asks, and the truth."""

import math

import torch
from torch import Tensor

from colorlib.color import AB_SCALE
from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import as_numbers, compare_answer
from colorlib.shapes import ABChannels

SIDE = 32  # a wave is as easily lost in a small picture
G_GAN, G_L1 = 2.0, 0.08  # two losses that can't be taken for one another


def even(l1_weight: float) -> float:
    """The error at which L1 costs what a guessing discriminator costs."""
    return AB_SCALE * math.log(2) / l1_weight


def check_even(answer: object) -> str:
    """The answer is a function: lambda in, units of a* and b* out."""
    weights = (1.0, 10.0, 100.0)
    inverse = [1 / weight for weight in weights]
    guess = math.log(2)
    compare_answer(
        [as_numbers(call(answer, weight)) for weight in weights],
        [even(weight) for weight in weights],
        mistakes=[
            (
                [guess * each for each in inverse],
                "That is the L1 loss. In which units does the network count?",
            ),
            (
                [guess * each / AB_SCALE for each in inverse],
                "The network's numbers are small, and units are many: is it"
                " divided where it should be multiplied?",
            ),
            (
                [AB_SCALE * each for each in inverse],
                "What is the loss of a discriminator that guesses?",
            ),
            (
                [AB_SCALE * guess * weight for weight in weights],
                "The larger lambda, the smaller an error is enough.",
            ),
        ],
        otherwise="Write down lambda times L1 equals the loss of a guess, and"
        " solve it for L1.",
    )
    return "At 100 that is very little, if it is spread evenly."


def fine_share(ab: ABChannels, cycles: int) -> float:
    """The share of a picture's power in waves of that many cycles or more."""
    power, across = _power(ab), _cycles()
    return (power[:, across >= cycles].sum() / power.sum()).item()


def check_fine_share(answer: object) -> str:
    """The answer is a function: ab and cycles in, a share out."""
    ab = cloth()
    for cycles in (4, 9):
        power = _power(ab)
        fine = _cycles() >= cycles
        size = power.sqrt()
        with_mean = power.clone()
        with_mean[:, 0, 0] = ab.mean(dim=(1, 2)).square()
        one_way = _one_way() >= cycles
        compare_answer(
            as_numbers(call(answer, ab, cycles)),
            fine_share(ab, cycles),
            low=0,
            high=1,
            mistakes=[
                (
                    power[:, fine].sum() / with_mean.sum(),
                    "The mean color is no wave: leave it out of the sum.",
                ),
                (
                    (power[:, fine].sum(1) / power.sum((1, 2))).mean(),
                    "Add both channels up before you divide.",
                ),
                (
                    power[0, fine].sum() / power[0].sum(),
                    "And the second channel?",
                ),
                (
                    size[:, fine].sum() / size.sum(),
                    "Power is the square of a wave's size.",
                ),
                (
                    power[:, one_way.expand(SIDE, SIDE)].sum() / power.sum(),
                    "Waves run down, too, and across both.",
                ),
                (
                    power[:, one_way.expand(SIDE, SIDE).T].sum() / power.sum(),
                    "Waves run across, too, and along both.",
                ),
                (
                    power[:, _cycles() > cycles].sum() / power.sum(),
                    "Waves of exactly that many cycles count as fine.",
                ),
                (
                    0.0,
                    "`fftfreq(n)` counts cycles per pixel. How many are"
                    " there across the picture?",
                ),
            ],
            otherwise="Between 0 and 1, but another share. Which waves are"
            " fine, and what is all of it?",
        )
    return "A large share need not be good: noise has the largest."


def objective(g_gan: float, g_l1: float, l1_weight: float) -> float:
    """What the generator of pix2pix makes small."""
    return g_gan + l1_weight * g_l1


def check_objective(answer: object) -> str:
    """The answer is a function: two losses and lambda in, their sum out."""
    for weight in (100.0, 0.0, 7.0):
        compare_answer(
            as_numbers(call(answer, G_GAN, G_L1, weight)),
            objective(G_GAN, G_L1, weight),
            mistakes=[
                (
                    weight * (G_GAN + G_L1),
                    "Lambda still multiplies both, and decides nothing.",
                ),
                (weight * G_GAN + G_L1, "That weighs the other one."),
                (G_GAN + G_L1, "And lambda?"),
                (weight * G_L1, "The discriminator has no say any more."),
            ],
            otherwise="Two losses, one of them weighed. Write the formula of"
            " the paper.",
        )
    return "At 0 the GAN is alone, and at 100 L1 has most of the loss."


def cloth() -> ABChannels:
    """Waves of all sizes and a mean color: whatever is left out is missed."""
    rng = torch.Generator().manual_seed(7)
    a, b = 0.04 + 0.05 * torch.randn(2, SIDE, SIDE, generator=rng)
    # A stronger and coarser b: else each channel has the same share.
    return torch.stack([a, b + b.roll(1, dims=0) + b.roll(1, dims=1)])


def _power(ab: ABChannels) -> Tensor:
    waves = torch.fft.fft2(ab, norm="forward")
    waves[:, 0, 0] = 0  # the mean
    return waves.abs().square()


def _cycles() -> Tensor:
    return torch.hypot(_one_way()[:, None], _one_way())


def _one_way() -> Tensor:
    return torch.fft.fftfreq(SIDE, 1 / SIDE).abs()
