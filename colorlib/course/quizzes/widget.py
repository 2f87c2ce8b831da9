"""A quiz as an ipywidget, for a live notebook.

Buttons with letters, below choices that are written out: a label of
ipywidgets' own radio buttons has one line, and cuts a sentence off. Nothing
here is newer than ipywidgets 7.7, which Colab has.
"""

from typing import Any

from colorlib.course.quizzes.page import inline
from colorlib.course.quizzes.reading import LETTERS, Question


def make(questions: list[Question]) -> Any:
    """Make the quiz.

    Returns:
        An `ipywidgets.VBox`, a question each.

    Raises:
        ModuleNotFoundError: if there is no ipywidgets.
    """
    from ipywidgets import VBox

    return VBox([_ask(*item) for item in enumerate(questions, 1)])


def _ask(number: int, question: Question) -> Any:
    from ipywidgets import HTML, ToggleButtons, VBox

    choices = "".join(f"<li>{inline(c.text)}</li>" for c in question.choices)
    asked = HTML(
        f"<p><strong>{number}. {inline(question.ask)}</strong></p>"
        f'<ol type="a">{choices}</ol>'
    )
    letters = ToggleButtons(
        options=list(LETTERS),
        value=None,
        tooltips=[choice.text for choice in question.choices],
        style={"button_width": "4em"},
    )
    said = HTML()

    def explain(change: dict) -> None:
        choice = question.choices[LETTERS.index(change["new"])]
        verdict = "is right." if choice.right else "is not right."
        # A status is read out by screen readers when it changes.
        said.value = (
            f'<p role="status"><strong>({change["new"]}) {verdict}</strong>'
            f" {inline(choice.why)}</p>"
        )

    letters.observe(explain, names="value")
    return VBox([asked, letters, said])
