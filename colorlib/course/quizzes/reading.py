"""A quiz's file, read with the strictness that its readers deserve.

Whoever writes a quiz learns at once what is missing; whoever takes it meets
four questions of four choices, one of them right and all of them explained.

    [[question]]
    id = "mark"
    ask = "What does the mark do?"

    [[question.choice]]
    right = true
    text = "It says that the colors are guesses."
    why = "A picture travels without its story."

Lines are joined with spaces. Between two backticks stands code.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
QUESTIONS = 4
LETTERS = "abcd"


@dataclass(frozen=True)
class Choice:
    """One possible answer, and why it is right or wrong."""

    text: str
    why: str
    right: bool


@dataclass(frozen=True)
class Question:
    """What is asked, with its four choices."""

    id: str
    ask: str
    choices: tuple[Choice, ...]


def read_quiz(file: Path) -> list[Question]:
    """Read the questions of a quiz.

    Args:
        file: a TOML file as this module's docstring shows it.

    Raises:
        ValueError: if something is missing, too much or unknown; it says
            where and what.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file.name} is not TOML: {error}") from None
    _only(data, {"question"}, file.name)
    questions = [
        _question(item, f"{file.name}, question {number}")
        for number, item in enumerate(_list(data, "question"), 1)
    ]
    ids = {question.id for question in questions}
    if len(questions) != QUESTIONS or len(ids) != QUESTIONS:
        raise ValueError(
            f"{file.name} needs {QUESTIONS} questions with an id of their own,"
            f" got {len(questions)} with {len(ids)} different ids"
        )
    return questions


def _question(item: dict, where: str) -> Question:
    _only(item, {"id", "ask", "choice"}, where)
    choices = tuple(
        _choice(choice, f"{where}, choice {number}")
        for number, choice in enumerate(_list(item, "choice"), 1)
    )
    if len(choices) != len(LETTERS):
        raise ValueError(
            f"{where} needs {len(LETTERS)} choices, got {len(choices)}"
        )
    right = sum(choice.right for choice in choices)
    if right != 1:
        raise ValueError(f"{where} needs one right choice, got {right}")
    return Question(
        _text(item, "id", where), _text(item, "ask", where), choices
    )


def _choice(item: dict, where: str) -> Choice:
    _only(item, {"text", "why", "right"}, where)
    right = item.get("right", False)
    if not isinstance(right, bool):
        raise ValueError(f"{where}: right must be true, got {right!r}")
    return Choice(_text(item, "text", where), _text(item, "why", where), right)


def _list(item: dict, key: str) -> list:
    """What stands under [[key]]; [key], written by mistake, is one."""
    found = item.get(key, [])
    return found if isinstance(found, list) else [found]


def _text(item: dict, key: str, where: str) -> str:
    text = item.get(key, "")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f'{where} has no {key}: write {key} = "..."')
    return " ".join(text.split())


def _only(item: dict, known: set[str], where: str) -> None:
    """Refuse `rigth = true`, which would otherwise mean nothing."""
    unknown = item.keys() - known
    if unknown:
        raise ValueError(
            f"{where} has {', '.join(sorted(unknown))}, which means nothing"
            f" here; known are {', '.join(sorted(known))}"
        )
