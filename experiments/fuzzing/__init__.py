"""Fuzzing the reading of photographs: seed files, mutations, verdicts.

`fuzz_photos.py` puts them together.
"""
