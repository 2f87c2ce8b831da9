"""White balance: casts go, and what has none stays."""

import numpy as np
import pytest
import torch

from colorlib.color import as_channels, as_lab, linear_from_srgb
from colorlib.color import srgb_from_linear as stored
from colorlib.color.balance import balance
from colorlib.data.samples import bundled


def with_cast(pixels, *gains):
    """The photograph in another light."""
    light = linear_from_srgb(as_channels(pixels))
    light = light * torch.tensor(gains)[:, None, None]
    rows = stored(light.clamp(0, 1)).mul(255).round().byte()
    return rows.permute(1, 2, 0).contiguous().numpy()


def test_a_gray_ramp_in_orange_light_is_gray_again():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    seen = with_cast(np.tile(ramp, (4, 1, 1)), 1.0, 0.7, 0.4)
    assert as_lab(seen)[1:].abs().max() > 20
    assert as_lab(balance(seen))[1:].abs().max() < 1.5  # bytes are rounded


@pytest.mark.parametrize("name", ["coffee", "chelsea"])
def test_a_cast_is_taken_away_whatever_it_was(name):
    """From two lights comes one answer, but for how bright it is."""
    pixels = bundled(name)
    one, other = (
        linear_from_srgb(as_channels(balance(each))).mean(dim=(1, 2))
        for each in (pixels, with_cast(pixels, 0.8, 0.5, 0.7))
    )
    ratio = other / one
    assert ratio.max() / ratio.min() < 1.02
    assert abs(as_lab(balance(pixels))[0].mean() - as_lab(pixels)[0].mean()) < 2


def test_what_is_gray_or_lacks_a_light_stays():
    gray = np.repeat(np.arange(60, dtype=np.uint8).reshape(6, 10, 1), 3, 2)
    assert (balance(gray) == gray).all()
    red = gray * np.array([1, 0, 0], np.uint8)
    assert (balance(red) == red).all()
