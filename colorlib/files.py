"""Writing files so that nobody ever meets half of one.

Floor 0: weights, checkpoints, runs and reports are all written here.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Write a file beside its place, and move it there when it is complete.

    Args:
        path: the file to make or to replace. Its folder is made if missing.

    Yields:
        A path in the same folder to write to. When the block ends, the file
        is flushed to the disk and renamed, which is one indivisible step.
        When the block fails, for whatever reason, it is removed, and what
        was at `path` before is still there.

    Raises:
        OSError: what the disk says, such as that it is full.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Cut, because a name that just fits its folder has no room for more.
    short = path.name[:32]
    part = path.with_name(f".{short}.{secrets.token_hex(4)}.part")
    try:
        # Not `tempfile`, whose files nobody but their owner may read.
        part.touch(exist_ok=False)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        if error.filename and os.fspath(error.filename) == str(part):
            error.filename = str(path)
        raise
    finally:
        part.unlink(missing_ok=True)


def make_folder(folder: str | Path) -> None:
    """Make a folder if it is missing, and try whether it takes files.

    Args:
        folder: where results will go, hours from now.

    Raises:
        OSError: what would be raised then, with the name of the folder.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        error.filename = str(folder)
        raise


def user_cache() -> Path:
    """Where the user's programs keep what can be made again.

    Returns:
        ~/.cache/colorlib, or below $XDG_CACHE_HOME if that is set. It need
        not exist.
    """
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "colorlib"
