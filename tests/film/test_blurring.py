"""Blur: as SciPy's, sums kept, each photograph with its own width."""

import numpy as np
import torch
from scipy.ndimage import gaussian_filter

from colorlib.film.blurring import blur, blur_widely


def test_it_is_scipys():
    image = torch.rand(1, 1, 20, 24, dtype=torch.float64)
    ours = blur(image, 1.2, widest=1.2)[0, 0]
    theirs = gaussian_filter(image[0, 0].numpy(), 1.2, mode="nearest", radius=4)
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_each_photograph_has_its_own_width_and_zero_is_none():
    image = torch.rand(2, 1, 12, 12)
    seen = blur(image, torch.tensor([0.0, 1.0]), widest=2.0)
    torch.testing.assert_close(seen[0], image[0])
    alone = blur(image[1:], 1.0, widest=2.0)
    torch.testing.assert_close(seen[1:], alone)


def test_one_gray_stays_that_gray():
    image = torch.full((2, 1, 30, 21), 0.3)
    for blurred in (
        blur(image, 2.0, widest=2.0),
        blur_widely(image, 9.0, widest=9.0),
    ):
        torch.testing.assert_close(blurred, image)


def test_widely_is_about_the_same():
    image = torch.zeros(1, 1, 80, 80)
    image[..., 30:50, 20:60] = 1
    slow = blur(image, 8.0, widest=8.0)
    fast = blur_widely(image, 8.0, widest=8.0)
    torch.testing.assert_close(fast, slow, rtol=0, atol=0.03)
