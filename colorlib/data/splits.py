"""Which photographs train and which validate: decided by their names.

A photograph's name is hashed, and the hash decides. So the split does not
depend on the order of files on a disk, and where the threshold is a share,
adding photographs never moves one from one side to the other. (The tutorial
behind the deck shuffles an unsorted listing with a fixed seed, and so gets a
different split on every machine.) Chapter 05.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence


def name_hash(name: str) -> float:
    """Hash a name to a number in [0, 1), the same on every machine.

    Args:
        name: the photograph's name within its source, with forward slashes.

    Returns:
        The first 52 bits of SHA-256, as a fraction. A letter with an accent
        counts as one character, however a system writes it.

    Reference:
        Unicode Standard Annex 15, Unicode Normalization Forms, 2024: form C.
    """
    return int(_sha256(_composed(name))[:13], 16) / 16**13


def split_by_share(
    names: Iterable[str], validation: float | int = 0.2
) -> tuple[list[str], list[str]]:
    """Split by comparing each name's hash with a threshold.

    Args:
        names: the photographs' names, in any order.
        validation: the share to validate on, between 0 and 1.

    Returns:
        Names to train on and names to validate on, both sorted. Sizes are
        right on average; in exchange no photograph ever changes sides.

    Raises:
        ValueError: if `validation` is not between 0 and 1.
    """
    if not 0 <= validation <= 1:
        raise ValueError(
            f"validation is a share between 0 and 1, got {validation}"
        )
    names = sorted(names)
    train = [name for name in names if name_hash(name) >= validation]
    return train, [name for name in names if name_hash(name) < validation]


def split_exactly(
    names: Iterable[str], train: int = 8_000, validation: int = 2_000
) -> tuple[list[str], list[str]]:
    """Split a fixed collection into exact numbers, as the deck does COCO.

    Args:
        names: the photographs' names, in any order.
        train: how many to train on.
        validation: how many to validate on.

    Returns:
        Names to train on and to validate on, both sorted: the lowest hashes
        validate, as in `split_by_share`, and the highest train. What is left
        between them is not used, so that a photograph which one method
        trains on is hardly ever one that the other validates on.

    Raises:
        ValueError: if there are fewer names than asked for.

    See Also:
        The deck: 8,000 COCO photographs for training, 2,000 for validation.
    """
    chosen = sorted(names, key=lambda name: (name_hash(name), name))
    if len(chosen) < train + validation:
        raise ValueError(
            f"{train} + {validation} photographs wanted, {len(chosen)} found;"
            " ask for fewer or add photographs"
        )
    first = len(chosen) - train
    return sorted(chosen[first:]), sorted(chosen[:validation])


def split_as_the_course_does(
    sources: Sequence[str], names: Iterable[str], validation: float = 0.2
) -> tuple[list[str], list[str]]:
    """Split COCO's sample exactly, as the deck does, all else by a share.

    Training and evaluation both ask here, so that they agree.

    Args:
        sources: where the photographs come from: see `sources.find_items`.
        names: the photographs' names, in any order.
        validation: the share to validate on, where it is not COCO.

    Returns:
        Names to train on and names to validate on, both sorted.

    Raises:
        ValueError: if there are too few names, or the share is none.
    """
    if list(sources) == ["coco"]:
        return split_exactly(names)
    return split_by_share(names, validation)


def list_hash(names: Iterable[str]) -> str:
    """Name a list of photographs, whatever its order, in 16 letters.

    Args:
        names: the photographs' names.

    Returns:
        The first 16 hexadecimal digits of SHA-256 over the sorted names.
        Two runs with the same list hash used the same photographs.
    """
    return _sha256("\n".join(sorted(map(_composed, names))))[:16]


def _composed(name: str) -> str:
    """A name as most systems write it; macOS may write accents apart."""
    return unicodedata.normalize("NFC", name)


def _sha256(text: str) -> str:
    # Bytes of a file's name that aren't UTF-8 are surrogates in Python.
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
