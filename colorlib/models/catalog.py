"""Which generators there are: the one table that names them.

Everything else asks here: the command line for its help, training for what
may be set, saving and loading for the class. So a new generator takes one
entry, and a class: see `generator.Generator`.

No torch is needed here, so that `colorlib train --help` answers at once.
Chapter 12.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from colorlib.models.generator import Generator


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

    def load(self) -> "type[Generator]":
        """Import the class."""
        return getattr(import_module(self.module), self.kind)


_UNET = Entry(
    "the deck's U-Net",
    module="colorlib.models.unet",
    kind="Unet",
    takes=frozenset({"size", "width"}),
)
GENERATORS = {
    "unet": _UNET,
    "unet-noskip": replace(
        _UNET, about="the same without skips", fixed={"skips": False}
    ),
    "compact": Entry(
        "a U-Net on an EfficientNet, the one that ships",
        module="colorlib.models.compact",
        kind="CompactUnet",
        takes=frozenset({"dropout", "backbone"}),
    ),
    "resunet": Entry(
        "the deck's second, a U-Net on a ResNet-18",
        module="colorlib.models.resunet",
        kind="ResUnet",
        takes=frozenset({"bounded", "backbone"}),
    ),
}


def classes(
    generators: Mapping[str, Entry] = GENERATORS,
) -> "dict[str, type[Generator]]":
    """Import every class of generators, by its name.

    Args:
        generators: the table.
    """
    return {entry.kind: entry.load() for entry in generators.values()}


def describe_generators(generators: Mapping[str, Entry] = GENERATORS) -> str:
    """Say in a line which generators there are, for help and messages.

    Args:
        generators: the table.

    Example:
        >>> describe_generators()[:24]
        "unet (the deck's U-Net),"
    """
    return ", ".join(f"{n} ({e.about})" for n, e in generators.items())
