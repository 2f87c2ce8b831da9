"""Color: right by authority, the same both ways, and smooth to learn from."""

import numpy as np
import pytest
import torch
from skimage.color import rgb2lab

from colorlib.color import (
    GAMUT_TOLERANCE,
    clamp_to_gamut,
    join_lab,
    lab_to_rgb,
    lightness,
    linear_from_srgb,
    rgb_to_lab,
    split_lab,
    srgb_from_linear,
)

# L*, a*, b* under D65 (2 degrees), from Bruce Lindbloom's matrix of sRGB and
# his formulas: brucelindbloom.com, Eqn_RGB_XYZ_Matrix and Eqn_XYZ_to_Lab.
# His matrix has seven digits where scikit-image's, and so ours, has six, and
# his Lab the exact constants where ours has CIE's older, rounded ones.
LINDBLOOM = {
    (1, 0, 0): (53.2408, 80.0925, 67.2032),
    (0, 1, 0): (87.7347, -86.1827, 83.1793),
    (0, 0, 1): (32.2970, 79.1875, -107.8602),
    (1, 1, 0): (97.1393, -21.5537, 94.4780),
    (0, 1, 1): (91.1132, -48.0875, -14.1312),
    (1, 0, 1): (60.3242, 98.2343, -60.8249),
    (1, 1, 1): (100, 0, 0),
    (0, 0, 0): (0, 0, 0),
}
LINDBLOOM_TOLERANCE = 0.005  # seen: 0.0049, in b* of cyan

# Every fifth level of red, green and blue, which includes 0 and 255: as
# bytes, (3, 52, 52 * 52).
LEVELS = torch.arange(0, 256, 5, dtype=torch.uint8)
GRID = torch.cartesian_prod(LEVELS, LEVELS, LEVELS).T.reshape(3, 52, -1)


def image(*colors) -> torch.Tensor:
    """Colors as one row of pixels, (3, 1, colors), in double precision."""
    return torch.tensor(colors, dtype=torch.float64).T[:, None]


def test_lab_of_the_primaries_is_lindblooms():
    lab = rgb_to_lab(image(*LINDBLOOM))
    expected = image(*LINDBLOOM.values())
    torch.testing.assert_close(lab, expected, rtol=0, atol=LINDBLOOM_TOLERANCE)


@pytest.mark.parametrize("rgb", [GRID, GRID / 255], ids=["bytes", "floats"])
def test_lab_is_scikit_images(rgb):
    """Within 1e-4 in single precision: what is learned here is used there."""
    lab = rgb_to_lab(rgb)
    theirs = rgb2lab(GRID.permute(1, 2, 0).numpy() / 255)
    assert lab.dtype == torch.float32
    np.testing.assert_allclose(lab.permute(1, 2, 0), theirs, rtol=0, atol=1e-4)


def test_bytes_and_floats_give_the_same():
    """Training sees bytes, coloring sees floats: one L for both."""
    torch.testing.assert_close(
        rgb_to_lab(GRID), rgb_to_lab(GRID / 255), rtol=0, atol=1e-5
    )


@pytest.mark.parametrize("rgb", [GRID, GRID / 255], ids=["bytes", "floats"])
def test_lightness_alone_is_the_first_of_the_three(rgb):
    torch.testing.assert_close(
        lightness(rgb), rgb_to_lab(rgb)[:1], rtol=0, atol=1e-4
    )


def test_there_and_back_is_the_same_photograph():
    """Far below half an 8-bit level, so that every level survives."""
    back = lab_to_rgb(rgb_to_lab(GRID / 255))
    torch.testing.assert_close(back, GRID / 255, rtol=0, atol=0.02 / 255)
    assert torch.equal((back * 255).round().byte(), GRID)


def test_gray_has_no_color():
    """Or a network would learn to tint what has none."""
    gray = torch.linspace(0, 1, 256).expand(3, 1, 256)
    L_star, a, b = rgb_to_lab(gray)
    assert a.abs().max() < 0.01
    assert b.abs().max() < 0.01
    assert (L_star.diff() > 0).all()


def test_every_srgb_color_fits_the_scale():
    """Networks end in tanh: ab outside (-1, 1) could not be predicted."""
    L, ab = split_lab(rgb_to_lab(GRID))
    assert L.abs().max() <= 1 + 1e-5
    assert 0.97 < ab.abs().max() < 108 / 110


def test_split_and_join_are_inverse():
    lab = rgb_to_lab(GRID / 255)
    torch.testing.assert_close(join_lab(*split_lab(lab)), lab)


def test_the_srgb_curve_at_its_seam_and_ends():
    """IEC 61966-2-1: a line up to 0.04045, a power above; 0 and 1 fixed."""
    stored = torch.tensor([0, 0.04045, 0.5, 1], dtype=torch.float64)
    light = torch.tensor(
        [0, 0.04045 / 12.92, ((0.5 + 0.055) / 1.055) ** 2.4, 1],
        dtype=torch.float64,
    )
    # The standard's constants are rounded: line and power miss by 3e-8.
    torch.testing.assert_close(
        linear_from_srgb(stored), light, rtol=0, atol=1e-7
    )
    torch.testing.assert_close(
        srgb_from_linear(light), stored, rtol=0, atol=1e-6
    )


@pytest.mark.parametrize("lead", [(), (2,), (2, 3)], ids=str)
@pytest.mark.parametrize(
    "function", [rgb_to_lab, lightness, lab_to_rgb, split_lab]
)
def test_any_leading_dimensions(function, lead):
    """A batch is many photographs, and nothing mixes."""
    images = torch.rand(*lead, 3, 4, 5)
    many = function(images)
    one = function(images.reshape(-1, 3, 4, 5)[-1])
    if function is split_lab:
        many, one = many[1], one[1]
    assert many.shape == (*lead, *one.shape)
    last = many.reshape(-1, *one.shape)[-1]
    torch.testing.assert_close(last, one, rtol=0, atol=1e-4)


def test_the_size_0_and_the_size_1():
    assert rgb_to_lab(torch.zeros(0, 3, 4, 4)).shape == (0, 3, 4, 4)
    assert clamp_to_gamut(torch.zeros(0, 3, 4, 4))[1] == 0.0
    assert lab_to_rgb(torch.zeros(3, 1, 1)).shape == (3, 1, 1)


def test_gradients_are_those_of_the_functions():
    """Losses on colors reach the network through both conversions."""
    torch.manual_seed(0)
    rgb = torch.rand(2, 3, 2, 2, dtype=torch.float64) * 0.8 + 0.1
    lab = rgb_to_lab(rgb).requires_grad_()
    assert torch.autograd.gradcheck(rgb_to_lab, rgb.requires_grad_())
    assert torch.autograd.gradcheck(lab_to_rgb, lab)


@pytest.mark.parametrize("level", [0.0, 0.001, 0.04045, 1.0])
def test_gradients_are_finite_where_the_curves_bend(level):
    """A root has no slope at black: one such pixel would end a training."""
    rgb = torch.full((3, 1, 1), level, requires_grad=True)
    lab = rgb_to_lab(rgb)
    lab.sum().backward()
    assert rgb.grad.isfinite().all()
    lab = lab.detach().requires_grad_()
    lab_to_rgb(lab).sum().backward()
    assert lab.grad.isfinite().all()
    assert (lab.grad != 0).any()


@pytest.fixture(scope="module")
def box() -> torch.Tensor:
    """L* from 1 to 99 and the whole square of a* and b*: (3, 15, 529)."""
    L_star = torch.linspace(1, 99, 15)
    ab = torch.linspace(-110, 110, 23)
    return torch.cartesian_prod(L_star, ab, ab).T.reshape(3, 15, -1)


def test_the_clamp_brings_every_color_inside(box):
    clamped, _ = clamp_to_gamut(box)
    rgb = lab_to_rgb(clamped)
    assert rgb.min() >= -GAMUT_TOLERANCE - 1e-5
    assert rgb.max() <= 1 + GAMUT_TOLERANCE + 1e-5


def test_the_clamp_keeps_lightness_and_hue(box):
    """The scan's lightness is known, and no color turns into another."""
    clamped, _ = clamp_to_gamut(box)
    (L0, a0, b0), (L1, a1, b1) = box, clamped
    assert torch.equal(L1, L0)
    torch.testing.assert_close(a0 * b1, a1 * b0)  # parallel,
    assert (a0 * a1 + b0 * b1 >= 0).all()  # and not opposite
    assert (torch.hypot(a1, b1) <= torch.hypot(a0, b0)).all()


def test_the_clamp_takes_no_more_than_it_must(box):
    """Colors inside stay; the others end at the border, not short of it."""
    clamped, share = clamp_to_gamut(box)
    rgb = lab_to_rgb(box)
    edge = GAMUT_TOLERANCE
    outside = ((rgb < -edge) | (rgb > 1 + edge)).any(dim=0)
    assert share == pytest.approx(outside.float().mean().item())
    assert 0.5 < share < 0.9
    assert torch.equal(clamped[:, ~outside], box[:, ~outside])
    more = (
        clamped[:, outside] + 0.002 * box[:, outside] * image((0, 1, 1))[:, 0]
    )
    assert clamp_to_gamut(more[:, None].float())[1] > 0.99


def test_the_clamp_leaves_photographs_alone():
    lab = rgb_to_lab(GRID / 255)
    clamped, share = clamp_to_gamut(lab)
    assert share == 0.0
    assert torch.equal(clamped, lab)


@pytest.mark.usefixtures("as_outside_pytest")
@pytest.mark.parametrize(
    "function",
    [rgb_to_lab, lightness, lab_to_rgb, split_lab, clamp_to_gamut],
)
def test_channels_last_are_an_error_with_the_way_out(function):
    with pytest.raises(
        ValueError, match=r"got \(4, 5, 3\).*permute\(2, 0, 1\)"
    ):
        function(torch.zeros(4, 5, 3))
    with pytest.raises(ValueError, match=r"\(\.\.\., 3, H, W\)"):
        function(torch.zeros(3))


@pytest.mark.usefixtures("as_outside_pytest")
def test_joining_two_sizes_is_an_error_with_the_way_out():
    with pytest.raises(ValueError, match=r"\(8, 8\).*\(4, 4\).*resize ab"):
        join_lab(torch.zeros(1, 8, 8), torch.zeros(2, 4, 4))
