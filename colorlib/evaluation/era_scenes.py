"""A photograph with known color, as the protocol for eras looks at it.

It is colored from its own CIE L*, or from prints of it on films that an era
may have had; what is measured is always the color alone, on the true
lightness. The parts (a), (b) and (d) share it. Chapter 15.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from colorlib.color import as_channels, rgb_to_lab, split_lab
from colorlib.color.recolor import recolor
from colorlib.colorizer import ABPrediction, Colorizer
from colorlib.eras.authenticity import COLOR, kind_of_color
from colorlib.evaluation.baselines import ColorByL, look_up_color
from colorlib.film.curve import lightness_of_light
from colorlib.film.emulsions import Light
from colorlib.film.priors import FilmPeriod, draw_films
from colorlib.film.rendering import render
from colorlib.metrics.errors import ciede2000
from colorlib.shapes import ABChannels, LChannel, RGBArray

NOT_COLOR = "gray or of one tone"


@dataclass(frozen=True)
class Baseline:
    """Usual colors, in place of a colorizer.

    See Also:
        `evaluation.baselines`.
    """

    by_L: ColorByL
    """The color of each lightness."""

    def predict(self, L: LChannel) -> ABChannels:
        """Look colors up; see `Colorizer.predict`."""
        return look_up_color(L, self.by_L)


class Scene:
    """A photograph whose colors are known.

    Args:
        pixels: sRGB bytes (H, W, 3).

    See Also:
        Chapter 15.
    """

    def __init__(self, pixels: RGBArray):
        self.pixels = pixels
        """sRGB bytes (H, W, 3)."""
        self.lab = rgb_to_lab(as_channels(pixels))
        """CIE L*a*b* (3, H, W): the truth."""

    def paint(self, ab: Tensor) -> RGBArray:
        """Put colors on the true lightness.

        Args:
            ab: a* and b* / 110, (2, h, w), of any smaller size.

        Returns:
            sRGB bytes (H, W, 3).
        """
        return recolor(self.pixels, ab, L_star=self.lab[0])[0]

    def error(self, picture: RGBArray) -> float:
        """Measure how far a picture is from the truth.

        Args:
            picture: sRGB bytes (H, W, 3).

        Returns:
            The mean CIEDE2000 of every second pixel of every second row, as
            `evaluate` takes it: 0 is equal.
        """
        lab = rgb_to_lab(as_channels(picture[::2, ::2]))
        return float(ciede2000(lab, self.lab[:, ::2, ::2]).mean())

    def error_of(self, colorizer: Colorizer | Baseline | None) -> float:
        """Measure what a colorizer makes of CIE L*.

        Args:
            colorizer: None for no color.

        Returns:
            CIEDE2000, see `error`.
        """
        L, _ = split_lab(self.lab)
        return self.error(self.paint(predict_color(colorizer, L[None])[0]))


def only_in_color(
    photographs: Iterable[tuple[str, RGBArray]], left_out: Counter[str]
) -> Iterator[tuple[str, RGBArray]]:
    """Yield the photographs in color, and count the others.

    Their true color isn't known: against a gray copy gray would be perfect.

    Args:
        photographs: pairs of a name and sRGB bytes (H, W, 3).
        left_out: how many were left out, by the reason; `NOT_COLOR` is counted
            up.

    See Also:
        `authenticity.kind_of_color`.
    """
    for name, pixels in photographs:
        if kind_of_color(pixels) == COLOR:
            yield name, pixels
        else:
            left_out[NOT_COLOR] += 1


def draw_prints(
    scene: Scene, name: str, periods: Sequence[FilmPeriod], films: int
) -> Light:
    """Print a photograph on films that an era may have had.

    Args:
        scene: the photograph.
        name: its name, which decides about the films, so that all colorizers
            and later runs get the same.
        periods: what to draw from.
        films: how many prints.

    Returns:
        Linear light, (films, 1, H, W) in [0, 1].
    """
    rgb = as_channels(scene.pixels)
    data = name.encode(errors="surrogateescape")  # not all are UTF-8
    seed = int(hashlib.sha256(data).hexdigest()[:8], 16)
    generator = torch.Generator().manual_seed(seed)
    drawn = draw_films(films, generator, periods)
    return render(rgb.expand(films, *rgb.shape), drawn, generator)


def seen_of(prints: Light) -> LChannel:
    """Turn the light of prints into what a network sees.

    Args:
        prints: linear light, (B, 1, H, W) in [0, 1].

    Returns:
        L* / 50 - 1, (B, 1, H, W) in [-1, 1].
    """
    return lightness_of_light(prints) / 50 - 1


def predict_color(
    colorizer: Colorizer | Baseline | None, L: LChannel
) -> ABPrediction:
    """Predict color, or none.

    Args:
        colorizer: None for no color.
        L: lightness in [-1, 1], (B, 1, H, W).

    Returns:
        a* and b* / 110, (B, 2, h, w), on the CPU; 1 x 1 zeros for no color.
    """
    if colorizer is None:
        return L.new_zeros(len(L), 2, 1, 1)
    return colorizer.predict(L).cpu()
