"""Contrast stretching: a faded print's few tones spread over all of lightness.

A network learned what a sky or a face looks like from prints with a black and
a white. In a print that has faded, all tones lie close together. What stands
here makes a copy for the network to look at; the colored photograph keeps its
own lightness. Chapter 14.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from colorlib.shapes import LChannel

# Of the pixels, at each end, that don't count: specks, scratches, corners.
TAIL = 0.01
FADED_SPAN = 48.0
"""Tones that span less of L* are stretched: 120 gray levels of 255, if they
lie around the middle."""
BLANK_SPAN = 5.0
"""Tones that span less of L* are a blank page, whose noise is no picture."""
# L* of the gray levels 10 and 245 of 255: where the two ends are taken to.
DARK, BRIGHT = 2.7, 96.5


def is_low_contrast(L: LChannel) -> Bool[Tensor, "*batch"]:
    """Tell which photographs have tones as close together as a faded print.

    Args:
        L: lightness in [-1, 1], (..., 1, H, W), of whole photographs.

    Returns:
        Whether L* spans less than `FADED_SPAN`, and no less than `BLANK_SPAN`,
        from a photograph's 1st percentile to its 99th. A white margin, or a
        black one, counts, too.

    Example:
        >>> is_low_contrast(torch.linspace(-0.3, 0.3, 100).view(1, 1, 1, 100))
        tensor([True])
    """
    low, high = _ends(L)
    span = 50 * (high - low)  # of L*, 0 to 100
    return (span >= BLANK_SPAN) & (span < FADED_SPAN)


def stretch_contrast(
    L: LChannel, *, judged: Float[Tensor, "*batch 1 _ _"] | None = None
) -> LChannel:
    """Stretch the tones of faded photographs; others stay as they are.

    Args:
        L: lightness in [-1, 1], (..., 1, H, W), of whole photographs.
        judged: the same photographs at another size, which decide what is
            stretched, and how; None for L itself.

    Returns:
        L's shape. Where `is_low_contrast`, L* is a straight line of what
        it was: its 1st percentile becomes `DARK`, its 99th `BRIGHT`, and what
        would leave [0, 100] is clipped. Everywhere else, the very same values.

    Reference:
        Gonzalez and Woods, Digital Image Processing, 4th edition, 2018,
        section 3.2 (contrast stretching). The limits are ours.

    Example:
        >>> faded = torch.linspace(-0.3, 0.3, 101).view(1, 1, 1, 101)
        >>> L_star = 50 * stretch_contrast(faded) + 50
        >>> [round(L_star[..., i].item(), 1) for i in (0, 1, 50, 99, 100)]
        [1.7, 2.7, 49.6, 96.5, 97.5]
    """
    judged = L if judged is None else judged
    low, high = (end[..., None, None, None] for end in _ends(judged))
    dark, bright = DARK / 50 - 1, BRIGHT / 50 - 1
    # The least span keeps photographs that are not chosen from 0 / 0.
    slope = (bright - dark) / (high - low).clamp(min=BLANK_SPAN / 50)
    stretched = (dark + (L - low) * slope).clamp(-1, 1)
    chosen = is_low_contrast(judged)[..., None, None, None]
    return torch.where(chosen, stretched, L)


def _ends(
    L: LChannel,
) -> tuple[Float[Tensor, "*batch"], Float[Tensor, "*batch"]]:
    """Find the 1st and the 99th percentile, however many pixels there are."""
    tones = L.flatten(-3).sort(dim=-1).values  # (..., H * W)
    last = tones.shape[-1] - 1
    first = round(TAIL * last)
    return tones[..., first], tones[..., last - first]
