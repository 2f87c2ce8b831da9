"""From a scene in color to the gray print that film would have made of it.

    scene    expose, vignette, soften, add_halation      light on the emulsion
    print    print_density, print_light, add_grain, halftone
    age      fade, stain, scratches, dust, folds
    scan     scan, compress                              what is left today

Sizes are pixels of the photograph that is rendered: what is fine in a large
scan is nothing in its small copy. Chapter 14.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import torch

from colorlib.color import srgb_from_linear
from colorlib.film.ageing import fade, stain, stain_field
from colorlib.film.blurring import blur
from colorlib.film.curve import (
    EachPhoto,
    ToneCurve,
    print_density,
    print_light,
)
from colorlib.film.damage import (
    Cover,
    cover_with,
    draw_dust,
    draw_folds,
    draw_scratches,
)
from colorlib.film.emulsions import (
    EMULSIONS,
    EmulsionWeights,
    Light,
    emulsion_weights,
    expose,
)
from colorlib.film.grain import add_grain, grain_noise
from colorlib.film.optics import add_halation, soften, vignette
from colorlib.film.printing import halftone
from colorlib.film.scanning import compress, scan
from colorlib.shapes import RGB, RGBArray, RGBBytes

# Halftone: the blur of the scan as a share of the distance of two dots, which
# is at most so many pixels.
DOT_BLUR, COARSEST = 0.2, 8.0

Draw = Callable[[EachPhoto, Light, torch.Generator], Cover]


@dataclass(frozen=True)
class Film:
    """A film and what became of it; by default panchromatic, plainly printed.

    Every value is a number, or a tensor with one for each photograph. Zero
    leaves out what it is about; a print always has a curve.
    """

    weights: EmulsionWeights | tuple[float, float, float] = EMULSIONS[
        "panchromatic B"
    ].weights
    """What it sees of linear red, green and blue: (3,) or (B, 3)."""
    curve: ToneCurve = field(default_factory=ToneCurve)
    """How tones come out in the print."""
    vignetting: EachPhoto = 0.0
    """Angle from the middle of the lens's view to its corner, degrees."""
    softness: EachPhoto = 0.0
    """Blur of the lens, standard deviation in pixels, at most 3."""
    halation: EachPhoto = 0.0
    """Share of the highlights' light that glows around them."""
    grain: EachPhoto = 0.0
    """Radius of the grains, pixels."""
    halftone: EachPhoto = 0.0
    """Of a picture in print: pixels from dot to dot, 2 to 8."""
    fading: EachPhoto = 0.0
    """Share of the density that is gone."""
    stain: EachPhoto = 0.0
    """Density of the yellow, as gray shows it, where it is strongest."""
    scratches: EachPhoto = 0.0
    """How many, as a share of `damage.SCRATCHES`."""
    dust: EachPhoto = 0.0
    """How many specks, as a share of `damage.SPECKS`."""
    folds: EachPhoto = 0.0
    """Chance of a fold."""
    noise: EachPhoto = 0.0
    """Of the scanner, standard deviation as a share of white."""
    jpeg: EachPhoto = 0.0
    """Quality of the JPEG, 1 to 100."""

    @classmethod
    def of(cls, emulsion: str, color_filter: str = "none") -> "Film":
        """Choose a film by its emulsion, in all else as by default.

        Args:
            emulsion: a key of `emulsions.EMULSIONS`.
            color_filter: a key of `emulsions.FILTERS`.

        Raises:
            ValueError: if there is no such emulsion or filter.
        """
        return cls(weights=emulsion_weights(emulsion, color_filter))


def render(
    rgb: RGB | RGBBytes, film: Film, generator: torch.Generator | None = None
) -> Light:
    """Photograph a scene on film, print it, let it age, and scan it.

    Args:
        rgb: sRGB, (B, 3, H, W): floats in [0, 1] or bytes.
        film: one for all, or one for each photograph.
        generator: what chance decides: grain, stains, damage, noise. The same
            state gives the same print. Without it there is none of them.

    Returns:
        Linear light, (B, 1, H, W) in [0, 1], 1 for the paper; differentiable
        in `rgb`. See `curve.lightness_of_light`.

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
    exposure = _if(film.vignetting, exposure, vignette)
    exposure = _if(film.softness, exposure, soften)
    exposure = _if(film.halation, exposure, add_halation)

    light = print_light(print_density(exposure, film.curve)).clamp(0, 1)
    if generator is not None:
        light = _if(film.grain, light, partial(_grainy, generator=generator))
    light = _if(film.halftone, light, _in_dots)

    light = _if(film.fading, light, fade)
    if generator is not None:
        light = _if(film.stain, light, partial(_stained, generator=generator))
        marks: list[tuple[EachPhoto, Draw]] = [
            (film.scratches, draw_scratches),
            (film.dust, draw_dust),
            (film.folds, draw_folds),
        ]
        for amount, draw in marks:
            marked = partial(_marked, draw=draw, generator=generator)
            light = _if(amount, light, marked)
        light = _if(film.noise, light, partial(scan, generator=generator))
    return _if(film.jpeg, light, compress).clamp(0, 1)


def gray_pixels(light: Light) -> RGBArray:
    """Turn one print into bytes to look at.

    Args:
        light: linear, (1, H, W) or (1, 1, H, W), in [0, 1].

    Returns:
        sRGB bytes, height x width x 3, the three channels equal.
    """
    gray = srgb_from_linear(light.detach().flatten(0, -3)[0])
    pixels = gray.clamp(0, 1).mul(255).round().byte()
    return pixels[..., None].expand(-1, -1, 3).contiguous().cpu().numpy()


def _if(
    setting: EachPhoto,
    light: Light,
    change: Callable[[Light, EachPhoto], Light],
) -> Light:
    """Change the photographs whose setting isn't zero."""
    if not isinstance(setting, torch.Tensor) or not setting.ndim:
        return change(light, setting) if setting else light
    chosen = (setting != 0).to(light.device)
    if chosen.all():
        return change(light, setting)
    if chosen.any():
        own = setting[chosen.to(setting.device)]
        return light.index_put((chosen,), change(light[chosen], own))
    return light


def _grainy(
    light: Light, radius: EachPhoto, generator: torch.Generator
) -> Light:
    n, _, height, width = light.shape
    noise = grain_noise(n, height, width, generator)
    return add_grain(light, radius, noise.to(light))


def _in_dots(light: Light, period: EachPhoto) -> Light:
    # A scan of a press picture is never sharper than its dots.
    dots = halftone(light, period)
    return blur(dots, period * DOT_BLUR, widest=COARSEST * DOT_BLUR)


def _stained(
    light: Light, density: EachPhoto, generator: torch.Generator
) -> Light:
    n, _, height, width = light.shape
    where = stain_field(n, height, width, generator)
    return stain(light, density, where.to(light))


def _marked(
    light: Light, amount: EachPhoto, draw: Draw, generator: torch.Generator
) -> Light:
    return cover_with(light, draw(amount, light, generator), mark=1.0)
