"""A map of verdicts lies where the patches lie, in colors that say who won."""

import numpy as np
import pytest
import torch

from colorlib.color.arrays import without_color
from colorlib.figures.patch_map import patch_map
from colorlib.models.patchgan import PatchDiscriminator

PIXELS = np.random.default_rng(9).integers(0, 256, (64, 96, 3), np.uint8)


@pytest.fixture
def D():
    return PatchDiscriminator(width=2).eval()


def test_one_sure_verdict_tints_the_middle_of_its_patch(D):
    """Row 2, column 5 is about pixels -7 to 62 and 17 to 86."""
    sheet = torch.zeros(6, 10)
    sheet[2, 5] = -50.0
    changed = (patch_map(PIXELS, sheet, D) != without_color(PIXELS)).any(axis=2)
    wanted = np.zeros_like(changed)
    wanted[24:32, 48:56] = True
    assert (changed <= wanted).all()
    assert changed[wanted].mean() > 0.9  # a few were of that color before


def test_forged_is_orange_and_photographed_is_blue(D):
    sheet = torch.full((6, 10), 50.0)
    sheet[:, 5:] = -50.0
    map = patch_map(PIXELS, sheet, D)[8:56].astype(int)
    red, _, blue = map.transpose(2, 0, 1)
    assert (blue > red)[:, 8:48].all()
    assert (red > blue)[:, 48:88].all()


def test_who_cannot_tell_leaves_the_photograph_gray(D):
    undecided = patch_map(PIXELS, torch.zeros(6, 10), D)
    assert np.array_equal(undecided, without_color(PIXELS))


def test_the_surer_the_stronger(D):
    def change(logit):
        map = patch_map(PIXELS, torch.full((6, 10), logit), D)
        return np.abs(map.astype(int) - without_color(PIXELS)).mean()

    assert 0 < change(0.5) < change(1.0) < change(4.0)


@pytest.mark.parametrize("n_down", [1, 2, 3, 4])
@pytest.mark.parametrize("side", [128, 133, 191])
def test_fits_whatever_the_discriminator_answers(n_down, side):
    D = PatchDiscriminator(width=2, n_down=n_down).eval()
    pixels = np.zeros((side, 160, 3), np.uint8)
    L, ab = torch.zeros(1, 1, side, 160), torch.zeros(1, 2, side, 160)
    assert patch_map(pixels, D(L, ab)[0, 0], D).shape == pixels.shape


@pytest.mark.parametrize("shape", [(7, 10), (6, 9), (10, 6)])
def test_a_sheet_of_another_photograph_is_refused(D, shape):
    with pytest.raises(ValueError, match="64 x 96 pixels"):
        patch_map(PIXELS, torch.zeros(shape), D)
