"""`colorlib evaluate`: what a model is worth, with baselines beside it.

A score alone says little; doing nothing has one too. Chapter 13.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Exit, Option

from colorlib.archive.outcomes import one_line
from colorlib.cli.models import find_model, shown_downloads
from colorlib.cli.results import (
    check_earlier_table,
    read_earlier,
    write_text,
)
from colorlib.cli.terminal import (
    FAILED,
    MAX_MEGAPIXELS,
    WRONG_USAGE,
    check_megapixels,
    complain,
    plain_errors,
    progress_bar,
    say,
    stderr_console,
    telling,
)
from colorlib.files import make_folder, user_cache

if TYPE_CHECKING:
    from colorlib.data.sources import Item
    from colorlib.shapes import RGBArray

SHIPPED_NAME = "shipped"
ROWS_BEGIN = ("name", "height", "width")  # what tells our CSV from others


def evaluate(
    model: Annotated[str, Argument(metavar="MODEL", show_default=False)],
    data: Annotated[str, Argument(metavar="DATA", show_default=False)],
    output: Annotated[
        Path, Option("--output", "-o", metavar="FILE", dir_okay=False)
    ] = Path("evaluation.json"),
    rows: Annotated[Path | None, Option(metavar="FILE", dir_okay=False)] = None,
    held_out: Annotated[
        float | None, Option(metavar="SHARE", min=0, max=1)
    ] = None,
    crop: Annotated[int, Option(metavar="PIXELS", min=16)] = 256,
    perceptual: Annotated[bool, Option("--perceptual")] = False,
    weights: Annotated[
        Path | None, Option(metavar="FOLDER", file_okay=False)
    ] = None,
    device: Annotated[str | None, Option(metavar="DEVICE")] = None,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
) -> None:
    """Score a model on photographs whose colors are known.

    Shows nine of the protocol's measures of color, each with trivial
    baselines beside the model (gray, one tint, another photograph's colors
    ...) and with 95 % intervals. What the baselines score is kept for the next
    time, in ~/.cache/colorlib.

    Exit status: 0 all scored, 1 some could not be read, 2 wrong usage, 130
    interrupted (143 by SIGTERM).

    Args:
        model: A model (.safetensors), the folder of its run, model2, which is
            downloaded once, or the word shipped for the one that comes with
            colorlib.
        data: Color photographs: a folder, a .tar shard, or one of bundled,
            coco, imagenette. Take some that the model was not trained on.
        output: Where the scores go, as JSON.
        rows: Where the scores of each photograph go, as CSV, if wanted.
        held_out: Score only what `colorlib train --validation SHARE` keeps
            out of training: 0.2, if it was not told otherwise.
        crop: Side of the center crop that is scored.
        perceptual: Measure LPIPS, FID and KID too. Takes far longer, and
            `pip install torchmetrics torch-fidelity`.
        weights: The folder with the weights that these three need. Without
            it, they are downloaded, once.
        device: Where to compute, such as cpu, cuda or mps. Without it, the
            fastest at hand.
        max_megapixels: Refuse a photograph that is larger.
    """
    with plain_errors(WRONG_USAGE):
        check_megapixels(max_megapixels)
        read_earlier(output, "evaluation", {"protocol", "groups"})
        if rows:
            check_earlier_table(rows, "table of scores", ROWS_BEGIN)
            if rows.resolve() == output.resolve():
                raise ValueError(
                    f"--output and --rows are both {rows}; give each a file"
                    " of its own"
                )
        for path in filter(None, (output, rows)):
            make_folder(path.parent)
        from colorlib.colorizer import Colorizer
        from colorlib.data.sources import find_all
        from colorlib.data.splits import list_hash
        from colorlib.evaluation import BaselineCache, Perception, Protocol
        from colorlib.evaluation import evaluate as score

        with telling(stderr_console()):  # what is set aside
            items = _held_out(find_all([data]), data, held_out)
        chosen = None if model == SHIPPED_NAME else model
        colorizer = Colorizer.load(find_model(chosen), device=device)
        perception = None
        if perceptual or weights:
            with shown_downloads() as on_download:
                perception = Perception.load(
                    weights, colorizer.device, on_download=on_download
                )
        list_name = list_hash(item.name for item in items)
        cache = BaselineCache(
            user_cache() / "baselines" / f"{list_name}-{crop}.json"
        )

    unreadable: list[str] = []
    with plain_errors(), _told_at_the_end(unreadable):
        with progress_bar("scoring") as bar:
            photographs = bar.track(
                read_items(items, unreadable, max_megapixels), len(items)
            )
            report = score(
                colorizer,
                photographs,
                protocol=Protocol(crop=crop),
                cache=cache,
                perception=perception,
            )
        # Kept before anything is shown: whoever reads may have left.
        write_text(report.to_json(), output)
        if rows:
            write_text(report.to_csv(), rows)
        for line in report.table().splitlines():
            say(line)
        say(f"scores: {output}")
        if rows:
            say(f"rows: {rows}")
    if unreadable:
        raise Exit(FAILED)


@contextmanager
def _told_at_the_end(lines: list[str]) -> Iterator[None]:
    """Complain last, below the table; also when nothing was left to score."""
    try:
        yield
    finally:
        for line in lines:
            complain(line)


def _held_out(
    items: "list[Item]", data: str, share: float | None
) -> "list[Item]":
    """Keep the validation side of the split, if a share is given."""
    from colorlib.data.splits import split_as_the_course_does

    if share is None:
        return items
    names = [item.name for item in items]
    kept = set(split_as_the_course_does([data], names, share)[1])
    return [item for item in items if item.name in kept]


def read_items(
    items: "Iterable[Item]", unreadable: list[str], max_megapixels: float
) -> "Iterator[tuple[str, RGBArray]]":
    """Yield name and pixels; what can't be read is noted and left out.

    Args:
        items: photographs.
        unreadable: gets a line for each that can't be read.
        max_megapixels: refuse what is larger.
    """
    from colorlib.photos import PhotoError

    for item in items:
        try:
            yield item.name, item.read(max_megapixels)
        except PhotoError as error:
            unreadable.append(one_line(error, item.path))
