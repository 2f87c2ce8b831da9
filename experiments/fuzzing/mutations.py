"""Mutations: bits flipped, bytes cut, repeated, swapped, set to extremes."""

import struct
import zlib

import numpy as np

EXTREMES: tuple[int, ...] = (
    *(0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF),
    *(0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1),
)


def mutated(whole: bytes, rng: np.random.Generator) -> bytes:
    """Change a file in one way, or in some more.

    Args:
        whole: the file's bytes.
        rng: decides what is changed.

    Returns:
        Other bytes, at least one.
    """
    changed = bytearray(whole)
    for _ in range(rng.geometric(0.7)):
        mutate = _MUTATIONS[rng.integers(len(_MUTATIONS))]
        changed = mutate(changed, rng) or bytearray(b"\0")
    if changed[:4] == b"\x89PNG" and rng.random() < 0.7:
        _mend_checksums(changed)  # else hardly any change gets any further
    return bytes(changed)


def _flip_bits(data: bytearray, rng: np.random.Generator) -> bytearray:
    for _ in range(rng.geometric(0.5)):
        data[_place(data, rng)] ^= 1 << int(rng.integers(8))
    return data


def _cut(data: bytearray, rng: np.random.Generator) -> bytearray:
    return data[: int(rng.integers(len(data)))]


def _delete(data: bytearray, rng: np.random.Generator) -> bytearray:
    start, stop = _stretch(data, rng)
    return data[:start] + data[stop:]


def _repeat(data: bytearray, rng: np.random.Generator) -> bytearray:
    start, stop = _stretch(data, rng)
    return data[:stop] + data[start:]


def _swap(data: bytearray, rng: np.random.Generator) -> bytearray:
    start, stop = _stretch(data, rng)
    end = min(len(data), stop + stop - start)
    return data[:start] + data[stop:end] + data[start:stop] + data[end:]


def _put_extreme(data: bytearray, rng: np.random.Generator) -> bytearray:
    size = 1 << int(rng.integers(4))
    at = min(_place(data, rng), max(0, len(data) - size))
    value = EXTREMES[rng.integers(len(EXTREMES))] % 256**size
    order = ("little", "big")[rng.integers(2)]
    data[at : at + size] = value.to_bytes(size, order)
    return data


def _put_noise(data: bytearray, rng: np.random.Generator) -> bytearray:
    start, stop = _stretch(data, rng)
    data[start:stop] = rng.bytes(stop - start)
    return data


_MUTATIONS = (
    *(_flip_bits, _flip_bits, _put_extreme, _put_extreme, _put_extreme),
    *(_cut, _delete, _repeat, _swap, _put_noise),
)


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """Any place; half of them in headers, which stand at either end."""
    kind = rng.random()
    if kind < 0.4:
        return int(rng.integers(min(len(data), 400)))
    if kind < 0.5:
        return len(data) - 1 - int(rng.integers(min(len(data), 400)))
    return int(rng.integers(len(data)))


def _stretch(data: bytearray, rng: np.random.Generator) -> tuple[int, int]:
    """Start and stop of a short or long part."""
    start = _place(data, rng)
    length = int(2 ** rng.uniform(0, 12))
    return start, min(len(data), start + length)


def _mend_checksums(data: bytearray) -> None:
    """Let the checksums of a PNG's chunks be right."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            return
        struct.pack_into(">I", data, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
