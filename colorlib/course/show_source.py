"""The package's own code on the page, read from the tested file.

A chapter keeps no copy of what it explains.
"""

import ast
import inspect
from pathlib import Path
from typing import Any

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
        while fence in self.code:  # a string may hold a block of its own
            fence += "`"
        return f"{fence}python\n{self!r}{fence}\n"


def source(obj: object, *, docstring: bool = False) -> Source:
    """Show the code of a class, function or method of the package.

    Args:
        obj: what to show: `source(Unet)`, `source(Unet.forward)`.
        docstring: also show docstrings, those of a class's methods too.
            They are left out by default: the page explains the code, and
            the reference has them.

    Returns:
        The code as it stands in the file, without a method's indentation.
        The last line of a cell displays it; `print` works too.

    Raises:
        TypeError: if obj is not something that has source code.
    """
    # Whatever it is: inspect raises if it is none of those.
    thing: Any = obj.fget if isinstance(obj, property) else obj
    thing = inspect.unwrap(thing)
    try:
        lines, first = inspect.getsourcelines(thing)
        path = Path(inspect.getsourcefile(thing) or inspect.getfile(thing))
    except (TypeError, OSError):
        raise TypeError(
            "source() shows classes, functions and methods, got"
            f" {type(thing).__name__}: {thing!r:.60}"
        ) from None
    if path.is_relative_to(_PACKAGE):
        path = path.relative_to(_PACKAGE.parent)
    code = _dedented(lines)
    if not docstring:
        code = _without_docstrings(code)
    return Source(code, f"{path.as_posix()}, line {first}")


def _dedented(lines: list[str]) -> str:
    """Take the first line's indentation away from all lines.

    `textwrap.dedent` takes away what all lines share, which is nothing if
    a string's text begins at the margin.
    """
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return "".join(line.removeprefix(indent) for line in lines)


def _without_docstrings(code: str) -> str:
    """Leave out docstrings, and the blank lines below one that comes first."""
    lines = code.splitlines(keepends=True)
    found = _docstrings(ast.parse(code))
    for text, body in sorted(found, key=lambda f: f[0].lineno, reverse=True):
        first, last = text.lineno - 1, text.end_lineno
        assert last is not None  # known of what was parsed
        # The columns of a syntax tree count bytes, not characters.
        before = lines[first].encode()[: text.col_offset].decode()
        after = lines[last - 1].encode()[text.end_col_offset :].decode()
        after = after.lstrip(" ;")
        if text is body[0] and all(map(_is_text, body)):  # nothing is left
            after = f"...  {after}" if after.strip() else f"...{after}"
        if before.strip() or after.strip():
            lines[first:last] = [before + after]
            continue
        while text is body[0] and not lines[last].strip():
            last += 1
        del lines[first:last]
    return "".join(lines)


def _docstrings(tree: ast.AST) -> list[tuple[ast.stmt, list[ast.stmt]]]:
    """Find docstrings, each with the body that it stands in.

    A string below a class's attribute describes it, and is one as well.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            texts = node.body
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            texts = node.body[:1]
        else:
            continue
        found += [(text, node.body) for text in texts if _is_text(text)]
    return found


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
