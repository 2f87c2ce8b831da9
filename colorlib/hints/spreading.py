"""From the hints over what belongs to them, along the photograph's edges.

The network has answered everywhere; at a few places somebody knows better.
What is spread is the correction d, the hint's a* and b* minus the network's.
At a hint it is just that. Everywhere else it is the mean of the neighbors'
corrections, in which neighbors of the same lightness count most, drawn a
little towards 0, the network's answer:

    (1 + pull) d_i = sum_j w_ij d_j,    sum_j w_ij = 1
    w_ij ~ exp(-(L_i - L_j)^2 / (0.6 var_i))

over the eight neighbors j of cell i; var_i is the variance of L* around it.
These equations are linear and have one solution, so nothing iterates and
nothing is drawn at random. The solution is also a mean: in each cell the
corrections of the hints, with weights that add up to the hints' share, which
is below 1. So no color is stronger than its hint, and the share says what of a
color came from the hints; the rest is the network's. Without pull this is what
the program of Levin and others solves, for colors in place of corrections.

It happens on the small grid of the network's answer. `recolor` brings color to
full size, and the lightness of the scan is not touched.

Reference:
    Levin, Lischinski, Weiss, Colorization Using Optimization, SIGGRAPH 2004.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from colorlib.color.gamut import outside_gamut
from colorlib.color.lab import AB_SCALE
from colorlib.hints.hint import Hint, check_inside
from colorlib.shapes import ABChannels, LStar, Number

# How far hints reach where no edge ends it: in this share of the photograph's
# shorter side a correction falls to 1 / e, away from a line of hints, where all
# is even. At 0.05 a hint would color little but its own place; with 5, nothing
# but edges would keep it from the whole photograph.
REACH = 0.5
# 2 sigma^2 of the paper's weights, in variances of L* around the cell: 0.6 in
# the authors' program. With the 2 of their text not even a sharp edge would
# stop a color: it makes the variance around it large, too.
SHARPNESS = 0.6
# Lightness differs by so much (L*) from grain and noise alone.
NOISE = 1.0
# The most cells to solve for at once: more than 192 x 341, a photograph of 16
# to 9 as the shipped model sees it. What is seen at more is corrected on a
# coarser grid.
MOST_CELLS = 1 << 16
_STEPS = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if y or x]

Size = tuple[int, int]  # rows, columns


def apply_hints(
    ab: ABChannels, L_star: LStar, hints: Sequence[Hint], size: Size
) -> tuple[ABChannels, Float[Tensor, "1 height width"]]:
    """Correct a network's answer by hints.

    Args:
        ab: the answer, a* and b* / 110, (2, h, w).
        L_star: lightness of the photograph in [0, 100], shrunk to the same
            size, (1, h, w).
        hints: those of this photograph, in its pixels.
        size: the photograph's rows and columns.

    Returns:
        The answer, corrected; and the share of each color that came from
        hints, in [0, 1]. Both on the processor.

    Raises:
        ValueError: if a hint lies outside the photograph.
    """
    check_inside(hints, size[1], size[0])
    ab, L_star = ab.detach().float().cpu(), L_star.float().cpu()
    fine = ab.shape[1], ab.shape[2]
    grid = _coarse(fine)
    seen = torch.cat([L_star, ab * AB_SCALE])[None]
    if grid != fine:
        seen = F.interpolate(seen, grid, mode="area")
    L, *answer = seen[0].double().numpy()
    known, told = _told(hints, size, np.stack(answer))
    pull = pull_for(REACH * min(grid))
    spread_out = spread(told, known, L, pull=pull)
    everywhere = torch.from_numpy(spread_out).float()[None]
    if grid != fine:
        everywhere = F.interpolate(everywhere, fine, mode="bilinear")
        # Which blurs it; at a hint the color is the hint's all the same.
        known, told = _told(hints, size, (ab * AB_SCALE).numpy())
        exact = torch.from_numpy(told).float()
        everywhere = torch.where(torch.from_numpy(known), exact, everywhere)
    correction, share = everywhere[0].split([2, 1])
    return ab + correction / AB_SCALE, share


def spread(
    told: Float[np.ndarray, "channels rows columns"],
    known: Bool[np.ndarray, "rows columns"],
    L_star: Float[np.ndarray, "rows columns"],
    *,
    pull: Number,
) -> Float[np.ndarray, "channels rows columns"]:
    """Spread numbers from where they are known, along the edges of a picture.

    Args:
        told: the numbers; what stands where they aren't known is not used.
        known: where they are.
        L_star: lightness in [0, 100].
        pull: what they lose at each step, above 0; see `pull_for`.

    Returns:
        The same numbers where they were known; elsewhere a mean of them,
        with weights that add up to less than 1.

    Raises:
        ValueError: if `pull` is not above 0.

    Reference:
        Levin, Lischinski, Weiss, Colorization Using Optimization, SIGGRAPH
        2004, section 2.

    Example:
        >>> told, known = np.zeros((1, 1, 5)), np.zeros((1, 5), bool)
        >>> told[0, 0, 0], known[0, 0] = 8, True
        >>> spread(told, known, np.full((1, 5), 50.0), pull=0.1).round(1)
        array([[[8. , 5.3, 3.7, 2.9, 2.6]]])
    """
    if not pull > 0:
        raise ValueError(f"pull must be above 0, got {pull}")
    # Only who has hints waits for it to be imported.
    from scipy.sparse import csc_array, diags_array
    from scipy.sparse.linalg import splu

    weights, neighbors = _affinities(L_star)
    weights[:, known] = 0
    n, cells = known.size, np.arange(known.size)
    mean = csc_array(
        (weights.ravel(), (np.tile(cells, len(_STEPS)), neighbors.ravel())),
        shape=(n, n),
    )
    diagonal = np.where(known, 1.0, 1.0 + pull).ravel()
    # The neighbors of neighbors are neighbors: an ordering for that.
    solver = splu(
        (diags_array(diagonal) - mean).tocsc(), permc_spec="MMD_AT_PLUS_A"
    )
    right = np.where(known, told, 0).reshape(len(told), n)
    return solver.solve(right.T).T.reshape(told.shape)


def pull_for(cells: Number) -> float:
    """Find the pull at which hints reach so far.

    Args:
        cells: the distance in which a correction falls to 1 / e, above 0.

    Returns:
        The pull. Where all neighbors are alike, their mean is d plus 3 / 8 of
        its second derivative, so (1 + pull) d = d + 3 / 8 d'', and d falls as
        exp(-x sqrt(8 / 3 pull)).
    """
    return 3 / 8 / cells**2


def pale_hints(hints: Sequence[Hint], L_star: LStar, size: Size) -> list[Hint]:
    """List hints whose color sRGB can't show at the photograph's lightness.

    Args:
        hints: those of this photograph.
        L_star: lightness of the photograph in [0, 100], shrunk, (1, h, w).
        size: the photograph's rows and columns.

    Returns:
        Those of which that is so in more than half of their cells: there
        `recolor` keeps lightness and hue and makes the color paler.
    """
    grid = L_star.shape[1], L_star.shape[2]
    pale = []
    for hint in hints:
        L = L_star[0][_cells(hint, size, grid)].float().cpu()
        lab = torch.stack([L, *(torch.full_like(L, v) for v in hint.ab)])
        if outside_gamut(lab).float().mean() > 0.5:
            pale.append(hint)
    return pale


def _affinities(
    L_star: Float[np.ndarray, "rows columns"],
) -> tuple[np.ndarray, np.ndarray]:
    """Weigh the eight neighbors of each cell, and say which these are."""
    rows, columns = L_star.shape
    padded = np.pad(L_star, 1, constant_values=np.nan)  # beyond the edge
    around = np.stack(
        [
            padded[1 + y : 1 + y + rows, 1 + x : 1 + x + columns]
            for y, x in _STEPS
        ]
    )
    variance = np.nanvar([*around, L_star], axis=0) + NOISE**2
    weights = np.exp(-((around - L_star) ** 2) / (SHARPNESS * variance))
    weights = np.nan_to_num(weights)
    total = weights.sum(axis=0)
    weights /= np.where(total > 0, total, 1)  # one cell has no neighbors
    row, column = np.indices(L_star.shape)
    neighbors = np.stack(
        [
            (row + y).clip(0, rows - 1) * columns
            + (column + x).clip(0, columns - 1)
            for y, x in _STEPS
        ]
    )
    return weights, neighbors


def _told(
    hints: Sequence[Hint], size: Size, answer: Float[np.ndarray, "2 _ _"]
) -> tuple[Bool[np.ndarray, "_ _"], Float[np.ndarray, "3 _ _"]]:
    """Find the cells with hints; and what to spread: corrections, and a 1.

    Where a cell has several hints, it is their mean.
    """
    grid = answer.shape[1], answer.shape[2]
    count, total = np.zeros(grid), np.zeros((2, *grid))
    for hint in hints:
        where = _cells(hint, size, grid)
        count[where] += 1
        total[:, *where] += np.reshape(hint.ab, (2, 1, 1))
    corrections = total / count.clip(min=1) - answer
    return count > 0, np.stack([*corrections, np.ones(grid)])


def _cells(hint: Hint, size: Size, grid: Size) -> tuple[slice, slice]:
    """Find the cells whose middles are in a hint, or that its middle is in."""
    left, top, right, bottom = hint.box
    return (
        _along(top, bottom, size[0], grid[0]),
        _along(left, right, size[1], grid[1]),
    )


def _along(start: int, stop: int, n: int, cells: int) -> slice:
    first = math.ceil(start * cells / n - 0.5)
    behind = math.ceil(stop * cells / n - 0.5)
    if first < behind:
        return slice(first, behind)
    middle = (start + stop) * cells // (2 * n)
    return slice(middle, middle + 1)


def _coarse(fine: Size) -> Size:
    """Reduce a grid to `MOST_CELLS`, in its proportions."""
    scale = min(1.0, math.sqrt(MOST_CELLS / (fine[0] * fine[1])))
    rows, columns = (max(1, int(n * scale)) for n in fine)
    return rows, columns
