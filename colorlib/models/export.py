"""A generator as a graph, for programs that don't run Python. Chapter 14."""

import torch
from torch.export import Dim, ExportedProgram, export

from colorlib.models.generator import Generator

SMALLEST = 64
"""Side of the smallest photograph, where sizes are free, pixels."""


def export_generator(G: Generator, *, sides: int = 64) -> ExportedProgram:
    """Trace a generator into a graph with free batch, height and width.

    Args:
        G: a generator in evaluation mode, on the CPU; it is left as it is.
        sides: how many multiples of `G.multiple` a side may have, at most.

    Returns:
        The graph, from L (B, 1, H, W) to ab (B, 2, H, W). H and W are
        multiples of `G.multiple` and at least twice that; where any size
        will do, from `SMALLEST` to `SMALLEST * sides`.

    Raises:
        ValueError: if the network is in training mode.

    See Also:
        Chapter 14.

    Example:
        >>> from colorlib.models.unet import Unet
        >>> program = export_generator(Unet(n_down=2, width=4).eval())
        >>> tuple(program.module()(torch.zeros(1, 1, 8, 20)).shape)
        (1, 2, 8, 20)
    """
    if G.training:
        raise ValueError(
            "the network is in training mode, and a graph would keep what"
            " dropout drew; call its eval() first"
        )
    any_size = G.multiple == 1
    fewest, most = (SMALLEST, SMALLEST * sides) if any_size else (2, sides)
    rows, columns = (Dim(n, min=fewest, max=most) for n in ("rows", "columns"))
    batch = Dim("batch", min=1, max=sides)
    # Neither the smallest size nor equal sides: those would be taken for fixed.
    L = torch.zeros(2, 1, G.multiple * (fewest + 1), G.multiple * (fewest + 2))
    free: dict[int, Dim] = {0: batch, 2: rows, 3: columns}
    if not any_size:
        free |= {2: G.multiple * rows, 3: G.multiple * columns}
    with torch.no_grad():
        # Not strict, which older PyTorch is unless asked: it would trace
        # Python's own code as well, and that is more than it understands.
        return export(G, (L,), dynamic_shapes={"L": free}, strict=False)
