"""`colorlib colorize`: photographs and folders in, colored copies out.

What happens is in `archive`; here are the command's options and what the
user sees of it: a bar, a table, a report, an exit status. Chapter 01.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from typer import Argument, Exit, Option

from colorlib.cli.models import find_model
from colorlib.cli.results import (
    REPORT,
    check_earlier_text,
    read_report,
    write_json,
    write_text,
)
from colorlib.cli.signals import exit_status
from colorlib.cli.terminal import (
    FAILED,
    MAX_MEGAPIXELS,
    WRONG_USAGE,
    check_megapixels,
    complain,
    given_path,
    plain_errors,
    print_table,
    progress_bar,
    say,
    waiting,
)
from colorlib.files import make_folder

if TYPE_CHECKING:
    from colorlib.archive.outcomes import Outcome
    from colorlib.archive.plan import Plan
    from colorlib.archive.signing import Signer
    from colorlib.colorizer import Colorizer

GALLERY = "colorlib-gallery.html"
# As `widgets.gallery` begins a page; a test holds them together.
GALLERY_START = "<!doctype html>\n<!-- made by colorlib colorize -->\n"
MOST_VARIANTS = 4  # of `palette.LEANINGS`; a test holds them together
# A folder of thousands has thousands; all are in the report.
SHOWN_NOTES, SHOWN_ERRORS = 10, 50
KEEP_EVERY = 60.0  # seconds from one writing of the report to the next


def colorize(
    paths: Annotated[
        list[Path],
        Argument(metavar="PATH...", parser=given_path, show_default=False),
    ],
    output: Annotated[
        Path, Option("--output", "-o", metavar="DIR", parser=given_path)
    ] = Path("colorized"),
    model: Annotated[str | None, Option(metavar="MODEL")] = None,
    device: Annotated[str | None, Option(metavar="DEVICE")] = None,
    size: Annotated[int | None, Option(metavar="PIXELS", min=1)] = None,
    mirror: Annotated[bool, Option("--mirror")] = False,
    faded: Annotated[bool, Option("--faded")] = False,
    uncertainty: Annotated[bool, Option("--uncertainty")] = False,
    variants: Annotated[int, Option(metavar="N", min=0, max=MOST_VARIANTS)] = 0,
    hints: Annotated[
        Path | None, Option(metavar="FILE.toml", parser=given_path)
    ] = None,
    hints_map: Annotated[bool, Option("--hints-map")] = False,
    caption: Annotated[
        Literal["en", "ko", "both"] | None, Option(metavar="en|ko|both")
    ] = None,
    sign: Annotated[
        Path | None, Option(metavar="CERTIFICATE.pem", parser=given_path)
    ] = None,
    key: Annotated[
        Path | None, Option(metavar="KEY.pem", parser=given_path)
    ] = None,
    gallery: Annotated[bool, Option("--gallery")] = False,
    update: Annotated[bool, Option("--update")] = False,
    overwrite: Annotated[bool, Option("--overwrite")] = False,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
    report: Annotated[
        Path | None, Option(metavar="FILE.json", parser=given_path)
    ] = None,
    quiet: Annotated[bool, Option("--quiet", "-q")] = False,
) -> None:
    """Color photographs, and folders of photographs.

    Each colored copy goes into the folder `colorized` of the current folder,
    under the same name. JPEG (at quality 95), PNG, TIFF and WebP keep their
    format, all others become PNG. Folders keep their structure below it. The
    originals stay as they are. Where two copies would have the same name, the
    second one gets a longer one (a.gif.png), and a note says so.

    The same command continues a run that was interrupted: a photograph is
    done, and skipped, if its copy came from the same bytes, the same model
    and the same settings. Any other copy is left alone: one of another scan,
    model or setting is outdated, and colored again with --update. If a file
    of another program has the copy's name, the photograph fails.

    A model that predicts a palette, as the one that ships does, also says how
    sure it is, and what else it thinks possible: `--uncertainty` and
    `--variants` write that beside each copy.

    Where somebody knows a color, `--hints` takes a TOML file with a table
    `[[hint]]` for each: `photo = "dress.jpg"`, `point = [412, 300]`,
    `color = "#8c1c2b"`, and who says so, `source = "letter of 1951"`. At the
    point the color is the hint's, and from there it spreads along the
    photograph's edges; elsewhere it is the model's. Places are in pixels of
    the upright photograph, from its upper left corner: x, y of a point, or
    left, top, right, bottom of a box, `box = [400, 280, 430, 320]`. A color may
    also be `[a*, b*]`; its lightness doesn't count, that is the photograph's.
    Each hint needs a source, which stands in the mark of the copy and in the
    report. A copy made with other hints is outdated.

    Where a record of `colorlib eras add` or `eras fetch` (photographs.csv)
    lies beside the photographs, a line says how many of them it refuses, for
    their license or another reason. They are colored all the same.

    Exit status: 0 all done, 1 some outdated or failed, 2 wrong usage, 130
    interrupted (143 by SIGTERM).

    Args:
        paths: Photographs, and folders to search for photographs.
        output: Folder for the colored copies.
        model: A model of your own (.safetensors), the folder of its run, or
            model2, which is downloaded once. Without it, the one that ships
            with colorlib.
        device: Where to compute, such as cpu, cuda or mps. Without it, the
            fastest at hand.
        size: Shorter side at which the model sees a photograph. Without it,
            the size, or the sizes, on the model's card.
        mirror: Average with what the model says of the mirror image, for
            which it runs once more.
        faded: Let the model see faded photographs with stretched contrast,
            from near black to near white. Each copy keeps the photograph's
            own tones. Photographs that are not faded are colored as without
            it. Cut white margins off first: they hide that a print is faded.
        uncertainty: Write a map beside each copy (a.uncertainty.png), the
            brighter, the more likely the color is off. Hints darken it where
            they decide the color.
        variants: Write so many copies in other colors that are possible:
            a.warmer.jpg, a.cooler.jpg, a.greener.jpg, a.rosier.jpg. They
            differ where the model is unsure.
        hints: Take known colors from this file.
        hints_map: Write a map beside each copy that has hints (a.hints.png),
            the brighter, the more of the color comes from them, and not from
            the model.
        caption: Write a copy to print, too, with a line below the picture
            that says who made the colors: en (a.caption-en.jpg), ko, or both.
            It stands in a strip of its own, and never over the picture.
        sign: Sign each copy with this certificate and those below it in the
            file (Content Credentials of C2PA). It says who made the copy, and
            shows when somebody changes it, as long as the certificate is
            valid. Needs `pip install c2pa-python`.
        key: The certificate's private key, without a password.
        gallery: Write a page of all results too, each before and after:
            colorlib-gallery.html in the folder of the copies. It shows those
            of earlier runs, too, and works offline. On it one accepts,
            rejects and comments, and gets a CSV for `colorlib card --review`,
            which the page loads again, too. What could not be colored is
            named on it.
        update: Color again what is outdated, too, as after a new scan. Give
            all options of the earlier run again: what was colored with others
            is outdated. A copy that you changed by hand is replaced like any
            other, so move it away first.
        overwrite: Color again what is done already, and replace what is in
            the way, files of other programs too.
        max_megapixels: Refuse a photograph that is larger.
        report: Where the JSON report goes. Without it,
            colorlib-report.json in the folder of the copies.
        quiet: Show errors only.
    """
    report = report or output / REPORT
    with plain_errors(WRONG_USAGE):
        from colorlib.archive.local import color_all
        from colorlib.archive.plan import add_results, plan
        from colorlib.archive.records import check_records
        from colorlib.archive.report import complete, describe_coloring

        if report.suffix.lower() != ".json":
            raise ValueError(f"--report takes a .json file, got {report}")
        if update and overwrite:
            raise ValueError(
                "--overwrite takes all, also what is not outdated: give it or"
                " --update, not both"
            )
        check_megapixels(max_megapixels)
        signer = _signer(sign, key)
        planned = plan(paths, output)
        told = check_records(planned)
        _take_hints(planned, hints, hints_map, max_megapixels)
        _read_report(report, overwrite)  # an error now, not after the work
        page = output / GALLERY if gallery else None
        if page:
            check_earlier_text(page, "gallery", GALLERY_START)
        colorizer = _load(model, device, mirror, faded, quiet)
        ways = [
            *_captions(caption),
            *_ways(colorizer, uncertainty, hints_map, variants),
        ]
        add_results(planned, ways)
        make_folder(output)
        make_folder(report.parent)
    run = color_all(
        planned.jobs,
        colorizer,
        overwrite=overwrite,
        update=update,
        size=size,
        max_megapixels=max_megapixels,
        signer=signer,
    )
    with plain_errors():
        started, outcomes = datetime.now(UTC), list(planned.failed)
        total = len(planned.jobs) + len(outcomes)

        def keep() -> dict[str, Any]:
            """Write the report of what is done so far."""
            about = describe_coloring(colorizer, size, started, total, outcomes)
            # Read again: another run may have written it meanwhile.
            before = _read_report(report, overwrite)
            aside = planned.set_aside
            said = complete(about, outcomes, aside, before, output)
            write_json(said, report)
            return said

        shown = 0 if quiet else len(planned.jobs)
        signal = _watch(run, outcomes, shown, keep)
        said = keep()
        told += [] if faded else _faded_line(outcomes)
        _show(outcomes, total, planned.set_aside, told, quiet)
        if not quiet:
            say(f"report: {report}")
        if page and not signal:
            _write_gallery(page, said, max_megapixels, quiet)
    if signal:
        raise Exit(exit_status(signal))
    if any(outcome.error for outcome in outcomes):
        raise Exit(FAILED)


def _take_hints(
    planned: "Plan", path: Path | None, mapped: bool, max_megapixels: float
) -> None:
    """Read the file of hints, if there is one."""
    if path is not None:
        from colorlib.archive.hinting import give_hints

        give_hints(planned, path, max_megapixels=max_megapixels)
    elif mapped:
        raise ValueError("--hints-map needs hints: give them with --hints")


def _load(
    model: str | None,
    device: str | None,
    mirror: bool,
    faded: bool,
    quiet: bool,
) -> "Colorizer":
    path = find_model(model, quiet=quiet)
    with waiting("loading the model", quiet):
        from colorlib.colorizer import Colorizer

        return Colorizer.load(path, device=device, mirror=mirror, faded=faded)


def _signer(certificate: Path | None, key: Path | None) -> "Signer | None":
    """Make sure that copies can be signed, if they are to be."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise ValueError("--sign and --key go together: give both or neither")
    from colorlib.archive.signing import Signer

    return Signer(certificate, key)


def _captions(caption: str | None) -> list[str]:
    """Say which copy to print is made; an error if a font is missing."""
    from colorlib.archive.credit import CAPTION, STRIPS, find_font

    if caption is None:
        return []
    for language in STRIPS[caption]:
        find_font(language)
    return [f"{CAPTION}{caption}"]


def _ways(
    colorizer: "Colorizer", uncertainty: bool, hints_map: bool, variants: int
) -> list[str]:
    """Say what is made besides copies; an error if the model can't."""
    from colorlib.archive.outcomes import HINTS_MAP, UNCERTAINTY
    from colorlib.models.palette import LEANINGS

    if uncertainty or variants:
        colorizer.check_palette()
    maps = [UNCERTAINTY] * uncertainty + [HINTS_MAP] * hints_map
    return maps + list(LEANINGS)[:variants]


def _watch(
    run: "Iterator[Outcome]",
    outcomes: "list[Outcome]",
    total: int,
    keep: Callable[[], object],
) -> KeyboardInterrupt | None:
    """Collect outcomes under a bar; return the signal that ended the run.

    What is done is kept now and then, for the day when the power fails.
    """
    kept = time.monotonic()
    with progress_bar("coloring", shown=total > 0) as bar:
        try:
            for outcome in bar.track(run, total=total):
                outcomes.append(outcome)
                if time.monotonic() - kept > KEEP_EVERY:
                    keep()
                    kept = time.monotonic()
        except KeyboardInterrupt as signal:
            return signal
    return None


def _write_gallery(
    page: Path, report: Mapping[str, Any], max_megapixels: float, quiet: bool
) -> None:
    """Write the page; what can't be read for it is named."""
    from colorlib.archive.copies import find_copies
    from colorlib.widgets.gallery import gallery_page, read_gallery

    copies, absent = find_copies(report, page.parent)
    known = len(absent)
    reading = read_gallery(copies, absent, max_megapixels=max_megapixels)
    shown = 0 if quiet else len(copies)
    with progress_bar("making the gallery", shown=shown > 0) as bar:
        tracked = bar.track(reading, total=shown)
        html = gallery_page(tracked, report, absent=absent)
    write_text(html, page)
    _complain_of(absent[known:], "on the page")
    if not quiet:
        say(f"gallery: {page}")


def _read_report(path: Path, overwrite: bool) -> dict[str, Any]:
    """Read the report of earlier runs, which this one goes on with."""
    try:
        return read_report(path)
    except ValueError:
        if not overwrite:
            raise
        return {}


def _show(
    outcomes: "Sequence[Outcome]",
    total: int,
    set_aside: Mapping[str, Sequence[Path]],
    told: Sequence[str],
    quiet: bool,
) -> None:
    """Show the summary: the counts, what to know, what failed and why."""
    if not quiet:
        from colorlib.archive.outcomes import THERE
        from colorlib.archive.report import counts
        from colorlib.data.survey import describe

        copies = [each for each in outcomes if not each.job.way]
        print_table({name: [n] for name, n in counts(copies).items()})
        lines = [*told, *describe(set_aside), *_notes(outcomes)]
        if len(copies) < len(outcomes):
            beside = [each for each in outcomes if each.job.way]
            made = sum(each.status in THERE for each in beside)
            say(f"beside the copies: {made} maps and other results")
        for line in lines[:SHOWN_NOTES]:
            say(line)
        if len(lines) > SHOWN_NOTES:
            say(f"and {len(lines) - SHOWN_NOTES} more notes in the report")
    # A photograph that can't be read has no variants, for the same reason.
    errors = dict.fromkeys(outcome.error for outcome in outcomes)
    _complain_of([*filter(None, errors)], "in the report")
    if total > len(outcomes):
        further = any(outcome.job.way for outcome in outcomes)
        what = "results" if further else "photographs"
        complain(
            f"interrupted with {total - len(outcomes)} of {total}"
            f" {what} to go; the same command continues"
        )


def _complain_of(errors: Sequence[str], where: str) -> None:
    """Show errors; of very many the first ones, and how many more."""
    for error in errors[:SHOWN_ERRORS]:
        complain(error)
    if len(errors) > SHOWN_ERRORS:
        complain(f"and {len(errors) - SHOWN_ERRORS} more, which are {where}")


def _faded_line(outcomes: "Sequence[Outcome]") -> list[str]:
    """Say how many photographs --faded would change, if there are any."""
    from colorlib.data.survey import name_some

    sources = [outcome.job.source for outcome in outcomes if outcome.faded]
    if not sources:
        return []
    return [
        f"low contrast, as of a faded print: {len(sources)}"
        f" ({name_some(sources)}); --faded may give better colors"
    ]


def _notes(outcomes: "Sequence[Outcome]") -> list[str]:
    """Return a line for each note, with the photographs that share it."""
    sharing = defaultdict(list)
    for outcome in outcomes:
        for note in (*outcome.job.notes, *outcome.notes):
            sharing[note].append(outcome.job.source)
    return [
        f"{first}{f' and {len(others)} more' if others else ''}: {note}"
        for note, (first, *others) in sharing.items()
    ]
