"""How much of a model's chroma is worth having.

A wrong hue costs the more, the stronger it is, and by a right one much is
won. So a model's colors are scaled, from none to all of its chroma, and
measured: where its hues are right more often than not, there is a scale at
which it beats gray, however badly it does at full strength.

The best scale is chosen on half of the photographs and judged on the other:
else it would be a little too good. Chapter 10.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from colorlib.color import as_channels, as_lab, split_lab
from colorlib.color.recolor import recolor
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.evaluation.bootstrap import Estimate
from colorlib.metrics import ciede2000
from colorlib.metrics.errors import PerPhoto
from colorlib.shapes import RGBArray, RGBBytes

SCALES = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0)
Errors = Float[np.ndarray, "photographs scales"]


@dataclass(frozen=True)
class ChromaScaling:
    """A model's errors on photographs, its chroma scaled."""

    about: dict[str, Any]
    """The model and what was measured."""
    scales: tuple[float, ...]
    """What its chroma was multiplied by; the first is 0, gray."""
    errors: dict[str, Errors]
    """By the measure's name, "ciede2000" and "lpips" if it was asked for."""

    @property
    def best(self) -> int:
        """Which scale has the least mean CIEDE2000, on every other photo."""
        return int(self.errors["ciede2000"][::2].mean(axis=0).argmin())

    def less_gray(
        self, measure: str, scale: int, photographs: slice = slice(None)
    ) -> Estimate:
        """Estimate how much worse the model is than gray, below 0 is better.

        Args:
            measure: a name in `errors`.
            scale: which of the scales, counted from 0.
            photographs: which of them; all if it is left out.
        """
        errors = self.errors[measure][photographs]
        return Estimate.of(np.mean, errors[:, scale] - errors[:, 0])

    def to_json(self) -> str:
        """Write means and intervals: nothing about a single photograph."""
        other_half = slice(1, None, 2)
        document = self.about | {
            "photographs": len(self.errors["ciede2000"]),
            "scales": self.scales,
            "less_gray": {
                measure: [
                    self.less_gray(measure, i).rounded()
                    for i in range(len(self.scales))
                ]
                for measure in self.errors
            },
            "best": {
                "scale": self.scales[self.best],
                "less_gray_on_the_other_half": {
                    measure: self.less_gray(
                        measure, self.best, other_half
                    ).rounded()
                    for measure in self.errors
                },
            },
        }
        return json.dumps(document, allow_nan=False) + "\n"


def measure_chroma_scaling(
    colorizer: Colorizer,
    photographs: Iterable[RGBArray],
    *,
    scales: Sequence[float] = SCALES,
    lpips: Callable[[RGBBytes, RGBBytes], PerPhoto] | None = None,
    side: int = 256,
    stride: int = 2,
) -> ChromaScaling:
    """Color photographs once, and measure them with less and less chroma.

    Args:
        colorizer: the model.
        photographs: sRGB bytes (H, W, 3).
        scales: what ab is multiplied by, in [0, 1]; the first is 0.
        lpips: `metrics.perceptual.Lpips`; None leaves it out.
        side: of the middle square that is measured, pixels.
        stride: CIEDE2000 looks at every stride-th pixel of every stride-th
            row.

    Returns:
        A row of errors for each photograph.

    Raises:
        ValueError: if there are fewer than two photographs, or the first
            scale isn't 0.

    See Also:
        `evaluation.protocol`, whose crop and stride these are.
    """
    if not scales or scales[0] != 0:
        raise ValueError(
            f"the first scale must be 0, which is gray, got {scales}"
        )
    rows: dict[str, list[list[float]]] = {"ciede2000": []}
    if lpips:
        rows["lpips"] = []
    for rgb in photographs:
        crop = center_crop(rgb, side)
        lab = as_lab(crop)
        ab = colorizer.predict(split_lab(lab)[0][None])[0]  # (2, h, w)
        pictures = [
            recolor(crop, ab * scale, L_star=lab[0])[0] for scale in scales
        ]
        few = lab[:, ::stride, ::stride]
        off = [ciede2000(as_lab(p[::stride, ::stride]), few) for p in pictures]
        rows["ciede2000"].append([each.mean().item() for each in off])
        if lpips:
            truth = as_channels(crop)
            seen = [lpips(as_channels(p), truth).item() for p in pictures]
            rows["lpips"].append(seen)
    if len(rows["ciede2000"]) < 2:
        raise ValueError(
            "there must be at least two photographs, one to choose by and one"
            f" to judge by, got {len(rows['ciede2000'])}"
        )
    about = {
        "model": {"name": colorizer.name, "sha256": colorizer.sha256},
        "crop": side,
        "stride": stride,
    }
    errors = {name: np.array(found) for name, found in rows.items()}
    return ChromaScaling(about, tuple(scales), errors)
