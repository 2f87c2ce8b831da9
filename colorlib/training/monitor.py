"""Signs that a training goes wrong, while there is time to stop it.

A loss that is not a finite number stops a run (`run_folder`). These signs
only warn, each in a line that says what is seen, what it means and what to
do. Chapter 03 makes them happen, chapter 10 reads them off curves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

WON = 0.05  # discriminator's loss; it is ln 2 = 0.69 where it guesses


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From where on a loss is a warning."""

    steps: int = 200
    """Steps whose mean is looked at: from batch to batch losses jump."""
    won: float = WON
    """A discriminator's loss below this: it is always right."""
    climbed: float = 2.0
    """A loss at so many times its lowest mean. In the deck's first model,
    healthy, L1 rises a little while colors get stronger."""
    climbed_g_gan: float = 3.0
    """The same for "g_gan", which rises while the discriminator learns."""


class Watch:
    """Looks at each step's losses, and says once what becomes of them.

    Args:
        ignored: losses that teach nothing, whatever they do.
        limits: from where on a loss is a warning.
    """

    def __init__(
        self, ignored: Collection[str] = (), limits: Limits = Limits()
    ):
        self.ignored = ignored
        self.limits = limits
        self.steps = 0
        self.sums: dict[str, float | Tensor] = {}
        self.means: list[dict[str, float]] = []
        self.said: set[str] = set()

    def add(self, losses: Mapping[str, float | Tensor]) -> list[str]:
        """Take a step's losses; they are read once in `limits.steps` steps.

        Args:
            losses: by name: "d" is the discriminator's, "g_gan" what the
                generator makes of it, others are the generator's own.

        Returns:
            A line for each sign that is seen for the first time.
        """
        self.steps += 1
        for name, loss in losses.items():
            if name not in self.ignored:
                self.sums[name] = self.sums.get(name, 0) + loss
        steps = self.limits.steps
        if self.steps % steps:
            return []
        self.means.append({k: float(v) / steps for k, v in self.sums.items()})
        self.sums = {}
        found = signs(self.means, self.limits)
        new = [line for name, line in found.items() if name not in self.said]
        self.said |= found.keys()
        return new


def ignored_losses(gan_weight: float = 1.0, l1_weight: float = 1.0) -> set[str]:
    """Name the losses of a GAN that are computed, and teach nothing.

    Args:
        gan_weight: the weight of the adversarial loss.
        l1_weight: the weight of the L1 loss.
    """
    ignored = {"d", "g_gan"} if gan_weight == 0 else set()
    return ignored | ({"g_l1"} if l1_weight == 0 else set())


def signs(
    means: Sequence[Mapping[str, float]], limits: Limits = Limits()
) -> dict[str, str]:
    """Look for signs of a failing training in a run's losses.

    Args:
        means: of each `limits.steps` steps, the latest last.
        limits: from where on a loss is a warning.

    Returns:
        For each loss that is one, a line: what is seen, and what to do.

    Reference:
        Goodfellow, NIPS 2016 Tutorial: Generative Adversarial Networks,
        section 5. Chapters 03 and 10.
    """
    found = {}
    for name, last in means[-1].items():
        lowest = min(mean[name] for mean in means)
        climbed = limits.climbed_g_gan if name == "g_gan" else limits.climbed
        if name == "d" and last < limits.won:
            found[name] = (
                f"the discriminator's loss was {last:.3f} over {limits.steps}"
                " steps, near zero: it is always right, and the generator can't"
                " learn from it any more; lower learning_rate_D, or give L1"
                " more weight (l1_weight)"
            )
        elif name != "d" and last > lowest * climbed:
            found[name] = (
                f"the loss {name} climbed from {lowest:.3f} to {last:.3f}:"
                f" {_why(name)}"
            )
    return found


def _why(name: str) -> str:
    if name == "g_gan":
        return (
            "the discriminator runs away from the generator; lower"
            " learning_rate_D"
        )
    return (
        "the network unlearns what it knew; lower its learning rate, in a"
        " new run"
    )
