"""What goes wrong with files, in words.

The system and the decoders raise; these contexts turn that into a
`RefusedError`, which becomes the one line of a `PhotoError`.
"""

import errno
import re
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from PIL import Image

from colorlib.photos.photo import RefusedError

# What decoders say of a file that may be whole.
_UNSUPPORTED = re.compile(
    r"(?i)unsupported (?!marker)|not supported|not implemented|is not a known"
)


_MISTAKES = (
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    UnicodeError,
    struct.error,
)


@contextmanager
def opened(path: Path) -> Iterator[BufferedIOBase]:
    """Open a file that is a file and not empty, or say what it is."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise RefusedError("is a folder", "name a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError(
                "is a device or a pipe", "copy it to a file first"
            )
        if status.st_size == 0:
            raise RefusedError("is empty", "copy or download it again")
        with path.open("rb") as file:
            yield file
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise RefusedError("does not exist", "check the name") from error
        raise RefusedError(
            f"can't be opened ({error.strerror or error})",
            "check its permissions and the disk",
        ) from error


@contextmanager
def damage() -> Iterator[None]:
    """Take whatever a decoder raises for damage to the file.

    Decoders that meet bytes which nobody wrote on purpose raise nearly
    anything, so nearly anything is caught here, and nowhere else.
    """
    try:
        yield
    except RefusedError:
        raise
    except MemoryError as error:
        raise RefusedError(
            "needs more memory than there is", "shrink it, or close programs"
        ) from error
    except Image.DecompressionBombError as error:
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0)
        raise RefusedError(
            f"is above Pillow's limit of {limit} pixels",
            "shrink it, or raise PIL.Image.MAX_IMAGE_PIXELS",
        ) from error
    except Exception as error:
        said = str(error)
        # What Python says of a mistake in a decoder helps nobody.
        if not said or isinstance(error, _MISTAKES):
            said = "its numbers make no sense"
        elif _UNSUPPORTED.search(said):
            raise RefusedError(
                f"is of a kind that is not read here ({said})",
                "open it elsewhere and save it as TIFF",
            ) from error
        raise RefusedError(
            f"is damaged or cut short ({said})",
            "copy or download it again, or open it elsewhere and save a copy",
        ) from error


@contextmanager
def disk_errors() -> Iterator[None]:
    """Say in words what the disk says in numbers."""
    try:
        yield
    except FileExistsError as error:
        raise RefusedError(
            "exists already and was left alone",
            "choose another name, or ask for overwriting",
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RefusedError(
                "the disk is full, nothing was written", "make room"
            ) from error
        raise RefusedError(
            f"can't be written ({error.strerror or error})",
            "check the folder, its permissions and the disk",
        ) from error
