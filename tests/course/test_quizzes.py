"""The questions at the end of every chapter, and what reads them."""

import re

import pytest

from colorlib import course
from colorlib.course.quizzes import page, reading
from colorlib.course.quizzes.widget import make

FILES = sorted(reading.FOLDER.glob("*.toml"))
CHOICE = """
[[question.choice]]
text = "{0}"
why = "because {0}"
"""


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def questions(request) -> list[reading.Question]:
    """Those of one chapter. Whether they are four is checked by reading."""
    return reading.read_quiz(request.param)


@pytest.fixture
def write(tmp_path):
    """Write a quiz that is right, but for one replacement."""

    def write(old: str = "", new: str = ""):
        question = '[[question]]\nid = "{0}"\nask = "{0}?"\n' + "".join(
            CHOICE.format(f"{{0}}{letter}") for letter in "ABCD"
        )
        text = "".join(question.format(f"Q{n}") for n in range(1, 5))
        text = re.sub('(text = "Q.C")', r"\1\nright = true", text)
        assert old in text
        file = tmp_path / "07.toml"
        file.write_text(text.replace(old, new, 1))
        return file

    return write


# Every quiz


def test_there_are_quizzes():
    """An empty folder would pass every test below."""
    assert FILES


def test_the_right_answer_is_not_always_in_one_place(questions):
    """Else who has seen two questions can answer the others."""
    places = [[c.right for c in q.choices].index(True) for q in questions]
    assert len(set(places)) >= 3


def test_the_right_answer_is_not_given_away_by_its_length(questions):
    """The writer explains most where it is true: the longest is right."""
    longest = [max(q.choices, key=lambda c: len(c.text)) for q in questions]
    assert sum(choice.right for choice in longest) <= 2


def test_every_choice_has_an_explanation_of_its_own(questions):
    whys = [choice.why for q in questions for choice in q.choices]
    assert len(set(whys)) == 16
    for why in whys:
        assert len(why.split()) >= 10, why


def test_no_wrong_choice_is_explained_as_right(questions):
    """The page writes "(c) is right." itself, from the one mark."""
    for question in questions:
        for choice in question.choices:
            assert not re.match(r"(that is )?(right|wrong)\b", choice.why, re.I)


# The file


def test_a_quiz_is_read_with_its_lines_joined(write):
    file = write('why = "because Q1A"', 'why = """\nbecause\n  it is."""')
    first = reading.read_quiz(file)[0]
    assert (first.id, first.ask) == ("Q1", "Q1?")
    assert first.choices[0] == reading.Choice("Q1A", "because it is.", False)
    assert first.choices[2].right


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('why = "because Q2B"', "", "question 2, choice 2 has no why"),
        ('text = "Q2B"', 'text = " "', "question 2, choice 2 has no text"),
        ('ask = "Q3?"', "", "question 3 has no ask"),
        ('id = "Q3"', "id = 3", "question 3 has no id"),
        ('id = "Q3"', 'id = "Q1"', "4 questions.*3 different ids"),
        ("right = true", "", "question 1 needs one right choice, got 0"),
        ('"Q1A"', '"Q1A"\nright = true', "one right choice, got 2"),
        ("right = true", "rigth = true", "choice 3 has rigth, .* right, text"),
        ("right = true", 'right = "yes"', "right must be true, got 'yes'"),
        (CHOICE.format("Q4D"), "", "question 4 needs 4 choices, got 3"),
        ("[[question]]", "title = 1\n[[question]]", "07.toml has title"),
        ("[[question]]", "[question", "07.toml is not TOML.*line 1"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(write, old, new, told):
    """Whoever writes a quiz must not have to guess."""
    with pytest.raises(ValueError, match=told):
        reading.read_quiz(write(old, new))


def test_an_unknown_quiz_names_those_that_there_are():
    with pytest.raises(ValueError, match=r"no quiz '1'; there are: 00, 01\b"):
        course.quiz("1")


# What is made of it


def test_plain_text_has_the_answers_at_the_end():
    """A script prints it, and a terminal must not give it away."""
    asked, _, answers = str(course.quiz("01")).partition("\nAnswers\n")
    assert len(re.findall(r"^\d\. ", asked, re.M)) == 4
    assert "is right" not in asked
    assert len(re.findall(r"^\d \([a-d]\) is right\. ", answers, re.M)) == 4


def test_text_is_escaped_and_code_is_code():
    """A question about <b> must not make the page bold."""
    assert page.inline("a < b & it's `x['y']`") == (
        "a &lt; b &amp; it\N{RIGHT SINGLE QUOTATION MARK}s <code>x['y']</code>"
    )


def test_the_widget_explains_what_was_chosen(questions):
    """Also a second choice, after a wrong one."""
    for question, box in zip(questions, make(questions).children, strict=True):
        asked, letters, said = box.children
        assert page.inline(question.ask) in asked.value
        assert (letters.value, said.value) == (None, "")
        for letter, choice in zip("abcd", question.choices, strict=True):
            assert page.inline(choice.text) in asked.value
            letters.value = letter
            assert page.inline(choice.why) in said.value
            assert ("is right." in said.value) == choice.right
            assert 'role="status"' in said.value
