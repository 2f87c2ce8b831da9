"""A random film for each photograph of a batch, to train on.

A network that has only seen CIE L* has seen no film. Here its input is
rendered as a film of some time would have it, anew in each batch; the color
that it has to predict stays what it was. Chapter 14.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from colorlib.color import join_lab, lab_to_rgb, lightness
from colorlib.film.curve import lightness_of_light
from colorlib.film.priors import PERIODS, FilmPeriod, draw_films
from colorlib.film.rendering import render
from colorlib.shapes import RGB, ABChannels, LChannel, Number, RGBBytes

PLAIN = 0.25  # share of photographs that keep CIE L*


def film_batch(
    rgb: RGB | RGBBytes,
    generator: torch.Generator,
    *,
    periods: Sequence[FilmPeriod] = tuple(PERIODS.values()),
    plain: Number = PLAIN,
) -> LChannel:
    """Render each photograph of a batch on a film of its own.

    Args:
        rgb: sRGB, (B, 3, H, W), on any device: floats in [0, 1] or bytes.
        generator: decides films and grain; the same state gives the same
            batch. It may be on another device than `rgb`.
        periods: each is as likely as the others.
        plain: share of the photographs that keep CIE L*, so that the network
            doesn't forget it; 0 to 1.

    Returns:
        Lightness in [-1, 1], (B, 1, H, W), without a gradient.

    Raises:
        ValueError: if `rgb` is no batch of photographs in color.

    See Also:
        Chapter 14.

    Example:
        >>> rgb = torch.rand(4, 3, 32, 32)
        >>> film_batch(rgb, torch.Generator().manual_seed(0)).shape
        torch.Size([4, 1, 32, 32])
    """
    with torch.no_grad():
        films = draw_films(len(rgb), generator, periods)
        L_star = lightness_of_light(render(rgb, films, generator))
        chance = torch.rand(
            len(rgb), generator=generator, device=generator.device
        )
        kept = (chance < plain).to(rgb.device)
        if kept.any():
            L_star[kept] = lightness(rgb[kept])
        return L_star / 50 - 1


def film_lightness(
    L: LChannel,
    ab: ABChannels,
    generator: torch.Generator,
    *,
    periods: Sequence[FilmPeriod] = tuple(PERIODS.values()),
    plain: Number = PLAIN,
) -> LChannel:
    """Do the same where a batch has become L and ab already.

    Args:
        L: lightness in [-1, 1], (B, 1, H, W).
        ab: color in (-1, 1), (B, 2, H, W), of the same photographs.
        generator: as in `film_batch`.
        periods: as there.
        plain: as there.

    Returns:
        What takes the place of `L` as the network's input.

    See Also:
        `film_batch`.
    """
    rgb: Tensor = lab_to_rgb(join_lab(L, ab)).clamp(0, 1)
    return film_batch(rgb, generator, periods=periods, plain=plain)
