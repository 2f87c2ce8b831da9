"""Other questions to a network than its one answer.

A network that predicts a palette says how likely each color is, at each
place; the median becomes the picture. The palette also tells how sure the
network is, and what else it thinks possible. Each class here is a generator
around another one, so that `Colorizer` uses it in its place, at any size.

    MirrorAveraged   the mean over a photograph and its mirror image
    Leaning          colors at another quantile than the median: a variant
    Doubting         how likely the color is off, and the palette's entropy
    Asking           several of these, for which the network runs once

References:
    Zhang et al., Colorful Image Colorization, ECCV 2016, section 2.
    Chapter 14.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from colorlib.color import AB_SCALE
from colorlib.models.ab_bins import AbBins, BinLogits
from colorlib.models.generator import Generator
from colorlib.shapes import ABChannels, LChannel

NEAR = 15.0  # in units of a* and b*: a farther color is another color
# Of a* (from green to red) and b* (from blue to yellow): where in the palette
# a variant takes its color. The answer itself has the `MEDIANS`.
MEDIANS = (0.5, 0.5)
LEANINGS = {
    "warmer": (0.8, 0.8),
    "cooler": (0.2, 0.2),
    "greener": (0.2, 0.8),
    "rosier": (0.8, 0.2),
}


class PaletteError(ValueError):
    """A network that predicts one color was asked for its palette."""


def palette_of(G: Generator) -> tuple[AbBins, float]:
    """Return what turns a network's logits into colors.

    Args:
        G: a network.

    Returns:
        Its bins, and its temperature.

    Raises:
        PaletteError: if it predicts one color for each place.
    """
    bins = getattr(G, "bins", None)
    if not isinstance(bins, AbBins):
        raise PaletteError(
            "predicts one color for each place and no palette, so it can't"
            " say how sure it is, nor what else is possible"
        )
    return bins, float(getattr(G, "temperature", 1.0))


class MirrorAveraged(Generator):
    """The mean of what a network says of a photograph and of its mirror image.

    Of a palette the probabilities are averaged, else the colors.

    Args:
        G: a network. This one is in the same mode, training or evaluation.

    Reference:
        Krizhevsky et al., ImageNet Classification with Deep Convolutional
        Neural Networks, NeurIPS 2012, section 4.1.
    """

    def __init__(self, G: Generator):
        super().__init__()
        self.G, self.config, self.multiple = G, G.config, G.multiple
        self.train(G.training)
        self.has_palette = isinstance(getattr(G, "bins", None), AbBins)
        if self.has_palette:
            self.bins, self.temperature = palette_of(G)

    def forward(
        self, L: LChannel, *, logits: bool = False
    ) -> ABChannels | BinLogits:
        """Predict color, or the palette's logits, as the network does."""
        if not self.has_palette:
            return (self.G(L) + self.G(L.flip(-1)).flip(-1)) / 2
        there = self.G(L, logits=True).log_softmax(1)
        mirrored = self.G(L.flip(-1), logits=True).log_softmax(1).flip(-1)
        both = torch.logaddexp(there, mirrored)
        if logits:
            return both
        ab = self.bins.annealed_median(both, self.temperature)
        return F.interpolate(ab, L.shape[-2:], mode="bilinear")


class Leaning(Generator):
    """A network's palette, with colors from beside its median.

    Where the network is sure, all quantiles lie close together, and a variant
    looks as the answer does. Where it isn't, they differ, and all in the same
    direction: a variant has no patches of its own.

    Args:
        G: a network that predicts a palette.
        at: quantiles of a* and b*, above 0 and below 1.

    Raises:
        PaletteError: if it predicts none.
    """

    def __init__(self, G: Generator, at: tuple[float, float]):
        super().__init__()
        self.bins, self.temperature = palette_of(G)
        self.G, self.at = G, at
        self.config, self.multiple = G.config, G.multiple
        self.train(G.training)

    def forward(self, L: LChannel) -> ABChannels:
        """Predict color."""
        return self.read(self.G(L, logits=True), L.shape[-2:])

    def read(self, logits: BinLogits, size: Sequence[int]) -> ABChannels:
        """Predict color from what the network said.

        Args:
            logits: how likely each bin is, before a softmax.
            size: height and width of the color.
        """
        ab = self.bins.annealed_median(logits, self.temperature, at=self.at)
        return F.interpolate(ab, tuple(size), mode="bilinear")


class Doubting(Generator):
    """How unsure a network is, in place of colors.

    Args:
        G: a network that predicts a palette.

    Raises:
        PaletteError: if it predicts none.
    """

    def __init__(self, G: Generator):
        super().__init__()
        self.bins, self.temperature = palette_of(G)
        self.G, self.config, self.multiple = G, G.config, G.multiple
        self.train(G.training)

    def forward(self, L: LChannel) -> Float[Tensor, "batch 2 _ _"]:
        """Tell how unsure the network is at each place.

        Args:
            L: lightness in [-1, 1], as the network takes it.

        Returns:
            The probability that the true color is more than `NEAR` from the
            answer; and the entropy of the palette, as a share of that of a
            palette in which all colors are equally likely. Both in [0, 1],
            batch x 2 x height x width.
        """
        return self.read(self.G(L, logits=True), L.shape[-2:])

    def read(
        self, logits: BinLogits, size: Sequence[int]
    ) -> Float[Tensor, "batch 2 _ _"]:
        """Tell the same from what the network said.

        Args:
            logits: how likely each bin is, before a softmax.
            size: height and width of the map.
        """
        logits = logits.float()
        ab = self.bins.annealed_median(logits, self.temperature)
        log_p = (logits / self.temperature).log_softmax(1)
        p = log_p.exp()  # (B, bins, h, w)
        doubt = 1 - (p * self._near(ab)).sum(1)
        entropy = -(p * log_p).sum(1) / math.log(len(self.bins))
        told = torch.stack([doubt, entropy], dim=1).clamp(0, 1)
        return F.interpolate(told, tuple(size), mode="bilinear")

    def _near(self, ab: ABChannels) -> Float[Tensor, "batch bins rows columns"]:
        """Tell which share of each bin's square is near the answer."""
        a, b = ab.unsqueeze(2).unbind(1)  # (B, 1, h, w) each
        centers = self.bins.centers[..., None, None]  # (bins, 2, 1, 1)
        distance = AB_SCALE * torch.hypot(a - centers[:, 0], b - centers[:, 1])
        # A bin is 10 wide: it gives way over a few units, not at once.
        return ((NEAR - distance) / 10 + 0.5).clamp(0, 1)


class Asking(Generator):
    """Several questions to a network, which runs once for all of them.

    Args:
        questions: generators around one and the same network.
    """

    def __init__(self, *questions: Leaning | Doubting):
        super().__init__()
        self.questions, self.G = questions, questions[0].G
        self.channels = 2 * len(questions)
        self.config, self.multiple = self.G.config, self.G.multiple
        self.train(self.G.training)

    def forward(self, L: LChannel) -> Float[Tensor, "batch channels _ _"]:
        """Answer all questions.

        Args:
            L: lightness in [-1, 1], as the network takes it.

        Returns:
            What each question's `forward` gives, two channels each, in their
            order: batch x channels x height x width.
        """
        logits = self.G(L, logits=True)
        told = [each.read(logits, L.shape[-2:]) for each in self.questions]
        return torch.cat(told, dim=1)
