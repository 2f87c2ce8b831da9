"""Which lightness a scene had, if its colors and its film were known.

A print has one number a pixel, and a film weighs red, green and blue into it.
Whoever knows a* and b* can ask which L* gives the print's number on that film.
The answer is as right as the colors are. Chapter 14.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.color import lab_to_rgb
from colorlib.film.curve import lightness_of_light
from colorlib.film.emulsions import EmulsionWeights, expose

PrintedL = Float[Tensor, "batch 1 height width"]  # L* of a print, 0 to 100
SceneAB = Float[Tensor, "batch 2 height width"]  # a* and b* of the scene

HALVINGS = 14  # of 100: within a hundredth of L*


def printed_lightness(
    L: PrintedL, ab: SceneAB, weights: EmulsionWeights
) -> PrintedL:
    """Photograph a scene on an emulsion alone, without curve or grain.

    Args:
        L: the scene's L*, in [0, 100].
        ab: its a* and b*, no fractions of 110.
        weights: of linear red, green and blue; see `emulsion_weights`.

    Returns:
        L* of the print. Colors that sRGB can't show are cut at its edge.

    See Also:
        `emulsions.expose`. Chapter 14.
    """
    rgb = lab_to_rgb(torch.cat([L, ab], dim=1)).clamp(0, 1)
    return lightness_of_light(expose(rgb, weights))


def fit_lightness(
    printed: PrintedL, ab: SceneAB, weights: EmulsionWeights
) -> PrintedL:
    """Find the lightness with which a film gives back the print.

    It tries the middle of a range, keeps the half that holds the answer, and
    does so again. In each pixel there is one number to meet and one to choose,
    so that it can nearly always be met: that it is met shows nothing.

    Args:
        printed: L* of the print, in [0, 100].
        ab: the scene's a* and b*, known or predicted.
        weights: of linear red, green and blue, those of the print's film.

    Returns:
        L* of the scene, in [0, 100].

    See Also:
        `printed_lightness`. Chapter 14.

    Example:
        >>> from colorlib.film.emulsions import emulsion_weights
        >>> weights = emulsion_weights("orthochromatic")
        >>> red = torch.tensor([60.0, 50.0]).view(1, 2, 1, 1)
        >>> L = torch.full((1, 1, 1, 1), 50.0)
        >>> dark = printed_lightness(L, red, weights)
        >>> fitted = fit_lightness(dark, red, weights)
        >>> round(dark.item()), round(fitted.item())
        (21, 50)
    """
    low, high = torch.zeros_like(printed), torch.full_like(printed, 100.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_dark = printed_lightness(middle, ab, weights) < printed
        low = torch.where(too_dark, middle, low)
        high = torch.where(too_dark, high, middle)
    return (low + high) / 2
