"""Signs that a training goes wrong, while there is time to stop it.

A loss that is no number stops a run (`runs`). These signs only warn, each in
a line that says what is seen, what it means and what to do. Chapter 03 makes
them happen, chapter 10 reads them off curves.
"""

from collections.abc import Collection, Mapping, Sequence

from torch import Tensor

STEPS = 200  # whose mean is looked at: from batch to batch losses jump
WON = 0.05  # discriminator's loss; it is ln 2 = 0.69 where it guesses
# Times the lowest so far. In the deck's first model, healthy, L1 rises by a
# tenth while colors get stronger, and g_gan while the discriminator learns.
CLIMBED = {"g_gan": 3.0}
OTHERWISE = 2.0


class Watch:
    """Looks at each step's losses, and says once what becomes of them.

    Args:
        ignored: losses that teach nothing, whatever they do.
    """

    def __init__(self, ignored: Collection[str] = ()):
        self.ignored = ignored
        self.steps = 0
        self.sums: dict[str, float | Tensor] = {}
        self.means: list[dict[str, float]] = []
        self.said: set[str] = set()

    def add(self, losses: Mapping[str, float | Tensor]) -> list[str]:
        """Take a step's losses; they are read once in 200 steps.

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
        if self.steps % STEPS:
            return []
        self.means.append({k: float(v) / STEPS for k, v in self.sums.items()})
        self.sums = {}
        found = signs(self.means)
        new = [line for name, line in found.items() if name not in self.said]
        self.said |= found.keys()
        return new


def signs(means: Sequence[Mapping[str, float]]) -> dict[str, str]:
    """Look for trouble in a run's losses.

    Args:
        means: of each 200 steps, the latest last.

    Returns:
        Which loss tells of it, and what it says, in a line.

    Reference:
        Goodfellow, NIPS 2016 Tutorial: Generative Adversarial Networks,
        section 5. Chapters 03 and 10.
    """
    found = {}
    for name, last in means[-1].items():
        lowest = min(mean[name] for mean in means)
        if name == "d" and last < WON:
            found[name] = (
                f"the discriminator's loss was {last:.3f} over {STEPS} steps,"
                " near zero: it is always right, and the generator can't"
                " learn from it any more; lower learning_rate_D, or give L1"
                " more weight (l1_weight)"
            )
        elif name != "d" and last > lowest * CLIMBED.get(name, OTHERWISE):
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
        "the generator unlearns what it knew; lower its learning rate, in a"
        " new run"
    )
