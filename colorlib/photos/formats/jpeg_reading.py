"""JPEG, and whether all of its pixels are there.

libjpeg completes a picture that ends too soon with gray, and Pillow doesn't
tell. So Pillow is handed the coded pixels in two pieces: if it is done before
the last one, there are bytes too many, and if it asks for more after it,
pixels are missing.

Source: ITU-T T.81, annex F (baseline).
"""

from io import BufferedIOBase, BytesIO

import numpy as np
from PIL import Image

from colorlib.photos.formats import jpeg_scans
from colorlib.photos.formats.decoded import Fits
from colorlib.photos.formats.jpeg_scans import Scans, read_scans, with_filler
from colorlib.photos.formats.pillow_opening import open_image
from colorlib.photos.photo import RefusedError

_READ = (jpeg_scans.BASELINE, jpeg_scans.EXTENDED, jpeg_scans.PROGRESSIVE)
_UNREAD = {jpeg_scans.LOSSLESS: "a lossless JPEG", jpeg_scans.LS: "a JPEG-LS"}
_END = b"\xff\xd9"
_LAST_PIECE = 16  # bytes; encoders may pad with fewer
_FILLER = b"\xaa" * 64
_DAMAGED = "its coded pixels are damaged: some of them may be wrong"
_NO_END = "lacks its end mark; all of its pixels are there"
_LOOKAHEAD = 8  # bytes that libjpeg wants to see before it decodes


def read_jpeg(
    file: BufferedIOBase, fits: Fits
) -> tuple[Image.Image, tuple[str, ...]]:
    """Decode the first picture of a JPEG file.

    Args:
        file: the file.
        fits: refuses a size that is too large.

    Returns:
        The picture, decoded, and notes of what is wrong with it.

    Raises:
        RefusedError: if pixels are missing, or it is coded in a way that is
            not read here.
    """
    file.seek(0)
    data = file.read()
    scans = read_scans(data)
    _check_coding(scans)
    image, warned = open_image(file, "JPEG")
    fits(*image.size)
    decode = _decode_several if scans.several else _decode_one
    image, notes = decode(data, scans)
    return image, notes + warned


def check_strip(data: bytes) -> None:
    """Refuse a JPEG that is a part of a picture, if pixels are missing in it.

    Args:
        data: with all of its tables.

    Raises:
        RefusedError: if libjpeg would fill them with gray.
    """
    scans = read_scans(data)
    if scans.several or scans.kind not in _READ:
        return
    try:
        _decode_one(data, scans)
    except RefusedError:
        raise _cut_short("some of its pixels are missing") from None


def _check_coding(scans: Scans) -> None:
    """Refuse what is whole, and coded in a way that Pillow doesn't know."""
    if scans.kind and scans.kind not in _READ:
        name = _UNREAD.get(scans.kind, "a JPEG in arithmetic coding")
    elif scans.bits != 8:
        name = f"a JPEG of {scans.bits} bits"
    else:
        return
    raise RefusedError(f"is {name}, which is not read here", "save it as TIFF")


def _decode_several(
    data: bytes, scans: Scans
) -> tuple[Image.Image, tuple[str, ...]]:
    """Decode a progressive picture, which needs its end mark."""
    if scans.lost:
        raise _cut_short("the last of its passes are missing")
    pixels = data[: scans.end]
    image = _decode(BytesIO(pixels + _END))
    notes: tuple[str, ...] = ()
    if _ends_too_soon(image, pixels, scans):
        other = _decode(BytesIO(pixels + _FILLER + _END))
        if image.tobytes() != other.tobytes():
            raise _cut_short("its last pass ends too soon")
        notes = (_DAMAGED,)
    if scans.coarse:
        notes += ("its finest detail is missing: it may have been cut short",)
    return image, notes + (() if scans.end else (_NO_END,))


class _Pieces(BytesIO):
    """A file whose last bytes are read apart from those before."""

    def __init__(self, data: bytes, last_at: int):
        super().__init__(data)
        self.last_at = last_at
        self.apart = False
        """Whether they are; not while Pillow reads the headers."""
        self.reached = False
        """Whether they were read."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, up to the last bytes or from there."""
        at = self.tell()
        if self.apart and at < self.last_at:
            room = self.last_at - at
            size = room if size is None or size < 0 else min(size, room)
        self.reached = self.apart and at >= self.last_at
        return super().read(size)


def _decode_one(
    data: bytes, scans: Scans
) -> tuple[Image.Image, tuple[str, ...]]:
    """Decode a single scan, and look at how many bytes that takes."""
    pixels = data[: scans.end]
    pieces = _Pieces(pixels + bytes(_LOOKAHEAD), len(pixels) - _LAST_PIECE)
    try:
        image = _decode(pieces)
    except OSError as error:
        if "truncated" not in str(error):
            raise
        raise _cut_short(_share_missing(pixels)) from error
    if not pieces.reached or jpeg_scans.restarts_differ(
        data, scans, *image.size
    ):
        return image, (_DAMAGED,)
    notes: tuple[str, ...] = ()
    if scans.interval and _ends_too_soon(image, pixels, scans):
        notes = (_DAMAGED,)
    if scans.end is not None:
        return image, notes
    # Without an end mark the last bits may have been taken from what we put
    # there: then other bytes give other pixels.
    try:
        other = _decode(BytesIO(pixels + _FILLER[:_LOOKAHEAD])).tobytes()
    except OSError:
        other = b""
    if image.tobytes() != other:
        raise _cut_short("its last pixels are missing")
    return image, (*notes, _NO_END)


def _ends_too_soon(image: Image.Image, pixels: bytes, scans: Scans) -> bool:
    """Whether pixels change when there are more bytes to take them from."""
    more = with_filler(pixels, scans, _FILLER)
    try:
        other = _decode(BytesIO(more + _END))
    except OSError:
        return True
    return image.tobytes() != other.tobytes()


def _decode(file: BytesIO) -> Image.Image:
    image, _ = open_image(file, "JPEG")
    if isinstance(file, _Pieces):
        file.apart = True
    image.load()
    return image


def _share_missing(pixels: bytes) -> str:
    """Say about how much of a picture libjpeg would fill with gray."""
    try:
        levels = np.asarray(_decode(BytesIO(pixels + _END)))
    except OSError:
        return "some of its pixels are missing"
    same = (levels == levels[-1]).reshape(len(levels), -1).all(axis=1)
    rows = len(same) if same.all() else int(np.argmin(same[::-1]))
    return f"about {rows} of its {len(levels)} rows are missing"


def _cut_short(what: str) -> RefusedError:
    return RefusedError(f"is cut short: {what}", "copy or download it again")
