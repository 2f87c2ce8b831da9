"""Parts (a) and (d) of the protocol for eras: one look at each print.

A photograph is printed once, and each network sees each print once. Its color
is scored; of a network that predicts a palette, the same pass says how likely
it is off and which variants there are, and they are judged, too. Chapter 15.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from colorlib.color import split_lab
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.eras.schema import Era
from colorlib.evaluation.era_doubts import (
    EraDoubts,
    measure_doubt,
    with_palette,
)
from colorlib.evaluation.era_scenes import (
    NOT_COLOR,
    Scene,
    draw_prints,
    only_in_color,
    predict_color,
    seen_of,
)
from colorlib.evaluation.era_scores import (
    EraScores,
    measure_errors,
    periods_of,
    with_baselines,
)
from colorlib.evaluation.era_variants import (
    WAYS,
    EraVariants,
    measure_variants,
)
from colorlib.shapes import RGBArray


@dataclass(frozen=True)
class EraFilm:
    """What was measured on an era's film, simulated."""

    scores: EraScores
    """Part (a): errors."""
    doubt: EraDoubts | None
    """Part (d); None if no model predicts a palette."""


def measure_era(
    era: Era,
    colorizers: Mapping[str, Colorizer],
    photographs: Iterable[tuple[str, RGBArray]],
    *,
    films: int = 4,
    crop: int = 256,
) -> EraFilm:
    """Measure colorizers on photographs as an era's film would show them.

    Args:
        era: its priors decide about the films.
        colorizers: by name.
        photographs: pairs of a name and sRGB bytes (H, W, 3). The name
            decides which films are drawn, so that all colorizers, and later
            runs, get the same. What is gray or of one tone is left out and
            counted: its true color isn't known.
        films: prints of each photograph; what is measured is a mean over
            them.
        crop: side of the center crop, in pixels.

    Returns:
        CIEDE2000 of each photograph, that of `era_scores.BASELINES` too; and
        what models with a palette say of their own colors.

    Raises:
        ValueError: if there are no photographs in color, or a colorizer has
            the name of a baseline.

    See Also:
        Chapter 15.
    """
    everyone, asked = with_baselines(colorizers), with_palette(colorizers)
    periods = periods_of(era)
    names, left_out = [], Counter[str]()
    errors: dict[str, list[list[float]]] = {who: [] for who in everyone}
    doubts: dict[str, list[list[float]]] = {who: [] for who in asked}
    variants: dict[str, list[np.ndarray]] = {who: [] for who in asked}
    for name, pixels in only_in_color(photographs, left_out):
        names.append(name)
        scene = Scene(center_crop(pixels, crop))
        prints = draw_prints(scene, name, periods, films)
        sights = split_lab(scene.lab)[0][None], seen_of(prints)
        for who, colorizer in everyone.items():
            if who in asked:
                told = [asked[who].ask(L, WAYS) for L in sights]
                doubts[who].append(measure_doubt(scene, *told))
                variants[who].append(measure_variants(scene, *told))
                colors = [each.ab.cpu() for each in told]
            else:
                colors = [predict_color(colorizer, L) for L in sights]
            errors[who].append(measure_errors(scene, prints, *colors))
    if not names:
        raise ValueError(_no_photographs(left_out[NOT_COLOR]))
    scores = EraScores(
        era, tuple(names), _tables(errors), films, crop, dict(left_out)
    )
    doubt = EraDoubts(_tables(doubts), EraVariants(_tables(variants)))
    return EraFilm(scores, doubt if asked else None)


def _tables(rows: Mapping[str, list]) -> dict[str, np.ndarray]:
    """Make arrays of rows, the photographs first."""
    return {who: np.array(each, np.float64) for who, each in rows.items()}


def _no_photographs(gray: int) -> str:
    told = f"; {gray} are {NOT_COLOR}" if gray else ""
    return (
        "there are no photographs in color to score, whose prints could be"
        f" compared with the truth: give some with --data{told}"
    )
