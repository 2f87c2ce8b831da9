"""Quantized color: a grid of bins over the ab plane, for classification.

Asked for one color, a network that isn't sure answers with the middle of all
that it thinks possible, and the middle of red and green is brown. Asked how
likely each bin is, it can say "red or green", and how sure it is.

Reference:
    Zhang et al., Colorful Image Colorization, ECCV 2016, section 2. Chapters
    06 and 12.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from colorlib.color import AB_SCALE, rgb_to_lab
from colorlib.shapes import ABChannels

STEP = 10.0  # distance of two neighboring bins, in units of a* and b*
_HALF = 11  # grid points on each side of gray: 11 * 10 covers every color
_SIDE = 2 * _HALF + 1

BinLogits = Float[Tensor, "batch bins rows columns"]


class AbBins(nn.Module):
    """The bins: corners of all grid squares in which sRGB has a color.

    It has no weights. Its tables are buffers, so that they follow the network
    that it is part of to its device, and into an exported file.

    Attributes:
        centers: ab in [-1, 1], one row a bin.

    Example:
        >>> bins = AbBins()
        >>> len(bins)
        305
        >>> neighbors, weights = bins.soft_encode(torch.zeros(1, 2, 4, 4))
        >>> neighbors.shape
        torch.Size([1, 4, 4, 4])
    """

    centers: Float[Tensor, "bins 2"]
    _places: Float[Tensor, "bins twice_side"]
    _ids: Int[Tensor, "side side"]

    def __init__(self) -> None:
        super().__init__()
        # Computed where numbers have a content, even for a network that is
        # built on the device "meta"; then moved where the rest of it is.
        with torch.device("cpu"):
            corners = _corners()
            places = corners.nonzero()  # (bins, 2), row by row
            centers = (places - _HALF) * (STEP / AB_SCALE)
            tables = {
                "centers": centers,
                # A 1 where a bin's a* lies, and a 1 where its b* does.
                "_places": nn.functional.one_hot(places, _SIDE)
                .flatten(1)
                .float(),  # (bins, 2 * side)
                "_ids": _nearest(centers),  # (side, side)
            }
        # Older PyTorch's get_default_device overlooks `with torch.device`.
        device = torch.empty(0).device
        for name, table in tables.items():
            self.register_buffer(name, table.to(device), persistent=False)

    def __len__(self) -> int:
        return len(self.centers)

    def annealed_median(
        self,
        logits: BinLogits,
        temperature: float,
        *,
        at: tuple[float, float] = (0.5, 0.5),
    ) -> ABChannels:
        """Choose one color: the median, a* and b* each for itself.

        Of all answers the median has the least absolute error, and it doesn't
        mix: between red, a little likelier, and green the mean is brown, the
        median red.

        Args:
            logits: how likely each bin is, before a softmax.
            temperature: at 1 the median of what the network thinks possible;
                towards 0 the likeliest bin alone, which is bold where one
                stands out, and gray where none does.
            at: quantiles of a* and b* to take in place of the median, above
                0 and below 1.

        Returns:
            ab in [-1, 1], batch x 2 x rows x columns.

        Reference:
            Zhang et al., ECCV 2016, section 2.3, with the median instead of
            the mean. Chapter 06: what each of them is best for.
        """
        # The bins last, side by side in memory: a softmax over them is fast.
        logits = logits.float().movedim(1, -1)  # (B, h, w, bins)
        p = torch.softmax(logits / temperature, dim=-1)
        p = (p @ self._places.to(p)).unflatten(
            -1, (2, _SIDE)
        )  # (B, h, w, 2, side)
        # What lies below each grid point, with half of its own.
        below = p.cumsum(dim=-1) - p / 2
        level = below.new_tensor(at)[:, None]  # (2, 1)
        i = (below <= level).sum(dim=-1, keepdim=True).clamp(1, _SIDE - 1)
        low, high = below.gather(-1, i - 1), below.gather(-1, i)
        median = (i - 1 + (level - low) / (high - low)).squeeze(
            -1
        )  # (B, h, w, 2)
        return (median.movedim(-1, 1) - _HALF) * (STEP / AB_SCALE)

    def soft_encode(
        self, ab: ABChannels
    ) -> tuple[
        Int[Tensor, "*batch 4 height width"],
        Float[Tensor, "*batch 4 height width"],
    ]:
        """Encode each color by its four neighboring bins.

        Args:
            ab: color in (-1, 1).

        Returns:
            The bins, as rows of `centers`, and their weights, which add up
            to 1: the weighted mean of the centers is the color itself.

        Reference:
            Zhang et al., ECCV 2016, section 2.2, with four neighbors by
            distance along the grid instead of five under a Gaussian.
        """
        place = ab * (AB_SCALE / STEP) + _HALF  # (..., 2, H, W)
        corner = place.floor().clamp(0, _SIDE - 2)
        part_a, part_b = (place - corner).unbind(-3)  # (..., H, W) each
        row, column = corner.long().unbind(-3)
        bins, weights = [], []
        for i, weight_a in ((0, 1 - part_a), (1, part_a)):
            for j, weight_b in ((0, 1 - part_b), (1, part_b)):
                bins.append(self._ids[row + i, column + j])
                weights.append(weight_a * weight_b)
        return torch.stack(bins, -3), torch.stack(weights, -3)

    def cross_entropy(
        self, logits: BinLogits, ab: ABChannels, *, every: int = 1
    ) -> Float[Tensor, ""]:
        """Measure how surprised a network is by the true colors.

        Args:
            logits: how likely each bin is, before a softmax.
            ab: true color in (-1, 1), batch x 2 x height x width: of the size
                of the logits or a whole multiple, and then averaged.
            every: look at every second, third ... place of every such row
                only: faster, and neighbors say nearly the same.

        Returns:
            Mean cross-entropy between soft-encoded colors and the softmax of
            the logits, in nats.

        Reference:
            Zhang et al., ECCV 2016, section 2.2.
        """
        rows, columns = logits.shape[-2:]
        ab = nn.functional.adaptive_avg_pool2d(ab, (rows, columns))
        some = (..., slice(None, None, every), slice(None, None, every))
        bins, weights = self.soft_encode(ab[some])
        log_p = torch.log_softmax(logits[some].float(), dim=1)
        return -(log_p.gather(1, bins) * weights).sum(1).mean()


def _corners() -> Tensor:
    """Mark the grid points that are corners of a square with sRGB in it."""
    steps = torch.linspace(0, 1, 33, dtype=torch.float64)
    rgb = torch.stack(torch.meshgrid(steps, steps, steps, indexing="ij"))
    ab = rgb_to_lab(rgb.flatten(2))[1:].flatten(1)  # (2, colors)
    row, column = (ab / STEP + _HALF).floor().long()
    marked = torch.zeros(_SIDE, _SIDE, dtype=torch.bool)
    for i in (0, 1):
        for j in (0, 1):
            marked[row + i, column + j] = True
    return marked


def _nearest(centers: Tensor) -> Int[Tensor, "side side"]:
    """Number each grid point: its own bin, or the nearest."""
    grid = torch.cartesian_prod(*[torch.arange(_SIDE) - _HALF] * 2)
    grid = grid * (STEP / AB_SCALE)
    return torch.cdist(grid, centers).argmin(dim=1).view(_SIDE, _SIDE)
