"""Color profiles: every photograph becomes sRGB, and says so when written.

The same three numbers are another color on a scanner that works in Adobe RGB
or on a telephone with a Display P3 screen; the profile in the file tells.
Little CMS does the arithmetic, here through imagecodecs, because Pillow hands
it 8 bits only.

Source: ICC.1:2022, sections 7.2 (header), 7.3 (tag table). Chapter 04.
"""

import struct
from functools import cache

import imagecodecs
import numpy as np

from colorlib.photos.photo import rescale

_SPACES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
_CMS = imagecodecs.CMS


@cache
def srgb_profile(channels: int) -> bytes:
    """An sRGB profile for 1 (gray) or 3 channels, always the same bytes."""
    profile = bytearray(imagecodecs.cms_profile("srgb"))
    # Little CMS dates it with the present second; the same photograph should
    # give the same file tomorrow.
    profile[24:36] = struct.pack(">6H", 2025, 1, 1, 0, 0, 0)
    return bytes(profile) if channels == 3 else _gray_of(bytes(profile))


def to_srgb(samples: np.ndarray, profile: bytes) -> np.ndarray:
    """Convert pixels from an embedded profile's space to sRGB.

    Args:
        samples: (H, W) gray, (H, W, 3) RGB or (H, W, 4) CMYK, uint8 or
            uint16; for CMYK the top of the range is full ink.
        profile: the ICC profile's bytes.

    Returns:
        (H, W) gray or (H, W, 3) sRGB of the same type; the samples
        themselves if the profile is sRGB already, to within a level of 256.

    Raises:
        ValueError: if the profile is damaged, or is for other channels.
    """
    space = profile[16:20]
    if samples.ndim == 2:
        if space not in (b"GRAY", b"RGB "):
            raise ValueError("it is not for gray")
        levels, curve = _gray_curve(samples.dtype, profile)
        return samples if _close(levels, curve) else curve[samples]
    if space != _SPACES[samples.shape[2]]:
        raise ValueError(f"it is not for {samples.shape[2]} channels")
    if space == b"RGB " and _moves_nothing(profile):
        return samples
    return _transform(samples, profile)


def from_ink(cmyk: np.ndarray) -> np.ndarray:
    """Guess at CMYK without a profile: each ink takes its share of the light.

    Args:
        cmyk: (H, W, 4), uint8 or uint16, the top of the range full ink.

    Returns:
        (H, W, 3), (1 - c)(1 - k) and so on, of the same type.
    """
    top = int(np.iinfo(cmyk.dtype).max)
    light = (top - cmyk).astype(np.uint32)
    rgb = (light[..., :3] * light[..., 3:] + top // 2) // top
    return rgb.astype(cmyk.dtype)


def _gray_curve(kind: np.dtype, profile: bytes) -> tuple[np.ndarray, ...]:
    """All levels of gray, and what each of them becomes."""
    top = np.iinfo(kind).max
    levels = np.arange(top + 1, dtype=np.uint16)
    stack = levels[None] * np.uint16(65535 // top)
    if profile[16:20] == b"RGB ":  # gray pixels under a color profile
        stack = np.repeat(stack[..., None], 3, axis=2)
    gray = _transform(stack, profile)[0, :, 1]
    return levels, rescale(gray, 65535, top)


def _moves_nothing(profile: bytes) -> bool:
    """Whether a profile leaves all colors where they are."""
    steps = np.linspace(0, 255, 9).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(27, 27, 3)
    return _close(grid, _transform(grid, profile))


def _close(before: np.ndarray, after: np.ndarray) -> bool:
    """Whether nothing moved by more than one level of 256."""
    moved = np.abs(after.astype(np.int64) - before).max()
    return bool(moved * 255 <= np.iinfo(after.dtype).max)


def _transform(samples: np.ndarray, profile: bytes) -> np.ndarray:
    """Let Little CMS convert to RGB, relative to white and black.

    Without NOOPTIMIZE it works through a coarse table at 16 bits, and is off
    by up to 5,000 of 65,535 levels near black; at 8 bits its shortcut is
    within a level, and much faster.
    """
    flags: int = _CMS.FLAGS.BLACKPOINTCOMPENSATION
    if samples.dtype == np.uint16:
        flags |= _CMS.FLAGS.NOOPTIMIZE
    names = {2: "gray", 3: "rgb", 4: "cmyk"}
    channels = samples.ndim if samples.ndim == 2 else samples.shape[2]
    try:
        return imagecodecs.cms_transform(
            samples,
            profile,
            srgb_profile(3),
            colorspace=names[channels],
            outcolorspace="rgb",
            intent=_CMS.INTENT.RELATIVE_COLORIMETRIC,
            flags=flags,
        )
    except RuntimeError as error:  # imagecodecs.CmsError is one
        raise ValueError(str(error)) from error


def _gray_of(profile: bytes) -> bytes:
    """Make a gray profile with the tone curve of an RGB profile."""
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = {}
    for i in range(count):
        name, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * i)
        tags[name] = profile[at : at + size]
    kept = {name: tags[name] for name in (b"desc", b"cprt", b"wtpt")}
    kept[b"kTRC"] = tags[b"rTRC"]
    table, values = struct.pack(">I", len(kept)), b""
    for name, value in kept.items():
        at = 132 + 12 * len(kept) + len(values)
        table += struct.pack(">4sII", name, at, len(value))
        values += value + bytes(-len(value) % 4)
    header = profile[4:16] + b"GRAY" + profile[20:128]
    size = struct.pack(">I", 132 + 12 * len(kept) + len(values))
    return size + header + table + values
