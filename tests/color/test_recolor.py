"""`recolor` is fast; these hold it to what `color` says in four lines."""

from importlib import import_module

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from colorlib.color import (
    clamp_to_gamut,
    join_lab,
    lab_to_rgb,
    lightness,
    rgb_to_lab,
    split_lab,
)
from colorlib.color.recolor import bicubic_taps, recolor

module = import_module("colorlib.color.recolor")
DTYPES = [np.uint8, np.uint16]
KINDS = [
    pytest.param(dtype, shape, id=f"{dtype.__name__}{shape}")
    for dtype in DTYPES
    for shape in [(61, 83), (61, 83, 3)]
]


def as_rgb(pixels):
    rgb = torch.from_numpy(pixels / np.float64(np.iinfo(pixels.dtype).max))
    rgb = rgb[..., None] if rgb.ndim == 2 else rgb
    return rgb.expand(*rgb.shape[:2], 3).permute(2, 0, 1)


def plain_join(pixels, ab):
    """The clear version: the whole photograph, one operation at a time."""
    L, _ = split_lab(rgb_to_lab(as_rgb(pixels)))
    ab = F.interpolate(ab[None].double(), pixels.shape[:2], mode="bicubic")[0]
    lab, share = clamp_to_gamut(join_lab(L, ab))
    rgb = lab_to_rgb(lab).clamp(0, 1).permute(1, 2, 0).numpy()
    return np.rint(rgb * np.iinfo(pixels.dtype).max), share


def noise(*shape, dtype=np.uint8, seed=0):
    top = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, top + 1, shape, dtype)


def patches(height, width, strength, seed=0):
    """Smooth ab, (2, height, width), within (-strength, strength)."""
    random = torch.Generator().manual_seed(seed)
    ab = torch.randn(1, 2, 5, 5, generator=random)
    return F.interpolate(ab, (height, width), mode="bilinear")[0].tanh() * (
        strength
    )


def test_color_of_full_size_is_taken_as_it_is():
    """And as `F.interpolate` would hand it back."""
    ab = patches(61, 83, 0.3)
    same = F.interpolate(ab[None], (61, 83), mode="bicubic")[0]
    assert torch.equal(same, ab)
    pixels = noise(61, 83, 3)
    plain, _ = plain_join(pixels, ab)
    assert np.abs(recolor(pixels, ab)[0] - plain).max() <= 1


@pytest.mark.parametrize(("dtype", "shape"), KINDS)
def test_the_fast_join_agrees_with_the_plain_one(dtype, shape):
    pixels, ab = noise(*shape, dtype=dtype), patches(16, 21, 0.3)

    fast, fast_share = recolor(pixels, ab)
    plain, plain_share = plain_join(pixels, ab)

    levels = np.abs(fast - plain) / (np.iinfo(dtype).max / 255)  # of 8 bits
    assert fast.dtype == dtype
    assert levels.max() <= 1
    assert levels.mean() < 0.01
    assert 0.05 < fast_share == pytest.approx(plain_share, abs=1e-3)


@pytest.mark.parametrize("band", [1, 83, 500, 10**6])
def test_where_a_band_ends_can_t_be_seen(band):
    pixels, ab = noise(61, 83), patches(16, 21, 0.5)
    whole, share = recolor(pixels, ab)

    again, share_again = recolor(pixels, ab, band_pixels=band)
    np.testing.assert_array_equal(again, whole)
    assert share_again == share


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_gray_without_color_comes_back_exactly(dtype):
    gray = np.arange(np.iinfo(dtype).max + 1, dtype=dtype).reshape(16, -1)

    out, share = recolor(gray, torch.zeros(2, 3, 3))

    np.testing.assert_array_equal(out, gray[..., None].repeat(3, axis=2))
    assert share == 0


def test_lightness_is_the_photograph_s_own_even_where_chroma_is_shrunk():
    pixels = noise(61, 83)

    out, share = recolor(pixels, patches(16, 21, 1.0))

    L_in, L_out = (rgb_to_lab(as_rgb(p))[0] for p in (pixels, out))
    assert share > 0.3
    # Clipping red, green and blue instead would be up to 60 L* off.
    assert (L_in - L_out).abs().mean() < 0.2
    assert (L_in - L_out).abs().max() < 1.5


def test_hue_is_kept_where_chroma_is_shrunk():
    ab = torch.tensor([0.6, 0.7])[:, None, None]  # an orange beyond sRGB

    out, share = recolor(np.full((4, 4), 120, np.uint8), ab)

    _, a, b = rgb_to_lab(as_rgb(out))[:, 0, 0].tolist()
    assert share == 1
    assert b / a == pytest.approx(0.7 / 0.6, rel=0.02)


@settings(max_examples=60)
@given(n_in=st.integers(1, 70), more=st.integers(0, 400))
def test_bicubic_is_torch_s(n_in, more):
    n_out = n_in + more
    row = torch.from_numpy(np.random.default_rng(more).random(n_in))

    index, weight = bicubic_taps(n_in, n_out)

    expected = F.interpolate(
        row.expand(1, 1, 1, -1), (1, n_out), mode="bicubic"
    )
    ours = (row.numpy()[index] * weight).sum(axis=1)
    np.testing.assert_allclose(ours, expected[0, 0, 0], atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (3, 2)])
def test_photographs_of_one_row_or_column(shape):
    pixels, ab = noise(*shape), patches(1, 1, 0.3)

    out, _ = recolor(pixels, ab)

    assert np.abs(out - plain_join(pixels, ab)[0]).max() <= 1


def test_the_photograph_is_left_as_it_was():
    pixels, ab = noise(9, 9, 3), patches(3, 3, 0.3)
    before, ab_before = pixels.copy(), ab.clone()

    recolor(pixels, ab)

    np.testing.assert_array_equal(pixels, before)
    assert torch.equal(ab, ab_before)


def test_other_types_are_refused_with_a_way_out():
    with pytest.raises(ValueError, match=r"uint32; photos.from_array"):
        recolor(np.zeros((2, 2), np.uint32), torch.zeros(2, 1, 1))


def test_an_array_that_cannot_be_written_to_needs_no_warning():
    """Memory maps and Pillow give such; under pytest a warning fails."""
    pixels = np.full((6, 5, 3), 90, np.uint8)
    expected, _ = recolor(pixels, torch.zeros(2, 2, 2))
    pixels.flags.writeable = False
    np.testing.assert_array_equal(
        recolor(pixels, torch.zeros(2, 2, 2))[0], expected
    )


def test_a_lightness_that_is_known_is_not_found_again():
    """The same picture; and another lightness gives another."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(256, size=(40, 30, 3), dtype=np.uint8)
    ab = torch.rand(2, 10, 8) - 0.5
    L_star = lightness(as_rgb(pixels))[0]
    picture, share = recolor(pixels, ab, L_star=L_star)
    expected, expected_share = recolor(pixels, ab)
    assert np.abs(picture.astype(int) - expected).max() <= 1
    assert share == pytest.approx(expected_share, abs=0.01)
    darker, _ = recolor(pixels, ab, L_star=L_star / 2)
    assert darker.mean() < expected.mean() - 20
