"""Downloads: a file that passes a check, such as that of its hash, or none.

Weights are too large for the repository, so three parts of the package fetch
them: `models.released`, `models.resnet` and `metrics.perceptual`. All use
`download`. Photographs have no hash that is known before: `eras` uses
`download_checked`. Written on the standard library because `torch.hub` has no
time-out, and pooch takes no hash that is cut to the digits that a file's name
holds. Chapter 11.
"""

import logging
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from colorlib import __version__
from colorlib.files import replacing, sha256_of

TIMEOUT = 30.0
"""Seconds that a server may be silent."""
SLOWEST = 1_000
"""Bytes per second, averaged over the time-out, below which a download ends."""
LARGEST = 1 << 30
"""Bytes; no file of weights that the package knows has half of it."""
OnDownload = Callable[[str, int, int | None], object]
"""Called with a file's name, the bytes that have come, and the bytes in all
(None if the server doesn't say)."""

USER_AGENT = f"colorlib/{__version__}"
"""How requests introduce themselves, if they are not told otherwise."""
Check = Callable[[Path], object]
"""Looks at a file that has come, and raises an error if it is the wrong one."""

Pieces = Iterator[tuple[bytes, int | None]]  # bytes, and the whole size
_PIECE = 1 << 18  # bytes read at a time, at most
_PARTIAL = 206  # HTTP's status for a part of a file
_log = logging.getLogger(__name__)


class DownloadError(OSError):
    """A file can't be downloaded: what came, and what to do, in one line."""

    status: int | None = None
    """HTTP's, if the server refused."""
    retry_after: str | None = None
    """When to come again, if the server said so, as it said it."""
    final: bool = False
    """Whether another try would end alike."""


class _FinalError(DownloadError):
    """What is there can't be downloaded, however often it is tried."""

    final = True


class _CutError(DownloadError):
    """The connection ended too early. The next one may go on."""


def download(
    url: str,
    path: str | Path,
    sha256: str,
    *,
    otherwise: str,
    on_download: OnDownload | None = None,
    timeout: float = TIMEOUT,
    tries: int = 5,
    largest: int = LARGEST,
) -> Path:
    """Download a file once, and check its hash.

    A connection that is cut is taken up where it ended, if the server can do
    that. Of several processes one downloads, and the others wait for it. What
    is logged: that a download begins.

    Args:
        url: where the file is published, http or https.
        path: where to keep it. What is there already is used if its hash is
            right, and replaced if not.
        sha256: the file's SHA-256, hexadecimal: all 64 digits, or at least
            the first 8.
        otherwise: what a user can do instead, the end of error messages.
        on_download: told how much has come.
        timeout: seconds that the server may be silent.
        tries: connections, at most. Only one that brought something is
            followed by another.
        largest: bytes; a larger file is refused.

    Returns:
        The path.

    Raises:
        DownloadError: if the file can't be downloaded, or has another hash.
            Nothing is kept then.
        OSError: if it can't be written.
        ValueError: if `sha256` is too short.

    Example:
        >>> import hashlib, tempfile
        >>> path = Path(tempfile.mkdtemp(), "weights.bin")
        >>> _ = path.write_bytes(b"here already")
        >>> digest = hashlib.sha256(b"here already").hexdigest()
        >>> url = "https://example.org/weights.bin"
        >>> download(url, path, digest, otherwise="ask somebody").name
        'weights.bin'
    """
    path = Path(path)
    if not re.fullmatch("[0-9a-f]{8,64}", sha256):
        raise ValueError(
            "sha256 must be 8 to 64 hexadecimal digits in lower case, got"
            f" {sha256!r}"
        )
    if _has_hash(path, sha256):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    _acquire(lock, path.name)
    try:
        if not _has_hash(path, sha256):  # another process may have got it
            _log.info("downloading %s from %s", path.name, url)
            download_checked(
                url,
                path,
                partial(_check_hash, sha256=sha256),
                on_download=on_download,
                timeout=timeout,
                tries=tries,
                largest=largest,
            )
    except DownloadError as error:
        raise DownloadError(
            f"{path.name} can't be downloaded from {url} ({error}); {otherwise}"
        ) from error
    finally:
        lock.release()
    return path


def download_checked(
    url: str,
    path: Path,
    check: Check,
    *,
    on_download: OnDownload | None = None,
    timeout: float = TIMEOUT,
    tries: int = 5,
    largest: int = LARGEST,
    user_agent: str = USER_AGENT,
) -> None:
    """Download a file whose hash nobody knows, and check what came.

    Args:
        url: where it is, http or https.
        path: where to keep it; what is there is replaced.
        check: called with the path of what came, before it is kept.
        on_download: told how much has come.
        timeout: seconds that the server may be silent.
        tries: connections, at most; see `download`.
        largest: bytes; a larger file is refused.
        user_agent: how the request introduces itself.

    Raises:
        DownloadError: if the file can't be downloaded. Nothing is kept then,
            and nothing if `check` raises an error.
        OSError: if it can't be written.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        # The address may be another server's word: urllib opens file:, too.
        raise _FinalError(f"{url} is no address on the web")
    with replacing(path) as part:
        with part.open("wb") as file:
            answers = partial(_pieces, url, file, timeout, largest, user_agent)
            for done, total in _fill(file, answers, tries):
                if on_download:
                    on_download(path.name, done, total)
        check(part)


def _acquire(lock: FileLock, name: str) -> None:
    """Wait until no other process downloads the same file."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _log.info("%s is being downloaded by another process; waiting", name)
        lock.acquire()


def _has_hash(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path).startswith(sha256)


def _check_hash(path: Path, *, sha256: str) -> None:
    found = sha256_of(path)
    if not found.startswith(sha256):
        raise DownloadError(
            "what came is another file: its SHA-256 begins with"
            f" {found[:8]}, not with {sha256[:8]}"
        )


def _fill(
    file: BinaryIO, pieces: Callable[[], Pieces], tries: int
) -> Iterator[tuple[int, int | None]]:
    """Write all pieces, over several connections; yield how much has come."""
    for left in reversed(range(tries)):
        before = file.tell()
        try:
            for piece, total in pieces():
                file.write(piece)
                yield file.tell(), total
            return
        except _CutError:
            # One that could not go on has begun again, maybe below `before`.
            if file.tell() in (0, before) or not left:
                raise


def _pieces(
    url: str, file: BinaryIO, timeout: float, largest: int, user_agent: str
) -> Pieces:
    """Yield what is missing of a file, piece by piece, and its whole size."""
    with _connect(url, file.tell(), timeout, user_agent) as answer:
        total = _place(answer, file)
        if total is not None and total > largest:
            raise _FinalError(f"it has {total:,} bytes: too many")
        done = mark = file.tell()
        deadline = time.monotonic() + timeout
        while piece := _read(answer):
            done += len(piece)
            yield piece, total
            if done > largest:
                raise _FinalError(f"it has no end after {done:,} bytes")
            if done - mark >= SLOWEST * timeout:
                mark, deadline = done, time.monotonic() + timeout
            elif time.monotonic() > deadline:
                raise _CutError(f"fewer than {SLOWEST:,} bytes a second came")
        if total is not None and done < total:
            raise _CutError(f"it ended after {done:,} of {total:,} bytes")


def _connect(
    url: str, start: int, timeout: float, user_agent: str
) -> HTTPResponse:
    """Ask for a file, from a byte on."""
    request = urllib.request.Request(url)
    request.add_header("User-Agent", user_agent)
    if start:
        request.add_header("Range", f"bytes={start}-")
    try:
        return urllib.request.urlopen(request, timeout=timeout)
    except HTTPError as error:
        error.close()  # it is the server's answer, too
        refusal = DownloadError(f"HTTP {error.code}, {error.reason}")
        refusal.status = error.code
        refusal.retry_after = error.headers.get("Retry-After")
        raise refusal from error
    except (URLError, HTTPException, OSError) as error:
        raise DownloadError(_in_words(error)) from error


def _place(answer: HTTPResponse, file: BinaryIO) -> int | None:
    """Go to where the answer's bytes belong; return the size of the whole."""
    if answer.status == _PARTIAL:
        said = answer.headers.get("Content-Range", "")
        part = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", said)
        if not part or int(part[1]) != file.tell():
            raise DownloadError(f"the server gives another part ({said})")
        return int(part[2])
    file.seek(0)
    file.truncate()
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _read(answer: HTTPResponse) -> bytes:
    """Read what has come; unlike `read`, `read1` never waits for more."""
    try:
        return answer.read1(_PIECE)
    except (OSError, HTTPException) as error:
        raise _CutError(_in_words(error)) from error


def _in_words(error: Exception) -> str:
    reason = getattr(error, "reason", error)  # urllib's wraps another
    if isinstance(reason, TimeoutError):
        return "the server does not answer in time"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return str(reason) or type(reason).__name__
