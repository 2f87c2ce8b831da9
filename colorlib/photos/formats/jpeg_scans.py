"""Where in a JPEG its pixels are, and what its headers say of them.

A segment is 0xFF, a byte that says what it is (the marker), two bytes of
length, and its contents. The coded pixels follow the segment SOS, the start
of a scan; in them 0xFF is followed by 0 or a restart marker. A progressive
picture has several scans, each with more detail of some channels.

Source: ITU-T T.81, annexes B (segments), G (progressive).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

BASELINE, EXTENDED, PROGRESSIVE, LOSSLESS, LS = 0xC0, 0xC1, 0xC2, 0xC3, 0xF7
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {LS}
_SOS, _EOI, _DRI = 0xDA, 0xD9, 0xDD
_MARKER = re.compile(rb"\xff[^\0\x01\xff\xd0-\xd8]")
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")


@dataclass
class Scans:
    """What the headers of the first picture say."""

    kind: int = 0
    """The marker of the frame, such as `BASELINE`; 0 where there is none."""
    bits: int = 8
    sampling: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Blocks across and down in a unit, by channel."""
    starts: list[int] = field(default_factory=list)
    """Where the scans start."""
    ends: list[int] = field(default_factory=list)
    """Where the marker after each of them stands, if there is one."""
    bits_left: dict[tuple[int, int], int] = field(default_factory=dict)
    """Lowest bits that no scan has, by channel and frequency."""
    several: bool = False
    """Whether one scan doesn't hold all."""
    interval: int = 0
    """Units between two restart markers; 0 if there are none."""
    end: int | None = None
    """Where the end mark is."""

    @property
    def lost(self) -> bool:
        """Whether no scan holds some channel, or some frequency of one."""
        return any(
            (name, frequency) not in self.bits_left
            for name in self.sampling
            for frequency in range(64)
        )

    @property
    def coarse(self) -> bool:
        """Whether no scan holds the lowest bits of what there is."""
        return any(self.bits_left.values())


def read_scans(data: bytes) -> Scans:
    """Read the headers of all scans of the first picture."""
    found = Scans()
    for marker, at in _places(data):
        if len(found.ends) < len(found.starts):
            found.ends.append(at)
        body = data[at + 4 : at + 1024]
        if marker in _FRAMES and not found.kind:
            found.kind, found.bits = marker, body[0]
            for i in range(6, 6 + 3 * body[5], 3):
                found.sampling[body[i]] = (body[i + 1] >> 4, body[i + 1] & 15)
        elif marker == _DRI:
            found.interval = int.from_bytes(body[:2], "big")
        elif marker == _SOS:
            found.starts.append(at)
            channels = body[1 : 1 + 2 * body[0] : 2]
            first, last, bits = body[1 + 2 * body[0] :][:3]
            found.several |= len(channels) < len(found.sampling)
            for name in channels:
                for frequency in range(first, min(last, 63) + 1):
                    found.bits_left[name, frequency] = bits & 15
        elif marker == _EOI:
            found.end = at
    found.several |= found.kind == PROGRESSIVE
    return found


def restarts_differ(data: bytes, scans: Scans, width: int, height: int) -> bool:
    """Whether restart markers of a single scan are missing or out of order."""
    if not scans.interval or not scans.starts:
        return False
    several = len(scans.sampling) > 1  # else a unit is a block
    across = max(a for a, _ in scans.sampling.values()) if several else 1
    down = max(d for _, d in scans.sampling.values()) if several else 1
    units = -(-width // (8 * across)) * -(-height // (8 * down))
    expected = -(-units // scans.interval) - 1
    end = len(data) if scans.end is None else scans.end
    pixels = _RESTART.findall(data, scans.starts[0], end)
    numbers = [number[0] & 7 for number in pixels]
    return numbers != [i % 8 for i in range(expected)]


def with_filler(data: bytes, scans: Scans, filler: bytes) -> bytes:
    """Put bytes before each marker that coded pixels end at.

    A decoder that has all pixels passes over them; else it takes them for
    pixels.
    """
    parts, at = [], 0
    ends = [*scans.ends, len(data)][: len(scans.starts)]
    for start, end in zip(scans.starts, ends, strict=True):
        parts.append(data[at:start])
        parts.append(_RESTART.sub(filler + rb"\g<0>", data[start:end]))
        parts.append(filler)
        at = end
    return b"".join([*parts, data[at:]])


def _places(data: bytes) -> Iterator[tuple[int, int]]:
    """Give marker and place of each segment up to the end mark.

    Segments are passed over by their length, for they may hold a thumbnail
    with an end mark of its own.
    """
    at = 2
    while found := _MARKER.search(data, at):
        at = found.start()
        marker = data[at + 1]
        yield marker, at
        if marker == _EOI:
            return
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
