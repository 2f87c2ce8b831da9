"""The same photographs, as a network colors them epoch after epoch.

A loss says that something changes, and pictures say what. They are of the
bundled photographs, which no run is trained on. Chapter 10.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.data.samples import BUNDLED, bundled
from colorlib.files import replacing
from colorlib.models.generator import Generator
from colorlib.shapes import RGBArray

SIDE = 256  # pixels: what the deck trains on
QUALITY = 80  # small files, and no artifact at arm's length


def color_bundled(
    G: Generator, folder: str | Path, *, size: int
) -> dict[str, Path]:
    """Color the bundled photographs, and keep the pictures.

    Args:
        G: a generator in evaluation mode.
        folder: gets NAME.webp for each, the middle square of 256 pixels.
        size: shorter side, in pixels, at which the generator sees them.

    Returns:
        The picture of each photograph, by its name.
    """
    pictures = {}
    for name, (_, colored) in _color(G, size).items():
        pictures[name] = Path(folder) / f"{name}.webp"
        _save(colored, pictures[name])
    return pictures


def sample_sheet(G: Generator, path: str | Path, *, size: int) -> RGBArray:
    """Color the bundled photographs, and keep one picture of them all.

    Args:
        G: a generator in evaluation mode.
        path: the picture, a .webp file.
        size: shorter side, in pixels, at which the generator sees them.

    Returns:
        The sheet as sRGB bytes: photographs as they are in the upper row,
        colored from their lightness below.
    """
    columns = [np.concatenate(pair) for pair in _color(G, size).values()]
    sheet = np.concatenate(columns, axis=1)
    _save(sheet, Path(path))
    return sheet


def _color(G: Generator, size: int) -> dict[str, tuple[RGBArray, RGBArray]]:
    """Pair the middle of each photograph with what G makes of it."""
    device = next(G.parameters()).device
    colorizer = Colorizer(G, type(G).__name__, "", size, device)
    crops = {name: center_crop(bundled(name), SIDE) for name in BUNDLED}
    return {
        name: (crop, colorizer.colorize(crop).pixels)
        for name, crop in crops.items()
    }


def _save(pixels: RGBArray, path: Path) -> None:
    with replacing(path) as part:
        picture = Image.fromarray(pixels)
        picture.save(part, format="webp", quality=QUALITY, method=6)
