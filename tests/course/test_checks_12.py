"""What a reader of chapter 12 is told about an answer."""

import re

import pytest

from colorlib import course
from colorlib.course.checks import chapter12


def as_a_list(choose, judge):
    place = choose.index(min(choose))
    return [place, judge[place]]


@pytest.mark.parametrize("answer", [chapter12.stopped, as_a_list])
def test_the_truth_is_right(answer):
    assert course.check("12-stopped", answer)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "None"),
        (lambda choose, judge: None, "returns None"),
        (lambda choose, judge: judge[0], "two things"),
        (lambda choose, judge: (2, min(choose)), "luck in it"),
        (lambda choose, judge: (1, min(judge)), "that is to judge"),
        (lambda choose, judge: (2, min(judge)), "of another place"),
        (lambda choose, judge: (3, judge[2]), "from 0"),
        (lambda choose, judge: (0, judge[0]), "lowest error of choose"),
    ],
)
def test_a_wrong_answer_is_told_what_is_off(answer, told):
    verdict = course.check("12-stopped", answer)
    assert not verdict
    assert re.search(told, verdict.text), verdict.text
