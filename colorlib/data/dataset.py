"""The data set that networks are trained on: three steps under one name.

    filling.py  photographs to bytes, decoded once
    cache.py    those bytes, mapped into memory
    batches.py  bytes to batches of L and ab

Chapter 05 measures what each of them saves.
"""

from colorlib.data.batches import (
    Batches,
    center_square,
    lab_batch,
    random_square,
)
from colorlib.data.cache import NEAR_GRAY, CachedPhotos, open_cache
from colorlib.data.filling import LONGEST, cache_photographs

__all__ = [
    "LONGEST",
    "NEAR_GRAY",
    "Batches",
    "CachedPhotos",
    "cache_photographs",
    "center_square",
    "lab_batch",
    "open_cache",
    "random_square",
]
