"""Show the leaderboard of time, and keep it up to date on its page.

    python experiments/leaderboard.py

Every file in book/results/leaderboard is a race (`race.py`). The page is
book/results/README.md.
"""

import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from racing import Rules

from colorlib.course.recorded import RESULTS
from colorlib.files import replacing

FOLDER = "leaderboard"
BEGIN, END = "<!-- leaderboard:begin -->\n", "<!-- leaderboard:end -->\n"
EMPTY = "Nobody has raced yet.\n"
HEAD = (
    "| minutes | who | what | began with | machine | photographs seen |"
    " record |\n|" + " --- |" * 7
)
NEVER = float("inf")


def file_of(name: str, results: Path = RESULTS) -> Path:
    """Where the entry of a name is kept.

    Args:
        name: the entry's.
        results: the folder of results.
    """
    return results / FOLDER / f"{name}.json"


def update(results: Path = RESULTS) -> None:
    """Write the table between its marks in the README.

    Args:
        results: the folder of results.

    Raises:
        ValueError: if the README has no such marks, or an entry can't be
            read.
    """
    readme = results / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(
            f"{readme} has no place for the leaderboard; put {BEGIN.strip()}"
            f" and {END.strip()} into lines of their own"
        )
    text = before + BEGIN + table(results) + END + after
    with replacing(readme) as part:
        part.write_text(text, encoding="utf-8")


def table(results: Path = RESULTS, rules: Rules | None = None) -> str:
    """Lay out all entries, the fastest first.

    Races on other photographs, and on processors and GPUs, can't be compared
    and have tables of their own.

    Args:
        results: the folder of results.
        rules: entries by other rules are counted, and left out; None for the
            rules of now.

    Raises:
        ValueError: if an entry can't be read.
    """
    entries = read_entries(results)
    # JSON has lists for tuples.
    wanted = json.loads(json.dumps(asdict(rules or Rules())))
    groups = defaultdict(list)
    for entry in entries:
        if entry["rules"] == wanted:
            scored = entry["scored"]
            groups[scored["list_hash"], _kind(entry)].append(entry)
    parts = [_group(*key, some) for key, some in sorted(groups.items())]
    others = len(entries) - sum(map(len, groups.values()))
    if others:
        parts.append(f"{others} more by other rules.\n")
    return "\n".join(parts) or EMPTY


def read_entries(results: Path = RESULTS) -> list[dict[str, Any]]:
    """Read all entries.

    Args:
        results: the folder of results.

    Raises:
        ValueError: naming a file that is no entry.
    """
    entries = []
    for path in sorted((results / FOLDER).glob("*.json")):
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            _line(entry), _group("", "", [entry]), entry["rules"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} is no entry of the leaderboard"
                f" ({type(error).__name__}: {error}); record it again"
            ) from error
        entries.append(entry)
    return entries


def result(entry: dict[str, Any]) -> str:
    """Say how a race went.

    Args:
        entry: the content of its file.

    >>> result({"seconds_to_bar": 90.0, "seconds": 120.0})
    '1.5 minutes'
    >>> result({"seconds_to_bar": None, "seconds": 7200.0})
    'not in 120.0'
    """
    if entry["seconds_to_bar"] is None:
        return f"not in {entry['seconds'] / 60:.1f}"
    return f"{entry['seconds_to_bar'] / 60:.1f} minutes"


def _group(list_hash: str, kind: str, entries: list[dict[str, Any]]) -> str:
    """Lay out entries that can be compared."""
    scored = entries[0]["scored"]
    title = (
        f"**On {kind}**, {scored['photographs']:,} photographs of"
        f" {_cell(scored['collection'])} (list `{list_hash}`):\n"
    )
    by_time = sorted(entries, key=_order)
    return "\n".join([title, HEAD, *map(_line, by_time)]) + "\n"


def _order(entry: dict[str, Any]) -> tuple[float, str]:
    seconds = entry["seconds_to_bar"]
    return (NEVER if seconds is None else seconds), entry["name"]


def _line(entry: dict[str, Any]) -> str:
    seen = entry["seen_at_bar"]
    cells = [
        result(entry).removesuffix(" minutes"),
        _cell(entry["who"]),
        _cell(_what(entry)),
        _cell(entry["pretrained"] or "random weights"),
        _cell(_machine(entry["machine"])),
        "" if seen is None else f"{seen:,}",
        f"`{entry['name']}`, {entry['date']}, {(entry['commit'] or '?')[:7]}",
    ]
    return f"| {' | '.join(cells)} |"


def _what(entry: dict[str, Any]) -> str:
    config = entry["config"]
    return (
        f"{entry['recipe']}: {config['generator']}, {config['size']} pixels,"
        f" {entry['data']['photographs']:,} photographs"
    )


def _machine(machine: dict[str, Any]) -> str:
    if machine["device"] in ("cpu", "mps"):
        what = f"{machine['name']}, {machine['threads']} threads"
    else:
        what = machine["device"]
    precision = machine["precision"]
    bits = "32 bits" if precision == "no" else precision
    return f"{what}, {bits}, torch {machine['torch']}"


def _kind(entry: dict[str, Any]) -> str:
    return "two cores" if entry["machine"]["device"] == "cpu" else "a GPU"


def _cell(text: str) -> str:
    """Keep what somebody typed inside its cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    update()
    print(table(), end="")
