"""Scanning: noise as asked for, and a JPEG that Pillow would write."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from colorlib.color import linear_from_srgb, srgb_from_linear
from colorlib.film.scanning import compress, scan


def test_noise_is_as_large_as_asked_for():
    light = torch.full((2, 1, 100, 100), 0.5)
    noise = torch.tensor([0.0, 0.02])
    seen = scan(light, noise, torch.Generator().manual_seed(0))
    assert torch.equal(seen[0], light[0])
    assert seen[1].std().item() == pytest.approx(0.02, rel=0.05)


def test_a_jpeg_is_pillows():
    light = torch.rand(1, 1, 24, 32)
    gray = (srgb_from_linear(light[0, 0]) * 255).round().byte().numpy()
    file = io.BytesIO()
    Image.fromarray(gray).save(file, "jpeg", quality=60)
    theirs = torch.from_numpy(np.array(Image.open(file)))
    torch.testing.assert_close(
        compress(light, 60.0)[0, 0], linear_from_srgb(theirs)
    )


def test_each_photograph_has_its_own_quality():
    light = torch.rand(2, 1, 24, 32)
    both = compress(light, torch.tensor([0.0, 30.0]))
    assert torch.equal(both[0], light[0])
    torch.testing.assert_close(both[1:], compress(light[1:], 30.0))


def test_backward_nothing_happened():
    light = torch.rand(1, 1, 16, 16, requires_grad=True)
    compress(light, 50.0).sum().backward()
    torch.testing.assert_close(light.grad, torch.ones_like(light))
