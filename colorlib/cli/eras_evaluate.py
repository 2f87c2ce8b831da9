"""`colorlib eras evaluate`: the protocol for eras, its five parts on a page.

What is measured is in `colorlib.evaluation`, in modules whose names begin
with era. Chapter 15.
"""

import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from typer import Argument, Exit, Option

from colorlib.archive.outcomes import one_line
from colorlib.cli.evaluate import read_items
from colorlib.cli.models import find_model
from colorlib.cli.results import (
    check_earlier_text,
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
    print_table,
    printable,
    progress_bar,
    say,
    stderr_console,
    telling,
)
from colorlib.files import make_folder

if TYPE_CHECKING:
    from colorlib.colorizer import Colorizer
    from colorlib.data.sources import Item
    from colorlib.eras.schema import Era
    from colorlib.evaluation.bootstrap import Estimate
    from colorlib.evaluation.era_color import PeriodPhotographs
    from colorlib.evaluation.era_objects import HueOrder
    from colorlib.evaluation.era_parts import EraParts
    from colorlib.shapes import RGBArray

T = TypeVar("T")
Score = Callable[["Iterable[tuple[str, RGBArray]]"], T]


def evaluate_era(
    era: Annotated[str, Argument(metavar="ERA", show_default=False)],
    model: Annotated[list[Path] | None, Option(metavar="MODEL")] = None,
    data: Annotated[str, Option(metavar="SOURCE")] = "bundled",
    color: Annotated[list[Path] | None, Option(metavar="SOURCE")] = None,
    balance: Annotated[bool, Option("--balance")] = False,
    objects: Annotated[
        Path | None, Option(metavar="FILE", exists=True, dir_okay=False)
    ] = None,
    answers: Annotated[
        list[Path] | None, Option(metavar="FILE", exists=True, dir_okay=False)
    ] = None,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", dir_okay=False)
    ] = None,
    films: Annotated[int, Option(metavar="N", min=1)] = 4,
    crop: Annotated[int, Option(metavar="PIXELS", min=32)] = 256,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
) -> None:
    """Score models for an era, by a protocol of five parts.

    (a) Photographs with known color are printed on films that the era may
    have had, aged and scanned, and each model colors the prints. Shown is the
    color error on CIE L*, on film, and what film costs, with that of baselines
    beside it: no color, one tint, the usual color of each lightness. (b) With
    `--color`: the error on photographs of the era that were taken in color,
    and how far it is from gray's. (c) With `--objects`: whether the hues of
    documented things, such as the halves of the flag, are the right ones.
    (d) How likely a model that predicts a palette calls it that it is wrong,
    on the prints of (a), and how near to the truth the best of its variants is,
    beside other pictures of equal number. (e) With `--answers`: what people
    chose. Numbers have 95 % intervals. The page says beside each number what it
    can't show, and of each part that was not measured what it takes.

    The file of `--objects` has a table `[[object]]` for each thing in a
    photograph: `photo = "flag.jpg"`, the path from the file's folder,
    `thing = "Taegukgi, the flag"`, as `colorlib eras show` names it, and
    `parts = { "red half" = [40, 20, 90, 45], "blue half" = [40, 50, 90, 75] }`:
    left, top, right, bottom of a box, in pixels of the upright photograph.

    Exit status: 0 all scored, 1 some could not be read, 2 wrong usage, 130
    interrupted (143 by SIGTERM).

    Args:
        era: Its name, one of `colorlib eras list`.
        model: A model (.safetensors), the folder of its run, or model2; give
            the option once for each. Without it, the one that ships.
        data: Color photographs, a folder, a .tar shard, or one of bundled,
            coco, imagenette. What is gray or of one tone is left out.
        color: Photographs of the era that were taken in color; give the
            option once for each folder. Of a folder of `colorlib eras fetch`
            or `add` only those count that its record accepts as true color,
            of any other folder all in color.
        balance: Take the cast of each photograph in true color away first, as
            plates of three exposures have one; for `--color`.
        objects: Where documented things are in photographs of the era, TOML.
        answers: Answers of people to a page of `colorlib compare`, CSV; give
            the option once for each file.
        output: Where the page goes, ERA.html if not told otherwise; the
            numbers go beside it, as JSON.
        films: How many prints are made of each photograph.
        crop: Side of the center crop that is scored.
        max_megapixels: Refuse a photograph that is larger.
    """
    unreadable: list[str] = []
    with plain_errors(WRONG_USAGE):
        check_megapixels(max_megapixels)
        from colorlib.colorizer import Colorizer
        from colorlib.data.sources import find_items
        from colorlib.eras.catalog import load_era
        from colorlib.evaluation import (
            era_color,
            era_film,
            era_report,
            era_scores,
        )
        from colorlib.evaluation.answers import read_answers, summarize_answers
        from colorlib.evaluation.era_parts import EraParts

        found = load_era(era)
        page = output or Path(f"{era}.html")
        numbers = page.with_suffix(".json")
        check_earlier_text(page, "page", era_report.ERA_PAGE_START)
        read_earlier(numbers, "report of an era", {"era", "era_protocol"})
        chosen: list[Path | None] = [*model] if model else [None]
        loaded = [Colorizer.load(find_model(each)) for each in chosen]
        models = era_scores.models_by_name(loaded)
        items = find_items(data)
        if balance and not color:
            raise ValueError("--balance is for --color: give both or neither")
        period = _find_period(found, color)
        choices = summarize_answers(read_answers(answers)) if answers else None
        order = _judge(found, models, objects, unreadable, max_megapixels)
        make_folder(page.parent)
        command = _repeating(
            era,
            {
                "--model": model,
                "--data": Path(data),
                "--color": color,
                "--balance": balance,
                "--objects": objects,
                "--answers": answers,
                "--output": page,
                "--films": films,
                "--crop": crop,
                "--max-megapixels": f"{max_megapixels:g}",
            },
        )

    def scored(
        doing: str, some: "Sequence[Item]", told: list[str], score: "Score[T]"
    ) -> "T":
        with progress_bar(doing) as bar:
            photographs = read_items(some, told, max_megapixels)
            return score(bar.track(photographs, len(some)))

    with plain_errors():
        film = scored(
            "scoring",
            items,
            unreadable,
            lambda each: era_film.measure_era(
                found, models, each, films=films, crop=crop
            ),
        )
        scores, true_color = film.scores, None
        if period:
            true_color = scored(
                "true colors",
                period.items,
                unreadable,
                lambda each: era_color.score_true_color(
                    models, each, period, crop=crop, balanced=balance
                ),
            )
        parts = EraParts(true_color, order, film.doubt, choices)
        sums = {name: each.sha256 for name, each in models.items()}
        told = scores, sums, parts
        write_text(era_report.era_page(*told, command=command), page)
        write_text(era_report.era_json(*told, command=command), numbers)
        _show("", "(a) CIEDE2000", era_scores.MEANINGS, scores.estimates)
        for why, count in scores.left_out.items():
            say(f"left out of (a) and (d): {count} of {len(items)}, {why}")
        _show_parts(parts)
        say(f"page: {page}, which says what each number can't show")
        say(f"numbers: {numbers}")
    for line in unreadable:
        complain(line)
    if unreadable:
        raise Exit(FAILED)


def _repeating(era: str, options: Mapping[str, object]) -> str:
    """Write down the command; of paths the names, without where they are."""
    words = ["colorlib", "eras", "evaluate", era]
    for option, given in options.items():
        for each in given if isinstance(given, list) else [given]:
            if isinstance(each, Path):
                each = os.path.basename(os.path.abspath(each))
            if each is True:
                words.append(option)
            elif each not in (None, False):
                words += [option, str(each)]
    return shlex.join(words)


def _find_period(
    era: "Era", folders: list[Path] | None
) -> "PeriodPhotographs | None":
    """Find what was taken in color, and tell what is set aside."""
    from colorlib.evaluation.era_color import find_period_photographs

    if not folders:
        return None
    with telling(stderr_console()):
        return find_period_photographs(era, folders)


def _judge(
    era: "Era",
    models: "Mapping[str, Colorizer]",
    objects: Path | None,
    unreadable: list[str],
    max_megapixels: float,
) -> "HueOrder | None":
    """Judge the things whose photographs can be read."""
    from colorlib import photos
    from colorlib.evaluation.era_objects import judge_order
    from colorlib.evaluation.era_places import read_objects

    if not objects:
        return None
    seen = []
    for thing in read_objects(objects, era):
        try:
            photo = photos.read(thing.path, max_megapixels=max_megapixels)
        except photos.PhotoError as error:
            unreadable.append(one_line(error, thing.path))
        else:
            seen.append((thing, photo.to_8_bits().rgb))
    if not seen:
        raise ValueError(unreadable[0])
    return judge_order(models, seen)


def _show(
    title: str,
    unit: str,
    names: "Mapping[str, object]",
    estimates: "Mapping[str, Mapping[str, Estimate]]",
) -> None:
    columns: dict[str, list[str]] = {unit: [*names]}
    for who, told in estimates.items():
        columns[printable(who)] = [
            f"{told[name]:.2f}" if name in told else "" for name in names
        ]
    print_table(columns, title)


def _show_parts(parts: "EraParts") -> None:
    from colorlib.evaluation.era_color import COLOR_MEANINGS
    from colorlib.evaluation.era_doubts import DOUBT_MEANINGS
    from colorlib.evaluation.era_parts import TITLES

    if scores := parts.true_color:
        title = f"{TITLES['true_color']}, {len(scores.names)} photographs"
        _show(title, "CIEDE2000", COLOR_MEANINGS, scores.estimates)
    if order := parts.objects:
        say(TITLES["objects"])
        for who in order.things:
            counts = order.counts(who).items()
            told = ", ".join(f"{n} of {of} {what}" for what, (n, of) in counts)
            say(f"  {who}: {told} right")
    if doubt := parts.doubt:
        _show(TITLES["doubt"], "share", DOUBT_MEANINGS, doubt.estimates)
        for who, compared in doubt.variants.estimates.items():
            title = f"(d) Variants of {printable(who)}, picked by the truth"
            _show(title, "error, share", compared["modern"], compared)
    if choices := parts.choices:
        say(TITLES["choices"])
        say(f"  {choices.sentence()}")
    for name, needs in parts.missing.items():
        say(f"{TITLES[name]}: not measured, takes {needs}")
