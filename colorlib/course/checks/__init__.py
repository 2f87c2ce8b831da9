"""Answers that the machine checks, with a hint and without the solution.

A chapter asks, the reader answers with a value or a function, and a cell
says `course.check("01-share-wrong", share_wrong)`. The truth is tested code
like everything else here. Module `chapter01` holds what chapter 01 asks: the
truth `share_wrong`, and `check_share_wrong`, which compares an answer with it.
"""

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules

from colorlib.course.checks.calling import WrongAnswerError


class Verdict:
    """Right or not yet, as a notebook's cell shows it; true if right."""

    def __init__(self, right: bool, text: str):
        self.right = right
        self.text = text

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{self._word} {self.text}".rstrip()

    def _repr_markdown_(self) -> str:
        return f"**{self._word}** {self.text}".rstrip()

    @property
    def _word(self) -> str:
        return "Right." if self.right else "Not yet."


def check(name: str, answer: object) -> Verdict:
    """Compare an answer with the truth and say what is off, if anything.

    Args:
        name: of the exercise, such as "01-share-wrong".
        answer: what the exercise asks for: a number, an array, a tensor, or
            a function itself, without parentheses.

    Returns:
        What the last line of a cell displays; `print` works too. What the
        reader's own function raises is told in it, in one line.

    Raises:
        ValueError: if there is no check of that name.
        TypeError: if the name is not a string.
    """
    if not isinstance(name, str):
        raise TypeError(
            f"the name comes first, as in check('01-share-wrong', answer);"
            f" got {type(name).__name__}"
        )
    known = checks()
    if name not in known:
        near = ", ".join(get_close_matches(name, known, cutoff=0))
        raise ValueError(f"no check is called {name!r}; the nearest: {near}")
    try:
        remark = known[name](answer)
    except WrongAnswerError as off:
        return Verdict(False, str(off))
    return Verdict(True, remark or "")


def checks() -> dict[str, Callable[[object], str | None]]:
    """Find all checks: `check_share_wrong` of chapter01 is 01-share-wrong.

    Each takes an answer, raises `Off` with a hint, or returns what there is
    to say about a right one.
    """
    found = {}
    for module in iter_modules(__path__):
        chapter = module.name.removeprefix("chapter")
        if chapter == module.name:
            continue
        functions = vars(import_module(f"{__name__}.{module.name}"))
        for name, function in functions.items():
            if name.startswith("check_"):
                rest = name.removeprefix("check_").replace("_", "-")
                found[f"{chapter}-{rest}"] = function
    return found
