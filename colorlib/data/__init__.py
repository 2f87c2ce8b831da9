"""From photographs on a disk to batches of L and ab.

    samples.py  the photographs that come with the packages
    splits.py   which photographs train and which validate
    sources.py  where photographs come from: folders, shards, downloads
    cache.py    photographs as bytes that are mapped into memory
    filling.py  photographs decoded once, into such a cache
    batches.py  batches cut from it
    dataset.py  the last three under one name

Chapter 05.
"""
