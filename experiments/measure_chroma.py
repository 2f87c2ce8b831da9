"""Measure a recorded run with its chroma scaled, from none to all of it.

    python experiments/measure_chroma.py model1-100 --model MODEL
        --photographs VALIDATE --lpips WEIGHTS

MODEL is what the run has trained (runs/RUN, or a file of weights; it is
refused if the run's report is about another), VALIDATE photographs that it was
not trained on, as `colorlib train` takes them, WEIGHTS a folder with LPIPS's
weights: see `colorlib.evaluation.chroma_scaling`. The numbers go into the
run's chroma.json in book/results.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from command_line import new_parser, told
from measurements import model_of
from recording import read

from colorlib.course.recorded import CHROMA, RESULTS, recorded
from colorlib.data.sources import find_all
from colorlib.evaluation.chroma_scaling import measure_chroma_scaling
from colorlib.files import replacing
from colorlib.metrics.perceptual import Lpips
from colorlib.shapes import RGBArray


@told("measure_chroma.py")
def main(words: list[str] | None = None) -> int:
    """Measure one run; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    run = recorded(options.run, results=options.results)
    colorizer = model_of(run, options.model)
    lpips = Lpips(options.lpips) if options.lpips else None
    found = measure_chroma_scaling(
        colorizer, photographs(options.photographs), lpips=lpips
    )
    with replacing(run.folder / CHROMA) as part:
        part.write_text(found.to_json(), encoding="utf-8")
    print(f"{options.run}: best with its chroma x {found.scales[found.best]}")
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("run", help="the recorded run")
    add("--model", required=True, help="what it has trained")
    add("--photographs", nargs="+", metavar="SOURCE", required=True)
    add("--lpips", metavar="WEIGHTS", help="weights for LPIPS; none: no LPIPS")
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def photographs(sources: list[str]) -> Iterator[RGBArray]:
    """Yield the photographs; what can't be read is left out."""
    items = find_all(sources)
    for _, pixels in read(items, "measuring"):
        yield pixels


if __name__ == "__main__":
    sys.exit(main())
