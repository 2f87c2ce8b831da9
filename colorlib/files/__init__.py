"""Atomic writes, hashes, and what the system's errors mean to a person.

Photographs, weights, checkpoints, runs and reports are all written with
`replacing`: a reader finds the old file or the new one, and never half of one.
`replacing_folder` does so for a folder of files.
"""

import errno
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: str | Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Write a file beside its place, and move it there when it is complete.

    Args:
        path: the file to make or to replace. Its folder is made if missing.
        overwrite: replace what is at `path`; otherwise it is left alone, even
            if it appears while the block runs.

    Yields:
        A path in the same folder to write to. When the block ends, the file
        is flushed to the disk and renamed, which is one indivisible step.
        When the block fails, for whatever reason, it is removed, and what
        was at `path` before is still there.

    Raises:
        FileExistsError: if something is at `path`, a broken link included,
            and `overwrite` is not set: before the block, or after it.
        OSError: what the disk says, such as that it is full, with the name
            of the file.

    >>> import tempfile
    >>> report = Path(tempfile.mkdtemp(), "report.json")
    >>> with replacing(report) as part:
    ...     _ = part.write_text("{}")
    >>> report.read_text()
    '{}'
    """
    path = Path(path)
    if not overwrite and os.path.lexists(path):
        raise _exists(path)  # before any work; the move makes sure
    _make_parent(path)
    # Cut, because a name that just fits its folder has no room for more.
    short = path.name[:32]
    part = path.with_name(f".{short}.{secrets.token_hex(4)}.part")
    try:
        # Not `tempfile`, whose files nobody but their owner may read.
        part.touch(exist_ok=False)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if overwrite:
            os.replace(part, path)
        else:
            _move_to_free_name(part, path)
    except (OSError, RuntimeError) as error:
        reason = _disk_error(error)
        if reason is None:
            raise
        unnamed = reason.filename is None and reason.errno is not None
        if unnamed or str(reason.filename) == str(part):
            reason.filename = str(path)
        raise reason from None
    finally:
        part.unlink(missing_ok=True)


def _make_parent(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # it is no folder
        raise _no_folder(path.parent) from error


def _move_to_free_name(part: Path, path: Path) -> None:
    """Move a file where no file is, even if one appears this moment."""
    try:
        os.link(part, path)  # unlike a rename, it never replaces
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # no hard links here: FAT, some network folders
        path.open("xb").close()  # claims the name, or raises FileExistsError
        try:
            os.replace(part, path)
        except BaseException:
            path.unlink()
            raise


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _no_folder(path: Path) -> NotADirectoryError:
    reason = os.strerror(errno.ENOTDIR)
    return NotADirectoryError(errno.ENOTDIR, reason, str(path))


@contextmanager
def replacing_folder(
    path: str | Path, *, overwrite: bool = True
) -> Iterator[Path]:
    """Fill a folder beside its place, and move it there when it is complete.

    A system has no single step that replaces a folder: the old one is moved
    aside, to `.NAME.old`, and removed when the new one is in its place. A
    reader in between finds none.

    Args:
        path: the folder to make or to replace. Its parent is made if missing.
        overwrite: replace the folder at `path`; otherwise nothing may be
            there.

    Yields:
        An empty folder beside it, `.NAME.part`, to write to. When the block
        fails, for whatever reason, it is removed, and what was at `path`
        before is still there. What a killed process left is put in order by
        the next one; two at once need a lock.

    Raises:
        FileExistsError: if something is at `path` and `overwrite` is not
            set.
        NotADirectoryError: if it is no folder.
        OSError: what the disk says.

    >>> import tempfile
    >>> run = Path(tempfile.mkdtemp(), "run")
    >>> with replacing_folder(run) as part:
    ...     _ = (part / "run.json").write_text("{}")
    >>> [path.name for path in run.iterdir()]
    ['run.json']
    """
    path = Path(path)
    _make_parent(path)
    part = path.with_name(f".{path.name}.part")
    old = path.with_name(f".{path.name}.old")
    _put_in_order(path, part, old)
    _check_replaceable(path, overwrite)  # before any work
    try:
        part.mkdir()
        yield part
        _check_replaceable(path, overwrite)
        if overwrite and path.exists():
            path.rename(old)
        part.rename(path)
    finally:
        _put_in_order(path, part, old)


def _check_replaceable(path: Path, overwrite: bool) -> None:
    """Raise an error if what is at the path must stay."""
    if not os.path.lexists(path):
        return
    if not overwrite:
        raise _exists(path)
    if path.is_symlink() or not path.is_dir():
        raise _no_folder(path)


def _put_in_order(path: Path, part: Path, old: Path) -> None:
    """Move the old folder back if there is no new one, and remove the rest."""
    if old.exists() and not os.path.lexists(path):
        old.rename(path)
    for left in (part, old):
        shutil.rmtree(left, ignore_errors=True)


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


def sha256_of(path: str | Path) -> str:
    """Hash a file, a piece at a time.

    Args:
        path: a regular file, of any size.

    Returns:
        SHA-256 of its bytes, 64 hexadecimal digits.

    Raises:
        OSError: if it can't be read.
    """
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def explain(error: OSError) -> str:
    """Say what the system says in numbers: name, what is wrong, what to do.

    Args:
        error: with or without a file name and a number.

    Returns:
        One line.

    >>> explain(OSError(errno.ENOSPC, "No space left on device", "a.json"))
    'a.json: the disk is full; make room, and run the same command again'
    """
    names = [error.filename, error.filename2]
    named = " and ".join(os.fsdecode(name) for name in names if name)
    otherwise = error.strerror or str(error) or type(error).__name__
    wrong, remedy = _MEANING.get(error.errno or 0, (otherwise, ""))
    said = f"{wrong}; {remedy}" if remedy else wrong
    return f"{named}: {said}" if named else said


def user_cache() -> Path:
    """Where the user's programs keep what can be made again.

    Returns:
        ~/.cache/colorlib, or below $XDG_CACHE_HOME if that is set to an
        absolute path. It need not exist.

    Reference:
        XDG Base Directory Specification, version 0.8, 2021.
    """
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not caches.is_absolute():
        caches = Path.home() / ".cache"
    return caches / "colorlib"


_FULL = ("the disk is full", "make room, and run the same command again")
_DENIED = ("permission denied", "check its permissions and its folder's")
_MEANING = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: ("the disk quota is used up", _FULL[1]),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: ("the disk is read-only", "choose another folder"),
    errno.ENOENT: ("no such file or folder", "check the name"),
    errno.ENOTDIR: ("is not a folder, or lies in none", "check the name"),
    errno.EEXIST: ("exists already", "choose another name, or remove it"),
    errno.EISDIR: ("is a folder", "give a file"),
    errno.ELOOP: ("is a link that leads nowhere", "remove it, or mend it"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
    errno.EIO: ("the disk reports an error", "check the disk and its cable"),
    errno.EMFILE: ("too many files are open", "raise the limit (ulimit -n)"),
}


def _disk_error(error: BaseException) -> OSError | None:
    """Find the system's error behind one that a writer made of it.

    PyTorch's writer meets a full disk, and then fails once more, with a
    RuntimeError that says nothing of it.
    """
    if isinstance(error, OSError):
        return error
    before = error.__context__
    if isinstance(before, OSError) and before.errno in (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EIO,
    ):
        return before
    return None
