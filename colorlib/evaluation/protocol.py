"""The protocol: what has to be equal before two scores may be compared.

Frozen, and numbered. Whoever changes what is measured, or how, raises the
number, and a report says by which it was made. `book/protocol.md` tells the
same in words. Chapter 13.
"""

import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from colorlib import __version__
from colorlib.data.cache import NEAR_GRAY
from colorlib.evaluation.baselines import LEARNED, TURN
from colorlib.metrics.errors import CHANCE, NO_HUE
from colorlib.metrics.pixels import SSIM_K1, SSIM_K2, SSIM_SIGMA, SSIM_TAPS

# 1 knew gray alone as a baseline, and ab-MAE, CIEDE2000's mean, chroma and
# colorfulness as measures; what both measure, they measure alike.
NUMBER = 2

# How the numbers of many photographs become one.
MEAN = "mean"
MEDIAN = "median"  # of what can be infinite
BY_CHROMA = "mean weighted by true chroma"

# A measure, and how it is summed up; in the order of a report.
MEASURES = {
    "ciede2000": MEAN,  # itself a photograph's mean
    "ciede2000_median": MEAN,  # of each photograph's pixels
    "ciede2000_p95": MEAN,  # of them too: where the worst 5 % begin
    "ab_mae": MEAN,
    "psnr": MEDIAN,
    "ssim": MEAN,
    "hue_error": BY_CHROMA,
    "chroma": MEAN,
    "colorfulness": MEAN,
    "colorfulness_abs": MEAN,
}

# What is measured besides where it is asked for, through networks that have
# to be downloaded: no part of what the number promises.
PERCEPTUAL = {"lpips": MEAN}

# What a measure was told, besides the two pictures.
SETTINGS = {
    "ssim": {
        "taps": SSIM_TAPS,
        "sigma": SSIM_SIGMA,
        "k1": SSIM_K1,
        "k2": SSIM_K2,
    },
    "hue_error": {"no_hue_below": NO_HUE, "chance": CHANCE},
    "hue rotated": {"degrees": TURN},
    "near_gray": {"chroma_below": NEAR_GRAY},
    "learned": {"list_hash": json.loads(LEARNED.read_text())["list_hash"]},
}


@dataclass(frozen=True)
class Protocol:
    """The settings that a caller may change, and then has another protocol."""

    crop: int = 256
    """Side of the center crop, in pixels, once the shorter side has it."""
    stride: int = 2
    """CIEDE2000 looks at every stride-th pixel of every stride-th row."""
    resamples: int = 2_000
    """How many times the bootstrap draws the photographs anew."""
    seed: int = 0
    """Seed of those draws."""

    @property
    def number(self) -> int | None:
        """The frozen protocol's number; None if a setting is another."""
        return NUMBER if self == Protocol() else None

    def describe(self) -> dict[str, Any]:
        """Say all that scores depend on, besides code and photographs."""
        return {
            "number": self.number,
            **asdict(self),
            "measures": MEASURES,
            "settings": SETTINGS,
        }


def versions(*more: str) -> dict[str, str]:
    """The code that scores come from: package, Python, what computes."""
    packages = ("torch", "numpy", "scikit-image", "pillow", *more)
    return {
        "colorlib": __version__,
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }
