"""From a scene in color to the gray print that film would have made of it.

    rgb --expose--> light on the emulsion --print_density--> print
        --add_grain--> what is seen

Sizes are pixels of the photograph that is rendered: what is fine in a large
scan is nothing in its small copy. Chapter 14.
"""

from dataclasses import dataclass, field

import torch

from colorlib.film.blurring import blur
from colorlib.film.curve import (
    EachPhoto,
    ToneCurve,
    print_density,
    print_light,
)
from colorlib.film.emulsions import (
    EMULSIONS,
    EmulsionWeights,
    Light,
    emulsion_weights,
    expose,
)
from colorlib.film.grain import add_grain, grain_noise
from colorlib.shapes import RGB, RGBBytes


@dataclass(frozen=True)
class Film:
    """A film and what became of it; by default an ideal panchromatic one.

    Every value is a number, or a tensor with one for each photograph.
    """

    weights: EmulsionWeights | tuple[float, float, float] = EMULSIONS[
        "panchromatic B"
    ].weights
    """What it sees of linear red, green and blue: (3,) or (B, 3)."""
    curve: ToneCurve = field(default_factory=ToneCurve)
    """How tones come out in the print."""
    softness: EachPhoto = 0.0
    """Blur of the lens, standard deviation in pixels, at most 3."""
    grain: EachPhoto = 0.0
    """Radius of the grains, pixels."""

    @classmethod
    def of(cls, emulsion: str, color_filter: str = "none") -> "Film":
        """Choose a film by its emulsion, in all else ideal.

        Args:
            emulsion: a key of `emulsions.EMULSIONS`.
            color_filter: a key of `emulsions.FILTERS`.

        Raises:
            ValueError: if there is no such emulsion or filter.
        """
        return cls(weights=emulsion_weights(emulsion, color_filter))


SOFTEST = 3.0  # pixels


def render(
    rgb: RGB | RGBBytes, film: Film, generator: torch.Generator | None = None
) -> Light:
    """Photograph a scene on film, and print it.

    Args:
        rgb: sRGB, (B, 3, H, W): floats in [0, 1] or bytes.
        film: one for all, or one for each photograph.
        generator: what chance decides, grain for one. The same state gives
            the same print. Without it there is no grain.

    Returns:
        The print's linear light, (B, 1, H, W) in [0, 1], 1 for its paper;
        differentiable in `rgb`. See `curve.lightness_of_light`.

    Raises:
        ValueError: if `rgb` is no batch of photographs in color.

    See Also:
        Chapter 14.
    """
    if rgb.ndim != 4:
        raise ValueError(
            f"rgb must have shape (B, 3, H, W), got {tuple(rgb.shape)}; one"
            " photograph is rgb[None]"
        )
    exposure = expose(rgb, film.weights)
    if _any(film.softness):
        exposure = blur(exposure, film.softness, widest=SOFTEST)
    light = print_light(print_density(exposure, film.curve))
    if generator is not None and _any(film.grain):
        n, _, height, width = light.shape
        noise = grain_noise(n, height, width, generator)
        light = add_grain(light, film.grain, noise.to(light))
    return light.clamp(0, 1)


def _any(value: EachPhoto) -> bool:
    return bool(torch.as_tensor(value).any())
