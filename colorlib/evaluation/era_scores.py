"""What an era's film costs a colorizer, on photographs with known color.

A photograph in color is rendered on films that the era may have had, and
each print is colored. Only what the network sees differs from photograph to
print, so the difference between both errors is what film costs. Chapter 15.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float

from colorlib.color.recolor import recolor
from colorlib.colorizer import Colorizer
from colorlib.eras.schema import Era
from colorlib.evaluation.baselines import learned
from colorlib.evaluation.bootstrap import Estimate
from colorlib.evaluation.era_scenes import Baseline, Scene
from colorlib.film.emulsions import Light
from colorlib.film.priors import PERIODS, FilmPeriod
from colorlib.film.rendering import gray_pixels

ERA_PROTOCOL = 3
"""Raised by whoever changes what a part measures, or how."""
GRAY_NAME = "gray"
"""What stands for adding no color at all."""
MEAN_NAME, LOOKUP_NAME = "dataset mean", "lookup, median"
BASELINES = {
    GRAY_NAME: "adds no color",
    MEAN_NAME: "gives everything one tint, the mean color of photographs of"
    " today",
    LOOKUP_NAME: "gives each lightness the median color that it has in them",
}
"""What every model is compared with."""
COLUMNS = ("modern", "film", "print")
"""What is measured of each photograph, as `MEANINGS` tells."""
MEANINGS = {
    "modern": (
        "Color error where the network sees CIE L*, as it was trained to.",
        "Anything of old photographs: these are of today.",
    ),
    "film": (
        "Color error where it sees prints on films that the era may have had,"
        " aged and scanned."
        " Its color is put on the true lightness, so that color alone is"
        " judged.",
        "How it does on photographs of the era: what they show was different,"
        " and which films were used is a guess where the catalogue says"
        " unsourced.",
    ),
    "gap": (
        "Film minus modern, photograph by photograph: what film, age and scan"
        " cost.",
        "What clothes, places, faces and light of another time cost.",
    ),
    "gain": (
        "Gray's error on film minus the model's: what it adds to doing"
        " nothing. Above zero is better than gray.",
        "Whether a person prefers it to gray.",
    ),
    "print": (
        "Difference between scene and colored print, as it is seen.",
        "A fault of the colorizer: it keeps the print's tones on purpose, and"
        " much of this difference is the film's.",
    ),
}
"""What each number shows, and what it can't."""

EraErrors = Float[np.ndarray, "photographs 3"]  # CIEDE2000, as `COLUMNS`


@dataclass(frozen=True)
class EraScores:
    """The errors of some colorizers on an era's film."""

    era: Era
    """Whose film was simulated."""
    names: tuple[str, ...]
    """Of the photographs."""
    errors: dict[str, EraErrors]
    """A row a photograph, by colorizer; `BASELINES` first."""
    films: int
    """Prints of each photograph."""
    crop: int
    """Side of the center crop, in pixels."""
    left_out: dict[str, int] = field(default_factory=dict)
    """How many photographs were left out, by the reason."""

    @cached_property
    def estimates(self) -> dict[str, dict[str, Estimate]]:
        """Means over photographs with 95 % intervals, by colorizer.

        Besides `COLUMNS` there are "gap" and "gain", whose intervals are
        those of paired differences. Gray has no gain.
        """
        gray = self.errors[GRAY_NAME]
        found = {}
        for who, errors in self.errors.items():
            columns = dict(zip(COLUMNS, errors.T, strict=True))
            columns["gap"] = columns["film"] - columns["modern"]
            if who != GRAY_NAME:
                columns["gain"] = gray[:, 1] - columns["film"]
            found[who] = {
                n: Estimate.of(np.mean, c) for n, c in columns.items()
            }
        return found


def models_by_name(colorizers: Sequence[Colorizer]) -> dict[str, Colorizer]:
    """Give each model's row its name.

    Args:
        colorizers: the models.

    Raises:
        ValueError: if two have one name.
    """
    models = {each.name: each for each in colorizers}
    if len(models) < len(colorizers):
        raise ValueError("two models have one name; rename one's file")
    return models


def with_baselines(
    colorizers: Mapping[str, Colorizer],
) -> dict[str, Colorizer | Baseline | None]:
    """Put what every model is compared with before the models.

    Args:
        colorizers: the models, by name.

    Returns:
        Those of `BASELINES` and the models; None adds no color.

    Raises:
        ValueError: if a model has the name of a baseline.
    """
    for name in BASELINES:
        if name in colorizers:
            raise ValueError(f"no model may be called {name!r}; rename it")
    known = learned()
    return {
        GRAY_NAME: None,
        MEAN_NAME: Baseline(known.mean[:, None].expand_as(known.mean_by_L)),
        LOOKUP_NAME: Baseline(known.median_by_L),
        **colorizers,
    }


def periods_of(era: Era) -> list[FilmPeriod]:
    """Say which films to expect in each year of an era.

    Args:
        era: its priors decide about the emulsions.

    Returns:
        A period a year, for `film.priors.draw_films`; all but the emulsions
        is what that year had anywhere.
    """
    first, last = era.years
    return [_period(era, year) for year in range(first, last + 1)]


def _period(era: Era, year: int) -> FilmPeriod:
    """Take emulsions from the era, and all else from what the year had."""
    prior = next(p for p in era.film if p.years[0] <= year <= p.years[1])
    like = next(p for p in PERIODS.values() if p.years[0] <= year <= p.years[1])
    return FilmPeriod((year, year), prior.shares, prior.source, like.habits)


def measure_errors(
    scene: Scene,
    prints: Light,
    modern: Float[torch.Tensor, "1 2 _ _"],
    film: Float[torch.Tensor, "films 2 _ _"],
) -> list[float]:
    """Measure what a colorizer made of a photograph and of its prints.

    Args:
        scene: the truth.
        prints: linear light, (films, 1, H, W) in [0, 1].
        modern: a* and b* / 110 that it gave to CIE L*.
        film: those that it gave to each print.

    Returns:
        A row of `EraScores.errors`.
    """
    [plain] = modern
    L_error = scene.error(scene.paint(plain))
    film_errors = [  # who gives all one color gives it to prints, too
        L_error if torch.equal(ab, plain) else scene.error(scene.paint(ab))
        for ab in film
    ]
    whole = [
        scene.error(recolor(gray_pixels(light), ab)[0])
        for light, ab in zip(prints, film, strict=True)
    ]
    return [L_error, float(np.mean(film_errors)), float(np.mean(whole))]
