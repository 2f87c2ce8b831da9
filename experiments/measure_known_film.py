"""Measure what it is worth to know the film of a print.

    python experiments/measure_known_film.py
        --set validation "VALIDATE" --set kodachromes FOLDER
        --set plates FOLDER FOLDER --every validation=8

The network sees a print, as in measure_film.py. Then its colors and the film,
which is known here, give a lightness of the scene (colorlib.film.fitting), and
the network looks again, at that. Its second answer is compared with its first:
the mean change of the error, and the share of photographs that got better.

What the film moved the lightness by can be computed without the truth, too.
Whether that tells how wrong the first answer is: its rank correlation with the
error over a set's photographs, beside that of the answer's mean chroma, from
which the film computes it. All numbers have 95 % intervals.

The command goes on where it was stopped: see photo_sets.py. At the end
book/results/known-film gets run.json, report.json and rows.csv: numbers, and
nothing that shows a photograph.
"""

import argparse
import sys
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from measure_film import EMULSIONS, EYE, SIZE, STRIDE
from measurements import estimate
from photo_sets import Row, measure_sets, record_sets

from colorlib.color import AB_SCALE, as_channels
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.evaluation.bootstrap import rank_correlation
from colorlib.evaluation.era_scenes import Scene
from colorlib.film.curve import lightness_of_light
from colorlib.film.emulsions import emulsion_weights, expose
from colorlib.film.fitting import fit_lightness
from colorlib.shapes import RGBArray

SCRIPT, NAME = "measure_known_film.py", "known-film"
# Of each film: errors of both answers, and what can be told without a truth.
KINDS = ("first", "second", "moved", "chroma")
COLUMNS = (
    "gray",
    EYE,
    *(f"{film}: {kind}" for film in EMULSIONS for kind in KINDS),
)


def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    return record_sets(make, __doc__, SCRIPT, NAME, words)


def make(options: argparse.Namespace) -> None:
    """Measure each photograph on each film, seen once and twice."""
    measure_sets(
        options,
        measure,
        COLUMNS,
        sum_up,
        size=SIZE,
        looks=1 + 2 * len(EMULSIONS),
        more={"stride": STRIDE},
    )


def measure(colorizer: Colorizer, pixels: RGBArray) -> dict[str, float]:
    """Let the model look at prints, and at what their films make of that.

    Returns:
        By `COLUMNS`: CIEDE2000; by how much L* was moved, mean absolute; and
        the first answer's mean chroma.
    """
    scene = Scene(center_crop(pixels, SIZE))
    rgb = as_channels(scene.pixels)[None]
    weights = [emulsion_weights(film) for film in EMULSIONS]
    printed = [lightness_of_light(expose(rgb, each)) for each in weights]
    eye, *first = colorizer.predict(
        torch.cat([scene.lab[None, :1], *printed]) / 50 - 1
    )
    ab = F.interpolate(torch.stack(first), (SIZE, SIZE), mode="bicubic")
    ab = ab.cpu() * AB_SCALE
    fitted = [
        fit_lightness(one, some[None], each)
        for one, some, each in zip(printed, ab, weights, strict=True)
    ]
    second = colorizer.predict(torch.cat(fitted) / 50 - 1)
    found = {
        "gray": scene.error_of(None),
        EYE: scene.error(scene.paint(eye)),
    }
    for i, film in enumerate(EMULSIONS):
        found |= {
            f"{film}: first": scene.error(scene.paint(first[i])),
            f"{film}: second": scene.error(scene.paint(second[i])),
            f"{film}: moved": (fitted[i] - printed[i]).abs().mean().item(),
            f"{film}: chroma": ab[i].norm(dim=0).mean().item(),
        }
    return found


def sum_up(rows: list[Row]) -> dict[str, Any]:
    """Compute means, changes, rank correlations and their intervals."""
    values = np.array([[float(row[name]) for name in COLUMNS] for row in rows])

    def mean(column: str) -> dict[str, float]:
        at = COLUMNS.index(column)
        return estimate(lambda v: v[:, at].mean(), values)

    def summed_up(film: str) -> dict[str, Any]:
        first, second, moved, chroma = (
            COLUMNS.index(f"{film}: {kind}") for kind in KINDS
        )
        return {
            "first": mean(f"{film}: first"),
            "second": mean(f"{film}: second"),
            "change": estimate(
                lambda v: (v[:, second] - v[:, first]).mean(), values
            ),
            "better": estimate(
                lambda v: (v[:, second] < v[:, first]).mean(), values
            ),
            "moved": mean(f"{film}: moved"),
            "rank_correlation": {
                "moved": estimate(rank_correlation, values[:, [moved, first]]),
                "chroma": estimate(
                    rank_correlation, values[:, [chroma, first]]
                ),
            },
        }

    return {
        "photographs": len(rows),
        "gray": mean("gray"),
        EYE: mean(EYE),
        "films": {film: summed_up(film) for film in EMULSIONS},
    }


if __name__ == "__main__":
    sys.exit(main())
