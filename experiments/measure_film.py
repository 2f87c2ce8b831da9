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

Every photograph's numbers go into rows.csv in the folder --work, one line as
soon as it is measured, so that the command goes on where it was stopped. At
the end book/results/film-gap, or the --name, gets run.json, report.json and
rows.csv: numbers, and nothing that shows a photograph.
"""

import argparse
import csv
import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import list_runs
import numpy as np
import torch
from command_line import command, last_parts, new_parser
from measurements import describe_measurement, estimate, publish_measurement
from recording import read
from skimage.restoration import denoise_tv_chambolle
from torch import Tensor

from colorlib.color import XYZ_FROM_RGB, as_channels, rgb_to_lab
from colorlib.color.recolor import recolor
from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS
from colorlib.data.crops import center_crop
from colorlib.data.sources import Item, find_items, unique_names
from colorlib.film.curve import ToneCurve, lightness_of_light
from colorlib.film.emulsions import expose
from colorlib.film.rendering import Film, render
from colorlib.metrics import ciede2000
from colorlib.shapes import RGBArray, RGBBytes

NAME = "film-gap"
ROWS, SECONDS = "rows.csv", "seconds.txt"
SIZE = 256  # of the center crop, as the protocol has it
STRIDE = 2  # CIEDE2000 looks at every second pixel of every second row
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
COLUMNS = ("set", "photograph", "gray", *INPUTS)

Statistic = Callable[[np.ndarray], float]


def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    return list_runs.record("measure_film.py", make, parse_options(words))


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("--set", nargs="+", action="append", metavar=("NAME", "SOURCE"))
    add("--every", nargs="+", default=[], metavar="SET=N")
    add("--without", nargs="+", default=[], metavar="NAME")
    add("--collection", help="what to call the photographs, on the page")
    add("--model", help="file or run folder; default: the model that ships")
    add("--name", default=NAME, help="of the record; default: %(default)s")
    add("--work", type=Path, help="default: runs/ and the name")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if not options.set or min(map(len, options.set)) < 2:
        parser.error("give --set NAME SOURCE, at least once")
    options.work = options.work or Path("runs") / options.name
    return options


def make(options: argparse.Namespace) -> None:
    """Measure what isn't measured yet, sum up, publish."""
    every = dict(each.split("=") for each in options.every)
    sets = {
        name: choose(sources, int(every.get(name, 1)), options.without)
        for name, *sources in options.set
    }
    options.work.mkdir(parents=True, exist_ok=True)
    rows = options.work / ROWS
    drop_cut_line(rows)
    colorizer = Colorizer.load(options.model, device="cpu")
    began = time.monotonic()
    for name, items in sets.items():
        there = {row["photograph"] for row in read_rows(rows, name)}
        todo = [item for item in items if stem(item.name) not in there]
        for photograph, pixels in read(todo, name):
            numbers = measure(colorizer, pixels)
            append(rows, name, stem(photograph), numbers)
    seconds = add_seconds(options.work, time.monotonic() - began)
    report = {
        "size": SIZE,
        "stride": STRIDE,
        "model": {"name": colorizer.name, "sha256": colorizer.sha256},
        "sets": {name: sum_up(read_rows(rows, name)) for name in sets},
    }
    passes = len(INPUTS) * (1 + len(colorizer.tta_sizes))
    publish_measurement(
        options.results / options.name,
        about(options, report, seconds, passes),
        json.dumps(report, indent=2),
        lambda part: shutil.copy(rows, part / ROWS),
    )


def choose(sources: list[str], every: int, without: list[str]) -> list[Item]:
    """Find the photographs of a set, in an order that names decide.

    Args:
        sources: see `find_items`.
        every: take each so many-th.
        without: parts of names that are left out.

    Raises:
        ValueError: if there are none.
    """
    found = unique_names(i for source in sources for i in find_items(source))
    found.sort(key=lambda item: item.name)
    kept = [
        item
        for item in found[::every]
        if not any(part in item.name for part in without)
    ]
    if not kept:
        raise ValueError(f"no photographs in {' '.join(sources)}")
    return kept


def stem(name: str) -> str:
    """Name a photograph without its file's ending."""
    return str(PurePosixPath(name).with_suffix(""))


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


def measure(colorizer: Colorizer, pixels: RGBArray) -> dict[str, float]:
    """Compare what the model makes of each input with the truth.

    Returns:
        CIEDE2000 of gray and of the model for each input.
    """
    crop = center_crop(pixels, SIZE)
    truth = rgb_to_lab(as_channels(crop))
    L_star = truth[0]

    def error(ab: Tensor) -> float:
        picture, _ = recolor(crop, ab, L_star=L_star)
        lab = rgb_to_lab(as_channels(picture))
        some = slice(None, None, STRIDE)
        return ciede2000(lab[:, some, some], truth[:, some, some]).mean().item()

    inputs = lightness_inputs(as_channels(crop))
    predicted = colorizer.predict(torch.cat([*inputs.values()]) / 50 - 1)
    errors = {"gray": error(torch.zeros(2, SIZE, SIZE))}
    for name, ab in zip(inputs, predicted, strict=True):
        errors[name] = error(ab)
    return errors


def sum_up(rows: list[dict[str, str]]) -> dict[str, Any]:
    """Compute means, shares and their intervals over a set's photographs."""
    values = np.array(
        [[float(row[name]) for name in ("gray", *INPUTS)] for row in rows]
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
            for i, name in enumerate(INPUTS, start=1)
        },
    }


def drop_cut_line(path: Path) -> None:
    """Remove a last line that was not written to its end."""
    if path.exists():
        whole, _, cut = path.read_bytes().rpartition(b"\n")
        if cut:
            path.write_bytes(whole + b"\n")


def read_rows(path: Path, name: str) -> list[dict[str, str]]:
    """Read a set's rows, as far as there are any."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["set"] == name]


def append(
    path: Path, name: str, photograph: str, numbers: Mapping[str, float]
) -> None:
    """Add a line, at once."""
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        values = [f"{numbers[column]:.4f}" for column in COLUMNS[2:]]
        writer.writerow([name, photograph, *values])


def about(
    options: argparse.Namespace,
    report: Mapping[str, Any],
    seconds: float,
    passes: int,
) -> dict[str, Any]:
    """Say what was done, on what, and how long it took."""
    sources = [source for _, *each in options.set for source in each]
    photographs = sum(each["photographs"] for each in report["sets"].values())
    return describe_measurement(
        {"size": SIZE},
        sources=sources,
        photographs=photographs,
        pictures=photographs * passes,
        seconds=seconds,
        collection=options.collection,
        command=command(
            "measure_film.py",
            *(
                word
                for name, *each in options.set
                for word in ("--set", name, *last_parts(each))
            ),
            every=options.every,
            without=options.without,
            model=options.model and Path(options.model).name,
            name=None if options.name == NAME else options.name,
        ),
    )


def add_seconds(work: Path, seconds: float) -> float:
    """Sum up the time that all calls took so far."""
    path = work / SECONDS
    before = float(path.read_text()) if path.exists() else 0.0
    path.write_text(f"{before + seconds:.1f}\n")
    return before + seconds


if __name__ == "__main__":
    sys.exit(main())
