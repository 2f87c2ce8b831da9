"""`colorlib compare`: which of two models do people prefer?

Of two folders it makes a page that asks; of the answers that judges send
back it makes shares with intervals. The statistics are in
`evaluation.choices` and `evaluation.answers`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Exit, Option

from colorlib.cli.results import check_earlier_text, write_text
from colorlib.cli.terminal import (
    FAILED,
    MAX_MEGAPIXELS,
    WRONG_USAGE,
    check_megapixels,
    check_there,
    complain,
    given_path,
    plain_errors,
    print_table,
    printable,
    progress_bar,
    say,
)
from colorlib.files import make_folder

if TYPE_CHECKING:
    from colorlib.evaluation.answers import ChoiceSummary, Preference

PAGE = Path("compare.html")


def compare(
    paths: Annotated[
        list[Path],
        Argument(metavar="PATH...", parser=given_path, show_default=False),
    ],
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", dir_okay=False)
    ] = None,
    originals: Annotated[
        Path | None, Option(metavar="FOLDER", exists=True, file_okay=False)
    ] = None,
    trials: Annotated[int | None, Option(metavar="N", min=1)] = None,
    question: Annotated[str | None, Option(metavar="TEXT")] = None,
    seed: Annotated[int, Option(metavar="N", min=0)] = 0,
    detect: Annotated[
        float, Option(metavar="SHARE", min=0.501, max=0.99)
    ] = 0.6,
    as_json: Annotated[bool, Option("--json")] = False,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
) -> None:
    """Ask people which of two folders of colored photographs looks better.

    With two folders, `colorlib compare A B` makes a page that works offline:
    a two-alternative forced choice. It shows a photograph of A and one of B
    side by side, in random order and on random sides, and the judge chooses
    by a key or a click. Photographs are paired by their common original, else
    by name. Who is preferred is said at the end, with a 95 % interval, and
    the answers can be saved as CSV.

    With the CSV files of one judge or several, `colorlib compare
    answers-*.csv` sums them up: shares and intervals for each judge and
    together, how far judges agree, and how often the left picture was chosen.

    Exit status: 0 done, 1 some photographs could not be read, 2 wrong usage,
    130 interrupted (143 by SIGTERM).

    Args:
        paths: Two folders of photographs; or CSV files of answers.
        output: Where the page goes: compare.html, if not told otherwise.
        originals: Show each original, gray or in its true colors, between
            the two.
        trials: How many pairs a judge sees, drawn at random. Without it, all.
        question: What the page asks, in place of which picture has the better
            colors.
        seed: Of the order of pairs and the sides; of the bootstrap.
        detect: Say how many trials it takes to tell this share from one half,
            with a power of 0.8.
        as_json: Print the summary of answers as JSON.
        max_megapixels: Leave out a photograph that is larger.
    """
    with plain_errors(WRONG_USAGE):
        check_megapixels(max_megapixels)
        if not _are_folders(paths):
            page_options = {
                "--output": output,
                "--originals": originals,
                "--trials": trials,
                "--question": question,
            }
            _refuse(page_options, "makes a page of two folders")
        else:
            _refuse({"--json": as_json or None}, "sums up answers")
    if not _are_folders(paths):
        return _sum_up(paths, seed, detect, as_json)
    asked = {"question": question} if question else {}
    _make_page(
        (paths[0], paths[1]),
        output or PAGE,
        originals,
        trials,
        max_megapixels,
        seed=seed,
        detect=detect,
        **asked,
    )


def _are_folders(paths: list[Path]) -> bool:
    """Tell two folders from files of answers."""
    for path in paths:
        check_there(path)
    folders = sum(path.is_dir() for path in paths)
    if folders not in (0, len(paths)) or (folders and len(paths) != 2):
        raise ValueError(
            "give two folders to make a page of, or files of answers to sum"
            f" up; got {', '.join(map(str, paths))}"
        )
    return bool(folders)


def _refuse(options: Mapping[str, object], what: str) -> None:
    """Refuse options that the other half of the command has."""
    for name, given in options.items():
        if given is not None:
            raise ValueError(f"{name} has a meaning only for what {what}")


def _make_page(
    folders: tuple[Path, Path],
    output: Path,
    originals: Path | None,
    trials: int | None,
    max_megapixels: float,
    *,
    seed: int,
    detect: float,
    **asked: str,
) -> None:
    unreadable: list[str] = []
    with plain_errors(WRONG_USAGE):
        from colorlib.data.survey import name_some
        from colorlib.evaluation.choices import trials_needed
        from colorlib.widgets import choice_page

        check_earlier_text(output, "page", choice_page.PAGE_START)
        make_folder(output.parent)
        pairs, alone = choice_page.find_pairs(*folders, originals, seed=seed)
        count = len(pairs) if trials is None else trials
        reading = choice_page.read_trials(
            pairs, count, unreadable, max_megapixels=max_megapixels
        )
        with progress_bar("reading") as bar:
            made = list(bar.track(reading, count))
        html = choice_page.choice_page(
            made,
            choice_page.folder_names(*folders),
            seed=seed,
            detect=detect,
            **asked,
        )
        write_text(html, output)
    with plain_errors():
        say(f"page: {output}, {len(made)} trials, {len(html) / 1e6:.1f} MB")
        say(_needed(detect, trials_needed(detect)))
    if alone:
        complain(f"left out, without a partner: {name_some(alone)}")
    for line in unreadable:
        complain(line)
    if unreadable:
        raise Exit(FAILED)


def _sum_up(paths: list[Path], seed: int, detect: float, as_json: bool) -> None:
    with plain_errors(WRONG_USAGE):
        from colorlib.evaluation.answers import read_answers, summarize_answers
        from colorlib.evaluation.choices import trials_needed

        summary = summarize_answers(read_answers(paths), seed=seed)
        needed = trials_needed(detect)
    with plain_errors():
        if as_json:
            told = summary.as_json() | {
                "trials_needed": {"share": detect, "trials": needed}
            }
            for line in json.dumps(told, indent=2).splitlines():
                say(line)
            return
        _show(summary)
        say(_needed(detect, needed))


def _needed(detect: float, trials: int) -> str:
    return (
        f"to tell a share of {_percent(detect)} from 50 % in 8 of 10"
        f" such tests: {trials} trials, each with another photograph"
    )


def _show(summary: "ChoiceSummary") -> None:
    first, second = summary.names
    rows = [*summary.judges.items()]
    if len(rows) > 1:
        rows.append(("together", summary.together))
    print_table(
        {
            "judge": [printable(who) for who, _ in rows],
            "trials": [each.trials for _, each in rows],
            printable(f"prefers {first}"): [_shares(e)[0] for _, e in rows],
            "95 % interval": [_shares(e)[1] for _, e in rows],
            "chose left": [_percent(each.left.share) for _, each in rows],
        }
    )
    say(summary.sentence())
    left = summary.together.left
    say(
        f"the left picture was chosen in {_percent(left.share)} of trials, 95 %"
        f" interval {_percent(left.low)} to {_percent(left.high)}"
    )
    if agreed := summary.agreement:
        say(
            "two judges of one photograph agreed in"
            f" {_percent(agreed.share)} of cases on {agreed.photographs}"
            f" photographs (Krippendorff's alpha {agreed.alpha:.2f}; coins:"
            " 50 % and 0)"
        )


def _shares(each: "Preference") -> tuple[str, str]:
    of = each.first
    return _percent(of.share), f"{_percent(of.low)} to {_percent(of.high)}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
