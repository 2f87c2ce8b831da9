"""Photographs that are already on your disk.

Real color photographs inside packages that the course needs anyway. They are
what figures show and tests use, and no recorded run is ever trained on them.
"""

from importlib.resources import files

import numpy as np
from jaxtyping import UInt8
from PIL import Image

BUNDLED = {
    "astronaut": ("skimage", "data/astronaut.png"),
    "chelsea": ("skimage", "data/chelsea.png"),
    "coffee": ("skimage", "data/coffee.png"),
    "motorcycle": ("skimage", "data/motorcycle_left.png"),
    "rocket": ("skimage", "data/rocket.jpg"),
    "china": ("sklearn", "datasets/images/china.jpg"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
    "grace_hopper": ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
}


def bundled(name: str) -> UInt8[np.ndarray, "height width 3"]:
    """Read one of the bundled photographs.

    Args:
        name: a key of `BUNDLED`, such as "astronaut".

    Returns:
        sRGB bytes, 0 to 255, height x width x 3.

    Raises:
        ValueError: if there is no photograph of that name.
        ModuleNotFoundError: if the package that carries it isn't installed.

    Reference:
        `data/bundled.md` names photographers and licenses. Chapter 01.
    """
    if name not in BUNDLED:
        raise ValueError(
            f"no bundled photograph is called {name!r};"
            f" choose one of {', '.join(BUNDLED)}"
        )
    package, path = BUNDLED[name]
    with (files(package) / path).open("rb") as file:
        return np.asarray(Image.open(file).convert("RGB"))
