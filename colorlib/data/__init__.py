"""From photographs on a disk to batches of L and ab.

    samples.py       the photographs that come with the packages
    splits.py        which photographs train and which validate
    sources.py       where photographs come from: folders, shards, downloads
    training_set.py  found, split and decoded: what a training sees
    cache.py         photographs as bytes that are mapped into memory
    filling.py       photographs decoded once, into such a cache
    crops.py         squares cut from them
    batches.py       batches of such squares
    stopwatch.py     how long each of these takes

Chapter 05.
"""
