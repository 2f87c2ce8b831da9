"""Writing a photograph, whole or not at all."""

from pathlib import Path

from colorlib.photos.photo import Photo


def write(
    photo: Photo,
    path: str | Path,
    *,
    overwrite: bool = False,
    quality: int = 95,
) -> Path:
    """Write one photograph."""
    raise NotImplementedError
