"""From exposure to the print's tone: the curve of Hurter and Driffield.

Density is the negative decimal logarithm of the light that comes back. Over
the logarithm of exposure it is a straight line, whose slope is the contrast
gamma, and at both ends it bends: in the shadows at the print's deepest black,
in the highlights at the white of the paper. Negative and paper are taken
together here: what is seen is the print. Chapter 14.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from colorlib.color.lab import DARK, OFFSET, SLOPE
from colorlib.film.emulsions import Light
from colorlib.shapes import LStar, Number

MIDDLE_GRAY = 0.18  # the exposure that prints as itself
# Exposure below this share of white is darkness: five decades, far more than
# a print can show. The logarithm needs an end.
DARKEST = 1e-5
# Density of the deepest black: 2.0 on glossy paper, 1.5 on matte paper.
GLOSSY, MATTE = 2.0, 1.5

EachPhoto = Number | Tensor  # one for all, or one for each photograph, (B,)


@dataclass(frozen=True)
class ToneCurve:
    """How a scene's tones come out in a print.

    Every value is a number, or a tensor with one for each photograph.
    """

    gamma: EachPhoto = 1.0
    """Contrast: density that a decade of exposure makes."""
    black: EachPhoto = GLOSSY
    """Density of the deepest black above that of the paper."""
    toe: EachPhoto = 0.1
    """How gradually shadows end in black: decades of light."""
    shoulder: EachPhoto = 0.05
    """How gradually highlights end in white: decades of light."""
    stops: EachPhoto = 0.0
    """Exposed longer (above zero) or shorter, in factors of two."""


def print_density(exposure: Light, curve: ToneCurve) -> Light:
    """Find a print's density, above that of its paper.

    Args:
        exposure: relative linear light, 1 for white.
        curve: how its tones come out.

    Returns:
        Density in decades, near 0 for white and `curve.black` for black. It
        never grows with exposure.

    Reference:
        Mees, The Theory of the Photographic Process, 1942, for the curve;
        the two softplus that bend it are ours. Chapter 14.
    """
    gamma, black, toe, shoulder, stops = (
        per_photo(value, exposure)
        for value in (
            curve.gamma,
            curve.black,
            curve.toe,
            curve.shoulder,
            curve.stops,
        )
    )
    above = exposure.clamp(min=DARKEST).log10() - math.log10(MIDDLE_GRAY)
    tone = gamma * (above + stops * math.log10(2)) + math.log10(MIDDLE_GRAY)
    # A straight line whose slope sets in at -black and ends at 0.
    up = toe * F.softplus((tone + black) / toe)
    end = shoulder * F.softplus(tone / shoulder)
    return black - up + end


def print_light(density: Light) -> Light:
    """Turn density into the share of light that comes back.

    Args:
        density: above that of the paper, in decades.

    Returns:
        Linear light, 1 for the paper's white.
    """
    return torch.exp(density * -math.log(10))


def lightness_of_light(light: Light) -> LStar:
    """Find CIE L* of a gray of so much light.

    Args:
        light: linear, [0, 1].

    Returns:
        L* in [0, 100]: as `color.lightness` of that gray.

    Reference:
        CIE 15:2004. Chapter 04.
    """
    root = (light.clamp(min=DARK).log() / 3).exp()
    f = torch.where(light > DARK, root, SLOPE * light + OFFSET)
    return 116 * f - 16


def per_photo(value: EachPhoto, like: Tensor) -> Tensor:
    """Shape a setting so that it multiplies a batch.

    Args:
        value: a number, or a tensor with one for each photograph.
        like: the batch, (B, 1, H, W), or one photograph, (1, H, W).

    Returns:
        A tensor of that type and device, () or (B, 1, 1, 1).
    """
    value = torch.as_tensor(value, dtype=like.dtype, device=like.device)
    return value[..., None, None, None] if value.ndim else value
