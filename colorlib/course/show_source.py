"""The package's own code on the page, read from the tested file.

A chapter keeps no copy of what it explains.
"""

import inspect
import textwrap
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


class Source:
    """Code from a file of the package, as a notebook's cell shows it.

    The page, Jupyter and Colab all highlight Markdown's Python blocks, each
    in its own light or dark colors, so the code is handed over as one.
    """

    def __init__(self, code: str, place: str):
        self.code = code
        self.place = place

    def __repr__(self) -> str:
        return f"# {self.place}\n{self.code}"

    def _repr_markdown_(self) -> str:
        fence = "```"
        while fence in self.code:  # a docstring may hold a block of its own
            fence += "`"
        return f"{fence}python\n{self!r}{fence}\n"


def source(obj: object) -> Source:
    """Show the code of a class, function or method of the package.

    Args:
        obj: what to show: `source(Unet)`, `source(Unet.forward)`.

    Returns:
        The code as it stands in the file, without a method's indentation.
        The last line of a cell displays it; `print` works too.

    Raises:
        TypeError: if obj is not something that has source code.
    """
    if isinstance(obj, property):
        obj = obj.fget
    obj = inspect.unwrap(obj)
    try:
        lines, first = inspect.getsourcelines(obj)
        path = Path(inspect.getsourcefile(obj))
    except (TypeError, OSError):
        raise TypeError(
            "source() shows classes, functions and methods, got"
            f" {type(obj).__name__}: {obj!r:.60}"
        ) from None
    if path.is_relative_to(_PACKAGE):
        path = path.relative_to(_PACKAGE.parent)
    code = textwrap.dedent("".join(lines))
    return Source(code, f"{path.as_posix()}, line {first}")
