"""What a reader is told about an answer, whatever it is."""

import linecache
import re

import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.color import as_lab, as_pixels
from colorlib.course import checks
from colorlib.course.checks import chapter01
from colorlib.course.checks.calling import WrongAnswerError
from colorlib.course.checks.comparing import compare_answer
from colorlib.metrics import color_error

NAMES = sorted(checks.checks())
# What readers hand in before they have understood the question.
ZOO = [
    None,
    ...,
    0,
    -1.5,
    True,
    "brown",
    [],
    [1, 2, 3],
    [[1, 2], [3]],
    {"share": 0.3},
    np.full((3, 3), np.nan),
    torch.ones(2, 2, requires_grad=True),
    object(),
    print,
    lambda: 0,
    lambda *_: None,
    lambda *_: "brown",
    lambda *given: given[0],
    lambda *_: 1 / 0,
    lambda *_: float("nan"),
    lambda *_: [[1, 2], [3]],
]


def error(picture, true):
    return color_error(picture, true)


def hint(answer, truth, **options) -> str:
    """What `compare` says; nothing if the answer is right."""
    try:
        compare_answer(answer, truth, **options)
    except WrongAnswerError as off:
        return str(off)
    return ""


def cell(code: str, name: str):
    """Define a function as a notebook's cell does, in a file of its own."""
    file = "<cell>"
    lines = code.splitlines(keepends=True)
    linecache.cache[file] = len(code), None, lines, file
    scope = {}
    exec(compile(code, file, "exec"), scope)
    return scope[name]


# Every check


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", ZOO, ids=lambda a: type(a).__name__)
def test_no_answer_is_answered_with_a_traceback(name, answer):
    verdict = course.check(name, answer)
    assert not verdict
    assert str(verdict).startswith("Not yet. ")
    assert "\n" not in str(verdict)


def test_an_unknown_check_names_the_nearest():
    with pytest.raises(ValueError, match="'1-shar-wrong'.* nearest: 01-sh"):
        course.check("1-shar-wrong", None)


@pytest.mark.usefixtures("as_outside_pytest")
def test_the_name_comes_first():
    """Both orders are natural, and only one can be right."""
    with pytest.raises(TypeError, match="name comes first.*got function"):
        course.check(error, "01-share-wrong")


def test_a_verdict_can_be_shown_and_asked():
    """In a notebook, in a terminal, and in an `if`."""
    right = course.check("01-share-wrong", chapter01.share_wrong)
    assert right
    assert str(right) == "Right. A mean would have hidden this."
    assert right._repr_markdown_().startswith("**Right.** ")
    wrong = course.check("01-share-wrong", None)
    assert wrong._repr_markdown_() == "**Not yet.** The answer is None."


# What the reader's function raises


def test_an_error_is_told_with_the_reader_s_line():
    """The last of theirs: not where they called it, nor ours below it."""
    answer = cell(
        "from colorlib.metrics import color_error\n"
        "def error(picture, true):\n"
        "    return color_error(picture[1:], true)\n"
        "def share(picture, true):\n"
        "    return (error(picture, true) > 10).mean()\n",
        "share",
    )
    told = str(course.check("01-share-wrong", answer))
    assert "line 3, `return color_error(picture[1:], true)`," in told
    assert "`ValueError: the picture is 12 x 9 and the true" in told


def test_a_function_with_other_arguments_is_told():
    told = str(course.check("01-share-wrong", lambda picture: 0))
    assert "can't be called as the exercise says: `TypeError:" in told


def test_the_truth_is_not_what_the_reader_wrote_into():
    """Else the bug of chapter 01 would pass, in our own check of it."""

    def spoil(picture, true):
        share = chapter01.share_wrong(picture, true)
        true[:] = picture
        return share

    assert course.check("01-share-wrong", spoil)
    assert course.check("01-share-wrong", spoil)


# What is off about a value

SQUARE = np.arange(9.0).reshape(3, 3) ** 2 + 1


@pytest.mark.parametrize(
    ("answer", "truth", "told"),
    [
        (0.3, 0.3, ""),
        (0.30001, 0.3, ""),
        (torch.tensor(0.3, requires_grad=True), 0.3, ""),
        (SQUARE.tolist(), SQUARE, ""),
        (1e-9, 0.0, ""),
        (-0.3, 0.3, "sign"),
        (30, 0.3, "percent"),
        (0.003, 0.3, "A hundred times too small"),
        (255 * SQUARE, SQUARE, "bytes?"),
        (SQUARE / 255, SQUARE, "not bytes"),
        (0.6, 0.3, "small factor"),
        (1.7 * SQUARE, SQUARE, "same factor everywhere"),
        (0.09, 0.3, "square"),
        (0.3**0.5, 0.3, "root"),
        (SQUARE.T, SQUARE, "Transposed: axes 0 and 1"),
        (SQUARE[::-1], SQUARE, "Axis 0 runs the other way"),
        (np.roll(SQUARE, 1), SQUARE, "places are not"),
        (SQUARE + 5, SQUARE, "same amount everywhere"),
        (np.minimum(SQUARE, 40), SQUARE, "Right in 78% of the places"),
        (SQUARE[0], SQUARE, r"Shape \(3, 3\) is wanted, this has \(3,\)"),
        (np.ones((2, 3)), np.ones((3, 2)), "axes are in another order"),
        (np.ones(6), np.ones((3, 2)), "arranged in another way"),
        (1.0, SQUARE, "array of shape .* is wanted, this is one number"),
        (SQUARE, 0.3, "One number is wanted"),
        (np.inf, 0.3, "NaN or infinity"),
        ("0.3", 0.3, "Numbers are wanted, this is a str"),
        (abs, 0.3, "a function: call it"),
        (np.float32([1]), np.uint8([1]), "Bytes .* these are float32"),
        (0.123, 0.3, "The form is right, the value is not"),
    ],
)
def test_what_is_off_is_said(answer, truth, told):
    said = hint(answer, truth)
    assert bool(said) == bool(told)
    assert re.search(told, said)


def test_a_share_is_told_from_a_count_and_from_the_others():
    share = {"low": 0, "high": 1, "count": 120}
    assert "count" in hint(36, 0.3, **share)
    assert "percent" in hint(30, 0.3, **share)
    assert "all the others" in hint(0.7, 0.3, **share)
    assert "0 to 1, and this has 7" in hint(7, 0.3, **share)
    assert "0 or more, and this has -7" in hint(-7, 0.3, low=0)


def test_what_an_exercise_knows_is_said_first():
    """It knows better than a look that fits any exercise."""
    mistakes = [(0.6, "both eyes")]
    assert hint(0.6, 0.3, mistakes=mistakes) == "both eyes"
    assert hint(0.5, 0.3, otherwise="Why?") == "Why?"


# Chapter 01


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("01-share-wrong", chapter01.share_wrong),
        (
            "01-share-wrong",
            lambda p, t: torch.tensor(error(p, t) > 10).float().mean(),
        ),
        ("01-more-color", chapter01.more_color),
        ("01-score", chapter01.score),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda p, t: 100 * (error(p, t) > 10).mean(), "percent"),
        (lambda p, t: (error(p, t) > 10).sum(), "count"),
        (lambda p, t: (error(p, t) < 10).mean(), "all the others"),
        (lambda p, t: error(p, t) > 10, "One number is wanted"),
        (lambda p, t: error(p, t).mean(), "the mean error"),
        (lambda p, t: 0.3, "does it look at them"),
        (lambda p, t: (error(p, t) > 5).mean(), "What do you compare with 10"),
        (lambda p, t: (abs(p - t) > 10).mean(), "What do you compare with 10"),
        (chapter01.share_wrong(*chapter01.speckled()), "function itself"),
    ],
)
def test_a_wrong_share_is_told_what_it_is(answer, told):
    verdict = course.check("01-share-wrong", answer)
    assert not verdict
    assert told in str(verdict)


def scaled(*factors):
    def answer(pixels):
        lab = as_lab(pixels)
        lab = lab * torch.tensor(factors)[:, None, None]
        return as_pixels(lab)

    return answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (scaled(1, 1.5, 1.5), "Right."),  # without clamping, too
        (scaled(1, 1, 1), "Nothing has changed"),
        (scaled(1.5, 1.5, 1.5), "lighter"),
        (scaled(1, 1.5, 1), "not more b"),
        (scaled(1, 1, 1.5), "not more a"),
        (scaled(1, 2.25, 2.25), "twice"),
        (scaled(1, 1 / 1.5, 1 / 1.5), "less color"),
        (lambda p: (p * 1.1).astype(np.uint8), "Is it Lab"),
        (as_lab, "axes are in another order"),
        (lambda p: p / 255, "Bytes"),
    ],
)
def test_more_color_is_told_what_else_it_did(answer, told):
    assert told in str(course.check("01-more-color", answer))


def test_the_friend_s_score_is_not_right():
    def score(picture, true):
        result = true
        result[:] = picture
        return error(result, true).mean()

    assert "Zero, for a picture" in str(course.check("01-score", score))


def test_three_wrong_places_are_looked_up_on_the_map():
    wrong = chapter01.error_of_the_astronaut() > 10
    rows, columns = np.nonzero(wrong)
    worst = [(int(r), int(c)) for r, c in zip(rows, columns, strict=True)]
    apart = [worst[0], worst[len(worst) // 2], worst[-1]]
    right_spot = tuple(int(i) for i in np.argwhere(~wrong)[0])

    def told(spots):
        return str(course.check("01-three-wrong", spots))

    assert told(apart).startswith("Right.")
    assert "Places 1 and 2 lie in one spot" in told([worst[0], *worst[:2]])
    assert f"column {right_spot[1]} the color is close" in told(
        [*apart[:2], right_spot]
    )
    assert "512 rows" in told([*apart[:2], (600, 3)])
    assert "Three pairs" in told(apart[:2])
