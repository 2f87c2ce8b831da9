"""The glossary leads to chapters in which its words are used."""

import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = {
    path.name[:2]: path for path in sorted(ROOT.glob("chapters/*.ipynb"))
}
QUIZZES = ROOT / "colorlib" / "course" / "quizzes"

# Chapter 00 prints these in bold, too; they need no entry of their own.
EVERYDAY = {"target", "step", "diverges"}

SUFFIXES = ("ation", "ing", "ed")


def entries() -> list[tuple[str, str, str]]:
    """Terms, their Korean and their definitions, as the file has them."""
    text = (ROOT / "book" / "glossary.md").read_text()
    [block] = re.findall(r"```\{glossary\}\n(.*?)\n```", text, re.DOTALL)
    found = [entry.split("\n") for entry in block.split("\n\n")]
    return [
        (term, korean, " ".join(line.strip() for line in lines))
        for term, korean, *lines in found
    ]


def stem(word: str) -> str:
    """Take off a plural and the endings of a verb: overfits, overfitting."""
    word = word.lower()
    if word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 3:
            word = word.removesuffix(suffix)
            if word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]  # fitt, padd
            break
    return word.removesuffix("e") if len(word) > 3 else word


def stems(text: str) -> str:
    """A text's stems and marks, with a space around each.

    A hyphen, a space and a star of Markdown part words alike.
    """
    text = re.sub(r"\]\([^)]*\)", "]", text)  # addresses of links
    text = re.sub(r"['’]s\b", "", text)
    parts = re.findall(r"\w+|[^\w\s*-]", text)
    return f" {' '.join(map(stem, parts))} "


def uses(text: str, term: str) -> bool:
    """Whether a text has a term, in any of its forms."""
    return stems(term) in stems(text)


def read(number: str) -> str:
    """A chapter's prose, the comments in its code, and its quiz."""
    parts = []
    for cell in nbformat.read(CHAPTERS[number], as_version=4).cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        else:
            parts += re.findall(r"# (.*)", cell.source)
    quiz = QUIZZES / f"{number}.toml"
    if quiz.exists():
        parts += _strings(tomllib.loads(quiz.read_text()))
    return "\n;\n".join(parts)  # no term begins in one part and ends in another


def _strings(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [found for part in value for found in _strings(part)]
    return []  # a number, a date


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {number: read(number) for number in CHAPTERS}


@pytest.fixture(scope="module")
def unused(texts) -> set[str]:
    """Terms that their chapter, where it is written, doesn't use."""
    return {
        term
        for term, _, definition in entries()
        if (number := definition[-3:-1]) in texts
        and not uses(texts[number], term)
    }


def test_the_glossary_is_in_order():
    terms = [term.casefold() for term, _, _ in entries()]
    assert len(terms) >= 60
    assert terms == sorted(set(terms))


def test_every_term_has_korean():
    for term, korean, _ in entries():
        assert re.search("[가-힣]", korean), term


def test_a_term_leads_to_a_chapter_that_is_written():
    """The few without one are the deck's words, or those of other pages."""
    without = 0
    for term, _, definition in entries():
        named = re.findall(r"[Cc]hapters? (\d\d)", definition)
        assert set(named) <= CHAPTERS.keys(), term
        without += not re.search(r" Chapter \d\d\.$", definition)
    assert without < 25


def test_the_deck_s_words_are_in_the_glossary():
    """Korean readers come with the deck's words in their ears."""
    terms = {word for entry in entries() for word in entry[:2]}
    assert {"일제강점기", "한국전쟁", "민주화운동", "정답", "레이어"} <= terms
    assert {"pix2pix", "U-Net", "PatchGAN", "ResNet", "L1 loss"} <= terms


def test_korean_terms_say_that_they_are(html):
    """A screen reader would spell them out in English."""
    page = (html / "book" / "glossary.html").read_text()
    soup = BeautifulSoup(page, "html.parser")
    terms = soup.select("dl.glossary > dt")
    korean = [t for t in terms if re.search("[가-힣]", t.get_text())]
    assert len(korean) == len(entries())
    assert {term.get("lang") for term in korean} == {"ko"}


def test_a_term_is_used_in_its_chapter(unused):
    """A reader who follows the link looks for the word there."""
    assert unused == set(), "name the chapter that uses the term"


def test_what_chapter_00_introduces_is_in_the_glossary():
    """It is where the field's words are said for the first time."""
    cells = nbformat.read(CHAPTERS["00"], as_version=4).cells
    prose = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    bold = set(re.findall(r"\*\*(.+?)\*\*", prose)) - EVERYDAY
    assert "gradient descent" in bold
    terms = {stems(term) for term, _, _ in entries()}
    assert {word for word in bold if stems(word) not in terms} == set()


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("batch", "in two batches."),
        ("loss", "Both losses fall"),
        ("overfitting", "The model overfits."),
        ("fine-tuning", "it was fine-tuned"),
        ("skip connection", "without **skip connections**"),
        ("skip connection", "a skip\nconnection"),
        ("low frequency", "low frequencies"),
        ("generalization", "does not **generalize**"),
        ("U-Net", "[a U-Net](https://host/a)"),
        ("gradient", "the gradient's length"),
    ],
)
def test_a_term_is_found_in_other_forms(term, text):
    assert uses(text, term)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("generator", "a generated picture"),
        ("parameter", "a hyperparameter"),
        ("skip connection", "Skip. Connections"),
        ("L1 loss", "`l1_loss` is a function"),
        ("batch", "[here](https://host/batch)"),
    ],
)
def test_another_word_is_not_the_term(term, text):
    assert not uses(text, term)
