"""Tables color a large 8-bit scan; these hold them to the plain way."""

from importlib import import_module

import numpy as np
import pytest
import torch

from colorlib.color import rgb_to_lab
from colorlib.color.gray_tables import GrayTables
from colorlib.color.recolor import TABLE_PIXELS, recolor
from tests.color.test_recolor import (
    as_rgb,
    noise,
    patches,
    plain_join,
)

module = import_module("colorlib.color.recolor")


@pytest.fixture(autouse=True)
def _small_pictures_too(monkeypatch):
    monkeypatch.setattr(module, "TABLE_PIXELS", 0)


@pytest.mark.parametrize("strength", [0.0, 0.1, 0.3])
def test_tables_agree_with_the_plain_join(strength):
    pixels, ab = noise(161, 183), patches(16, 21, strength)

    tables, share = recolor(pixels, ab)
    plain, plain_share = plain_join(pixels, ab)

    off = np.abs(tables - plain)
    assert off.max() <= 1
    assert off.mean() < 0.02
    assert share == pytest.approx(plain_share, abs=2e-3)


def test_the_edge_of_the_gamut_is_where_the_plain_join_has_it():
    """Levels may differ by more where one of them hardly counts, in a dark
    channel of a strong color. Nobody sees a distance of 2 in L*a*b*."""
    pixels, ab = noise(161, 183), patches(16, 21, 1.0)

    tables, _ = recolor(pixels, ab)
    plain, share = plain_join(pixels, ab)

    before, after = (
        rgb_to_lab(as_rgb(p.astype(np.uint8))) for p in (plain, tables)
    )
    assert share > 0.3
    assert (np.abs(tables - plain) > 1).mean() < 1e-3
    assert (before - after).norm(dim=0).max() < 2


def test_between_two_samples_color_may_go_beyond_both():
    """Bicubic interpolation does, and a table that ended there would not."""
    pixels = noise(80, 80)
    ab = torch.tensor([-0.2, -0.2, 0.2, 0.2]).repeat(2, 4, 1)
    ab = torch.where(torch.eye(4) > 0, ab, -ab)

    off = np.abs(recolor(pixels, ab)[0] - plain_join(pixels, ab)[0])

    assert off.max() <= 1


def test_every_gray_without_color_comes_back_exactly():
    """Even if there is color elsewhere: zero is a step of the tables."""
    gray = np.arange(256, dtype=np.uint8).repeat(4).reshape(32, 32)
    ab = torch.zeros(2, 32, 32)
    ab[:, -1, -1] = torch.tensor([0.31, -0.17])

    out, _ = recolor(gray, ab)

    np.testing.assert_array_equal(
        out[:-3], gray[:-3, :, None].repeat(3, axis=2)
    )


def test_lightness_stays_within_what_verify_allows():
    """Also where chroma is shrunk to the edge of the gamut."""
    pixels = noise(200, 200)

    out, share = recolor(pixels, patches(16, 21, 1.0))

    before, after = (rgb_to_lab(as_rgb(p))[0] for p in (pixels, out))
    assert share > 0.3
    assert (before - after).abs().max() < 0.55


def test_where_a_band_ends_is_hardly_to_be_seen():
    """A product of matrices may round the last bit in another way."""
    pixels, ab = noise(61, 83), patches(16, 21, 0.5)
    whole, _ = recolor(pixels, ab)

    again, _ = recolor(pixels, ab, band_pixels=83)

    off = np.abs(again.astype(int) - whole)
    assert off.max() <= 1
    assert off.mean() < 1e-3


def test_only_large_gray_bytes_take_the_tables(monkeypatch):
    """A small picture would wait longer for them than they save."""
    made = []

    def remember(shift):
        made.append(shift.shape)
        return GrayTables(shift)

    monkeypatch.setattr(module, "TABLE_PIXELS", TABLE_PIXELS)
    monkeypatch.setattr(module, "GrayTables", remember)
    ab = torch.zeros(2, 2, 2)
    side = int(TABLE_PIXELS**0.5)
    for small in (
        np.zeros((side - 1, side), np.uint8),
        np.zeros((side, side), np.uint16),
        np.zeros((side, side, 3), np.uint8),
    ):
        recolor(small, ab)
    assert not made
    recolor(np.zeros((side, side), np.uint8), ab)
    assert made
