"""A quiz as HTML: plain questions, with the answers at the end.

That is all there is without scripts, and on paper. Where scripts run,
`book/static/js/quiz.js` gives each question its radio buttons, and says after
each answer what the list of answers says about it.
"""

import html as escaping
import re

from colorlib.course.quizzes.reading import LETTERS, Choice, Question

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


def html(name: str, questions: list[Question]) -> str:
    """Write a quiz for the page.

    Args:
        name: the chapter's number; it makes the ids of the page unique.
        questions: four of them.

    Returns:
        A custom element that holds a list of questions, and one of answers.
    """
    asked = "\n".join(
        _asked(f"quiz-{name}-{question.id}", number, question)
        for number, question in enumerate(questions, 1)
    )
    answers = "\n".join(map(_answered, questions))
    return (
        '<color-quiz class="quiz">\n'
        f'<ol class="quiz-questions">\n{asked}\n</ol>\n'
        '<div class="quiz-answers print-at-end">\n'
        "<p><strong>Answers</strong></p>\n"
        f"<ol>\n{answers}\n</ol>\n</div>\n</color-quiz>"
    )


def inline(text: str) -> str:
    """Escape a text for HTML; `code` between backticks becomes code.

    Apostrophes are curled, as the prose around has them.
    """
    return re.sub(
        r"`([^`]+)`|(?<=\w)'",
        lambda found: f"<code>{found[1]}</code>" if found[1] else APOSTROPHE,
        escaping.escape(text, quote=False),
    )


def _asked(id: str, number: int, question: Question) -> str:
    choices = "\n".join(
        f'<p class="quiz-choice"><label><span>({letter})</span> '
        f"<span>{inline(choice.text)}</span></label></p>"
        for letter, choice in zip(LETTERS, question.choices, strict=True)
    )
    return (
        f'<li id="{id}"><form><fieldset>\n'
        f"<legend>{number}. {inline(question.ask)}</legend>\n"
        f"{choices}\n</fieldset></form></li>"
    )


def _answered(question: Question) -> str:
    items = "\n".join(map(_explained, LETTERS, question.choices))
    return f"<li><ul>\n{items}\n</ul></li>"


def _explained(letter: str, choice: Choice) -> str:
    right, verdict = "", f"({letter})"
    if choice.right:
        right, verdict = " data-right", f"({letter}) is right."
    return f"<li{right}><strong>{verdict}</strong> {inline(choice.why)}</li>"
