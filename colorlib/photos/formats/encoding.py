"""From a `Photo` to the bytes of a file, format by format.

Each carries what the photo has: an sRGB profile, EXIF with Orientation 1,
captions, the resolution, and the mark of the algorithm that colored it. Levels
that a format can't carry are refused rather than dropped; captions move to
XMP (see captions.py).

Compression loses nothing in PNG and TIFF (deflate, also where the TIFF that
was read held JPEG), and always something in JPEG, which keeps a color for
every pixel (4:4:4). WebP can do either: without loss if the photo was read
from a lossless WebP or `quality` is 100, else with loss, also for a photo that
was read from a PNG or TIFF. Formats that are read and not written (GIF, BMP,
JPEG 2000, AVIF, HEIC) become PNG in a run over an archive.

Source: PNG (third edition), sections 5 and 11.
"""

import io
import struct
import zlib
from dataclasses import replace
from io import BufferedIOBase
from typing import Any

import imagecodecs
import numpy as np
from PIL import Image

from colorlib.photos.formats.captions import comments_for_jpeg, xmp_for
from colorlib.photos.formats.exif import Exif, parse
from colorlib.photos.formats.icc import srgb_profile
from colorlib.photos.formats.iptc import to_photoshop
from colorlib.photos.formats.jpeg_segments import (
    insert_segments,
    pack_segments,
)
from colorlib.photos.formats.png_chunks import pack_chunk, pack_text, pack_xmp
from colorlib.photos.formats.tiff_writing import write_tiff
from colorlib.photos.photo import Photo, RefusedError
from colorlib.photos.provenance import to_xmp

_SIDE_LIMITS = {"JPEG": 65500, "WEBP": 16383}  # of libjpeg and libwebp


def encode(
    photo: Photo, format: str, quality: int, file: BufferedIOBase
) -> None:
    """Encode a photo as JPEG, PNG, TIFF or WEBP.

    Args:
        photo: what to write.
        format: one of the four.
        quality: 1 to 100, for JPEG and WebP.
        file: where to write; empty, and open for seeking. Of a TIFF, which
            may be a scan of gigabytes, no more than a strip is in memory.

    Raises:
        RefusedError: if the format can't hold it.
        OSError: what the disk says.
    """
    check_fits(photo, format, quality)
    if format == "TIFF":
        _tiff(photo, file)
        return
    encoders = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}
    file.writelines(encoders[format](photo, quality))


def check_fits(photo: Photo, format: str, quality: int) -> None:
    """Refuse what would be lost, before any work.

    Raises:
        RefusedError: if the format can't hold the photo, or there is no such
            quality.
    """
    if not 1 <= quality <= 100:
        raise RefusedError(
            f"quality must be 1 to 100, got {quality}", "give 95"
        )
    if format in ("JPEG", "WEBP") and photo.bits == 16:
        raise RefusedError(
            f"{format} holds 8 bits a channel, and this photo has 16",
            "save it as .png or .tif",
        )
    if format == "JPEG" and photo.alpha is not None:
        raise RefusedError(
            "JPEG holds no transparency, and this photo has some",
            "save it as .png or .tif",
        )
    limit = _SIDE_LIMITS.get(format, 2**31 - 1)
    if max(photo.width, photo.height) > limit:
        raise RefusedError(
            f"{format} holds at most {limit} pixels a side, and this photo has"
            f" {photo.width} x {photo.height}",
            "save it as .png or .tif",
        )


def _jpeg(photo: Photo, quality: int) -> list[bytes]:
    """Write JPEG with a color for every pixel (4:4:4).

    Color is all that we add, and the usual 4:2:0 keeps one value in four.
    Lightness at edges comes out worse with it, too.
    """
    iptc, made_by = photo.captions.iptc, photo.made_by
    segments = pack_segments(
        exif=_exif_of(photo),
        xmp=xmp_for(photo, "JPEG"),
        # Hints may be long: with all else, they are in the segments behind.
        mark=to_xmp(replace(made_by, hints=())) if made_by else None,
        photoshop=to_photoshop(iptc) if iptc else None,
        comments=comments_for_jpeg(photo.captions),
    )
    jpeg = _save(
        Image.fromarray(photo.pixels),
        "JPEG",
        quality=quality,
        subsampling=0,
        icc_profile=_profile_of(photo),
        **({"dpi": photo.dpi} if photo.dpi else {}),
    )
    return insert_segments(jpeg, segments)


def _webp(photo: Photo, quality: int) -> list[bytes]:
    """Write WebP, without loss if the photo was read from a lossless one.

    Its lossy kind has 4:2:0 only, so 100 means lossless.

    It has no field for the resolution but EXIF's.
    """
    image = Image.fromarray(photo.pixels).convert("RGB")
    if photo.alpha is not None:
        image.putalpha(Image.fromarray(photo.alpha))
    exif = _exif_of(photo, with_dpi=True)
    xmp = xmp_for(photo, "WEBP")
    webp = _save(
        image,
        "WEBP",
        quality=quality,
        lossless=photo.lossless or quality == 100,
        exact=True,  # colors under full transparency are kept too
        use_sharp_yuv=True,
        icc_profile=srgb_profile(3),
        **({"exif": exif} if exif else {}),
        **({"xmp": xmp} if xmp else {}),
    )
    return [webp]


def _save(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _png(photo: Photo, _quality: int) -> list[bytes]:
    """Write PNG: libpng for the pixels, and our chunks after its header.

    Pillow writes no 16-bit color, and imagecodecs no metadata.
    """
    channels = _channels_of(photo)
    bare = bytes(imagecodecs.png_encode(channels))
    profile = b"sRGB\0\0" + zlib.compress(_profile_of(photo))
    chunks = [pack_chunk(b"iCCP", profile)]
    if photo.bits == 16:  # all of them, however dark: see `levels.widen`
        count = 1 if channels.ndim == 2 else channels.shape[2]
        chunks.append(pack_chunk(b"sBIT", bytes([16] * count)))
    if photo.dpi:
        meters = [round(value / 0.0254) for value in photo.dpi]
        chunks.append(pack_chunk(b"pHYs", struct.pack(">IIB", *meters, 1)))
    if exif := _exif_of(photo):
        chunks.append(pack_chunk(b"eXIf", exif.removeprefix(b"Exif\0\0")))
    if xmp := xmp_for(photo, "PNG"):
        chunks.append(pack_xmp(xmp))
    chunks += [pack_text(*text) for text in photo.captions.texts]
    header_ends = 33  # the signature and IHDR, of a fixed length
    return [bare[:header_ends], *chunks, bare[header_ends:]]


def _tiff(photo: Photo, file: BufferedIOBase) -> None:
    write_tiff(
        file,
        photo.pixels,
        _updated_exif(photo),
        profile=_profile_of(photo),
        alpha=photo.alpha,
        xmp=xmp_for(photo, "TIFF"),
        iptc=photo.captions.iptc,
    )


def _channels_of(photo: Photo) -> np.ndarray:
    """All channels in one array, opacity last."""
    if photo.alpha is None:
        return photo.pixels
    return np.dstack([photo.pixels, photo.alpha])


def _profile_of(photo: Photo) -> bytes:
    return srgb_profile(1 if photo.is_gray else 3)


def _exif_of(photo: Photo, with_dpi: bool = False) -> bytes | None:
    """The EXIF block to write, if there is anything to say in it."""
    if photo.exif or (with_dpi and photo.dpi):
        return b"Exif\0\0" + _updated_exif(photo).tobytes()
    return None


def _updated_exif(photo: Photo) -> Exif:
    """The photo's EXIF, its size and resolution those of the photo."""
    exif = parse(photo.exif) if photo.exif else Exif()
    exif.set_upright(photo.width, photo.height)
    if photo.dpi:
        exif.set_dpi(photo.dpi)
    return exif
