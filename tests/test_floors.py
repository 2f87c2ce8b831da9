"""A module imports from lower levels; the top of the package stays small."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import colorlib

PACKAGE = Path(colorlib.__file__).parent
# From the ground up. A module imports from lower levels, and on its own level
# only inside its own package.
LEVELS = [
    ["shapes", "files", "threads", "mimebundle"],
    ["color", "losses"],
    ["film", "hints"],
    ["photos", "metrics", "models"],
    ["data", "eras", "colorizer"],
    ["archive", "evaluation", "training"],
    ["figures", "toys"],
    ["widgets"],
    ["course"],
    ["cli"],
]
LOOSE_MODULES = 6  # on top of the package; everything else has a package


def test_a_module_imports_only_what_stands_below_it():
    """An import upwards would tie the small parts to the large ones."""
    upwards = [
        f"{module} imports {needed}"
        for module, imported in imports().items()
        for needed in imported
        if not may_import(module, needed)
    ]
    assert not upwards


def test_there_are_no_circles():
    """Inside one room too, where the floors have nothing to say."""
    TopologicalSorter(imports()).prepare()


def test_the_top_of_the_package_stays_small():
    """One figure, one module on top: the package once had 26 doors."""
    loose = {path.name for path in PACKAGE.glob("[!_]*.py")}
    assert len(loose) <= LOOSE_MODULES, loose
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    doors = {name.removesuffix(".py") for name in loose} | packages
    assert doors == {door for level in LEVELS for door in level}


def level(module: str) -> int:
    """Find the level of `colorlib.models.unet`: that of `models`."""
    door = module.split(".")[1]
    return next(i for i, doors in enumerate(LEVELS) if door in doors)


def may_import(module: str, needed: str) -> bool:
    """Whether one may need the other."""
    same_door = module.split(".")[1] == needed.split(".")[1]
    return same_door or level(needed) < level(module)


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
