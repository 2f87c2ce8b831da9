"""GANs small enough to watch: on numbers, on points, on tiny pictures.

The pair is the colorizers' own, with their loss, but played where it can be
drawn, and without a photograph to start from. Chapter 02 plays it.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from colorlib.losses import bce

Batch = Float[Tensor, "batch _"]  # of data or of noise
Points = Float[Tensor, "points 2"]
Density = Float[Tensor, "..."]

# A ring of eight hues, as points (a*, b*) in units of their chroma: a color
# that clothes may have, and small differences between one dress and another.
HUES, SPREAD = 8, 0.05


def best_discriminator(p: Density, q: Density) -> Density:
    """Return what no discriminator can do better than: D* = p / (p + q).

    Where p real things stand beside q generated ones, this is the share of
    the real. It makes p * bce(logit, 1) + q * bce(logit, 0) smallest, at each
    place by itself.

    Args:
        p: how densely real things lie at some places, 0 or more.
        q: how densely generated ones lie there.

    Returns:
        The probability of "real" at each, in [0, 1]. NaN where neither lies:
        there every answer is as good.

    Reference:
        Goodfellow et al., Generative Adversarial Nets, NeurIPS 2014,
        proposition 1. Chapter 02.
    """
    return p / (p + q)


def non_saturating(logits: Float[Tensor, "..."]) -> Float[Tensor, ""]:
    """Tell the generator to make "real" likely: -log D, what is used.

    Args:
        logits: the discriminator's, on generated things.

    Returns:
        The mean, in nats. Its slope goes to -1 for a generator that fools
        nobody, and to 0 for one that fools everybody.

    Reference:
        Goodfellow et al., 2014, section 3. Chapter 02.
    """
    return bce(logits, 1.0)


def saturating(logits: Float[Tensor, "..."]) -> Float[Tensor, ""]:
    """Tell the generator to make "generated" unlikely: log(1 - D).

    Args:
        logits: the discriminator's, on generated things.

    Returns:
        The mean, in nats, below 0. Its slope goes to 0 for a generator that
        fools nobody, which then can't learn.

    Reference:
        Goodfellow et al., 2014, equation 1. Chapter 02.
    """
    return -bce(logits, 0.0)


class Shift(nn.Module):
    """A generator of one number: it moves its noise along the line.

    Args:
        start: how far it moves it at first.
    """

    def __init__(self, start: float | int):
        super().__init__()
        self.shift = nn.Parameter(torch.tensor(start))

    def forward(self, z: Batch) -> Batch:
        """Generate a number from each number of noise."""
        return z + self.shift


class Line(nn.Module):
    """A discriminator of two numbers: its logit is a straight line.

    Between two bells of one width the best logit is such a line, so two
    numbers are enough. At first it guesses.
    """

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.0))
        self.offset = nn.Parameter(torch.tensor(0.0))

    def forward(self, x: Batch) -> Batch:
        """Judge each number: above 0 for "real"."""
        return self.slope * x + self.offset


def perceptron(*widths: int, dropout: float = 0.0) -> nn.Sequential:
    """Build layers of neurons, each seeing all of the layer before.

    Args:
        widths: the number of values that go in, of neurons in each layer,
            and of values that come out, which have no bound.
        dropout: the share of neurons that are silent at each training step.

    Returns:
        The network.
    """
    layers: list[nn.Module] = []
    for before, after in zip(widths, widths[1:], strict=False):
        layers += [nn.Linear(before, after)]
        layers += [nn.LeakyReLU(0.2), nn.Dropout(dropout)]
    return nn.Sequential(*layers[:-2])


@dataclass
class GanPair:
    """Two networks and their optimizers: everything that training changes."""

    G: nn.Module
    D: nn.Module
    opt_G: torch.optim.Optimizer
    opt_D: torch.optim.Optimizer


def three_numbers(
    start: float | int = -2.0,
    *,
    rate_G: float | int = 0.1,
    rate_D: float | int = 0.5,
) -> GanPair:
    """Set up the smallest GAN there is: G has one number and D has two.

    Args:
        start: where G's numbers lie at first.
        rate_G: how far G goes down its slope at a step.
        rate_D: likewise.

    Returns:
        A pair for batches of one value, and as much noise.

    Reference:
        Mescheder, Geiger, Nowozin, Which Training Methods for GANs do
        actually Converge?, ICML 2018, section 2, where D has one number and
        never settles. Chapter 02.
    """
    G, D = Shift(start), Line()
    sgd = torch.optim.SGD
    return GanPair(
        G, D, sgd(G.parameters(), rate_G), sgd(D.parameters(), rate_D)
    )


def networks(
    G: nn.Module,
    D: nn.Module,
    *,
    rate_G: float | int = 1e-3,
    rate_D: float | int = 1e-3,
    beta1: float | int = 0.5,
) -> GanPair:
    """Set up a pair of two networks, each with Adam as the colorizers have it.

    Args:
        G: the generator.
        D: the discriminator; it gives one logit for each thing.
        rate_G: the generator's learning rate.
        rate_D: the discriminator's.
        beta1: Adam's momentum, how much of the last step is taken again.

    Returns:
        A pair.
    """
    opt_G, opt_D = (
        torch.optim.Adam(network.parameters(), rate, betas=(beta1, 0.999))
        for network, rate in ((G, rate_G), (D, rate_D))
    )
    return GanPair(G, D, opt_G, opt_D)


def pair_step(
    pair: GanPair,
    real: Batch,
    z: Batch,
    generator_loss: Callable[[Tensor], Tensor] = non_saturating,
) -> dict[str, Tensor]:
    """Move the discriminator once, then the generator once.

    Args:
        pair: changed in place.
        real: real things.
        z: as much noise as the generator turns into things.
        generator_loss: of the discriminator's logits on those.

    Returns:
        "d", ln 2 for a discriminator that guesses, and "g".

    Reference:
        Goodfellow et al., 2014, algorithm 1. Chapter 02.
    """
    fake = pair.G(z)

    # Discriminator: real towards 1, generated towards 0.
    d_real = bce(pair.D(real), 1.0)
    d_fake = bce(pair.D(fake.detach()), 0.0)
    d_loss = (d_real + d_fake) / 2
    _descend(pair.opt_D, d_loss)

    # Generator: fool the discriminator that has just learned.
    g_loss = generator_loss(pair.D(fake))
    _descend(pair.opt_G, g_loss)
    return {"d": d_loss.detach(), "g": g_loss.detach()}


def train_pair(
    pair: GanPair,
    real: Callable[[], Batch],
    noise: Callable[[], Batch],
    *,
    steps: int,
    generator_loss: Callable[[Tensor], Tensor] = non_saturating,
) -> Iterator[dict[str, Tensor]]:
    """Play for some steps.

    Args:
        pair: changed in place.
        real: draws a batch of real things.
        noise: draws a batch of noise.
        steps: how often both move.
        generator_loss: see `pair_step`.

    Yields:
        The losses of each step, after it.
    """
    for _ in range(steps):
        yield pair_step(pair, real(), noise(), generator_loss)


def ring(count: int) -> Points:
    """Draw dresses: eight hues around gray, each as likely as the others.

    Args:
        count: how many.

    Returns:
        Their colors as points at a distance of about 1 from gray, (0, 0).
    """
    hue = torch.randint(HUES, (count,))
    return _hues()[hue] + SPREAD * torch.randn(count, 2)


def hues_found(points: Points) -> Int[Tensor, " hues"]:
    """Count the points at each hue of the ring; those between count nowhere.

    Args:
        points: generated colors.

    Returns:
        Eight counts. A point is at a hue within four spreads of it, where
        nearly all real ones are.
    """
    near = torch.cdist(points, _hues()) < 4 * SPREAD
    return near.sum(dim=0)


def _hues() -> Points:
    angle = 2 * math.pi * torch.arange(HUES) / HUES
    return torch.stack([angle.cos(), angle.sin()], dim=1)


def _descend(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
