"""Which generators there are: the one table that names them.

Everything else asks here: the command line for its help, training for what
may be set, saving and loading for the class. It needs no torch, so that
`colorlib train --help` answers at once. Chapter 12.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One generator."""

    about: str
    """What it is, in a few words."""
    module: str
    """Where its class lives."""
    kind: str
    """The class; its method `for_training` builds it."""
    takes: frozenset[str] = frozenset()
    """Which settings of `build.build_generator` it has a use for."""
    fixed: dict[str, Any] = field(default_factory=dict)
    """Arguments that make it this one among others of its class."""

    def load(self) -> type:
        """Import the class."""
        return getattr(import_module(self.module), self.kind)


_UNET = {
    "module": "colorlib.models.unet",
    "kind": "Unet",
    "takes": frozenset({"size", "width"}),
}
GENERATORS = {
    "unet": Entry("the deck's U-Net", **_UNET),
    "unet-noskip": Entry(
        "the same without skips", **_UNET, fixed={"skips": False}
    ),
    "compact": Entry(
        "a U-Net on an EfficientNet, the one that ships",
        module="colorlib.models.compact",
        kind="CompactUnet",
        takes=frozenset({"dropout", "backbone"}),
    ),
}


def classes() -> dict[str, type]:
    """Import every class of generators, by its name."""
    return {entry.kind: entry.load() for entry in GENERATORS.values()}
