"""Measure what a model loses when film had seen the scene.

    python experiments/measure_film.py
        --set validation "VALIDATE" --set kodachromes FOLDER
        --set plates FOLDER FOLDER --every validation=8

It is the model that ships, or that of --model. Its input is rendered here as
film would have made it; everything else stays: its color is put on the true
lightness, and the result is compared with the true photograph. So the only
question is what the model makes of lightness that is not L*. For each film:
CIEDE2000, the share of gray's CIEDE2000 that the model removes, and how much
of that share is lost against L*; all with 95 % intervals over photographs.

The emulsions stand alone, without curve and grain, but for the last two: an
orthochromatic film with a steeper curve, softness and grain; and the same
print, of which the network sees a copy with its grain smoothed away.

Sets of --balance have their casts taken away first (colorlib.color.balance).

The command goes on where it was stopped: see photo_sets.py. At the end
book/results/film-gap, or the --name, gets run.json, report.json and rows.csv:
numbers, and nothing that shows a photograph.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from measurements import estimate
from photo_sets import Row, measure_sets, record_sets
from skimage.restoration import denoise_tv_chambolle
from torch import Tensor

from colorlib.color import XYZ_FROM_RGB, as_channels
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.evaluation.era_scenes import Scene
from colorlib.film.curve import ToneCurve, lightness_of_light
from colorlib.film.emulsions import expose
from colorlib.film.rendering import Film, render
from colorlib.shapes import RGBArray, RGBBytes

SCRIPT, NAME = "measure_film.py", "film-gap"
SIZE = 256  # of the center crop, as the protocol has it
STRIDE = 2  # of CIEDE2000, as `Scene.error` has it
EYE = "CIE L*"
PRINT = "orthochromatic print"
# Alone, an emulsion only weighs colors.
EMULSIONS = ("panchromatic B", "orthochromatic", "blue-sensitive")
PRINTED = Film(
    weights=Film.of("orthochromatic").weights,
    curve=ToneCurve(gamma=1.25, black=1.5, toe=0.2, shoulder=0.15),
    softness=0.6,
    grain=0.12,
)
# Total variation, in shares of L*'s range: chosen on the bundled photographs.
MENDED, SMOOTHING = f"{PRINT}, smoothed", 0.07
INPUTS = (EYE, *EMULSIONS, PRINT, MENDED)

Statistic = Callable[[np.ndarray], float]
InputsOf = Callable[[RGBBytes], dict[str, Tensor]]


def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    return record_sets(make, __doc__, SCRIPT, NAME, words)


def make(options: argparse.Namespace) -> None:
    """Measure each photograph on each film."""
    measure_inputs(options, INPUTS, lightness_inputs)


def measure_inputs(
    options: argparse.Namespace, inputs: Sequence[str], inputs_of: InputsOf
) -> None:
    """Measure what the model makes of several inputs of each photograph.

    Args:
        options: see `photo_sets.parse_set_options`.
        inputs: their names; the first is that of L*.
        inputs_of: renders them: see `lightness_inputs`.
    """
    measure_sets(
        options,
        partial(measure, inputs_of=inputs_of),
        ("gray", *inputs),
        partial(sum_up, inputs=inputs),
        size=SIZE,
        looks=len(inputs),
        more={"stride": STRIDE},
    )


def lightness_inputs(rgb: RGBBytes) -> dict[str, Tensor]:
    """Render what the network is to see, L* as (1, 1, H, W), by film.

    Args:
        rgb: one photograph, (3, H, W).
    """
    batch, generator = rgb[None], torch.Generator().manual_seed(0)
    light = {EYE: expose(batch, XYZ_FROM_RGB[1].float())}
    for emulsion in EMULSIONS:
        light[emulsion] = expose(batch, Film.of(emulsion).weights)
    light[PRINT] = render(batch, PRINTED, generator)
    seen = {name: lightness_of_light(each) for name, each in light.items()}
    return seen | {MENDED: smooth(seen[PRINT])}


def smooth(L_star: Tensor) -> Tensor:
    """Smooth grain away, and keep edges.

    Args:
        L_star: (1, 1, H, W) in [0, 100].

    Reference:
        Chambolle, An Algorithm for Total Variation Minimization and
        Applications, 2004, as scikit-image has it.
    """
    smoothed = denoise_tv_chambolle(
        L_star[0, 0].numpy() / 100, weight=SMOOTHING
    )
    return torch.from_numpy(smoothed * 100).to(L_star)[None, None]


def measure(
    colorizer: Colorizer, pixels: RGBArray, inputs_of: InputsOf
) -> dict[str, float]:
    """Compare what the model makes of each input with the truth.

    Args:
        colorizer: the model.
        pixels: one photograph.
        inputs_of: renders the inputs: see `lightness_inputs`.

    Returns:
        CIEDE2000 of gray and of the model for each input.
    """
    scene = Scene(center_crop(pixels, SIZE))
    inputs = inputs_of(as_channels(scene.pixels))
    predicted = colorizer.predict(torch.cat([*inputs.values()]) / 50 - 1)
    errors = {"gray": scene.error_of(None)}
    for name, ab in zip(inputs, predicted, strict=True):
        errors[name] = scene.error(scene.paint(ab))
    return errors


def sum_up(rows: list[Row], inputs: Sequence[str]) -> dict[str, Any]:
    """Compute means, shares and their intervals over a set's photographs.

    Args:
        rows: as `measure` found them.
        inputs: their names; the first is that of L*.
    """
    values = np.array(
        [[float(row[name]) for name in ("gray", *inputs)] for row in rows]
    )  # (photographs, gray and inputs)

    def removed(which: int) -> Statistic:
        return lambda v: 1 - v[:, which].mean() / v[:, 0].mean()

    def lost(which: int) -> Statistic:
        return lambda v: (v[:, which] - v[:, 1]).mean() / v[:, 0].mean()

    def mean(which: int) -> Statistic:
        return lambda v: v[:, which].mean()

    return {
        "photographs": len(rows),
        "gray": estimate(mean(0), values),
        "inputs": {
            name: {
                "ciede2000": estimate(mean(i), values),
                "removed": estimate(removed(i), values),
                "lost": estimate(lost(i), values),
            }
            for i, name in enumerate(inputs, start=1)
        },
    }


if __name__ == "__main__":
    sys.exit(main())
