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
from colorlib.metrics.perceptual import Features, Inception, Lpips, fid, kid
from colorlib.shapes import RGBBytes

PACKAGES = ("torchmetrics", "torch-fidelity")


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


def compare_sets(rows: Sequence, who: str) -> dict[str, float]:
    """FID and KID of one colorizer's pictures and the photographs.

    Args:
        rows: of photographs that a `Perception` has looked at.
        who: the colorizer.

    Returns:
        "fid" and "kid"; nan for a single photograph, which is no set.
    """
    if len(rows) < 2:
        return {"fid": np.nan, "kid": np.nan}
    features, true_features = (
        _features(rows, colors) for colors in (who, "truth")
    )
    return {
        "fid": fid(features, true_features),
        "kid": kid(features, true_features),
    }


def _features(rows: Sequence, who: str) -> Features:
    return torch.from_numpy(np.stack([row.features[who] for row in rows]))
