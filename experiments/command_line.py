"""What the experiments' command lines share: parsers, and commands to repeat.

A recorded run says which command makes it again, on any machine.
"""

import argparse
import shlex
from pathlib import Path


def new_parser(doc: str | None) -> argparse.ArgumentParser:
    """Make a parser that shows a script's docstring as its help.

    Args:
        doc: the docstring; its lines stay as they are.
    """
    return argparse.ArgumentParser(
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


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
