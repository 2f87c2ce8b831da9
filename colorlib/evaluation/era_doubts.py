"""What can't be known: part (d) of the protocol for eras.

A model with a palette says how likely its color is far from the truth. On
prints whose truth is known it can be asked whether it notices what it can't
know any more, and whether its variants are nearer to the truth; on a print of
the era nobody can check either. Chapter 15.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from colorlib.color import as_channels, rgb_to_lab
from colorlib.colorizer import Colorizer, PaletteAnswers
from colorlib.evaluation.bootstrap import Estimate
from colorlib.evaluation.era_html import estimates_json
from colorlib.evaluation.era_scenes import Scene
from colorlib.evaluation.era_variants import EraVariants
from colorlib.models.palette import NEAR, PaletteError

DOUBT_COLUMNS = ("modern", "film", "off")
"""What is measured of each photograph, as `DOUBT_MEANINGS` tells."""
DOUBT_MEANINGS = {
    "modern": (
        "How likely the model itself calls it that its color is more than"
        f" {NEAR:g} units of a* and b* from the truth, where it sees CIE L*:"
        " the mean over places, 0 to 1.",
        "Whether it is right about that; see off.",
    ),
    "film": (
        "The same where it sees the prints on the era's films.",
        "What the true colors of an old photograph were. The model learned"
        " from photographs of today, and a color that only the era had is no"
        " part of its doubt: it can be sure and wrong.",
    ),
    "off": (
        "The share of places where its color on film really was so far from"
        " the truth. Above film, the model is surer than it should be.",
        "How often it is wrong on photographs of the era. Their truth is not"
        " known, and no model can tell it.",
    ),
}
"""What each number shows, and what it can't."""


@dataclass(frozen=True)
class EraDoubts:
    """What models with a palette say of their own colors."""

    doubts: dict[str, Float[np.ndarray, "photographs 3"]]
    """A row a photograph, as `DOUBT_COLUMNS`, each in [0, 1], by model."""
    variants: EraVariants
    """Their other answers, on the same photographs."""

    @cached_property
    def estimates(self) -> dict[str, dict[str, Estimate]]:
        """Means over photographs with 95 % intervals, by model."""
        return {
            who: {
                name: Estimate.of(np.mean, column)
                for name, column in zip(DOUBT_COLUMNS, rows.T, strict=True)
            }
            for who, rows in self.doubts.items()
        }

    def as_json(self) -> dict[str, Any]:
        """Return the means and their intervals, those of variants too."""
        return {
            "photographs": len(next(iter(self.doubts.values()))),
            "far": NEAR,
            "shares": estimates_json(self.estimates),
            "variants": self.variants.as_json(),
        }


def with_palette(colorizers: Mapping[str, Colorizer]) -> dict[str, Colorizer]:
    """Choose the colorizers that predict a palette.

    Args:
        colorizers: by name.
    """
    return {n: each for n, each in colorizers.items() if _has_palette(each)}


def measure_doubt(
    scene: Scene, modern: PaletteAnswers, film: PaletteAnswers
) -> list[float]:
    """Compare what a model says of its colors with the truth.

    Args:
        scene: the truth.
        modern: what it says of the CIE L*.
        film: what it says of prints.

    Returns:
        A row of `EraDoubts.doubts`; means over the prints.

    See Also:
        `palette.Doubting`, `evaluation.calibration`.
    """
    off = [_far_off(scene, ab) for ab in film.ab]
    said = (float(each.doubt.mean()) for each in (modern, film))
    return [*said, float(np.mean(off))]


def _far_off(scene: Scene, ab: torch.Tensor) -> float:
    lab = rgb_to_lab(as_channels(scene.paint(ab)))
    apart = torch.linalg.vector_norm((lab - scene.lab)[1:], dim=0)
    return float((apart > NEAR).float().mean())


def _has_palette(colorizer: Colorizer) -> bool:
    try:
        colorizer.check_palette()
    except PaletteError:
        return False
    return True
