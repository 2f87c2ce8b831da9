"""A hundred broken files, and the judge that would find one at fault.

The many thousands are `python experiments/fuzz_photos.py`'s.
"""

import warnings

import numpy as np
import pytest
from fuzzing.judging import verdict
from fuzzing.mutations import mutated
from fuzzing.seeds import seed_files

from colorlib import photos

SEEDS = seed_files()


def test_whole_photographs_are_read(tmp_path):
    """What is broken below is a photograph in every format."""
    for name, content in SEEDS.items():
        word, more = verdict(content, tmp_path)
        assert (word, name) == ("read", name), more
    formats = {name.split()[0] for name in SEEDS}
    read = set(photos.SUFFIXES.values())
    assert {name.upper() for name in formats} >= read - {"HEIC"}


def test_a_hundred_broken_files(tmp_path):
    """Read or refused in one line, whatever the bytes."""
    names = sorted(SEEDS)
    words = set()
    for n in range(100):
        name = names[n % len(names)]
        rng = np.random.default_rng([0, n])
        content = mutated(SEEDS[name], rng)
        word, more = verdict(content, tmp_path)
        assert word in ("read", "refused"), f"{n}, {name}: {more}"
        words.add(word)
    assert words == {"read", "refused"}
    assert not list(tmp_path.iterdir())


def _raise(error):
    raise error


def _warn():
    warnings.warn("something", UserWarning, stacklevel=1)


PHOTO = photos.from_array(np.zeros((9, 9), np.uint8))


@pytest.mark.parametrize(
    ("read", "word"),
    [
        (lambda *_: PHOTO, "read"),
        (lambda *_: _raise(photos.PhotoError("x: is bad; go")), "refused"),
        (lambda *_: _raise(photos.PhotoError("x: two\nlines; go")), "line"),
        (lambda *_: _raise(photos.PhotoError("x: no remedy")), "line"),
        (
            lambda *_: _raise(photos.PhotoError("x: needs more memory; go")),
            "memory",
        ),
        (lambda *_: _raise(KeyError("x")), "exception"),
        (lambda *_: _raise(KeyboardInterrupt), "exception"),
        (lambda *_: _warn(), "exception"),
    ],
)
def test_the_judge_sees_faults(tmp_path, read, word):
    assert verdict(b"", tmp_path, read)[0] == word
