"""Inside a U-Net: what each of its layers gives, as shapes and as pictures.

A network is opaque only as long as nobody looks. A photograph goes through
it once, and whatever a layer hands on is kept: its shape makes a ladder from
the photograph down to a single pixel and back, its channels are pictures.
Chapter 08.
"""

from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, UInt8
from matplotlib.patches import Rectangle
from torch import Tensor, nn

from colorlib.figures.charts import (
    BLUE,
    INK,
    LETTERS,
    VERMILION,
    WIDTH,
    Chart,
)
from colorlib.models.unet import Unet
from colorlib.shapes import LChannel

Layers = dict[str, Float[Tensor, "batch _ _ _"]]  # of different sizes
Maps = Float[Tensor, "1 channels height width"]
Sheet = UInt8[np.ndarray, "_ _ 4"]  # sRGB and alpha

GRAY = 128  # where a channel is 0
GAP = 4  # pixels between two maps
# Inches: a box, from rung to rung, and what is left for the shortest arrow.
BOX, DOWN, SHORTEST = 1.45, 0.4, 0.35


@torch.no_grad()
def layer_activations(G: Unet, L: LChannel) -> Layers:
    """Send photographs through a U-Net and keep what each layer gives.

    Args:
        G: in eval mode; on the device "meta" it costs nothing, and the
            shapes are right.
        L: lightness in [-1, 1], on the same device.

    Returns:
        In the order of computing: "L", "down 1" to the bottleneck, then up to
        "up 1", and "ab". Layers of one number have one height and width, and
        meet in the decoder. All but "L" and "ab" as the layer gives them,
        before they are activated.

    Raises:
        ValueError: if G is in training mode, or doesn't accept L.

    See Also:
        Chapter 08.
    """
    if G.training:
        raise ValueError(
            "the network is in training mode, where looking at it would move"
            " its batch norms; call its eval() first"
        )
    ways = {f"down {i}": way for i, way in enumerate(G.encoder, start=1)}
    for i, way in enumerate(G.decoder):
        ways[f"up {len(G.decoder) - i}"] = way
    ways["ab"] = G.to_ab

    found = {"L": L}

    def keep(
        name: str, _way: nn.Module, _given: tuple[Tensor, ...], x: Tensor
    ) -> None:
        found[name] = x

    hooks = [
        way.register_forward_hook(partial(keep, name))
        for name, way in ways.items()
    ]
    try:
        G(L)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def shape_diagram(G: Unet, side: int) -> Chart:
    """Draw the shapes that a square photograph takes on its way.

    Args:
        G: in eval mode, best on the device "meta".
        side: of the photograph, a multiple of `G.multiple`.

    Returns:
        Channels x height x width of each layer, down on the left and up on
        the right; an arrow for each skip.

    Raises:
        ValueError: see `outputs`.

    Reference:
        After Ronneberger et al., U-Net, MICCAI 2015, figure 1. Chapter 08.
    """
    device = next(G.parameters()).device
    found = layer_activations(G, torch.zeros(1, 1, side, side, device=device))
    bottom = G.config["n_down"]
    inwards = (WIDTH / 2 - BOX - SHORTEST / 2) / (bottom - 1)

    chart = Chart("", "", height=(bottom + 1) * DOWN)
    chart.shows = f"shapes that {side} x {side} pixels take in a U-Net"
    edge = 0.03  # else the outermost lines are cut in half
    chart.axes.set(
        xlim=(-edge, WIDTH + edge), ylim=(-(bottom + 0.5) * DOWN, DOWN / 2)
    )
    chart.axes.set_axis_off()
    for name, x in found.items():
        way, _, number = name.partition(" ")
        rung = int(number or 0)
        left = (WIDTH - BOX) / 2 if rung == bottom else rung * inwards
        right = WIDTH - BOX - left
        shape = " × ".join(map(str, x.shape[1:]))
        if way in ("L", "down"):
            _box(chart, left, rung, shape, BLUE)
        else:
            _box(chart, right, rung, shape, VERMILION)
        if way == "up" and G.config["skips"]:
            _arrow(chart, left + BOX, right, rung)
    return chart


def feature_map_grid(
    x: Maps, *, count: int = 8, columns: int = 4, side: int = 128
) -> Sheet:
    """Lay some channels of a layer out, each as a picture.

    Args:
        x: what the layer gives for one photograph.
        count: how many; those that say most, by their mean absolute value.
        columns: how many stand in a row.
        side: to which each is brought, in pixels; its own pixels stay
            visible as squares.

    Returns:
        Bytes of sRGB and alpha. 0 is middle gray, and the largest absolute
        value of all is white or black; between maps, and in places that are
        left over, the page shows through.

    See Also:
        Chapter 08.
    """
    channels = x[0]
    strongest = channels.abs().mean(dim=(1, 2)).argsort(descending=True)
    chosen = channels[strongest[:count]]
    most = chosen.abs().max().clamp(min=1e-12)
    enlarged = F.interpolate((chosen / most)[None], (side, side))[0]
    tiles = (GRAY + enlarged * 127).round().byte().cpu().numpy()

    rows = -(-count // columns)
    step = side + GAP
    sheet = np.zeros((rows * step - GAP, columns * step - GAP, 4), np.uint8)
    for i, tile in enumerate(tiles):
        top, left = i // columns * step, i % columns * step
        place = np.s_[top : top + side, left : left + side]
        sheet[*place, :3], sheet[*place, 3] = tile[..., None], 255
    return sheet


def _box(chart: Chart, left: float, rung: int, shape: str, color: str) -> None:
    height, middle = 0.72 * DOWN, -rung * DOWN
    corner = left, middle - height / 2
    chart.axes.add_patch(
        Rectangle(
            corner,
            BOX,
            height,
            facecolor="white",
            edgecolor=color,
            linewidth=1.5,
        )
    )
    chart.axes.text(
        left + BOX / 2,
        middle,
        shape,
        ha="center",
        va="center",
        fontsize=LETTERS,
    )


def _arrow(chart: Chart, start: float, end: float, rung: int) -> None:
    look = {"arrowstyle": "->", "color": INK, "shrinkA": 2, "shrinkB": 2}
    points = (end, -rung * DOWN), (start, -rung * DOWN)
    chart.axes.annotate("", *points, arrowprops=look)
