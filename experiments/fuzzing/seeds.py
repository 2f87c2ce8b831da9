"""Seed files: a bundled photograph in every format that is read."""

import io
from importlib.util import find_spec
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from PIL import Image
from skimage import data


def seed_files() -> dict[str, bytes]:
    """Encode a bundled photograph in every format that is read.

    Returns:
        Contents of files, by a name that starts with the format's. HEIC is
        among them where the extra `heic` is installed.
    """
    color = np.ascontiguousarray(data.astronaut()[:64, 180:276])
    gray = np.ascontiguousarray(data.camera()[100:164, 200:296])
    return {
        **_with_pillow(Image.fromarray(color), Image.fromarray(gray)),
        **_with_imagecodecs(color, gray),
        **_tiffs(color, gray),
        **_heic(color),
    }


def _with_pillow(color: Image.Image, gray: Image.Image) -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "a caption", 6
    exif.get_ifd(0x8769)[0x9286] = b"a comment"
    rich = {"exif": exif, "icc_profile": imagecodecs.cms_profile("adobergb")}
    alpha = color.copy()
    alpha.putalpha(gray)

    def saved(image: Image.Image, format: str, **options: Any) -> bytes:
        file = io.BytesIO()
        image.save(file, format, **options)
        return file.getvalue()

    return {
        "JPEG": saved(color, "JPEG", dpi=(300, 300), **rich),
        "JPEG gray": saved(gray, "JPEG", restart_marker_blocks=5),
        "JPEG progressive": saved(color, "JPEG", progressive=True),
        "JPEG CMYK": saved(color.convert("CMYK"), "JPEG"),
        "PNG": saved(color, "PNG", dpi=(300, 300), **rich),
        "PNG gray": saved(gray, "PNG"),
        "PNG palette": saved(color.quantize(64), "PNG", transparency=3),
        "PNG opacity": saved(alpha, "PNG"),
        "WebP": saved(color, "WEBP", **rich),
        "WebP lossless": saved(alpha, "WEBP", lossless=True),
        "BMP": saved(color, "BMP"),
        "BMP palette": saved(color.quantize(64), "BMP"),
        "GIF": saved(color, "GIF"),
        "GIF animated": saved(
            color, "GIF", save_all=True, append_images=[gray]
        ),
        "AVIF": saved(alpha, "AVIF", exif=exif),
        "TIFF fax": saved(gray.convert("1"), "TIFF", compression="group4"),
        "TIFF LZW": saved(color, "TIFF", compression="tiff_lzw", **rich),
        "JPEG2000": saved(color, "JPEG2000"),
    }


def _with_imagecodecs(color: np.ndarray, gray: np.ndarray) -> dict[str, bytes]:
    deep = color.astype(np.uint16) * 257
    four = np.dstack([deep, gray.astype(np.uint16) * 257])
    return {
        name: bytes(encoded)
        for name, encoded in {
            "PNG 16 bits": imagecodecs.png_encode(deep),
            "PNG 16 bits opacity": imagecodecs.png_encode(four),
            "JPEG2000 16 bits": imagecodecs.jpeg2k_encode(deep, level=0),
            "JPEG2000 codestream": imagecodecs.jpeg2k_encode(
                color, codecformat="j2k", level=0
            ),
            "AVIF 10 bits": imagecodecs.avif_encode(
                deep >> 6, level=90, bitspersample=10
            ),
        }.items()
    }


def _tiffs(color: np.ndarray, gray: np.ndarray) -> dict[str, bytes]:
    deep = color.astype(np.uint16) * 257

    def written(*pages: np.ndarray, **options: Any) -> bytes:
        file = io.BytesIO()
        with tifffile.TiffWriter(file, bigtiff="big" in options) as tiff:
            options.pop("big", None)
            for page in pages:
                tiff.write(page, metadata=None, **options)
        return file.getvalue()

    rgb, white = {"photometric": "rgb"}, {"photometric": "miniswhite"}
    return {
        "TIFF": written(deep, resolution=(300, 300), **rgb),
        "TIFF pages": written(color, color[::4, ::4].copy(), **rgb),
        "TIFF big": written(color, big=True, tile=(32, 32), **rgb),
        "TIFF deflate": written(
            deep, compression="deflate", predictor=True, rowsperstrip=9, **rgb
        ),
        "TIFF JPEG": written(color, compression="jpeg", **rgb),
        "TIFF planes": written(
            np.moveaxis(color, -1, 0).copy(), planarconfig="separate", **rgb
        ),
        "TIFF 12 bits": written(
            gray.astype(np.uint16) << 4, bitspersample=12, **white
        ),
        "TIFF float": written((gray / 255).astype(np.float32)),
        "TIFF palette": written(
            gray,
            photometric="palette",
            colormap=np.arange(768, dtype=np.uint16).reshape(3, 256),
        ),
    }


def _heic(color: np.ndarray) -> dict[str, bytes]:
    if find_spec("pillow_heif") is None:
        return {}
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(color)).save(file, quality=80)
    return {"HEIC": file.getvalue()}
