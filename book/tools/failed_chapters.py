"""Say in a line a chapter why it was not executed, and what to do.

    python book/tools/failed_chapters.py REPORTS

REPORTS is the folder of the rendered book where Jupyter Book leaves a log for
each chapter that failed. The log of an error is printed whole: its last lines
are the error. For a cell that ran out of time it would be the cell's source
and the insides of Jupyter, so a line takes its place.
"""

import sys
from pathlib import Path

OUT_OF_TIME = "CellTimeoutError"
KEPT = "the chapters that are through are kept, and make book goes on from here"


def explain(name: str, log: str) -> str:
    """Say why a chapter failed.

    Args:
        name: the chapter's, as in chapters/NAME.ipynb.
        log: what Jupyter Book wrote about it.
    """
    if OUT_OF_TIME not in log:
        return f"{log.rstrip()}\n{name}: failed, see above; {KEPT}"
    return (
        f"{name}: a cell ran out of time; close what else is running, or give"
        f" it more seconds (execute: timeout in _config.yml); {KEPT}"
    )


def main(arguments: list[str]) -> int:
    """Explain every failure in a folder of reports."""
    [reports] = map(Path, arguments)
    for path in sorted(reports.rglob("*.log")):
        name = path.name.removesuffix(".log").removesuffix(".err")
        print(explain(name, path.read_text(encoding="utf-8")), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
