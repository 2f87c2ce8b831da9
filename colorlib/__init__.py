"""Coloring historical photographs, and knowing what not to believe.

The package behind the course. Its modules have levels, and each imports only
from lower ones (`shapes` and `color` at the bottom, `cli` at the top).
The names below are loaded when first used, so that `import colorlib` and
`colorlib --help` do not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from colorlib.colorizer import Colorizer
    from colorlib.photos import Photo, PhotoError

__version__ = "0.1.0"

_HOME = {
    "Colorizer": "colorlib.colorizer",
    "Photo": "colorlib.photos",
    "PhotoError": "colorlib.photos",
}
__all__ = ["Colorizer", "Photo", "PhotoError", "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'colorlib' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
