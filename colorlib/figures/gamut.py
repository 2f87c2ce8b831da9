"""The plane of a* and b* at one lightness: which colors a screen can show.

Lab has room for colors that no mixture of a screen's red, green and blue can
make. How many, and which, differs from lightness to lightness, and a picture
says it best. Chapter 04.
"""

import matplotlib
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from colorlib.color import (
    AB_SCALE,
    GAMUT_TOLERANCE,
    lab_to_rgb,
    outside_gamut,
)
from colorlib.color.arrays import as_pixels
from colorlib.figures.charts import INK, STYLE
from colorlib.figures.picture import WIDTH, Picture
from colorlib.shapes import Lab, Number

EDGE = int(AB_SCALE)
SIDE = 2 * EDGE + 1  # a point for each unit of a* and of b*
# Inches: a plane that stands alone, what labels need, and between planes.
ALONE, LEFT, BELOW, BETWEEN = WIDTH * 3 / 5, 0.85, 0.9, 0.35


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
        Planes with their axes. What sRGB can't show is left white.

    Raises:
        ValueError: if there is no lightness, or more than fit in a row.

    See Also:
        Chapter 04.
    """
    count = len(lightnesses)
    if not 1 <= count <= 3:
        raise ValueError(f"a row holds 1 to 3 planes, got {count}")
    width = WIDTH if count > 1 else ALONE
    with matplotlib.rc_context(STYLE | {"axes.grid": False}):
        side = (width - LEFT - BETWEEN * (count - 1)) / count
        figure = Figure((width, side + BELOW), layout="constrained")
        row = figure.subplots(1, count, sharey=True, squeeze=False)[0]
        for axes, L_star in zip(row, lightnesses, strict=True):
            _draw(axes, L_star)
        row[0].set_ylabel("blue   b*   yellow")
        stars = ", ".join(f"{L_star:g}" for L_star in lightnesses)
        return Picture(figure, f"a* and b* that sRGB shows at L* = {stars}")


def _draw(axes: Axes, L_star: Number) -> None:
    lab = ab_plane(L_star)
    pixels = as_pixels(lab)
    pixels[outside_gamut(lab).numpy()] = 255
    extent = (-EDGE, EDGE, -EDGE, EDGE)
    axes.imshow(pixels, extent=extent)
    # An outline: light colors would run into the white around them.
    off = (lab_to_rgb(lab) - 0.5).abs().amax(dim=0).flip(0)
    axes.contour(off, [0.5 + GAMUT_TOLERANCE], extent=extent, colors=INK)
    # Gray, where both are 0.
    axes.plot(0, 0, "+", color=INK if L_star > 40 else "white", markersize=9)
    axes.spines[:].set(visible=True, color=INK, linewidth=0.8)
    axes.set(xticks=[-100, 0, 100], yticks=[-100, 0, 100])
    axes.set(title=f"L* = {L_star:g}", xlabel="green   a*   red")
