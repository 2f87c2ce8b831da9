"""The plane of a* and b* at one lightness: which colors a screen can show.

Lab has room for colors that no mixture of a screen's red, green and blue can
make. How many, and which, differs from lightness to lightness, and a picture
says it best. On the same plane points show which colors a photograph or a
network has. Chapters 02 and 04.
"""

import numpy as np
import torch
from jaxtyping import Float, UInt8
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor

from colorlib.color import (
    AB_SCALE,
    GAMUT_TOLERANCE,
    lab_to_rgb,
    outside_gamut,
)
from colorlib.color.arrays import as_pixels
from colorlib.figures.picture import Picture, strip
from colorlib.shapes import Lab, Number

Plane = UInt8[np.ndarray, "side side 4"]  # sRGB and alpha

EDGE = int(AB_SCALE)
SIDE = 2 * EDGE + 1  # a point for each unit of a* and of b*
PIXELS = 640  # along a side of a plane
# Stands out from a white page and from a dark one.
LINE = "#808080"
AXES = (
    f"From left to right a*, green to red; from bottom to top b*, blue to"
    f" yellow; each from -{EDGE} to {EDGE}."
)


def ab_plane(L_star: Number) -> Lab:
    """Lay out all a* and b* from -110 to 110 at one lightness.

    Args:
        L_star: lightness, 0 to 100.

    Returns:
        CIE L*a*b*, 3 x 221 x 221: a* grows to the right and b* upwards, as
        in a chart.

    See Also:
        Chapter 04.
    """
    steps = torch.linspace(-EDGE, EDGE, SIDE)
    b, a = torch.meshgrid(-steps, steps, indexing="ij")
    return torch.stack([torch.full_like(a, L_star), a, b])


def ab_planes(*lightnesses: Number) -> Picture:
    """Show the plane of a* and b* at some lightnesses, in its own colors.

    Args:
        lightnesses: one, or up to three for a row, each 0 to 100.

    Returns:
        Planes; the cross is gray, and what sRGB can't show is left empty.

    Raises:
        ValueError: if there is no lightness, or more than fit in a row.

    See Also:
        Chapter 04.
    """
    count = len(lightnesses)
    if not 1 <= count <= 3:
        raise ValueError(f"a row holds 1 to 3 planes, got {count}")
    planes = {f"L* = {L_star:g}": _gamut(L_star) for L_star in lightnesses}
    return Picture(
        [strip(planes, note=AXES)], f"what sRGB shows at {', '.join(planes)}"
    )


def ab_points(ab: Float[Tensor, "points 2"], L_star: Number = 60) -> Plane:
    """Show colors as points on the plane of a* and b*.

    Args:
        ab: a* and b* of each, -110 to 110.
        L_star: the lightness at which they are painted, 0 to 100.

    Returns:
        Bytes of sRGB and alpha, for `photographs`.

    See Also:
        Chapter 02.
    """
    lab = torch.cat([torch.full((len(ab), 1), float(L_star)), ab], dim=1)
    rgb = lab_to_rgb(lab.T[:, :, None]).clamp(0, 1)[:, :, 0].T
    figure, axes = _empty(LINE)
    a, b = ab.T
    axes.scatter(a, b, c=rgb.numpy(), s=20, alpha=0.6, linewidths=0)
    return _drawn(figure)


def _gamut(L_star: Number) -> Plane:
    lab = ab_plane(L_star)
    inside = (~outside_gamut(lab)).numpy()[..., None]
    rgba = np.concatenate([as_pixels(lab), inside * np.uint8(255)], axis=2)
    figure, axes = _empty("black" if L_star > 50 else "white")
    extent = (-EDGE, EDGE, -EDGE, EDGE)
    axes.imshow(rgba, extent=extent)
    # An outline: light colors would run into the page around them.
    off = (lab_to_rgb(lab) - 0.5).abs().amax(dim=0).flip(0)
    edge = 0.5 + GAMUT_TOLERANCE
    if off.min() < edge < off.max():
        axes.contour(off, [edge], extent=extent, colors=LINE)
    return _drawn(figure)


def _empty(cross: str) -> tuple[Figure, Axes]:
    """A square without letters, which stand on the page; gray is a cross."""
    figure = Figure((4, 4), dpi=PIXELS / 4)
    figure.patch.set_alpha(0)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.patch.set_alpha(0)
    axes.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=LINE, linewidth=2)
    axes.plot(0, 0, "+", color=cross, markersize=14, mew=1.5, zorder=3)
    return figure, axes


def _drawn(figure: Figure) -> Plane:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()
