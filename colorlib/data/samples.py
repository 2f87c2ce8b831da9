"""Photographs that are already on your disk.

Real color photographs inside packages that the course needs anyway. They are
what figures show and tests use, and no recorded run is ever trained on them.
And one from the past, in black and white, which comes with this package.
`data/bundled.md` names photographers and licenses. Chapter 01.
"""

from importlib.util import find_spec
from pathlib import Path

from colorlib import photos
from colorlib.shapes import RGBArray

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
# Of the past, and never in color: nobody knows the truth.
HISTORICAL = {"lunch": ("colorlib", "data/historical/lunch.jpg")}
_FILES = BUNDLED | HISTORICAL


def bundled(name: str) -> RGBArray:
    """Read one of the bundled photographs.

    Args:
        name: a key of `BUNDLED` or `HISTORICAL`, such as "astronaut".

    Returns:
        sRGB bytes, 0 to 255, height x width x 3; of a gray photograph all
        three channels are equal.

    Raises:
        ValueError: if there is no photograph of that name.
        ModuleNotFoundError: if the package that carries it isn't installed.

    See Also:
        `data/bundled.md`. Chapter 01.
    """
    return photos.read(bundled_file(name)).rgb


def bundled_file(name: str) -> Path:
    """Find the file of one of the bundled photographs.

    Args:
        name: a key of `BUNDLED` or `HISTORICAL`, such as "astronaut".

    Returns:
        Its path inside an installed package.

    Raises:
        ValueError: if there is no photograph of that name.
        ModuleNotFoundError: if the package that carries it isn't installed.
    """
    if name not in _FILES:
        raise ValueError(
            f"no bundled photograph is called {name!r};"
            f" choose one of {', '.join(_FILES)}"
        )
    package, path = _FILES[name]
    spec = find_spec(package)  # finds it without importing it
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"the photograph {name!r} comes with the package {package},"
            " which is not installed; install colorlib with all it needs"
        )
    return Path(spec.origin).parent / path
