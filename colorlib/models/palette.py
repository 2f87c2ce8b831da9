"""A palette of colors, for networks that weigh possibilities.

Asked for one color, a network that isn't sure answers with the middle of all
that it thinks possible, and the middle of red and green is brown. Asked how
likely each color of a palette is, it can say "red or green", and how sure it
is. The palette is a grid over the plane of a* and b*, as far as sRGB reaches.

Reference:
    Zhang et al., Colorful Image Colorization, ECCV 2016, section 2. Chapters
    06 and 12.
"""

from functools import cache

import torch
from jaxtyping import Float, Int
from torch import Tensor

from colorlib.color import AB_SCALE, rgb_to_lab
from colorlib.shapes import ABChannels

STEP = 10.0  # distance of two neighbors, in units of a* and b*
_HALF = 11  # grid points on each side of gray: 11 * 10 covers every color
_SIDE = 2 * _HALF + 1


@cache
@torch.inference_mode(False)  # kept for later, maybe for training
def palette() -> Float[Tensor, "colors 2"]:
    """List the colors of the palette.

    Returns:
        ab in [-1, 1], one row a color: the corners of all grid squares in
        which there is a color of sRGB.
    """
    return (_corners().nonzero() - _HALF) * (STEP / AB_SCALE)


def settle(
    logits: Float[Tensor, "batch colors rows columns"],
    temperature: float,
) -> ABChannels:
    """Settle on one color: the annealed median, a* and b* each for itself.

    Of all answers the median has the least absolute error, and it doesn't
    mix: between red, a little likelier, and green the mean is brown, the
    median red.

    Args:
        logits: how likely each color of the palette is, before a softmax.
        temperature: at 1 the median of what the network thinks possible;
            towards 0 the likeliest color alone, which is bold where one
            stands out, and gray where none does.

    Returns:
        ab in [-1, 1], batch x 2 x height x width.

    Reference:
        Zhang et al., ECCV 2016, section 2.3, with the median instead of the
        mean. Chapter 06: what each of them is best for.
    """
    # A place's colors side by side in memory: half the time.
    shares = torch.softmax(logits.float().movedim(1, -1) / temperature, dim=-1)
    masses = (shares @ _coordinates().to(shares)).unflatten(-1, (2, _SIDE))
    # What lies below each grid point, with half of its own.
    below = masses.cumsum(dim=-1) - masses / 2
    i = (below <= 0.5).sum(dim=-1, keepdim=True).clamp(1, _SIDE - 1)
    low, high = below.gather(-1, i - 1), below.gather(-1, i)
    middle = (i - 1 + (0.5 - low) / (high - low)).squeeze(-1).movedim(-1, 1)
    return (middle - _HALF) * (STEP / AB_SCALE)


def color_cross_entropy(
    logits: Float[Tensor, "batch colors rows columns"],
    ab: ABChannels,
    *,
    every: int = 1,
) -> Float[Tensor, ""]:
    """Measure how surprised a network is by the true colors.

    Each true color is shared among the four palette colors around it, such
    that their weighted mean is the color itself.

    Args:
        logits: how likely each color of the palette is, before a softmax.
        ab: true color in (-1, 1), batch x 2 x height x width: of the size of
            the logits or a whole multiple, and then averaged.
        every: look at every second, third ... place of every such row only:
            faster, and neighbors say nearly the same.

    Returns:
        Mean cross entropy in nats.

    Reference:
        Zhang et al., ECCV 2016, section 2.2, with four neighbors by
        distance along the grid instead of five under a Gaussian.
    """
    ab = torch.nn.functional.adaptive_avg_pool2d(ab, logits.shape[-2:])
    some = (..., slice(None, None, every), slice(None, None, every))
    neighbors, shares = share(ab[some])
    log_likelihood = torch.log_softmax(logits[some].float(), dim=1)
    return -(log_likelihood.gather(1, neighbors) * shares).sum(1).mean()


def share(
    ab: ABChannels,
) -> tuple[
    Int[Tensor, "*batch 4 height width"], Float[Tensor, "*batch 4 height width"]
]:
    """Share each color among its four neighbors in the palette.

    Args:
        ab: color in (-1, 1).

    Returns:
        The neighbors, as rows of `palette()`, and their shares, which add up
        to 1.
    """
    place = ab * (AB_SCALE / STEP) + _HALF
    corner = place.floor().clamp(0, _SIDE - 2)
    right_a, right_b = (place - corner).unbind(-3)
    row, column = corner.long().unbind(-3)
    ids = _ids().to(ab.device)
    neighbors, shares = [], []
    for i, share_a in ((0, 1 - right_a), (1, right_a)):
        for j, share_b in ((0, 1 - right_b), (1, right_b)):
            neighbors.append(ids[row + i, column + j])
            shares.append(share_a * share_b)
    return torch.stack(neighbors, -3), torch.stack(shares, -3)


@cache
def _corners() -> Tensor:
    """Mark the grid points that are corners of a square with sRGB in it."""
    steps = torch.linspace(0, 1, 33, dtype=torch.float64)
    rgb = torch.stack(torch.meshgrid(steps, steps, steps, indexing="ij"))
    ab = rgb_to_lab(rgb.flatten(2))[1:].flatten(1)
    row, column = (ab / STEP + _HALF).floor().long()
    marked = torch.zeros(_SIDE, _SIDE, dtype=torch.bool)
    for i in (0, 1):
        for j in (0, 1):
            marked[row + i, column + j] = True
    return marked


@cache
@torch.inference_mode(False)
def _coordinates() -> Tensor:
    """Say where on the grid each color lies: a 1 for its a*, one for its b*.

    (colors, 2 * side).
    """
    places = (palette() * (AB_SCALE / STEP)).round().long() + _HALF
    return torch.nn.functional.one_hot(places, _SIDE).flatten(1).float()


@cache
def _ids() -> Tensor:
    """Number each grid point: its own row of the palette, or the nearest."""
    grid = torch.cartesian_prod(*[torch.arange(_SIDE) - _HALF] * 2)
    grid = grid * (STEP / AB_SCALE)
    nearest = torch.cdist(grid, palette()).argmin(dim=1)
    return nearest.view(_SIDE, _SIDE)
