"""Verify a colored copy against its original: what must be the same, is it?

The copy has the size, the depth and the resolution of the original, every
pixel has the original's lightness, the captions and EXIF are there, and a
mark says which model colored which file. Captions are compared with Pillow
and tifffile, which had no part in writing them. Chapter 16.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float

from colorlib import photos
from colorlib.archive.captions import exif_fields, texts
from colorlib.archive.done import has_its_hints
from colorlib.archive.signature import read_signature
from colorlib.color import lightness
from colorlib.files import sha256_of

# L* of one 8-bit level is at most 0.51. A copy is rounded by half a level,
# and the edge of the gamut gives way by half a level of 8 bits.
ROUNDING = {8: 0.55, 16: 0.3}
# JPEG and WebP change lightness as they compress, at random: single pixels by
# much, the mean hardly.
LOSSY = ("JPEG", "WEBP")
LOSSY_LIMIT, LOSSY_SHARE, LOSSY_MEAN = 5.0, 0.001, 0.5
BAND_PIXELS = 1 << 20
_CROP, _REACH = 512, 3  # pixels in which, and up to which, a shift is sought


@dataclass(frozen=True)
class Verification:
    """What came of verifying one copy."""

    original: Path
    copy: Path | None
    """None where there is no copy at all."""
    faults: tuple[str, ...]
    """What is not as it must be; empty if all is good."""
    largest: float = 0.0
    """The largest difference in L*, 0 to 100."""
    signature: str = ""
    """What there is to say of its signature; empty if it has none."""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def line(self) -> str:
        """Say it in one line."""
        name = self.original if self.copy is None else self.copy
        if self.faults:
            return f"{name}: NOT GOOD: {'; '.join(self.faults)}"
        told = f"; {self.signature}" if self.signature else ""
        return f"{name}: good, lightness within {self.largest:.2f} of 100{told}"


def verify(
    original: str | Path,
    copy: str | Path,
    *,
    max_megapixels: float = photos.MAX_MEGAPIXELS,
    band_pixels: int = BAND_PIXELS,
) -> Verification:
    """Verify one colored copy.

    Args:
        original: the photograph that was colored.
        copy: what `colorize` made of it.
        max_megapixels: what is larger is not read, and not good.
        band_pixels: how much of a photograph is compared at a time.

    Returns:
        The verdict. A file that can't be read is a fault, and no error.

    See Also:
        Chapter 16.
    """
    original, copy = Path(original), Path(copy)
    try:
        before = photos.read(original, max_megapixels=max_megapixels)
        after = photos.read(copy, max_megapixels=max_megapixels)
        faults = [*_shape_faults(before, after)]
        faults += _mark_faults(original, after)
        faults += _metadata_faults(before, after)
        faults += _caption_faults(original, copy)
        signature, broken = _signature(copy)
        faults += broken
    except photos.PhotoError as error:
        return Verification(original, copy, (str(error),))
    largest = 0.0
    if before.pixels.shape[:2] == after.pixels.shape[:2]:
        largest, more = _lightness_faults(before, after, band_pixels)
        faults += more
    return Verification(original, copy, tuple(faults), largest, signature)


def _shape_faults(before: photos.Photo, after: photos.Photo) -> Iterator[str]:
    if (before.width, before.height) != (after.width, after.height):
        yield (
            f"has {after.width} x {after.height} pixels, its original"
            f" {before.width} x {before.height}"
        )
    if after.bits < before.bits:
        yield f"has {after.bits} bits, its original {before.bits}"
    if before.lossless and after.format in LOSSY and not after.lossless:
        yield "was compressed with loss, its original without"
    if not _same_alpha(before.alpha, after.alpha):
        yield "its transparency is not the original's"


def _same_alpha(before: np.ndarray | None, after: np.ndarray | None) -> bool:
    if before is None or after is None:
        return before is after
    return np.array_equal(before, after)


def _mark_faults(original: Path, after: photos.Photo) -> Iterator[str]:
    mark = after.made_by
    if mark is None:
        yield "has no mark that says that an algorithm colored it"
    elif mark.source_sha256 and mark.source_sha256 != sha256_of(original):
        yield "its mark says that it was colored from another file"
    elif not has_its_hints(mark):
        yield "the hints in its mark are not those that it was colored with"


def _signature(copy: Path) -> tuple[str, list[str]]:
    """What there is to say of the signature, and what is wrong with it."""
    try:
        found = read_signature(copy)
    except ImportError as error:
        return f"its signature was not checked: {error}", []
    if found is None:
        return "", []
    return found.line(), [found.line()] if found.fault else []


def _metadata_faults(
    before: photos.Photo, after: photos.Photo
) -> Iterator[str]:
    if before.dpi and not _same_dpi(before.dpi, after.dpi):
        yield f"has {_said(after.dpi)} DPI, its original {_said(before.dpi)}"
    kept = exif_fields(after.exif)
    lost = [
        name
        for name, value in exif_fields(before.exif).items()
        if repr(kept.get(name)) != repr(value)  # 0/0 is not itself
    ]
    if lost:
        yield f"lost of its EXIF: {', '.join(lost)}"


def _caption_faults(original: Path, copy: Path) -> Iterator[str]:
    found = "\n".join(texts(copy))
    missing = [text for text in texts(original) if text not in found]
    if missing:
        yield f"lost {len(missing)} of its captions, such as {missing[0]!r:.60}"


def _same_dpi(
    before: tuple[float, float], after: tuple[float, float] | None
) -> bool:
    """JPEG stores whole dots, PNG whole dots a meter."""
    pairs = zip(before, after or (0, 0), strict=True)
    return all(abs(x - y) <= max(0.5, x / 200) for x, y in pairs)


def _said(dpi: tuple[float, float] | None) -> str:
    return " x ".join(f"{x:g}" for x in dpi) if dpi else "no"


def _lightness_faults(
    before: photos.Photo, after: photos.Photo, band_pixels: int
) -> tuple[float, list[str]]:
    """Compare L* of every pixel; the largest difference, and what is wrong."""
    lossy = after.format in LOSSY and not after.lossless
    limit = LOSSY_LIMIT if lossy else ROUNDING[after.bits]
    largest, above, total = 0.0, 0, 0.0
    for old, new in _bands(band_pixels, before.pixels, after.pixels):
        difference = _L(new) - _L(old)
        size = np.abs(difference)
        largest = max(largest, float(size.max()))
        above += int((size > limit).sum())
        total += float(difference.sum())
    n = before.width * before.height
    faults = []
    if above > (n * LOSSY_SHARE if lossy else 0):
        faults.append(
            f"lightness is off by more than {limit} of 100 in"
            f" {above / n:.2%} of it, at most by {largest:.1f}"
        )
    if abs(total / n) > LOSSY_MEAN:
        faults.append(f"lightness is off by {total / n:+.1f} of 100 on average")
    if shift := _shift(before.pixels, after.pixels):
        faults.append(f"is shifted by {shift[0]}, {shift[1]} pixels (x, y)")
    return largest, faults


def _bands(
    pixels: int, *images: np.ndarray
) -> Iterator[tuple[np.ndarray, ...]]:
    """Cut images into bands of rows, so that memory stays bounded."""
    rows = max(1, pixels // images[0].shape[1])
    for top in range(0, len(images[0]), rows):
        yield tuple(image[top : top + rows] for image in images)


def _L(pixels: np.ndarray) -> Float[np.ndarray, "height width"]:
    """L* of stored values, 0 to 100."""
    rgb = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    rgb = rgb.transpose(2, 0, 1) / np.float32(np.iinfo(pixels.dtype).max)
    return lightness(torch.from_numpy(rgb))[0].numpy()


def _shift(before: np.ndarray, after: np.ndarray) -> tuple[int, int] | None:
    """Find by how many pixels a copy is shifted; None if it is not.

    The middle of it is laid over the original, and moved about: it must lie
    nowhere clearly better than where it is.
    """
    height, width = (min(n, _CROP) for n in before.shape[:2])
    reach = min(_REACH, (min(height, width) - 1) // 2)
    top, left = (before.shape[0] - height) // 2, (before.shape[1] - width) // 2
    box = slice(top, top + height), slice(left, left + width)
    old, new = _L(before[box]), _L(after[box])
    inner = new[reach : height - reach, reach : width - reach]
    error = {
        (-x, -y): np.abs(
            old[reach + y : height - reach + y, reach + x : width - reach + x]
            - inner
        ).mean()
        for y in range(-reach, reach + 1)
        for x in range(-reach, reach + 1)
    }
    best = min(error, key=error.__getitem__)
    # Where all is flat, every place is as good: ties are no shift.
    return best if error[best] < 0.8 * error[0, 0] - 1e-3 else None
