"""A reader's function, called with care.

It may raise, return nothing, or write into what it is given. None of that
may cost a page of traceback, or spoil the truth that it is compared with.
"""

import copy
import inspect
import traceback
from collections.abc import Callable


class WrongAnswerError(Exception):
    """What is off about an answer, in a sentence for the reader."""


def call(function: object, *arguments: object) -> object:
    """Call the reader's function with copies of the arguments.

    Args:
        function: the answer; it may be anything.
        arguments: what the exercise says that the function takes.

    Returns:
        What the function returns; never None.

    Raises:
        WrongAnswerError: if it is no function, raises something, or returns
            None.
    """
    if function is None or function is ...:
        raise WrongAnswerError(f"The answer is {function!r}.")
    if not callable(function):
        raise WrongAnswerError(
            f"The function itself is wanted, by its name and without"
            f" parentheses; this is {kind(function)}."
        )
    try:
        result = function(*copy.deepcopy(arguments))
    except Exception as error:  # noqa: BLE001 (readers raise anything)
        raise WrongAnswerError(_in_one_line(error, function)) from None
    if result is None or result is ...:
        raise WrongAnswerError(f"The function returns {result!r}.")
    return result


def kind(thing: object) -> str:
    """Name the type of what a reader handed in: "a list", "an int"."""
    name = type(thing).__name__
    return f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"


def _in_one_line(error: Exception, function: Callable) -> str:
    """Tell the error, and the last line of the reader's that led to it."""
    said = str(error).strip().partition("\n")[0]
    told = _code(f"{type(error).__name__}: {said}".removesuffix(": "))
    own = getattr(inspect.unwrap(function), "__code__", None)
    lines = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if own and frame.filename == own.co_filename
    ]
    if not lines:
        return f"The function can't be called as the exercise says: {told}"
    last = lines[-1]
    where = f"line {last.lineno}"
    if last.line:
        where += f", {_code(last.line)},"
    return f"Your code stops in {where} with {told}"


def _code(text: str) -> str:
    """As code in Markdown, where an underscore is just that."""
    text = text.replace("`", "'")
    return f"`{text[:200]}…`" if len(text) > 200 else f"`{text}`"
