"""What the experiments' command lines share: parsers, and commands to repeat.

A recorded run says which command makes it again, on any machine.
"""

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from colorlib.archive.outcomes import one_line
from colorlib.course.recorded import NotRecordedError

T = TypeVar("T")
P = ParamSpec("P")

# What is raised on purpose: a setting, a file, a package, a loss, memory.
EXPLAINED = ValueError, OSError, ImportError, FloatingPointError, MemoryError


def told(script: str) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Make a decorator of a script's `main`: what ends it is one line.

    Args:
        script: the script's file name, which begins the line.

    Returns:
        Of a `main` one that returns 2 where it raised what the package
        explains, and 130 on Ctrl-C.
    """

    def decorate(main: Callable[P, int]) -> Callable[P, int]:
        @wraps(main)
        def wrapped(*args: P.args, **options: P.kwargs) -> int:
            try:
                return main(*args, **options)
            except NotRecordedError as error:
                print(f"{script}: {error}", file=sys.stderr)
            except EXPLAINED as error:
                print(f"{script}: {one_line(error)}", file=sys.stderr)
            except KeyboardInterrupt:
                again = "interrupted; give the same command again"
                print(f"{script}: {again}", file=sys.stderr)
                return 130
            return 2

        return wrapped

    return decorate


def new_parser(doc: str | None) -> argparse.ArgumentParser:
    """Make a parser that shows a script's docstring as its help.

    Args:
        doc: the docstring; its lines stay as they are.
    """
    return argparse.ArgumentParser(
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_numbers(
    parser: argparse.ArgumentParser, numbers: Mapping[str, int]
) -> None:
    """Add an option for each number of a record, with its default.

    Args:
        parser: gets the options, with - for _.
        numbers: what a full record has, by name.
    """
    for name, number in numbers.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=number)


def changed_numbers(
    options: argparse.Namespace, numbers: Mapping[str, T]
) -> dict[str, T]:
    """Return the numbers, or names, that aren't those of a full record.

    Args:
        options: what was asked for.
        numbers: as `add_numbers` got them.

    >>> parser, numbers = new_parser("..."), {"size": 224, "score_on": 500}
    >>> add_numbers(parser, numbers)
    >>> changed_numbers(parser.parse_args(["--score-on", "20"]), numbers)
    {'score_on': 20}
    """
    given = {name: getattr(options, name) for name in numbers}
    return {name: n for name, n in given.items() if n != numbers[name]}


def add_training(parser: argparse.ArgumentParser) -> None:
    """Add what is trained on and scored on, and how a recipe is changed."""
    add = parser.add_argument
    add(
        "--photographs",
        nargs="+",
        metavar="SOURCE",
        required=True,
        help="to train on",
    )
    add("--score", nargs="+", metavar="SOURCE", help="to validate on")
    add("--collection", help="what to call the photographs, on the page")
    add("--reduced", action="store_true", help="the recipe for a processor")
    add("--set", nargs="+", default=[], metavar="NAME=VALUE")


def command(script: str, *words: str, **options: object) -> str:
    """Write down the command that does the same again.

    Args:
        script: the script's file name, in `experiments`.
        words: its arguments that are no options.
        options: its options, with _ for -. A list gives several words, True
            is a flag; None, False and an empty list are left out.

    Returns:
        A line for a shell.

    >>> command("try.py", "a b", on=["x", "y"], part_mb=2, all=True, to=None)
    "python experiments/try.py 'a b' --on x y --part-mb 2 --all"
    """
    said = ["python", f"experiments/{script}", *words]
    for name, value in options.items():
        if value is None or value is False or value == []:
            continue
        said.append(f"--{name.replace('_', '-')}")
        if isinstance(value, list):
            said += map(str, value)
        elif value is not True:
            said.append(str(value))
    return shlex.join(said)


def last_parts(sources: list[str] | None) -> list[str]:
    """Keep the last part of each path; the rest is this machine's.

    Args:
        sources: paths, or patterns of paths.

    >>> last_parts(["/data/photos/train-*.tar", "bundled"])
    ['train-*.tar', 'bundled']
    """
    return [Path(source).absolute().name for source in sources or []]
