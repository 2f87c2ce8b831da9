"""What a plate or a film saw: how red, green and blue light add up.

An emulsion darkens with the light that it absorbs. Silver halide absorbs blue,
violet and ultraviolet alone; dyes made it see green (orthochromatic), and
later red (panchromatic). sRGB has no ultraviolet, so it is left out. One
number a pixel is a weighted sum of *linear* light, and the weights are the
emulsion. CIE L* has such weights, too: those of the eye. Chapter 14.

The weights are practical mixes for the primaries of sRGB, not densitometry:
no table of wedge spectrograms was found. They sum to one, so that what is
gray stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.color import linear_from_srgb
from colorlib.shapes import RGB, RGBBytes

EmulsionWeights = Float[Tensor, "*any 3"]  # of linear red, green and blue
Light = Float[Tensor, "*batch 1 height width"]  # relative, linear


@dataclass(frozen=True)
class Emulsion:
    """A kind of plate or film."""

    weights: tuple[float, float, float]
    """Of linear red, green and blue; they sum to one."""
    source: str
    """Where the weights are from."""


_THORNE_BAKER = (
    "class by T. Thorne Baker, Photographic Emulsion Technique, 1941; the"
    " numbers are ours"
)

EMULSIONS = {
    "blue-sensitive": Emulsion(
        (0.0, 0.0, 1.0), "Luo et al. 2021, Time-Travel Rephotography, code"
    ),
    "orthochromatic": Emulsion(
        (0.0, 0.5, 0.5), "Luo et al. 2021, Time-Travel Rephotography, code"
    ),
    "panchromatic A": Emulsion(
        (0.18, 0.35, 0.47), f"little red, much blue: {_THORNE_BAKER}"
    ),
    "panchromatic B": Emulsion(
        (0.25, 0.37, 0.38), f"balanced: {_THORNE_BAKER}"
    ),
    "panchromatic C": Emulsion(
        (0.40, 0.33, 0.27), f"much red, little blue: {_THORNE_BAKER}"
    ),
    "Tri-X": Emulsion(
        (0.25, 0.35, 0.40), "digiKam, black-and-white filter, Kodak Tri-X"
    ),
}

# What a glass before the lens lets through, of red, green and blue. Rounded
# by us from what such filters are for: yellow holds back blue, so that clouds
# stand out; red holds back green, too. Unsourced: no table was found.
FILTERS = {
    "none": (1.0, 1.0, 1.0),
    "yellow": (1.0, 0.9, 0.2),
    "red": (1.0, 0.1, 0.0),
}


def emulsion_weights(name: str, color_filter: str = "none") -> EmulsionWeights:
    """Look up what an emulsion sees, through a filter.

    Args:
        name: a key of `EMULSIONS`.
        color_filter: a key of `FILTERS`. The exposure is longer by as much
            as it holds back, so that gray stays as it is.

    Returns:
        Three weights of linear red, green and blue, whose sum is one.

    Raises:
        ValueError: if there is no such emulsion or filter, or the emulsion
            sees nothing of what the filter lets through.

    See Also:
        Chapter 14.

    Example:
        >>> emulsion_weights("orthochromatic").tolist()
        [0.0, 0.5, 0.5]
    """
    if name not in EMULSIONS or color_filter not in FILTERS:
        raise ValueError(
            f"no emulsion {name!r} with filter {color_filter!r}; choose one of"
            f" {', '.join(EMULSIONS)}, with {', '.join(FILTERS)}"
        )
    seen = torch.tensor(EMULSIONS[name].weights, device="cpu")
    seen = seen * torch.tensor(FILTERS[color_filter], device="cpu")
    if not seen.sum() > 0:
        raise ValueError(
            f"{name} film sees nothing through a {color_filter} filter; leave"
            " the filter out"
        )
    return seen / seen.sum()


def expose(
    rgb: RGB | RGBBytes, weights: EmulsionWeights | Sequence[float]
) -> Light:
    """Let a scene fall on an emulsion.

    Args:
        rgb: sRGB, channels first: floats in [0, 1] or bytes.
        weights: of linear red, green and blue, (3,) for all or (B, 3).

    Returns:
        Exposure, one channel: 0 without light, 1 for the scene's white.

    Raises:
        ValueError: if the channel axis does not have size 3.

    Reference:
        Luo et al., Time-Travel Rephotography, ACM TOG 40(6), 2021, section
        3. Chapter 14.
    """
    if rgb.ndim < 3 or rgb.shape[-3] != 3:
        raise ValueError(
            f"rgb must have shape (..., 3, H, W), got {tuple(rgb.shape)};"
            " for an (H, W, 3) array use rgb.permute(2, 0, 1)"
        )
    linear = linear_from_srgb(rgb)
    weights = torch.as_tensor(weights, dtype=linear.dtype, device=linear.device)
    red, green, blue = linear.unbind(-3)  # (..., H, W) each
    r, g, b = weights[..., None, None].unbind(-3)  # one each, or (B, 1, 1)
    return (r * red + g * green + b * blue).unsqueeze(-3)
