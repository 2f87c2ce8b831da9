"""Measure recorded runs on people and on their background, apart.

    python experiments/measure_people.py model1-100 --model MODEL
        --photographs VALIDATE --outlines PERSONS

MODEL is what the run has trained (runs/RUN, or a file of weights; it is
refused if the run's report is about another), VALIDATE photographs that it was
not trained on, as `colorlib train` takes them, PERSONS the JSON with their
outlines: see `colorlib.evaluation.people`. The numbers go into the run's
people.json in book/results, and nothing that shows a photograph does.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from command_line import new_parser, told
from measurements import model_of
from recording import read

from colorlib.course.recorded import PEOPLE, RESULTS, recorded
from colorlib.data.sources import find_all
from colorlib.evaluation.people import Outlined, measure_people, read_outlines
from colorlib.files import replacing
from colorlib.shapes import RGBArray


@told("measure_people.py")
def main(words: list[str] | None = None) -> int:
    """Measure one run; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    run = recorded(options.run, results=options.results)
    outlined = read_outlines(options.outlines)
    colorizer = model_of(run, options.model)
    found = measure_people(
        colorizer, photographs(options.photographs, outlined), outlined
    )
    with replacing(run.folder / PEOPLE) as part:
        part.write_text(found.to_json(), encoding="utf-8")
    print(f"{options.run}: {len(found)} photographs", found.about["left_out"])
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("run", help="the recorded run")
    add("--model", required=True, help="what it has trained")
    add("--photographs", nargs="+", metavar="SOURCE", required=True)
    add("--outlines", type=Path, required=True)
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def photographs(
    sources: list[str], outlined: Mapping[str, Outlined]
) -> Iterator[tuple[str, RGBArray]]:
    """Yield the photographs of which it is known who stands where."""
    items = find_all(sources)
    known = [i for i in items if PurePosixPath(i.name).stem in outlined]
    for name, pixels in read(known, "measuring"):
        yield PurePosixPath(name).stem, pixels


if __name__ == "__main__":
    sys.exit(main())
