"""How much a chapter computes: for a test, for a laptop, for a GPU.

A chapter is one notebook that has to run in a test, on a laptop without a
GPU, and on Colab. What differs between them is decided here and nowhere
else, from the environment variable COLORLIB_SCALE. "How to use this book"
tells its story.
"""

import os
from typing import TypeVar

SCALES = ("smoke", "laptop", "gpu")

_T = TypeVar("_T")


def scale() -> str:
    """Return the scale to run at: "smoke", "laptop" or "gpu".

    It is read from COLORLIB_SCALE, at each call. Unset or empty means
    "laptop": real training that needs no GPU.

    Raises:
        ValueError: if COLORLIB_SCALE is none of the three.
    """
    asked = os.environ.get("COLORLIB_SCALE") or "laptop"
    if asked not in SCALES:
        raise ValueError(
            f"COLORLIB_SCALE is {asked!r}; set it to one of"
            f" {', '.join(SCALES)}, or unset it for laptop"
        )
    return asked


def at_scale(*, smoke: _T, laptop: _T, gpu: _T) -> _T:
    """Return the one of three values that is meant for this scale.

    Args:
        smoke: the smallest value that still exercises every line.
        laptop: for two cores and less than a minute.
        gpu: the real thing.

    Raises:
        ValueError: see `scale`.
    """
    return {"smoke": smoke, "laptop": laptop, "gpu": gpu}[scale()]
