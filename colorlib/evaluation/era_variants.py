"""Whether other answers are nearer to the truth: in part (d) for eras.

`colorlib colorize --variants 3` writes three more colorings beside the
answer. Of four pictures one is nearer to the truth than the first, whatever
they are; so the same is asked of other fours, which are made of the answer
without asking the model where a color could be another one. Chapter 15.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from colorlib.colorizer import ABPrediction, PaletteAnswers
from colorlib.evaluation.bootstrap import Estimate
from colorlib.evaluation.era_html import estimates_json, meanings_json
from colorlib.evaluation.era_scenes import Scene
from colorlib.models.palette import LEANINGS

WAYS = tuple(LEANINGS)[:3]
"""The variants: those that a user of `--variants 3` gets."""
CHROMA_FACTORS = (0.0, 0.5, 1.5)
"""What the answer's chroma is multiplied by for as many pictures."""
FIRST = "first"
FOURS = ("variants", "tints", "chroma")
"""Three pictures each, besides the answer; `VARIANT_MEANINGS` tells them."""
VARIANT_COLUMNS = ("modern", "film", "modern nearer", "film nearer")
"""Errors where the network sees CIE L* and where it sees prints, and the
shares of photographs in which one of the three is nearer to the truth."""
VARIANT_MEANINGS = {
    FIRST: (
        "Color error of the model's answer, on the true lightness, as in (a):"
        " CIEDE2000 where it sees CIE L* (modern) and prints (film).",
        "What another choice would have given; see variants.",
    ),
    FOURS[0]: (
        "The error of the best of four: the answer and its variants"
        f" {', '.join(WAYS)}, as colorlib colorize --variants 3 writes them."
        " An oracle picks it, for each print: somebody who knows the truth.",
        "What a user gets, who doesn't know the truth and can pick a worse"
        " one. The best of any four is as good as the first or better: compare"
        " tints and chroma.",
    ),
    FOURS[1]: (
        "The same of the answer and three tints of it: all its colors are"
        " moved in a direction, as far as a variant moves them on average,"
        " everywhere alike. If variants are not below it, it is no help that"
        " the model says where colors can be others.",
        "What the model knows, if variants are below it: a tint colors white"
        " and black, too, and lightness alone would tell where not to.",
    ),
    FOURS[2]: (
        "The same of the answer and three with its chroma times"
        f" {', '.join(f'{factor:g}' for factor in CHROMA_FACTORS)}, which"
        " takes a slider and no palette. If variants are not below it, the"
        " slider helps as much.",
        "Which hues are possible: no slider for chroma changes one.",
    ),
    f"{FOURS[0]} - {FOURS[1]}": (
        "The difference of both, photograph by photograph. Below zero, and"
        " for nearer above it, variants are better.",
        "Whether a person would see it.",
    ),
    f"{FOURS[0]} - {FOURS[2]}": (
        "The difference from chroma, read likewise.",
        "Whether a person would see it.",
    ),
    "nearer": (
        "The share of photographs, 0 to 1, in which one of the three is nearer"
        " to the truth than the answer is; on film, of prints.",
        "How much nearer it is, and which of the three: the oracle knows.",
    ),
}
"""What each number shows, and what it can't."""

VariantErrors = Float[np.ndarray, "photographs 4 4"]  # column, then picture


@dataclass(frozen=True)
class EraVariants:
    """How near to the truth the best of some answers is."""

    errors: dict[str, VariantErrors]
    """Of each photograph, by model: for each of `VARIANT_COLUMNS`, the number
    of `FIRST` and of each of `FOURS`."""

    @cached_property
    def estimates(self) -> dict[str, dict[str, dict[str, Estimate]]]:
        """Means over photographs with 95 % intervals.

        By model, by `VARIANT_COLUMNS`, and by what is compared. The intervals
        of differences are those of paired ones.
        """
        return {
            who: {
                column: _estimates(column, rows[:, i])
                for i, column in enumerate(VARIANT_COLUMNS)
            }
            for who, rows in self.errors.items()
        }

    def as_json(self) -> dict[str, Any]:
        """Return the means and their intervals, and what was compared."""
        return {
            "ways": [*WAYS],
            "chroma_factors": [*CHROMA_FACTORS],
            "scores": {
                who: estimates_json(found)
                for who, found in self.estimates.items()
            },
            "meanings": meanings_json(VARIANT_MEANINGS),
        }


def measure_variants(
    scene: Scene, modern: PaletteAnswers, film: PaletteAnswers
) -> Float[np.ndarray, "4 4"]:
    """Compare a model's answer with three others, by the truth.

    Args:
        scene: the truth.
        modern: what the model says of its CIE L*, with the variants `WAYS`.
        film: what it says of prints.

    Returns:
        A row of `EraVariants.errors`; means over the prints.
    """
    best, nearer = zip(_pick(scene, modern), _pick(scene, film), strict=True)
    return np.array([*best, *nearer])


def _pick(scene: Scene, told: PaletteAnswers) -> tuple[list, list]:
    """Find the best of each four, and whether it isn't the first."""
    first = _errors(scene, told.ab)
    best, nearer = [first.mean()], [0.0]
    for three in _threes(told):
        other = np.min([_errors(scene, ab) for ab in three], axis=0)
        best.append(np.minimum(first, other).mean())
        nearer.append((other < first).mean())
    return best, nearer


def _threes(told: PaletteAnswers) -> list[list[ABPrediction]]:
    """Make the pictures besides the answer, in the order of `FOURS`."""
    ab, variants = told.ab, [*told.variants.values()]
    moves = [(each - ab).mean((2, 3), keepdim=True) for each in variants]
    return [
        variants,
        [ab + move for move in moves],
        [ab * factor for factor in CHROMA_FACTORS],
    ]


def _errors(scene: Scene, colors: torch.Tensor) -> np.ndarray:
    """CIEDE2000 of each print's color."""
    return np.array([scene.error(scene.paint(ab)) for ab in colors])


def _estimates(column: str, values: np.ndarray) -> dict[str, Estimate]:
    """Sum a column up, with the differences of variants and the others."""
    found = dict(zip((FIRST, *FOURS), values.T, strict=True))
    if column.endswith("nearer"):
        del found[FIRST]  # than itself
    for other in FOURS[1:]:
        found[f"{FOURS[0]} - {other}"] = found[FOURS[0]] - found[other]
    return {name: Estimate.of(np.mean, each) for name, each in found.items()}
