"""Looking at a network while it is trained: better still, or past its best.

A GAN that goes on from a network trained with L1 may get stronger colors,
then wrong ones; DeOldify stops it by eye. Here a network is measured every so
many steps, on two halves of some photographs: by one a step is chosen, on the
other it is judged. Else it would be a little too good. Chapter 12.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from colorlib.color import as_channels, as_lab
from colorlib.color.recolor import recolor
from colorlib.data.crops import center_crop
from colorlib.evaluation.bootstrap import percentile_interval
from colorlib.metrics import ab_mae, chroma, ciede2000, hue_error
from colorlib.metrics.errors import PerPhoto
from colorlib.photos import Photo
from colorlib.shapes import RGBArray, RGBBytes

# What is summed up over photographs by a plain mean.
MEANS = ("ciede2000", "ab_mae", "cast_a", "cast_b", "lpips")
HALVES = {"choose": slice(0, None, 2), "judge": slice(1, None, 2)}
RESAMPLES = 2_000  # by the bootstrap, as in `evaluation.protocol`

LookRows = dict[str, list[float]]
Columns = Mapping[str, Float[np.ndarray, "photographs"]]


def look_at(
    colorize: Callable[[RGBArray], Photo],
    photographs: Iterable[RGBArray],
    *,
    lpips: Callable[[RGBBytes, RGBBytes], PerPhoto] | None = None,
    side: int = 256,
    stride: int = 2,
) -> LookRows:
    """Measure a network on some photographs, in little time.

    Args:
        colorize: a `Colorizer`'s method; or `in_gray`, to compare with.
        photographs: sRGB bytes (H, W, 3).
        lpips: `metrics.perceptual.Lpips`; None leaves it out.
        side: of the middle square that is measured, pixels.
        stride: CIEDE2000 looks at every stride-th pixel of every stride-th
            row.

    Returns:
        A number a photograph, by the measure's name: "ciede2000", "ab_mae",
        "hue_error" in degrees, "chroma", "true_chroma", and the color cast
        "cast_a", "cast_b": mean a* and b* less the true ones, above 0
        towards red and yellow; "lpips" if it was asked for.

    See Also:
        `evaluation.protocol`, whose crop and stride these are.
    """
    rows: LookRows = {}
    for rgb in photographs:
        crop = center_crop(rgb, side)
        picture = colorize(crop).pixels
        lab, true_lab = as_lab(picture), as_lab(crop)
        few = (..., slice(None, None, stride), slice(None, None, stride))
        cast_a, cast_b = (lab - true_lab)[1:].mean(dim=(1, 2))
        found = {
            "ciede2000": ciede2000(lab[few], true_lab[few]).mean(),
            "ab_mae": ab_mae(lab, true_lab),
            "hue_error": hue_error(lab, true_lab),
            "chroma": chroma(lab),
            "true_chroma": chroma(true_lab),
            "cast_a": cast_a,
            "cast_b": cast_b,
        }
        if lpips:
            found["lpips"] = lpips(as_channels(picture), as_channels(crop))
        for name, number in found.items():
            rows.setdefault(name, []).append(number.item())
    return rows


def in_gray(rgb: RGBArray) -> Photo:
    """Give a photograph no color: what every network must be better than.

    Args:
        rgb: sRGB bytes (H, W, 3).
    """
    return Photo(recolor(rgb, torch.zeros(2, 2, 2))[0])


def sum_up(looks: Mapping[int, LookRows]) -> str:
    """Write down means and intervals of several looks.

    Args:
        looks: what `look_at` found on the same photographs, in their order,
            by the step after which it was. The order decides the halves:
            every other photograph.

    Returns:
        JSON: "photographs" of each half, and "looks" with "step" and, for
        "choose" and for "judge", by the measure's name a list of value, low
        and high. Beside the measures are "chroma_ratio", mean chroma over
        mean true chroma, and "ciede2000_gain": how much less CIEDE2000 is
        than at the first look, photograph by photograph, below 0 for better.

    Raises:
        ValueError: if there is no look, or it was at fewer than two
            photographs.
    """
    if not looks or min(len(r["ciede2000"]) for r in looks.values()) < 2:
        raise ValueError(
            "there must be a look, at two photographs or more: one to choose"
            " a step by and one to judge it by"
        )
    columns = {step: _columns(rows) for step, rows in sorted(looks.items())}
    first = next(iter(columns.values()))
    document: dict[str, Any] = {
        "photographs": {
            half: len(first["ciede2000"][some]) for half, some in HALVES.items()
        },
        "looks": [
            {"step": step}
            | {half: _half(found, first, part) for half, part in HALVES.items()}
            for step, found in columns.items()
        ],
    }
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def best_look(looks: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Find the look that is best by the half that is there to choose by.

    Args:
        looks: as `sum_up` writes them down.

    Returns:
        The look with the least CIEDE2000 there; "judge" says how good it is.
    """
    return min(looks, key=lambda look: look["choose"]["ciede2000"][0])


def mean_of_halves(look: Mapping[str, Any], measure: str) -> float:
    """Average a measure over both halves of the photographs.

    Args:
        look: one of those that `sum_up` writes down, or a grid's "gray".
        measure: such as "ciede2000".

    Returns:
        The mean of the two halves' values, in the measure's unit.

    See Also:
        Chapters 07, 10 and 12, where nothing is chosen by a look.
    """
    return sum(look[half][measure][0] for half in HALVES) / len(HALVES)


def _columns(rows: LookRows) -> Columns:
    return {name: np.array(numbers) for name, numbers in rows.items()}


def _half(found: Columns, first: Columns, part: slice) -> dict[str, list]:
    """Estimate all measures on one half of the photographs."""
    columns = {name: found[name][part] for name in MEANS if name in found}
    gain = found["ciede2000"] - first["ciede2000"]
    columns["ciede2000_gain"] = gain[part]
    true_chroma = found["true_chroma"][part]
    # Each counts by its true chroma: means come first, then their ratio.
    over_chroma = {
        "chroma_ratio": found["chroma"][part],
        "hue_error": found["hue_error"][part] * true_chroma,
    }
    names = [*columns, *over_chroma]
    values = np.stack(
        [*columns.values(), *over_chroma.values(), true_chroma], axis=1
    )  # (photographs, measures + 1)

    def statistic(values: np.ndarray) -> np.ndarray:
        *means, chroma, hue, true = values.mean(axis=0)
        return np.array([*means, chroma / true, hue / true])

    low, high = percentile_interval(
        statistic, values, resamples=RESAMPLES, seed=0
    )
    numbers = np.stack([statistic(values), low, high], axis=1).round(5)
    return dict(zip(names, numbers.tolist(), strict=True))
