"""Optics: the cosine law, and light that is neither made nor lost."""

import math

import pytest
import torch

from colorlib.film.optics import add_halation, soften, vignette


def lamp() -> torch.Tensor:
    """A bright square, far from the edge, in a dark room."""
    light = torch.full((1, 1, 96, 96), 0.05, dtype=torch.float64)
    light[..., 44:52, 44:52] = 1
    return light


def test_the_corner_gets_cosine_to_the_fourth():
    light = vignette(torch.ones(1, 1, 101, 141, dtype=torch.float64), 20.0)
    assert light[0, 0, 50, 70].item() == pytest.approx(1)
    corner = math.cos(math.radians(20)) ** 4
    assert light[0, 0, 0, 0].item() == pytest.approx(corner, rel=1e-6)
    assert light[0, 0, 50, 0] > light[0, 0, 0, 0]


def test_halation_keeps_light_and_glows_around_the_lamp():
    before, after = lamp(), add_halation(lamp(), 0.5)
    assert after.sum().item() == pytest.approx(before.sum().item(), rel=0.01)
    assert after[0, 0, 48, 41] > before[0, 0, 48, 41]
    assert after[0, 0, 48, 48] < before[0, 0, 48, 48]


def test_what_is_not_bright_does_not_glow():
    light = lamp() / 2
    torch.testing.assert_close(add_halation(light, 0.5), light)


def test_softness_keeps_light():
    before, after = lamp(), soften(lamp(), 1.5)
    assert after.sum().item() == pytest.approx(before.sum().item())
    assert after.max() <= before.max()


def test_each_photograph_has_its_own():
    light = lamp().float().expand(2, -1, -1, -1)
    amount = torch.tensor([0.0, 0.5])
    for change in (add_halation, soften, vignette):
        both = change(light, amount)
        torch.testing.assert_close(both[0], light[0])
        torch.testing.assert_close(both[1:], change(light[1:], 0.5))
