"""The photographs that a training sees: found, split and decoded.

Chapter 05.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from colorlib.data.cache import CachedPhotos
from colorlib.data.filling import cache_photographs
from colorlib.data.sources import find_all
from colorlib.data.splits import name_hash, split_as_the_course_does
from colorlib.photos import MAX_MEGAPIXELS

_log = logging.getLogger(__name__)


def training_photos(
    sources: list[str],
    cache: str | Path,
    *,
    size: int,
    squash: bool = False,
    validation: float = 0.2,
    most: int | None = None,
    on_caching: Callable[[int, int], None] | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> CachedPhotos:
    """Find, split and decode the photographs to train on.

    Args:
        sources: see `find_all`.
        cache: where decoded photographs are kept.
        size: their shorter side, pixels.
        squash: squash each into a square, as the deck does.
        validation: share of them that is kept out, by the hashes of names;
            how many these are is logged.
        most: no more than this, chosen by the hashes of names; None for all.
        on_caching: called with photographs decoded, and all of them.
        max_megapixels: larger photographs are left out.

    Returns:
        Photographs of the training side, near-gray ones included.

    Raises:
        ValueError: if the split leaves none, or none can be read.
    """
    items = find_all(sources)
    names = [item.name for item in items]
    train, _ = split_as_the_course_does(sources, names, validation)
    if not train:
        raise ValueError(
            f"a validation share of {validation} leaves none of"
            f" {len(names)} photographs to train on; choose a smaller one, or"
            " add photographs"
        )
    if kept_out := len(names) - len(train):
        _log.info(
            "%d of %d photographs are kept out, to validate on (validation)",
            kept_out,
            len(names),
        )
    # By hash, so that fewer photographs are a part of more of them.
    by_hash = sorted(train, key=lambda name: (name_hash(name), name))
    wanted = set(by_hash[:most])
    return cache_photographs(
        [item for item in items if item.name in wanted],
        cache,
        size=size,
        squash=squash,
        on_progress=on_caching,
        max_megapixels=max_megapixels,
    )
