"""Files that people write by hand: a list of tables in TOML.

Each table says one thing, such as a hint, and what is wrong with one is told
with its number and the file's name.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def read_tables(
    path: Path, name: str, make: Callable[[Mapping[str, Any]], T], *, rule: str
) -> list[T]:
    """Read a file of [[name]] tables, and make something of each.

    Args:
        path: the file, TOML in UTF-8.
        name: of the tables; the file has no use for anything else.
        make: raises ValueError where a table breaks a rule.
        rule: what is said to whoever wrote something else into the file.

    Returns:
        What was made, in the order of the file: one at least.

    Raises:
        OSError: if it can't be read.
        ValueError: if it breaks a rule; the message names the file and the
            table's number.
    """
    try:
        tables = _tables(path.read_bytes(), name, rule)
        made = []
        for number, table in enumerate(tables, 1):
            try:
                made.append(_checked(make, table, name))
            except ValueError as error:
                raise ValueError(f"{name} {number}: {error}") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return made


def _tables(data: bytes, name: str, rule: str) -> list[Any]:
    """Return the tables of a file, whatever is in them."""
    try:
        # Editors on Windows put a mark before the text.
        whole = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("is no text in UTF-8; save it as such") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    for other in whole.keys() - {name}:
        raise ValueError(f"has no use for {other!r}; {rule}")
    tables = whole.get(name, [])
    if not isinstance(tables, list) or not tables:
        raise ValueError(f"holds no {name}; each begins with [[{name}]]")
    return tables


def _checked(
    make: Callable[[Mapping[str, Any]], T], table: Any, name: str
) -> T:
    if not isinstance(table, Mapping):
        raise ValueError(f"is no table; it begins with [[{name}]]")
    return make(table)
