"""Rendering: gray in, gray out; the same again; each as if alone."""

import pytest
import torch

from colorlib.color import linear_from_srgb
from colorlib.film.curve import ToneCurve
from colorlib.film.rendering import Film, render


def generator(seed=0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def scenes(n=2) -> torch.Tensor:
    return torch.rand(n, 3, 24, 32, generator=generator(7))


def test_a_gray_scene_prints_as_it_is_in_the_middle():
    gray = torch.linspace(0.25, 0.8, 32).expand(1, 3, 24, 32)
    light = render(gray, Film.of("orthochromatic"))
    torch.testing.assert_close(
        light, linear_from_srgb(gray[:, :1]), rtol=0.02, atol=0
    )


def test_chance_repeats_itself():
    film = Film(grain=0.1)
    one, again, other = (
        render(scenes(), film, generator(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_without_a_generator_there_is_no_chance():
    torch.testing.assert_close(
        render(scenes(), Film(grain=0.2)), render(scenes(), Film())
    )


def test_a_batch_is_its_photographs():
    """Of everything that chance doesn't decide."""
    film = Film(
        weights=torch.tensor([[0.0, 0.5, 0.5], [0.0, 0.0, 1.0]]),
        curve=ToneCurve(gamma=torch.tensor([0.9, 1.3])),
        softness=torch.tensor([0.0, 1.0]),
    )
    both = render(scenes(), film)
    for i in range(2):
        own = Film(
            weights=film.weights[i],
            curve=ToneCurve(gamma=film.curve.gamma[i].item()),
            softness=film.softness[i].item(),
        )
        alone = render(scenes()[i : i + 1], own)
        torch.testing.assert_close(both[i : i + 1], alone)


def test_bytes_and_floats_give_the_same():
    pixels = (scenes() * 255).byte()
    torch.testing.assert_close(
        render(pixels, Film()), render(pixels / 255, Film())
    )


def test_every_color_gets_a_gradient():
    rgb = scenes().requires_grad_()
    render(rgb, Film(softness=0.8, grain=0.1), generator()).sum().backward()
    assert rgb.grad.isfinite().all()
    assert (rgb.grad.abs().sum((2, 3)) > 0).all()


def test_one_photograph_is_no_batch():
    with pytest.raises(ValueError, match="rgb\\[None\\]"):
        render(scenes()[0], Film())
