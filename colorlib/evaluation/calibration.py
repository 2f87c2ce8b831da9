"""Whether a model's doubts are right: is it as often wrong as it says?

A network that predicts a palette says how likely the true color is near its
answer. Of all places where it says the same, the color must be near in just
that share: then it is calibrated. What is measured is what a user gets, the
map of `Colorizer.doubt` and the picture of `Colorizer.colorize`. Chapter 14.

Reference:
    Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from colorlib.color import as_lab
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.evaluation.bootstrap import Estimate, rank_correlation
from colorlib.models.palette import NEAR
from colorlib.shapes import RGBArray

BINS = 10  # of what is said, all of one width

# Of each photograph and bin: how many places, what was said there added up,
# and at how many the color was near.
Tally = Float[np.ndarray, "photographs 3 bins"]


@dataclass(frozen=True)
class Calibration:
    """What a model said of its own colors, and what was true."""

    about: dict[str, Any]
    """The model and what was measured."""
    tally: Tally
    """Counts, photograph by photograph."""
    doubt: Float[np.ndarray, " photographs"]
    """The mean doubt of each."""
    error: Float[np.ndarray, " photographs"]
    """The mean distance of its colors from the true ones, in a* and b*."""

    @property
    def expected_error(self) -> float:
        """How far what is said is from what is true, over all places.

        The expected calibration error: the mean over the bins, each with the
        share of the places in it. It has no interval. As a sum of absolute
        values it is above 0 by chance alone, and resampled photographs add
        chance, so that even the interval of a calibrated model would leave
        out 0.
        """
        places, said, near = self.tally.sum(axis=0)
        return float(np.abs(said - near).sum() / places.sum())

    @property
    def overconfidence(self) -> Estimate:
        """How much more often the color is said to be near than it is."""
        return Estimate.of(_overconfidence, self.tally)

    @property
    def rank_correlation(self) -> Estimate:
        """Whether photographs that are doubted more are worse (Spearman)."""
        pairs = np.stack([self.doubt, self.error], axis=1)
        return Estimate.of(rank_correlation, pairs)

    def to_json(self) -> str:
        """Write numbers and intervals: nothing about a single photograph."""
        document = self.about | {
            "photographs": len(self.tally),
            "expected_calibration_error": round(self.expected_error, 5),
            "overconfidence": self.overconfidence.rounded(),
            "rank_correlation": self.rank_correlation.rounded(),
            "reliability": [self._bin(i) for i in range(BINS)],
        }
        return json.dumps(document, indent=2, allow_nan=False) + "\n"

    def _bin(self, i: int) -> dict[str, Any]:
        here = self.tally[:, :, i]  # (photographs, 3)
        places, said, near = here.sum(axis=0)
        row: dict[str, Any] = {
            "from": i / BINS,
            "to": (i + 1) / BINS,
            "share_of_places": round(places / self.tally[:, 0].sum(), 5),
        }
        if (here[:, 0] > 0).sum() < 2:  # one photograph says nothing
            return row
        some = here[here[:, 0] > 0]
        near = Estimate.of(_share_near, some)
        return row | {"said": round(said / places, 5), "near": near.rounded()}


def measure_calibration(
    colorizer: Colorizer,
    photographs: Iterable[RGBArray],
    *,
    side: int = 256,
    stride: int = 4,
) -> Calibration:
    """Color photographs, and compare what was said with what is true.

    Args:
        colorizer: a model that predicts a palette.
        photographs: sRGB bytes (H, W, 3).
        side: of the middle square that is measured, pixels.
        stride: every stride-th pixel of every stride-th row is looked at.

    Returns:
        The counts.

    Raises:
        ValueError: if the model predicts no palette, or there are fewer than
            two photographs.

    See Also:
        `evaluation.protocol`, whose crop this is.
    """
    colorizer.check_palette()
    few = (slice(None, None, stride),) * 2
    tally, doubts, errors = [], [], []
    for rgb in photographs:
        crop = center_crop(rgb, side)
        doubt = colorizer.doubt(crop).pixels[few].ravel() / 255
        fake, true = (
            as_lab(picture[few])[1:].numpy().reshape(2, -1)
            for picture in (colorizer.colorize(crop).pixels, crop)
        )
        off = np.hypot(*(fake - true))
        tally.append(count(1 - doubt, off <= NEAR))
        doubts.append(doubt.mean())
        errors.append(off.mean())
    if len(tally) < 2:
        raise ValueError(
            f"an interval takes at least two photographs, got {len(tally)}"
        )
    about = {
        "model": {
            "name": colorizer.name,
            "sha256": colorizer.sha256,
            "mirror": colorizer.mirror,
            "faded": colorizer.faded,
        },
        "near": NEAR,
        "crop": side,
        "stride": stride,
    }
    return Calibration(
        about, np.array(tally), np.array(doubts), np.array(errors)
    )


def count(
    said: Float[np.ndarray, " places"], near: np.ndarray
) -> Float[np.ndarray, "3 bins"]:
    """Count what was said and what was true, bin by bin.

    Args:
        said: the probability that the color is near, at each place.
        near: whether it was.

    Returns:
        Places, the sum of what was said, and how many were near.

    Example:
        >>> said = np.array([0.85, 0.88, 0.12])
        >>> count(said, np.array([True, False, False]))[:, 8].round(2)
        array([2.  , 1.73, 1.  ])
    """
    bins = (said * BINS).astype(int).clip(0, BINS - 1)
    return np.stack(
        [
            np.bincount(bins, weights, minlength=BINS).astype(float)
            for weights in (np.ones_like(said), said, near.astype(float))
        ]
    )


def _share_near(rows: Float[np.ndarray, "photographs 3"]) -> float:
    places, _, near = rows.sum(axis=0)
    return float(near / places)


def _overconfidence(tally: Tally) -> float:
    places, said, near = tally.sum(axis=(0, 2))
    return float((said - near) / places)
