"""Reading any photograph."""

from pathlib import Path

from colorlib.photos.photo import Photo


def read(path: str | Path, *, max_megapixels: float = 250.0) -> Photo:
    """Read one photograph."""
    raise NotImplementedError
