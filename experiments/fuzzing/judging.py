"""Judging a file: whether it is read or refused as it should be.

It must be read or refused with a `PhotoError` of one line; what is read must
be written whole. Anything else is a fault.
"""

import multiprocessing
import os
import re
import tempfile
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from colorlib import photos
from colorlib.photos import Photo, PhotoError
from fuzzing.seeds import seed_files

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
        verdict(seed_files()["TIFF"], Path(folder))  # all is loaded
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
