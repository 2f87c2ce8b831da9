"""What training, saving and coloring ask of a network that colors.

Chapter 12.
"""

from typing import Any

from torch import nn


class Generator(nn.Module):
    """A network from lightness to color, for photographs of any size.

    A class of its own computes ab from L in `forward`, sets both attributes
    and overrides `for_training`; one entry in `catalog.GENERATORS` makes it
    known to all commands.

    Attributes:
        config: arguments that build the same network again.
        multiple: what height and width must be multiples of.
        channels: how many `forward` gives: a* and b*, where it gives color.
    """

    config: dict[str, Any]
    multiple: int
    channels: int = 2

    @classmethod
    def for_training(cls, *args: Any, **settings: Any) -> "Generator":
        """Build a network with its first weights.

        Args:
            args: none are given by `build.build_generator`.
            settings: those that the entry names in `takes`.

        Raises:
            NotImplementedError: if the class doesn't say how.
        """
        raise NotImplementedError(
            f"{cls.__name__} has no first weights to train from; define"
            " its for_training"
        )

    def continued(self, *args: Any, **settings: Any) -> "Generator":
        """Take the same weights into further training, under new settings.

        Args:
            args: none are given by `build.build_generator`.
            settings: those that the entry names in `takes`, but for size and
                width, which weights decide.

        Raises:
            NotImplementedError: if the class has no such settings.
        """
        raise NotImplementedError(
            f"{type(self).__name__} can't be trained further; define its"
            " continued"
        )
