"""Trainings that fail, each by one mistake: what chapter 03's gallery shows.

The step below is that of chapter 02 with two steps of the discriminator to
one of the generator, and with switches for mistakes that everybody makes
once. All of them train the same small colorizer (`toys.digits`) and differ
from the healthy training in as few settings as can be.
`experiments/record_failures.py` records them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from colorlib.losses import bce
from colorlib.toys import digits
from colorlib.toys.small_gans import GanPair, networks, perceptron

BATCH, STEPS_AN_EPOCH = 64, 28  # the 1,797 digits, once
EPOCHS, D_STEPS, DROPOUT = 75, 2, 0.5


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How to train; left as it is, nothing fails."""

    about: str
    """What is wrong, in a few words."""
    rate_G: float = 5e-4
    """The generator's learning rate."""
    rate_D: float = 5e-4
    """The discriminator's."""
    beta1: float = 0.5
    """Adam's momentum: the share of the last mean gradient that stays."""
    hidden_D: tuple[int, ...] = (128, 128)
    """Neurons in its hidden layers."""
    detach: bool = True
    """Whether its gradient stops at what was generated."""
    zero_grad: bool = True
    """Whether gradients are forgotten before new ones are computed."""
    real_is: float = 1.0
    """The label of real pictures; generated ones have 1 minus it."""


SETUPS = {
    "ink-healthy": Setup(about="nothing is wrong"),
    "ink-d-won": Setup(about="the discriminator won", rate_G=2e-3),
    "ink-collapse": Setup(about="mode collapse", rate_D=1e-4),
    # A linear D has one direction for all colors; momentum overshoots it.
    "ink-oscillation": Setup(
        about="oscillation", hidden_D=(), rate_D=1e-2, beta1=0.9
    ),
    "ink-no-detach": Setup(about="detach is missing", detach=False),
    "ink-no-zero-grad": Setup(about="zero_grad is missing", zero_grad=False),
    "ink-swapped": Setup(about="the labels are swapped", real_is=0.0),
}


def start(setup: Setup, seed: int = 1) -> GanPair:
    """Make both networks, from a seed.

    Args:
        setup: how to train.
        seed: PyTorch's generator is seeded with it; what is drawn later
            follows from it, too.

    Returns:
        A pair at its start.
    """
    torch.manual_seed(seed)
    G = digits.DigitColorizer()
    D = perceptron(192, *setup.hidden_D, 1, dropout=DROPOUT)
    rates = {"rate_G": setup.rate_G, "rate_D": setup.rate_D}
    return networks(G, D, **rates, beta1=setup.beta1)


def faulty_step(pair: GanPair, setup: Setup) -> dict[str, Tensor]:
    """Update the discriminator twice, then the generator once.

    Args:
        pair: changed in place.
        setup: which mistake to make, if any.

    Returns:
        "d", ln 2 for a discriminator that guesses, and "g"; the probability
        of "real" that it says of "real" and of "fake" things, in the mean.

    Reference:
        Goodfellow et al., Generative Adversarial Nets, NeurIPS 2014,
        algorithm 1 (with k = 2). Chapter 03.
    """
    G, D = pair.G, pair.D
    if setup.zero_grad:
        pair.opt_G.zero_grad()
    for _ in range(D_STEPS):
        fake = G(digits.conditions(BATCH))
        shown = fake.detach() if setup.detach else fake
        on_real, on_fake = D(digits.real(BATCH)), D(shown)
        d_real = bce(on_real, setup.real_is)
        d_fake = bce(on_fake, 1 - setup.real_is)
        if setup.zero_grad:
            pair.opt_D.zero_grad()
        # Without `detach` PyTorch stops at the second `backward`, and its
        # message proposes this. It is how the mistake gets silent.
        (d_real + d_fake).backward(retain_graph=not setup.detach)
        pair.opt_D.step()

    g_loss = bce(D(fake), 1.0)
    g_loss.backward()
    pair.opt_G.step()
    numbers = {
        "d": (d_real + d_fake) / 2,
        "g": g_loss,
        "real": on_real.sigmoid().mean(),
        "fake": on_fake.sigmoid().mean(),
    }
    return {name: number.detach() for name, number in numbers.items()}


def train_faulty(
    pair: GanPair, setup: Setup, *, epochs: int = EPOCHS
) -> Iterator[dict[str, float]]:
    """Train for some epochs.

    Args:
        pair: changed in place.
        setup: how.
        epochs: how long.

    Yields:
        The means of `faulty_step` over each epoch, after it.
    """
    for _ in range(epochs):
        steps = [faulty_step(pair, setup) for _ in range(STEPS_AN_EPOCH)]
        yield {
            name: torch.stack([each[name] for each in steps]).mean().item()
            for name in steps[0]
        }
