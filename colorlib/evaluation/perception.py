"""The measures that need trained networks, for those who ask for them.

They take far longer than the model does. Chapter 13.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

from colorlib.files.download import OnDownload
from colorlib.metrics.perceptual import Inception, Lpips
from colorlib.metrics.sets import Features, fid, kid, kid_interval
from colorlib.shapes import RGBBytes

PACKAGES = ("torchmetrics", "torch-fidelity")
FEW = 4  # photographs that have no halves to draw an interval from


@dataclass(frozen=True)
class Perception:
    """The networks that LPIPS, FID and KID look through."""

    lpips: Callable
    """`Lpips`, or what has its signature."""
    inception: Callable | None = None
    """Likewise `Inception`; None leaves FID and KID out."""
    cache_key: str = ""
    """Names what LPIPS depends on, so that the baselines' scores can be cached;
    empty if they are not to be."""

    @classmethod
    def load(
        cls,
        weights: str | Path | None = None,
        device: str | torch.device = "cpu",
        *,
        sets: bool = True,
        on_download: OnDownload | None = None,
    ) -> "Perception":
        """Build the networks.

        Args:
            weights: a folder that holds their weights; None to download
                them, once.
            device: where to look.
            sets: build Inception too, for FID and KID of whole sets.
            on_download: told how much of the weights has come.

        Raises:
            ModuleNotFoundError: if the extra "perceptual" isn't installed.
            OSError: if weights are missing or can't be downloaded.
            ValueError: if a file holds something else.
        """
        # Its weights are always the same.
        lpips = Lpips(weights, device, on_download=on_download)
        if sets:  # what Inception sees isn't cached
            seeing = Inception(weights, device, on_download=on_download)
            return cls(lpips, seeing)
        return cls(lpips, cache_key=f"torchmetrics {version('torchmetrics')}")

    def look(
        self, rgb: RGBBytes, true_rgb: RGBBytes
    ) -> tuple[dict[str, float], np.ndarray | None]:
        """Measure one picture, and note what Inception sees in it, if asked."""
        distance = {"lpips": self.lpips(rgb, true_rgb).item()}
        if self.inception is None:
            return distance, None
        return distance, self.inception(rgb[None])[0].numpy()


def compare_sets(
    rows: Sequence, who: str
) -> dict[str, tuple[float, float, float]]:
    """FID and KID of one colorizer's pictures and the photographs.

    Args:
        rows: of photographs that a `Perception` has looked at.
        who: the colorizer.

    Returns:
        "fid" and "kid": the number, and start and end of its interval; nan
        for a single photograph, which is no set. FID has no interval, since
        it depends on the number of photographs, and halves have fewer.
    """
    nothing = (np.nan, np.nan)
    if len(rows) < 2:
        return {"fid": (np.nan, *nothing), "kid": (np.nan, *nothing)}
    sets = [_features(rows, colors) for colors in (who, "truth")]
    ends = nothing if len(rows) < FEW else kid_interval(*sets)
    return {"fid": (fid(*sets), *nothing), "kid": (kid(*sets), *ends)}


def _features(rows: Sequence, who: str) -> Features:
    return torch.from_numpy(np.stack([row.features[who] for row in rows]))
