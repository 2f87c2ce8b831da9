"""The same photographs, as a network colors them epoch after epoch.

A loss says that something changes, and pictures say what. They are of the
bundled photographs, which no run is trained on. Chapter 10.
"""

from pathlib import Path

from PIL import Image
from torch import nn

from colorlib.colorizer import Colorizer
from colorlib.data.samples import BUNDLED, bundled
from colorlib.evaluation import center_crop
from colorlib.files import replacing

SIDE = 256  # pixels: what the deck trains on
QUALITY = 80  # some 12 kB a picture, and no artifact at arm's length


def color_bundled(
    G: nn.Module, folder: str | Path, *, size: int
) -> dict[str, Path]:
    """Color the bundled photographs, and keep the pictures.

    Args:
        G: a generator in evaluation mode.
        folder: gets NAME.webp for each, the middle square of 256 pixels.
        size: shorter side, in pixels, at which the generator sees them.

    Returns:
        The picture of each photograph, by its name.
    """
    device = next(G.parameters()).device
    colorizer = Colorizer(G, type(G).__name__, "", size, device)
    pictures = {}
    for name in BUNDLED:
        crop = center_crop(bundled(name), SIDE)
        picture = Image.fromarray(colorizer.colorize(crop).pixels)
        pictures[name] = Path(folder) / f"{name}.webp"
        with replacing(pictures[name]) as part:
            picture.save(part, format="webp", quality=QUALITY, method=6)
    return pictures
