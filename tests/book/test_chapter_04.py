"""What chapter 04 says is so."""

from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from colorlib import Colorizer, color, course
from colorlib.color import (
    AB_SCALE,
    as_lab,
    as_pixels,
    join_lab,
    outside_gamut,
    rgb_to_lab,
    split_lab,
    without_color,
)
from colorlib.color.recolor import recolor
from colorlib.course.checks.chapter04 import share_shown
from colorlib.data.samples import bundled
from colorlib.figures.gamut import ab_plane
from colorlib.metrics import color_error

CHAPTER = Path(__file__).resolve().parents[2] / "chapters/04_lab.ipynb"
BYTES = torch.arange(256, dtype=torch.uint8)


def test_every_color_of_a_screen_fits_into_110():
    """All of them, though only a cube's six faces are converted.

    Lab bends the cube of colors and doesn't tear it, so what lies inside
    stays inside, and nothing inside reaches further than the faces do.
    """
    square = torch.cartesian_prod(BYTES, BYTES).T
    ends = []
    for channel in range(3):
        for level in (0, 255):
            face = torch.full((3, 1, 1 << 16), level, dtype=torch.uint8)
            rest = [c for c in range(3) if c != channel]
            face[rest, 0] = square
            ends.append(rgb_to_lab(face)[1:].abs().amax(dim=(1, 2)))
    a, b = torch.stack(ends).amax(dim=0)
    assert max(a, b) < 108 < AB_SCALE
    assert b > 107.8  # and 110 is no waste: blue needs nearly all of it
    assert a < 99


def test_most_of_the_box_can_t_be_shown():
    L_star = torch.arange(0.5, 100)
    ab = torch.arange(-108.0, 110, 4)
    box = torch.cartesian_prod(L_star, ab, ab).T[..., None]
    shown = 1 - outside_gamut(box).float().mean().item()
    assert shown == pytest.approx(0.17, abs=0.005)


def test_the_middle_lightnesses_show_most():
    """At the ends there is one color left, black or white."""
    shares = [share_shown(L_star) for L_star in range(0, 101, 5)]
    best = shares.index(max(shares))
    assert 5 * best == 55
    assert shares[:best] == sorted(shares[:best])
    assert shares[best:] == sorted(shares[best:], reverse=True)
    assert max(shares) < 1 / 3
    alone = ab_plane(100)[:, 110, 110].reshape(3, 1, 1)
    assert not outside_gamut(alone)
    assert share_shown(100) < 1e-3


def test_gray_taken_for_lightness_is_off_by_up_to_three_and_a_half():
    """Too dark but in the shadows, and most at the very middle."""
    L_star = rgb_to_lab(BYTES.expand(3, 1, 256))[0, 0]
    off = BYTES / 2.55 - L_star
    assert off.abs().max() == pytest.approx(3.4, abs=0.02)
    assert off.abs().argmax() == 128
    crossing = int((off < 0).nonzero()[0])
    assert (off[crossing:255] < 0).all()
    assert L_star[crossing] < 15


def test_without_color_the_scan_comes_back_darker():
    """Where one says "no color" and the other a wrong lightness."""
    lab = torch.stack([BYTES / 2.55, 0 * BYTES, 0 * BYTES])[:, None]
    off = as_pixels(lab)[0, :, 0].astype(int) - BYTES.numpy()
    assert off[128] == -9
    assert off.min() == -9


def test_gray_for_l_raises_the_color_error_by_a_few_percent_only():
    """For the network and for the result, as in the quiz."""
    true = bundled("motorcycle")
    scan = without_color(true)[..., 0]
    L_of_gray = rgb_to_lab(BYTES.expand(3, 1, 256))[0, 0]
    colorizer, errors = Colorizer.load(), []
    for L_star in (L_of_gray, BYTES / 2.55):
        seen = L_star[torch.tensor(scan).long()]
        ab = colorizer.predict(seen[None, None] / 50 - 1)[0]
        gray = as_pixels(torch.stack([seen, 0 * seen, 0 * seen]))[..., 0]
        errors.append(color_error(recolor(gray, ab)[0], true).mean())
    right, wrong = errors
    assert 1 < wrong / right < 1.08
    assert right > 2 * (L_of_gray - BYTES / 2.55).abs().max()


@pytest.mark.parametrize("name", ["astronaut", "motorcycle"])
def test_color_may_be_coarse_and_lightness_may_not(name):
    true = bundled(name)
    L, ab = split_lab(as_lab(true))

    def coarse(channels):
        to = torch.nn.functional.interpolate
        small = to(channels[None], (32, 32), mode="bicubic", antialias=True)
        return to(small, channels.shape[-2:], mode="bicubic")[0]

    def error(L, ab):
        pixels = as_pixels(join_lab(L, ab)).astype(float)
        return ((pixels - true) ** 2).mean()

    assert error(L, coarse(ab)) < error(coarse(L), ab) / 8
    gray, colored = (
        color_error(pixels, true).mean()
        for pixels in (without_color(true), as_pixels(join_lab(L, coarse(ab))))
    )
    assert colored < 0.4 * gray  # most of gray's error is gone


def test_swapping_a_and_b_makes_leaves_purple_and_the_sky_bluish_green():
    """As the page and the quiz say of that mistake."""
    leaves, skies = [[100, 140, 60], [60, 100, 40]], [[135, 180, 230]]
    lab = as_lab(np.array([leaves + skies], np.uint8))
    *leaves, (r, g, b) = as_pixels(lab[[0, 2, 1]]).astype(int)[0]
    assert all(min(leaf[0], leaf[2]) > leaf[1] + 40 for leaf in leaves)
    assert g > b > r + 50


def test_a_blue_made_paler_at_its_hue_turns_purple():
    """In the numbers: it gets more red than green."""
    lab = as_lab(np.array([[[0, 0, 255]]], np.uint8))
    lab[1:] /= 2
    r, g, b = as_pixels(lab)[0, 0].astype(int)
    assert b > r > g + 20


def function_in(cell_id: str, name: str):
    """Define a function as a cell of the chapter does, without the rest."""
    cells = nbformat.read(CHAPTER, as_version=4).cells
    [source] = [cell.source for cell in cells if cell.id == cell_id]
    scope = vars(color) | {"torch": torch}
    exec(source.split("\n\n\n")[0], scope)
    return scope[name]


@pytest.mark.parametrize("name", ["lightness", "share_shown", "prepare"])
def test_the_solutions_are_right(name):
    short = {"share_shown": "share", "prepare": "bug"}.get(name, name)
    answer = function_in(f"solution-{short}-code", name)
    assert course.check(f"04-{name.replace('_', '-')}", answer)


def test_the_bug_hunt_has_three_bugs():
    """Said of the very lines that the reader is to mend."""
    prepare = function_in("bug", "prepare")
    assert "all three bugs" in str(course.check("04-prepare", prepare))


def test_red_paint_has_a_positive_b_too():
    """So the tank shows in the picture of b* alone."""
    lab = as_lab(bundled("motorcycle"))
    paint = lab[1] > 40
    assert paint.sum() > 1000
    assert (lab[2][paint] > 10).float().mean() > 0.9


def test_the_way_back_loses_no_byte():
    true = bundled("motorcycle")
    assert (as_pixels(as_lab(true)) == true).all()


def test_gray_has_equal_shares_and_so_no_color():
    gray = BYTES.expand(3, 1, 256)
    assert rgb_to_lab(gray)[1:].abs().max() < 0.01


def test_light_is_what_the_sentence_says():
    x = torch.linspace(0, 1, 1001)
    said = torch.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    torch.testing.assert_close(color.linear_from_srgb(x), said)
