"""A row of numbers for each photograph.

Every photograph takes the way that a user's takes, and what is measured is
the picture that would be written:

    photograph -> center crop -> Colorizer.colorize -> bytes -> metrics

Only lightness reaches the network, so it can't see what it is judged against.
The baselines take the same way, but for the network. Chapter 13.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier

import numpy as np
import torch

from colorlib import metrics
from colorlib.color import as_channels, rgb_to_lab, split_lab
from colorlib.color.recolor import recolor
from colorlib.colorizer import ABPrediction, Colorizer
from colorlib.data.crops import center_crop
from colorlib.data.samples import bundled
from colorlib.evaluation.baseline_cache import (
    BaselineCache,
    ScoreTable,
    hash_code,
    key_of,
)
from colorlib.evaluation.baselines import Learned, baseline_predictions, learned
from colorlib.evaluation.perception import Perception
from colorlib.evaluation.protocol import Protocol, versions
from colorlib.models.generator import Generator
from colorlib.shapes import Lab, LChannel, RGBArray, RGBBytes
from colorlib.threads import map_ahead

Model = Colorizer | Generator | Callable[[LChannel], ABPrediction]

# "Another's color" is that of the photograph before. The first one has that
# of the coffee cup that comes with scikit-image.
FIRST_OTHER = "coffee"
# Of the code as it is imported, whatever is edited while it runs.
CODE_HASH = hash_code()


@dataclass(frozen=True)
class Row:
    """One photograph's numbers."""

    name: str
    height: int  # before the crop
    width: int
    scores: ScoreTable  # model, gray and other baselines, truth -> MEASURES
    # What Inception sees, where it was asked: colorizer -> (2048,).
    features: dict[str, np.ndarray] = field(default_factory=dict, compare=False)


def measure(
    model: Model,
    photographs: Iterable[tuple[str, RGBArray]],
    protocol: Protocol,
    *,
    cache: BaselineCache | None = None,
    perception: Perception | None = None,
    only: Collection[str] | None = None,
) -> Iterator[Row]:
    """Yield the numbers of one photograph after the other.

    As many photographs are worked on at a time as torch uses threads.

    Args:
        model: a `Colorizer`; a `Generator`, which then sees the whole crop; or
            any function from L (1, 1, H, W) to ab (1, 2, h, w), on the CPU.
        photographs: pairs of a name and sRGB bytes (H, W, 3), read one at a
            time, and few ahead of what is yielded.
        protocol: crop and stride are used.
        cache: what baselines scored before; nothing if None.
        perception: what LPIPS, FID and KID need; they are left out if None.
        only: whom to measure, of "model", the baselines and "truth"; all if
            None.

    Yields:
        A row a photograph, in order, with the scores of the model, of the
        baselines, and of the truth itself.

    Raises:
        ValueError: if a photograph is not (H, W, 3) bytes, or a network is
            in training mode.

    See Also:
        Chapter 13.
    """
    work = partial(
        _measure_one,
        paint=_painter(model, protocol.crop),
        protocol=protocol,
        known=learned(),
        settings=json.dumps([protocol.describe(), versions(), CODE_HASH]),
        cache=cache or BaselineCache(),
        perception=perception,
        only=only,
    )

    def neighbors() -> Iterator[tuple[str, RGBArray, RGBArray]]:
        other = bundled(FIRST_OTHER)
        for name, rgb in photographs:
            yield name, rgb, other
            other = rgb

    yield from _in_threads(work, neighbors())


def score(picture: RGBArray, truth: RGBArray) -> dict[str, float]:
    """Measure one picture against the photograph it should be.

    Args:
        picture: sRGB bytes (H, W, 3), at least 11 x 11 pixels.
        truth: sRGB bytes of the same shape.

    Returns:
        A number a measure, named as in `MEASURES`, of all pixels.

    Raises:
        ValueError: if the shapes differ, or a side is below 11 pixels.

    See Also:
        `colorlib.metrics`. Chapter 01.
    """
    rgb = as_channels(truth)
    return _scorer(rgb, rgb_to_lab(rgb), stride=1)(picture)


def _measure_one(
    photograph: tuple[str, RGBArray, RGBArray],
    *,
    paint: Callable[[RGBArray], RGBArray],
    protocol: Protocol,
    known: Learned,
    settings: str,
    cache: BaselineCache,
    perception: Perception | None,
    only: Collection[str] | None,
) -> Row:
    name, rgb, other = photograph
    height, width = rgb.shape[:2]
    crop = center_crop(rgb, protocol.crop)
    other = center_crop(other, protocol.crop)
    truth = as_channels(crop)
    true_lab = rgb_to_lab(truth)
    score_one = _scorer(truth, true_lab, protocol.stride)

    def look(pictures: dict[str, RGBArray]) -> tuple[ScoreTable, dict]:
        scores, features = {}, {}
        for who, picture in pictures.items():
            scores[who] = score_one(picture)
            if perception:
                more, seen = perception.look(as_channels(picture), truth)
                scores[who] |= more
                if seen is not None:
                    features[who] = seen
        return scores, features

    def look_at_baselines() -> tuple[ScoreTable, dict]:
        return look(_paint_baselines(crop, true_lab, other, known, only))

    wanted = only is None or "model" in only
    scores, features = look({"model": paint(crop)} if wanted else {})
    if only is not None or (perception and not perception.cache_key):
        baselines, seen = look_at_baselines()
        features |= seen
    else:
        by = perception.cache_key if perception else ""
        key = key_of(crop.tobytes(), other.tobytes(), settings, by)
        baselines = cache.get(key, lambda: look_at_baselines()[0])
    return Row(name, height, width, scores | baselines, features)


def _paint_baselines(
    crop: RGBArray,
    true_lab: Lab,
    other: RGBArray,
    known: Learned,
    only: Collection[str] | None = None,
) -> dict[str, RGBArray]:
    """Paint the crop in all trivial ways, and in its own colors."""
    L, ab = split_lab(true_lab)
    _, other_ab = split_lab(rgb_to_lab(as_channels(other)))
    painted = {
        who: recolor(crop, fake_ab, L_star=true_lab[0])[0]
        for who, fake_ab in baseline_predictions(L, ab, other_ab, known).items()
        if only is None or who in only
    }
    with_truth = only is None or "truth" in only
    return painted | ({"truth": crop} if with_truth else {})


def _painter(model: Model, size: int) -> Callable[[RGBArray], RGBArray]:
    """What makes a picture of a photograph, whatever the model is."""
    if isinstance(model, Generator):
        device = next(model.parameters()).device
        model = Colorizer(model, type(model).__name__, "", size, device)
    if isinstance(model, Colorizer):
        return lambda crop: model.colorize(crop).pixels

    def paint(crop: RGBArray) -> RGBArray:
        L, _ = split_lab(rgb_to_lab(as_channels(crop)))
        return recolor(crop, model(L[None])[0])[0]

    return paint


def _scorer(
    truth: RGBBytes, true_lab: Lab, stride: int
) -> Callable[[RGBArray], dict[str, float]]:
    """Prepare to measure pictures against one photograph."""
    ssim = metrics.ssim_to(truth)

    def score(picture: RGBArray) -> dict[str, float]:
        rgb = as_channels(picture)
        lab = rgb_to_lab(rgb)
        error = metrics.ciede2000(
            lab[..., ::stride, ::stride], true_lab[..., ::stride, ::stride]
        )
        median, p95 = np.percentile(error.numpy(), [50, 95])
        found = {
            "ciede2000": error.mean(),
            "ciede2000_median": median,
            "ciede2000_p95": p95,
            "ab_mae": metrics.ab_mae(lab, true_lab),
            "psnr": metrics.psnr(rgb, truth),
            "ssim": ssim(rgb),
            "hue_error": metrics.hue_error(lab, true_lab),
            "chroma": metrics.chroma(lab),
            "colorfulness": metrics.colorfulness(rgb),
            "colorfulness_abs": metrics.colorfulness_abs(rgb),
        }
        return {name: number.item() for name, number in found.items()}

    return score


def _in_threads(work: Callable, things: Iterable) -> Iterator:
    """Work in as many threads as torch uses, each computing on one core.

    Several photographs at a time are faster than several cores a photograph.
    Torch keeps a number of threads for each thread that calls it, so the
    caller, who goes on between two results, keeps its own.

    Args:
        work: a function of one thing.
        things: read one at a time, few ahead of what is yielded.

    Yields:
        What `work` returns, in the order of `things`.

    Raises:
        Exception: whatever `work` raises, when its turn comes.
    """
    workers = torch.get_num_threads()
    with ThreadPoolExecutor(workers) as pool:
        _one_core_each(pool, workers)
        yield from map_ahead(pool, work, things, ahead=workers + 1)


def _one_core_each(pool: ThreadPoolExecutor, workers: int) -> None:
    """Start a pool's threads, and let torch use one core in each of them.

    Setting the number in one thread also sets what threads that are yet to
    come begin with; so the caller's is set again, once all have begun.
    """
    before, begun = torch.get_num_threads(), Barrier(workers)

    def begin() -> None:
        begun.wait()  # so that no thread begins twice
        # Asked first, because a new thread begins with the common number
        # when it first computes or is asked, whatever was set before.
        torch.get_num_threads()
        torch.set_num_threads(1)

    try:
        wait([pool.submit(begin) for _ in range(workers)])
    finally:
        torch.set_num_threads(before)
