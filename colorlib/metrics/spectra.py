"""Coarse color and fine color: how much of each a picture has.

A picture is a sum of waves. Those with few cycles from one side to the other
are its large areas, those with many are edges and texture. An octave holds
all waves from one number of cycles to twice as many, in every direction, so
that six octaves sum a picture's color up. Chapter 07 tells with it what
either loss of pix2pix is for.
"""

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from colorlib.color import AB_SCALE

# Without names, so that two may differ, and be told so.
ABPicture = Float[Tensor, "..."]  # ABChannels of one picture
Octaves = Float[Tensor, " octaves"]
Waves = Complex[Tensor, "2 side side"]

# Cycles across. Pictures of recorded runs are 256 pixels wide, and WebP keeps
# color at half of that, so no wave of more than 64 cycles can be relied on.
EDGES = (1, 2, 4, 8, 16, 32, 64)


def band_rms(ab: ABPicture) -> Octaves:
    """Measure how strong the color of a picture is in each octave.

    The square is the power: that of all waves together, the mean color and
    those beyond the last octave among them, is the mean square of the chroma.

    Args:
        ab: color in (-1, 1), 2 x side x side.

    Returns:
        Root mean square of the octaves between `EDGES`, in units of a*, b*:
        first the coarsest.

    Raises:
        ValueError: if the picture is not square, or too small.

    Reference:
        Isola et al., Image-to-Image Translation with Conditional Adversarial
        Networks, CVPR 2017, section 3.2.2, for the two ends. Chapter 07.
    """
    return _sum_up(_waves(ab).abs().square()).sqrt()


def band_correlation(ab: ABPicture, true: ABPicture) -> Octaves:
    """Tell, octave by octave, how far color lies where the true color lies.

    Strength asks how much color there is, this asks whether it is the right
    one in the right place, however strong.

    Args:
        ab: color in (-1, 1), 2 x side x side.
        true: that of the photograph, of the same size.

    Returns:
        The correlation in each octave: 1 for the true color or a paler one,
        0 for color that has nothing to do with it, -1 for its opposite. NaN
        where either has none.

    Raises:
        ValueError: if the pictures are not square, too small, or differ in
            size.

    See Also:
        Chapter 07.
    """
    if ab.shape != true.shape:
        raise ValueError(
            f"ab has shape {tuple(ab.shape)} and the true one"
            f" {tuple(true.shape)}; compare them at one size"
        )
    together = (_waves(ab) * _waves(true).conj()).real  # (2, side, side)
    return _sum_up(together) / (band_rms(ab) * band_rms(true))


def _waves(ab: ABPicture) -> Waves:
    """Take a picture's color apart, in units of a*, b*."""
    if ab.ndim != 3 or ab.shape[1] != ab.shape[2] or ab.shape[1] < EDGES[-1]:
        raise ValueError(
            f"ab must have shape (2, side, side), {EDGES[-1]} pixels or more,"
            f" got {tuple(ab.shape)}; take the middle square of a photograph"
        )
    # "forward": then the squares add up to the mean square of the pixels.
    return torch.fft.fft2(AB_SCALE * ab, norm="forward")


def _sum_up(power: Float[Tensor, "2 side side"]) -> Octaves:
    """Add what belongs to an octave; the mean color belongs to none."""
    side = power.shape[-1]
    across = torch.fft.fftfreq(side, 1 / side, device=power.device)
    cycles = torch.hypot(across[:, None], across)
    edges = torch.tensor(EDGES, dtype=cycles.dtype, device=power.device)
    # (side, side), 0 for the mean
    octave = torch.bucketize(cycles, edges, right=True)
    # Scalars, one an octave.
    inside = [power[:, octave == i].sum() for i in range(1, len(EDGES))]
    return torch.stack(inside)
