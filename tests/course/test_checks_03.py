"""What chapter 03's exercises say about answers that are nearly right."""

import pytest

from colorlib import course
from colorlib.course.checks.chapter03 import CAUSES, FAILED, LOOK, both_losses
from colorlib.losses import bce
from colorlib.toys.failures import SETUPS


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda n, k, s, p: (n + 2 * p - k) // s + 1, "Right."),
        (lambda n, k, s, p: (n + 2 * p - k) // s, "One too few"),
        (lambda n, k, s, p: (n + p - k) // s + 1, "on both sides"),
        (lambda n, k, s, p: n + 2 * p - k + 1, "every other place"),
        (lambda n, k, s, p: (n + 2 * p - k) / s + 1, "reach over the edge"),
        (lambda n, k, s, p: n // s, "Not for n = 64, kernel = 4"),
        (lambda n, k: n - k, "can't be called"),
    ],
)
def test_the_side_of_an_output_is_told_what_it_is(answer, told):
    assert told in str(course.check("03-side", answer))


def test_every_failure_is_shown_once():
    assert sorted([*FAILED.values(), "ink-healthy"]) == sorted(SETUPS)
    assert sorted(CAUSES.values()) == sorted(LOOK)


def test_the_right_diagnoses_are_right():
    assert course.check("03-diagnoses", CAUSES)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"run 1": CAUSES["run 2"], "run 2": CAUSES["run 1"]},
            "4 of 6 are right. If run 1 were",
        ),
        ({"run 3": "?"}, "run 3: choose one of"),
        ({"run 3": ["mode collapse"]}, "run 3: choose one of"),
    ],
)
def test_wrong_diagnoses_get_a_hint_and_no_answer(change, told):
    said = str(course.check("03-diagnoses", CAUSES | change))
    assert told in said
    assert "Not yet." in said


def test_diagnoses_that_are_missing_are_named():
    answer = {f"run {n}": CAUSES[f"run {n}"] for n in (1, 2, 4, 5)}
    said = str(course.check("03-diagnoses", answer))
    assert "No word yet about run 3, run 6." in said


def with_detach(*, d: bool, g: bool):
    def answer(G, D, real, gray):
        fake = G(gray)
        for_d = fake.detach() if d else fake
        for_g = fake.detach() if g else fake
        d_loss = (bce(D(real), 1.0) + bce(D(for_d), 0.0)) / 2
        return d_loss, bce(D(for_g), 1.0)

    return answer


def without_fakes(G, D, real, gray):
    """`detach` a step too late: D learns from real things only."""
    fake = G(gray)
    d_loss = (bce(D(real), 1.0) + bce(D(fake).detach(), 0.0)) / 2
    return d_loss, bce(D(fake), 1.0)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (both_losses, "Right."),
        (with_detach(d=True, g=False), "Right."),
        (with_detach(d=True, g=True), "No gradient of G's loss"),
        (with_detach(d=False, g=False), "The gradient of D's loss reaches G"),
        (
            lambda *a: [loss.detach() for loss in both_losses(*a)],
            "No gradient of D's loss",
        ),
        (without_fakes, "D gets only a part"),
        (lambda *a: both_losses(*a)[::-1], "Not yet."),
        (lambda *a: both_losses(*a)[0], "Two losses are wanted"),
    ],
)
def test_losses_are_told_which_networks_they_reach(answer, told):
    assert told in str(course.check("03-losses", answer))
