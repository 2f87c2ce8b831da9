"""Measure what stretched contrast is worth on faded prints, and what it costs.

    python experiments/measure_faded.py
        --set validation VALIDATE --every validation=5

Each photograph is printed in its CIE L*, loses most of its density, and
is scanned: fading alone, and more of it than training's film had (`LOST` and
colorlib.film.priors). The model that ships, or that of --model, sees the
photograph's L* and the faded print, each without and with `faded`
(colorlib.color.contrast). Its color is put on the true lightness and compared
with the true photograph, as in measure_film.py: CIEDE2000, and the change by
`faded`, paired, over all photographs and over those that it stretches; with
95 % intervals over photographs.

The command goes on where it was stopped: see photo_sets.py. At the end
book/results/faded-prints, or the --name, gets run.json, report.json and
rows.csv: numbers, and nothing that shows a photograph.
"""

import argparse
import sys
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from measure_film import EYE, SIZE, STRIDE
from measurements import estimate
from photo_sets import Row, measure_sets, record_sets
from torch import Tensor

from colorlib.color import XYZ_FROM_RGB, as_channels
from colorlib.color.contrast import BLANK_SPAN, FADED_SPAN, is_low_contrast
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.evaluation.era_scenes import Scene
from colorlib.film.ageing import fade
from colorlib.film.curve import lightness_of_light
from colorlib.film.emulsions import expose
from colorlib.film.scanning import scan
from colorlib.shapes import RGBArray

SCRIPT, NAME = "measure_faded.py", "faded-prints"
FADED = "faded print"
INPUTS = (EYE, FADED)
LOST = (0.65, 0.85)  # share of the density: most prints are low in contrast
NOISE = 0.01  # of the scanner: one gray level in white, three in dark gray
# Of each input: errors without and with `faded`, and whether it is stretched.
KINDS = ("as it is", "stretched", "chosen")
COLUMNS = ("gray", *(f"{name}: {kind}" for name in INPUTS for kind in KINDS))


def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    return record_sets(make, __doc__, SCRIPT, NAME, words)


def make(options: argparse.Namespace) -> None:
    """Measure each photograph, as it is and faded."""
    measure_sets(
        options,
        measure,
        COLUMNS,
        sum_up,
        size=SIZE,
        looks=2 * len(INPUTS),
        more={
            "stride": STRIDE,
            "lost": LOST,
            "noise": NOISE,
            "stretched_spans": [BLANK_SPAN, FADED_SPAN],
        },
    )


def lightness_inputs(pixels: RGBArray) -> Tensor:
    """Render what the network is to see, by `INPUTS`: L* as (2, 1, H, W).

    Args:
        pixels: one photograph. It decides how much fades, so that this is the
            same whatever was measured before it.
    """
    generator = torch.Generator().manual_seed(zlib.crc32(pixels.tobytes()))
    light = expose(as_channels(pixels)[None], XYZ_FROM_RGB[1].float())
    least, most = LOST
    lost = least + (most - least) * torch.rand((), generator=generator).item()
    faded = scan(fade(light, lost), NOISE, generator)
    return lightness_of_light(torch.cat([light, faded]))


def measure(colorizer: Colorizer, pixels: RGBArray) -> dict[str, float]:
    """Compare what the model makes of each input with the truth.

    Returns:
        By `COLUMNS`: CIEDE2000, and 1 for what `faded` stretches, else 0.
    """
    scene = Scene(center_crop(pixels, SIZE))
    L = lightness_inputs(scene.pixels) / 50 - 1
    plain, stretched = (
        replace(colorizer, faded=faded).predict(L) for faded in (False, True)
    )
    found = {"gray": scene.error_of(None)}
    for i, (name, chosen) in enumerate(
        zip(INPUTS, is_low_contrast(L), strict=True)
    ):
        found |= {
            f"{name}: as it is": scene.error(scene.paint(plain[i])),
            f"{name}: stretched": scene.error(scene.paint(stretched[i])),
            f"{name}: chosen": float(chosen),
        }
    return found


def sum_up(rows: list[Row]) -> dict[str, Any]:
    """Compute means, paired changes and their intervals."""
    values = np.array([[float(row[name]) for name in COLUMNS] for row in rows])

    def summed_up(name: str) -> dict[str, Any]:
        which = [COLUMNS.index(f"{name}: {kind}") for kind in KINDS]
        errors, chosen = values[:, [0, *which[:2]]], values[:, which[2]] == 1
        return {
            "all": _compare(errors),
            "low contrast": _compare(errors[chosen]) if chosen.any() else None,
        }

    return {
        "photographs": len(rows),
        "inputs": {name: summed_up(name) for name in INPUTS},
    }


def _compare(errors: np.ndarray) -> dict[str, Any]:
    """Sum up errors of gray, without and with `faded`, (photographs, 3)."""
    return {
        "photographs": len(errors),
        "gray": estimate(lambda v: v[:, 0].mean(), errors),
        "as it is": estimate(lambda v: v[:, 1].mean(), errors),
        "stretched": estimate(lambda v: v[:, 2].mean(), errors),
        "change": estimate(lambda v: (v[:, 2] - v[:, 1]).mean(), errors),
    }


if __name__ == "__main__":
    sys.exit(main())
