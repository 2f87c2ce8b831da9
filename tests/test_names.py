"""A name stands for one thing in the package, wherever it is read."""

import ast
from collections import defaultdict
from pathlib import Path

import colorlib

PACKAGE = Path(colorlib.__file__).parent
# Answers of exercises are called as the exercise asks for them, and commands
# as what they call.
OTHERS = {PACKAGE / "course" / "checks", PACKAGE / "cli"}


def test_no_public_name_is_given_twice():
    """Of a class, a type or a function; a constant belongs to its module."""
    places = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        if path.parent not in OTHERS:
            for name in given_in(path):
                places[name].append(path.relative_to(PACKAGE).as_posix())
    assert "Colorizer" in places
    assert [f"{n}: {p}" for n, p in places.items() if len(p) > 1] == []


def given_in(path: Path) -> set[str]:
    """Names that a module gives to its classes, types and functions."""
    names = set()
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.ClassDef(name) | ast.FunctionDef(name):
                names.add(name)
            case ast.Assign([ast.Name(name)]) if not name.isupper():
                names.add(name)
    return {name for name in names if not name.startswith("_")}
