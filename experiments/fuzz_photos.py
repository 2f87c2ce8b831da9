"""Break photographs in every format, and see what reading makes of them.

    python experiments/fuzz_photos.py --count 20000 --seed 1 --keep faults

Each file is a bundled photograph with some of its bytes changed. It must be
read or refused with a `PhotoError` of one line; what is read must be written
whole. Anything else is a fault: another exception, a warning, more memory or
time than allowed, the end of the process, a file half written. Offending
files are kept. A process of its own reads them, so that it can be limited and
killed. Prints a table.
"""

import argparse
import io
import multiprocessing
import os
import re
import struct
import tempfile
import traceback
import warnings
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from PIL import Image
from skimage import data
from tqdm import tqdm

from colorlib import photos
from colorlib.photos import Photo, PhotoError

MEGAPIXELS = 4.0
"""Larger pictures are refused, so that the limit of memory can be low."""
MEMORY = 2**30
"""Bytes above what the process needs before it reads."""
SECONDS = 30
"""For one file, on a machine that has other work."""

READ, REFUSED = "read", "refused"
Read = Callable[[Path], Photo]

_LONGEST_LINE = 400
# What Python says of a mistake in a program, and nobody should read.
_PYTHON = re.compile(r"NoneType|has no attribute|operand type|instances of")


# What is broken


def originals() -> dict[str, bytes]:
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


# How it is broken

EXTREMES: tuple[int, ...] = (
    *(0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF),
    *(0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1),
)


def broken(whole: bytes, rng: np.random.Generator) -> bytes:
    """Change a file in one way, or in some more."""
    changed = bytearray(whole)
    for _ in range(rng.geometric(0.7)):
        way = _WAYS[rng.integers(len(_WAYS))]
        changed = way(changed, rng) or bytearray(b"\0")
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


_WAYS = (
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


# What is made of it


def verdict(
    content: bytes, folder: Path, read: Read | None = None
) -> tuple[str, str]:
    """Read a file, write what was read, and judge.

    Args:
        content: the file's bytes.
        folder: an empty folder to write to; it is left empty.
        read: stands in for reading, to test this.

    Returns:
        `READ`, `REFUSED`, or a fault in a word; and more of it.
    """
    path = folder / "broken"
    path.write_bytes(content)
    read = read or _read
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _write(read(path), folder)
        except PhotoError as error:
            line = str(error)
            short = line.isprintable() and len(line) < _LONGEST_LINE
            if not short or "; " not in line or _PYTHON.search(line):
                return "line", line
            if "more memory" in line:
                return "memory", line
            return REFUSED, line
        except BaseException:  # noqa: BLE001 - whatever comes is the finding
            return "exception", traceback.format_exc()
        finally:
            path.unlink()


def _read(path: Path) -> Photo:
    with suppress(PhotoError):  # of a file that is no image, as below
        photos.read_mark(path)
    return photos.read(path, max_megapixels=MEGAPIXELS)


def _write(photo: Photo, folder: Path) -> tuple[str, str]:
    deep = photo.bits == 16 or photo.alpha is not None
    suffix = ("png", "tif") if deep else ("jpg", "png", "tif", "webp")
    path = folder / f"whole.{suffix[photo.width % len(suffix)]}"
    try:
        photos.write(photo, path)
        again = photos.read(path)
        if again.pixels.shape != photo.pixels.shape:
            return (
                "written",
                f"{photo.pixels.shape} became {again.pixels.shape}",
            )
        return READ, "\n".join(photo.notes)
    except PhotoError as error:
        return "written", str(error)
    finally:
        path.unlink(missing_ok=True)
        left = [each.name for each in folder.iterdir() if each.name != "broken"]
        if left:
            raise RuntimeError(f"{left} were left behind")


class Reader:
    """A process that judges files, with limits on its memory and time."""

    def __init__(self, memory: int = MEMORY, seconds: float = SECONDS):
        self.memory, self.seconds = memory, seconds
        self._folder = tempfile.TemporaryDirectory()
        self._output = Path(self._folder.name, "output")
        self._output.touch()
        self._size = 0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self.memory, self._output), daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe.recv()  # it is ready

    def judge(self, content: bytes) -> tuple[str, str]:
        """`verdict`, or "hang", or "crash"; then another process goes on."""
        self._pipe.send(content)
        try:
            if self._pipe.poll(self.seconds):
                return self._pipe.recv()
            found = "hang", f"more than {self.seconds} seconds"
        except EOFError:
            self._process.join()
            found = "crash", f"exit code {self._process.exitcode}"
        self.close()
        self._start()
        return found

    def printed(self) -> bool:
        """Whether the process printed something since this was asked."""
        before, self._size = self._size, self._output.stat().st_size
        return self._size > before

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, memory: int, output: Path) -> None:
    with output.open("ab") as file:  # decoders in C print past Python
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    with tempfile.TemporaryDirectory() as folder:
        verdict(originals()["TIFF"], Path(folder))  # all is loaded
        _limit_memory(memory)
        pipe.send("ready")
        while True:
            pipe.send(verdict(pipe.recv(), Path(folder)))


def _limit_memory(more: int) -> None:
    """Limit this process to so much more than it has, where that is known."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        return
    limit = pages * os.sysconf("SC_PAGE_SIZE") + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def fuzz(count: int, seed: int, keep: Path) -> dict[str, Counter]:
    """Break and judge files, each format in turn.

    Args:
        count: how many files.
        seed: file number n of a seed is always the same.
        keep: a folder for those with faults.

    Returns:
        How many of each verdict, by original.
    """
    whole = originals()
    names = sorted(whole)
    found: dict[str, Counter] = defaultdict(Counter)
    reader = Reader()
    for n in tqdm(range(count), mininterval=10):
        name = names[n % len(names)]
        content = broken(whole[name], np.random.default_rng([seed, n]))
        word, more = reader.judge(content)
        if word in (READ, REFUSED) and reader.printed():
            word = "printed"
        found[name][word] += 1
        if word not in (READ, REFUSED):
            keep.mkdir(parents=True, exist_ok=True)
            stem = f"{seed}-{n}-{name.replace(' ', '-')}-{word}"
            (keep / stem).write_bytes(content)
            (keep / f"{stem}.txt").write_text(more, encoding="utf-8")
    reader.close()
    return found


def table(found: dict[str, Counter]) -> str:
    """Lay out the counts, a line for each original."""
    lines = [f"{'file':24}{'read':>8}{'refused':>9}  faults"]
    for name, words in sorted(found.items()):
        faults = {w: n for w, n in words.items() if w not in (READ, REFUSED)}
        told = ", ".join(f"{n} {word}" for word, n in faults.items())
        lines.append(
            f"{name:24}{words[READ]:8}{words[REFUSED]:9}  {told or 'none'}"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the command line, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("faults"))
    arguments = parser.parse_args()
    found = fuzz(arguments.count, arguments.seed, arguments.keep)
    print(table(found))


if __name__ == "__main__":
    main()
