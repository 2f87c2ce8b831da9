"""A quiz as its readers meet it: by keyboard, on paper, without scripts."""

from pathlib import Path

import pytest

from colorlib.course.quizzes import page as written
from colorlib.course.quizzes.reading import FOLDER, read_quiz

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "book" / "static"
QUESTIONS = read_quiz(FOLDER / "01.toml")
LETTERS = "abcd"


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    """A page with nothing but a quiz, and what the book gives it."""
    sheets = "".join(
        f'<link rel="stylesheet" href="{(STATIC / "css" / name).as_uri()}">'
        for name in ("custom.css", "quiz.css", "print.css")
    )
    script = (STATIC / "js" / "quiz.js").as_uri()
    file = tmp_path_factory.mktemp("quiz") / "quiz.html"
    file.write_text(
        '<!doctype html><html data-theme="light"><meta charset="utf-8">'
        f"{sheets}"
        f'<script defer src="{script}"></script>'
        f"{written.html('01', QUESTIONS)}",
        encoding="utf-8",
    )
    return file.as_uri()


@pytest.fixture
def quiz(browser, address):
    page = browser.new_page()
    page.goto(address)
    yield page
    page.close()


def place_of_right(question) -> int:
    return [choice.right for choice in question.choices].index(True)


def shown(text: str) -> str:
    """How the page writes a text of the file; ours have no code in whys."""
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def press(page, *keys: str):
    for key in keys:
        page.keyboard.press(key)


def test_a_whole_quiz_by_keyboard(quiz):
    """Tab goes from question to question, arrows choose, Enter checks."""
    for number, question in enumerate(QUESTIONS):
        form = quiz.locator("form").nth(number)
        right = place_of_right(question)
        press(quiz, "Tab", "Space", *["ArrowDown"] * right)
        focused = quiz.evaluate("document.activeElement.value")
        assert focused == str(right)
        press(quiz, "Enter")
        said = form.get_by_role("status").inner_text()
        assert said.startswith(f"({LETTERS[right]}) is right.")
        assert said.endswith(shown(question.choices[right].why))
        press(quiz, "Tab", "Tab", "Enter")  # past the button, to the others
        for choice in question.choices:
            if not choice.right:
                assert form.get_by_text(shown(choice.why)).is_visible()
    score = quiz.locator(".quiz-score").inner_text()
    assert score == "All 4 answered, 4 of them at the first try."


def test_every_choice_is_explained_when_it_is_checked(quiz):
    """And the second explanation replaces the first."""
    for number, question in enumerate(QUESTIONS):
        form = quiz.locator("form").nth(number)
        for i, choice in enumerate(question.choices):
            form.get_by_role("radio").nth(i).check()
            form.get_by_role("button", name="Check").click()
            verdict = "is right." if choice.right else "is not right."
            assert form.get_by_role("status").inner_text() == (
                f"({LETTERS[i]}) {verdict} {shown(choice.why)}"
            )
    first = sum(place_of_right(question) == 0 for question in QUESTIONS)
    score = quiz.locator(".quiz-score").inner_text()
    assert score == f"All 4 answered, {first} of them at the first try."


def test_choosing_alone_says_nothing(quiz):
    """Arrow keys run through the choices; that must not give them away."""
    form = quiz.locator("form").first
    form.get_by_role("radio").first.focus()
    press(quiz, "ArrowDown", "ArrowDown", "ArrowDown")
    assert form.get_by_role("status").inner_text() == ""
    assert form.locator(".quiz-mark").count() == 0


def test_checking_without_a_choice_asks_for_one(quiz):
    form = quiz.locator("form").first
    form.get_by_role("button", name="Check").click()
    assert form.get_by_role("status").inner_text() == "Choose an answer first."


def test_a_screen_reader_is_told_what_is_what(quiz):
    """A group with the question's name, radios with their answers'."""
    for question in QUESTIONS:
        name = shown(question.ask).replace("`", "")
        group = quiz.get_by_role("group", name=name)
        for choice in question.choices:
            radio = group.get_by_role("radio", name=shown(choice.text))
            assert radio.count() == 1


def test_what_is_said_is_announced(quiz):
    """A live region announces only what changes in it once it is there."""
    region = quiz.locator("form").first.locator("[role=status]")
    before = region.element_handle()
    quiz.locator("form").first.get_by_role("button", name="Check").click()
    assert before.inner_text() == "Choose an answer first."
    assert region.count() == 1


def test_right_and_wrong_are_words(quiz):
    """Not colors alone; and they belong to the name of the choice."""
    right = place_of_right(QUESTIONS[0])
    form = quiz.locator("form").first
    for i in (right, (right + 1) % 4):
        form.get_by_role("radio").nth(i).check()
        form.get_by_role("button", name="Check").click()
    labels = form.locator("label").all_inner_texts()
    assert labels[right].endswith("✓ right")
    assert labels[(right + 1) % 4].endswith("✗ not right")


def test_the_answers_wait_for_the_reader(quiz):
    assert not quiz.locator(".quiz-answers").is_visible()


def reads_as_plain_text(page):
    """Four questions with their choices; then, and only then, answers."""
    text = page.locator("color-quiz").inner_text()
    asked, _, answers = text.partition("Answers")
    for question in QUESTIONS:
        assert shown(question.ask).replace("`", "") in asked
        for choice in question.choices:
            assert shown(choice.text) in asked
            assert shown(choice.why) not in asked
            assert shown(choice.why) in answers
    assert answers.count("is right.") == 4
    for control in ("input", "button", "summary"):
        assert page.locator(control).filter(visible=True).count() == 0


def test_on_paper_it_is_plain_questions(quiz):
    """Also when somebody prints after having answered."""
    form = quiz.locator("form").first
    form.get_by_role("radio").nth(place_of_right(QUESTIONS[0])).check()
    form.get_by_role("button", name="Check").click()
    quiz.emulate_media(media="print")
    reads_as_plain_text(quiz)
    assert "✓" not in quiz.locator("color-quiz").inner_text()


def test_without_scripts_it_is_plain_questions(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    reads_as_plain_text(page)
    context.close()
