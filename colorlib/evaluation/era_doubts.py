"""What can't be known: part (d) of the protocol for eras.

A model with a palette says how likely its color is far from the truth. On
prints whose truth is known it can be asked whether it notices what it can't
know any more; on a print of the era nobody can check it. Chapter 15.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from colorlib.color import as_channels, rgb_to_lab, split_lab
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.eras.schema import Era
from colorlib.evaluation.bootstrap import Estimate
from colorlib.evaluation.era_html import estimates_json
from colorlib.evaluation.era_scenes import (
    Scene,
    draw_prints,
    only_in_color,
    predict_color,
    seen_of,
)
from colorlib.evaluation.era_scores import periods_of
from colorlib.film.emulsions import Light
from colorlib.models.palette import NEAR, Doubting, PaletteError
from colorlib.shapes import RGBArray

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
        """Return the means and their intervals."""
        return {"far": NEAR, "shares": estimates_json(self.estimates)}


def with_palette(colorizers: Mapping[str, Colorizer]) -> dict[str, Colorizer]:
    """Choose the colorizers that predict a palette.

    Args:
        colorizers: by name.
    """
    return {n: each for n, each in colorizers.items() if _has_palette(each)}


def measure_doubts(
    era: Era,
    colorizers: Mapping[str, Colorizer],
    photographs: Iterable[tuple[str, RGBArray]],
    *,
    films: int = 4,
    crop: int = 256,
) -> EraDoubts:
    """Ask models how likely they are wrong on an era's film.

    Args:
        era: its priors decide about the films.
        colorizers: models that predict a palette, by name.
        photographs: pairs of a name and sRGB bytes (H, W, 3): with the same
            names the prints are those of `era_scores.score_era`, which counts
            what is gray or of one tone; here it is left out as well.
        films: prints of each photograph; what is said is a mean over them.
        crop: side of the center crop, in pixels.

    Returns:
        What they say of each photograph, and how often it was so.

    Raises:
        ValueError: if there are no photographs in color, or a model predicts
            no palette.

    See Also:
        `palette.Doubting`, `evaluation.calibration`. Chapter 15.
    """
    for each in colorizers.values():
        each.check_palette()
    periods = periods_of(era)
    rows: dict[str, list[list[float]]] = {who: [] for who in colorizers}
    for name, pixels in only_in_color(photographs, Counter()):
        scene = Scene(center_crop(pixels, crop))
        prints = draw_prints(scene, name, periods, films)
        for who, colorizer in colorizers.items():
            rows[who].append(_ask(scene, prints, colorizer))
    if not all(rows.values()):
        raise ValueError("there are no photographs in color to ask about")
    return EraDoubts({who: np.array(each) for who, each in rows.items()})


def _ask(scene: Scene, prints: Light, colorizer: Colorizer) -> list[float]:
    """Measure what is said of CIE L*, of the prints, and what was true."""
    doubting = replace(colorizer, G=Doubting(colorizer.G))
    L, seen = split_lab(scene.lab)[0], seen_of(prints)
    said = [predict_color(doubting, each)[:, 0] for each in (L[None], seen)]
    off = [_far_off(scene, ab) for ab in predict_color(colorizer, seen)]
    return [*(float(each.mean()) for each in said), float(np.mean(off))]


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
