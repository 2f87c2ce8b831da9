"""The picture of the ab plane shows what sRGB shows, where it says it does."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from colorlib.color import lab_to_rgb, outside_gamut
from colorlib.figures.gamut import SIDE, ab_plane, ab_planes, ab_points


def decoded(picture) -> np.ndarray:
    image = Image.open(io.BytesIO(picture.parts[0].webp))
    return np.asarray(image.convert("RGBA"))


def test_red_lies_to_the_right_and_yellow_above():
    """As the axes say. Turned over, all of the chapter would be wrong."""
    rgb = lab_to_rgb(ab_plane(60))
    middle, off = 110, 40
    gray = rgb[:, middle, middle]
    right = rgb[:, middle, middle + off]
    above = rgb[:, middle - off, middle]
    torch.testing.assert_close(gray, gray.mean().expand(3), atol=1e-3, rtol=0)
    assert right[0] > gray[0] + 0.1  # more red,
    assert right[1] < gray[1] - 0.1  # less green
    assert above[2] < gray[2] - 0.1  # less blue: yellow


def test_the_plane_is_the_whole_square():
    L_star, a, b = ab_plane(37)
    assert (L_star == 37).all()
    assert a.min() == b.min() == -110
    assert a.max() == b.max() == 110
    assert (a.diff(dim=1) == 1).all()
    assert (b.diff(dim=0) == -1).all()


@pytest.mark.parametrize("L_star", [20, 50, 80])
def test_what_can_t_be_shown_is_empty(L_star):
    """In the picture there is as much color as there is in the plane."""
    shown = decoded(ab_planes(L_star)).astype(int)
    side = len(shown)
    # Without the frame and the cross, both of which are drawn.
    colored = (np.ptp(shown[..., :3], axis=2) > 8) & (shown[..., 3] > 128)
    in_plane = lab_to_rgb(ab_plane(L_star))[:, ~outside_gamut(ab_plane(L_star))]
    expected = (in_plane.amax(dim=0) - in_plane.amin(dim=0) > 8 / 255).sum()
    unit = side / SIDE  # pixels of the picture
    assert colored.sum() / unit**2 == pytest.approx(expected.item(), rel=0.1)
    corner = shown[-side // 6 : -10, 10 : side // 6]
    assert (corner[..., 3] == 0).all()


@pytest.mark.parametrize("L_star", [0, 100])
def test_black_and_white_have_a_plane_too(L_star):
    """A slider reaches its ends, and nothing may jump there."""
    assert decoded(ab_planes(L_star)).shape == decoded(ab_planes(50)).shape


def test_a_row_has_room_for_three():
    [row], [alone] = (
        ab_planes(*stars).parts for stars in ((20, 50, 80), (50,))
    )
    assert row.width > 1.5 * alone.width
    assert row.shows == "L* = 20, L* = 50, L* = 80"
    assert "a*, green to red" in row.note
    for count in (0, 4):
        with pytest.raises(ValueError, match=f"1 to 3 planes, got {count}"):
            ab_planes(*[50] * count)


def test_a_point_lies_where_its_color_is():
    """Red to the right, yellow above; between points the page shows."""
    plane = ab_points(torch.tensor([[80.0, 0.0], [0.0, 80.0]]))
    side = len(plane)
    at = [
        (side // 2, round(side * 190 / 220)),
        (round(side * 30 / 220), side // 2),
    ]
    red, yellow = (plane[place].astype(int) for place in at)
    assert red[3] > 100 < yellow[3]
    assert red[0] > red[1] + 60
    assert yellow[2] < min(yellow[:2]) - 60
    assert (plane[10 : side // 3, 10 : side // 3, 3] == 0).all()
