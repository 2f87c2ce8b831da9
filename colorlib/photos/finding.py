"""Finding the photographs among files and folders."""

from collections.abc import Iterable
from pathlib import Path


def find(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """List the photographs in files and folders."""
    raise NotImplementedError
