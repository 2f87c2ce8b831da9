"""Rendering: gray in, gray out; the same again; each as if alone."""

import pytest
import torch

from colorlib.color import linear_from_srgb
from colorlib.film.curve import ToneCurve
from colorlib.film.rendering import Film, gray_pixels, render


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


EVERYTHING = Film(
    curve=ToneCurve(gamma=1.2),
    vignetting=20.0,
    softness=0.7,
    halation=0.3,
    grain=0.1,
    fading=0.3,
    stain=0.2,
    scratches=1.0,
    dust=1.0,
    folds=1.0,
    noise=0.01,
    jpeg=60.0,
)


def test_all_together_is_light_and_lets_gradients_through():
    rgb = scenes().requires_grad_()
    light = render(rgb, EVERYTHING, generator())
    assert light.shape == (2, 1, 24, 32)
    assert light.min() >= 0
    assert light.max() <= 1
    light.sum().backward()
    assert rgb.grad.isfinite().all()
    assert (rgb.grad != 0).float().mean() > 0.5


@pytest.mark.parametrize(
    "setting",
    [
        *("vignetting", "softness", "halation", "grain", "halftone", "fading"),
        *("stain", "scratches", "dust", "folds", "noise", "jpeg"),
    ],
)
def test_a_setting_changes_whoever_has_it(setting):
    """And nobody else."""
    value = {"vignetting": 20.0, "halftone": 4.0, "jpeg": 30.0}.get(setting, 1)
    some = Film(**{setting: torch.tensor([0.0, value])})
    plain, changed = (render(scenes(), f, generator()) for f in (Film(), some))
    assert torch.equal(plain[0], changed[0])
    assert not torch.allclose(plain[1], changed[1])


def test_a_print_to_look_at():
    pixels = gray_pixels(render(scenes(1), Film()))
    assert pixels.shape == (24, 32, 3)
    assert (pixels[..., 0] == pixels[..., 2]).all()
