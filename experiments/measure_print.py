"""Measure which part of a print costs a model the most.

    python experiments/measure_print.py
        --set validation "VALIDATE" --set kodachromes FOLDER
        --set plates FOLDER FOLDER --every validation=8 [--model MODEL]

As measure_film.py, but the film is orthochromatic throughout: first its
weights alone, then a plain print, then this print with a steep curve, with
softness or with grain, and with all three, which is the print of
measure_film.py. book/results/print-parts, or the --name, gets run.json,
report.json and rows.csv.
"""

import argparse
import sys
from dataclasses import replace

import torch
from measure_film import EYE, PRINTED, measure_inputs
from photo_sets import record_sets
from torch import Tensor

from colorlib.color import XYZ_FROM_RGB
from colorlib.film.curve import lightness_of_light
from colorlib.film.emulsions import expose
from colorlib.film.rendering import Film, render
from colorlib.shapes import RGBBytes

SCRIPT, NAME = "measure_print.py", "print-parts"
WEIGHTS = "orthochromatic"
PLAIN = Film.of(WEIGHTS)
PRINTS = {
    "plain print": PLAIN,
    "steep curve": replace(PLAIN, curve=PRINTED.curve),
    "softness": replace(PLAIN, softness=PRINTED.softness),
    "grain": replace(PLAIN, grain=PRINTED.grain),
    "all three": PRINTED,
}
INPUTS = (EYE, WEIGHTS, *PRINTS)


def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    return record_sets(make, __doc__, SCRIPT, NAME, words)


def make(options: argparse.Namespace) -> None:
    """Measure each photograph on each print."""
    measure_inputs(options, INPUTS, lightness_inputs)


def lightness_inputs(rgb: RGBBytes) -> dict[str, Tensor]:
    """Render what the network is to see, L* as (1, 1, H, W), by print.

    Args:
        rgb: one photograph, (3, H, W).
    """
    batch = rgb[None]
    light = {EYE: expose(batch, XYZ_FROM_RGB[1].float())}
    light[WEIGHTS] = expose(batch, PLAIN.weights)
    for name, film in PRINTS.items():
        light[name] = render(batch, film, torch.Generator().manual_seed(0))
    return {name: lightness_of_light(each) for name, each in light.items()}


if __name__ == "__main__":
    sys.exit(main())
