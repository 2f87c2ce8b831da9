"""Several networks that color, asked as one: teachers of a smaller one.

Each was trained from other first weights, and each is wrong in its own way.
The mean of their probabilities is often better than any of them, and takes as
many times as long. A single network can learn to answer as they do together,
and it learns how sure they are: where they think red and green possible, the
true color is only one of the two. Chapter 14.

References:
    Hinton et al., Distilling the Knowledge in a Neural Network, 2015; Beyer
    et al., Knowledge distillation: A good teacher is patient and consistent,
    CVPR 2022 (both see the same crop).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from colorlib.models.ab_bins import BinLogits
from colorlib.models.catalog import GENERATORS, Entry
from colorlib.models.compact import CompactUnet
from colorlib.models.folding import fold_norms
from colorlib.models.weights import load_generator
from colorlib.shapes import LChannel

BinShares = Float[Tensor, "batch bins rows columns"]


class Ensemble(nn.Module):
    """Networks that classify colors, with one answer. They stay as they are.

    Args:
        members: at least one; what computes is a copy of each, without batch
            norms.

    Raises:
        ValueError: if one gives no choice among bins.
    """

    def __init__(self, members: Sequence[nn.Module]):
        super().__init__()
        for member in members:
            if not isinstance(member, CompactUnet):
                raise ValueError(
                    f"{type(member).__name__} gives one color, not a choice"
                    " among bins; an ensemble is of compact networks"
                )
        self.members = nn.ModuleList([fold_norms(m.eval()) for m in members])

    def train(self, mode: bool = True) -> "Ensemble":  # noqa: ARG002
        """Stay in evaluation mode, whatever is asked for."""
        return super().train(False)

    @torch.no_grad()
    def forward(self, L: LChannel, *, every: int = 1) -> BinShares:
        """Say how likely each color is, in the mean of all members.

        Each looks at the photograph and at its mirror image.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width.
            every: give every second, third ... place of every such row only.

        Returns:
            The bins' probabilities, at a quarter of the resolution.
        """
        both = torch.cat([L, L.flip(-1)])  # (2 B, 1, H, W)
        answers = []
        for member in self.members:
            logits, mirrored = member(both, logits=True).chunk(2)
            for each in (logits, mirrored.flip(-1)):  # (B, bins, h, w)
                few = each[..., ::every, ::every]
                answers.append(few.float().softmax(dim=1))
        return torch.stack(answers).mean(dim=0)


def load_ensemble(
    paths: Sequence[str | Path],
    *,
    generators: Mapping[str, Entry] = GENERATORS,
) -> Ensemble | None:
    """Read the networks that a training is to learn from.

    Args:
        paths: their .safetensors files, with the cards beside them.
        generators: the table of generators.

    Returns:
        The ensemble; None of no paths.

    Raises:
        OSError: if a file isn't there.
        ValueError: if one holds something else, or no choice among bins.
    """
    members = [load_generator(p, generators=generators)[0] for p in paths]
    return Ensemble(members) if members else None


def divergence_of_bins(
    logits: BinLogits, wanted: BinShares
) -> Float[Tensor, ""]:
    """Compare a network's choice among bins with probabilities.

    Args:
        logits: the network's, before a softmax.
        wanted: the probabilities, of the same shape.

    Returns:
        Kullback-Leibler divergence in nats, mean over places: 0 where the
        network finds each color as likely as it should.

    Example:
        >>> unsure = torch.zeros(1, 2, 1, 1)
        >>> f"{divergence_of_bins(unsure, unsure.softmax(dim=1)):.3f}"
        '0.000'
    """
    log_p = logits.float().log_softmax(dim=1)
    return (torch.xlogy(wanted, wanted) - wanted * log_p).sum(dim=1).mean()
