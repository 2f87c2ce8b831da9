"""Four questions at the end of a chapter, with every choice explained.

The questions are data: a file for each chapter, `01.toml`, beside this one.
From the same file come the quiz of the rendered page, which needs no kernel,
the quiz of a live notebook, which is an ipywidget, and plain text.
"""

from typing import Any

from colorlib.course.quizzes import page
from colorlib.course.quizzes.reading import FOLDER, LETTERS, Question, read_quiz
from colorlib.course.quizzes.widget import make
from colorlib.mimebundle import mimebundle


class Quiz:
    """The questions of a chapter, as a notebook's cell shows them."""

    def __init__(self, name: str, questions: list[Question]):
        self.name = name
        self.questions = questions

    def __repr__(self) -> str:
        """Questions first and answers last, as on paper."""
        asked, answers = [], ["Answers"]
        for number, question in enumerate(self.questions, 1):
            asked.append(f"{number}. {question.ask}")
            for letter, choice in zip(LETTERS, question.choices, strict=True):
                asked.append(f"   ({letter}) {choice.text}")
                right = " is right." if choice.right else ""
                answers.append(f"{number} ({letter}){right} {choice.why}")
        return "\n".join(asked + answers)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return mimebundle(
            html=page.html(self.name, self.questions),
            text=repr(self),
            widget=lambda: make(self.questions),
        )


def quiz(name: str) -> Quiz:
    """Ask the four questions of a chapter.

    Args:
        name: the chapter's number, such as "01".

    Returns:
        What the last line of a cell displays; `print` works too.

    Raises:
        ValueError: if there is no such quiz, or something is missing in it.
    """
    file = FOLDER / f"{name}.toml"
    if not file.is_file():
        there = ", ".join(sorted(path.stem for path in FOLDER.glob("*.toml")))
        raise ValueError(f"there is no quiz {name!r}; there are: {there}")
    return Quiz(name, read_quiz(file))
