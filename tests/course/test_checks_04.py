"""What a reader of chapter 04 is told about an answer."""

from itertools import product

import numpy as np
import pytest
import torch
from skimage.color import gray2rgb, rgb2lab

from colorlib import course
from colorlib.color import clamp_to_gamut, outside_gamut
from colorlib.course.checks import chapter04
from colorlib.figures.gamut import ab_plane


def by_scikit_image(gray):
    return rgb2lab(gray2rgb(gray))[None, ..., 0] / 50 - 1


@pytest.mark.parametrize("answer", [chapter04.lightness, by_scikit_image])
def test_lightness_by_either_library_is_right(answer):
    assert course.check("04-lightness", answer)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda gray: gray[None] / 127.5 - 1, "The trap itself"),
        (lambda gray: gray[None] / 255, "shares of 255"),
        (lambda g: 50 * (by_scikit_image(g) + 1), "What does tanh reach"),
        (lambda g: by_scikit_image(g) / 2 + 0.5, "below zero"),
        (lambda g: -by_scikit_image(g), "sign"),
        (lambda g: by_scikit_image(g)[0], "Shape"),
        (lambda g: by_scikit_image(g) ** 3, "not the lightness"),
    ],
)
def test_a_wrong_lightness_is_told_what_it_is(answer, told):
    verdict = course.check("04-lightness", answer)
    assert not verdict
    assert told in str(verdict)


def with_steps_of(step):
    def share(L_star):
        ab = torch.arange(-110 + step / 2, 110, step)
        plane = torch.cartesian_prod(torch.tensor([L_star * 1.0]), ab, ab)
        return 1 - outside_gamut(plane.T[..., None]).float().mean()

    return share


@pytest.mark.parametrize("step", [0.5, 1, 2, 4])
def test_any_grid_gives_the_share(step):
    assert course.check("04-share-shown", with_steps_of(step))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda L: clamp_to_gamut(ab_plane(L))[1], "all the others"),
        (lambda L: 100 * chapter04.share_shown(L), "percent"),
        (lambda L: chapter04.share_shown(20), "is L_star used"),
        (lambda L: outside_gamut(ab_plane(L)), "One number is wanted"),
        (lambda L: chapter04.share_shown(L) * 1.21, "L\\* = 20"),
    ],
)
def test_a_wrong_share_is_told_what_it_is(answer, told):
    verdict = course.check("04-share-shown", answer)
    assert not verdict
    assert told.replace("\\", "") in str(verdict)


def test_the_mended_function_is_right():
    assert course.check("04-prepare", chapter04.prepare)


@pytest.mark.parametrize("left", [*product([False, True], repeat=3)][1:])
def test_each_bug_that_is_left_is_told(left):
    """By where to look, and by how many there are."""
    torn, bright, unscaled = left
    told = str(
        course.check("04-prepare", lambda px: chapter04.broken(px, *left))
    )
    count = sum(left)
    words = {1: "One bug", 2: "Two bugs", 3: "all three"}
    assert words[count] in told
    if count < 3:
        assert ("Is L between" in told) == bright
        assert ("Look at L as a picture" in told) == (
            torn and not bright and not unscaled
        )


def test_the_share_is_exact_to_what_is_asked():
    """Our own grid has to be finer than the difference that is allowed."""
    fine = with_steps_of(0.25)
    for L_star in (20, 55, 90):
        ours = chapter04.share_shown(L_star)
        assert abs(ours - fine(L_star)) < chapter04.GRIDS_DIFFER / 2
    assert np.isclose(chapter04.share_shown(0), 0, atol=1e-3)
