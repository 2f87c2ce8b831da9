"""Measures of color: what each one sees, and what fools it.

    errors      how far from the true color: ab-MAE, CIEDE2000, hue
    amounts     how much color: chroma, colorfulness
    pixels      how far from the true bytes: PSNR, SSIM
    spectra     how strong color is, coarse to fine, and how right
    perceptual  what trained networks see: LPIPS, Inception (an extra)
    packaged    their weights out of packages, without a download
    sets        how far all pictures are from all photographs: FID, KID

Pure functions from pictures to numbers, one number a photograph, or a set.
They know nothing of models, files or averages over many photographs:
`evaluation` does.
None of them is the truth about a colorization, which is why they stand
together. Chapter 06 scores trivial colorizers with all of them.
"""

from colorlib.metrics.amounts import (
    chroma,
    chroma_ratio,
    colorfulness,
    colorfulness_abs,
)
from colorlib.metrics.errors import (
    ab_mae,
    ciede2000,
    color_error,
    hue_error,
)
from colorlib.metrics.pixels import psnr, ssim, ssim_to

__all__ = [
    "ab_mae",
    "chroma",
    "chroma_ratio",
    "ciede2000",
    "color_error",
    "colorfulness",
    "colorfulness_abs",
    "hue_error",
    "psnr",
    "ssim",
    "ssim_to",
]
