"""The house stands on its floors: nothing below needs what is above it."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import colorlib

PACKAGE = Path(colorlib.__file__).parent
# From the ground up. A module imports from lower floors, and on its own floor
# only from what stands before it.
FLOORS = """
    shapes, files, stopwatch
    color, joining, film
    photos, losses, metrics, spectra, models
    data, training.config, training.recipes, training.checkpoint
        training.describe, training.runs, training.trouble
        training.board, colorizer
    training.loop, training.pretrain, training.gan, training.record
        training.failures, evaluation, training.snapshots, figures, charts
        scoreboard, planes, timeline, patches, epochs, layers, eras
    live, widgets, course, cli
"""
ROOMS = [f"colorlib.{room}" for room in FLOORS.replace(",", " ").split()]


def test_a_module_imports_only_what_stands_below_it():
    """An import upwards would tie the small parts to the large ones."""
    upwards = [
        f"{module} imports {needed}"
        for module, imported in imports().items()
        for needed in imported
        if room(needed) > room(module)
    ]
    assert not upwards


def test_there_are_no_circles():
    """Inside one room too, where the floors have nothing to say."""
    TopologicalSorter(imports()).prepare()


def room(module: str) -> int:
    """Where a module stands: `colorlib.models.unet` in `colorlib.models`."""
    for i, name in enumerate(ROOMS):
        if f"{module}.".startswith(f"{name}."):
            return i
    raise AssertionError(f"{module} is on no floor; find it a place in FLOORS")


def imports() -> dict[str, set[str]]:
    """Which module needs which, from any line of its code.

    The package's front doors, `__init__` and `__main__`, are left out: they
    may look into every room, and every room may ask them for the version.
    """
    modules = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        modules[".".join(parts).removesuffix(".__init__")] = path
    for door in ("colorlib", "colorlib.__main__"):
        del modules[door]
    return {
        name: set(_imported(path, modules)) & modules.keys() - {name}
        for name, path in modules.items()
    }


def _imported(path: Path, modules: dict[str, Path]):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:  # a module, or something inside one
                name = f"{node.module}.{alias.name}"
                yield name if name in modules else node.module
