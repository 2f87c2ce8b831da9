"""Requests as archives want them: one at a time, introduced, and patient.

Wikimedia limits all its interfaces since 2026, and a program that says who
runs it gets far more than one that doesn't. The Library of Congress shuts out
for long whoever goes beyond its limits. So: a User-Agent with
the reader's own contact, a token bucket for each limit, a wait as long as the
server says, or a growing one where it says nothing. Chapter 15.
"""

import gzip
import json
import logging
import platform
import re
import time
import urllib.request
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from colorlib import __version__
from colorlib.eras.limits import TokenBucket
from colorlib.files.download import Check, DownloadError, download_checked

BUSY = {429, 500, 502, 503, 504}
"""HTTP's statuses that another request may not get."""
BUSY_CODES = {"maxlag", "ratelimited", "readonly", "internal_api_error"}
"""MediaWiki's errors of that kind, which come with the status 200."""
LONGEST_WAIT = 330.0
"""Seconds that are waited at most: as long as the Library of Congress shuts out
for the smaller of its limits. For the larger one it is too long to sit by."""
FIRST_WAIT = 5.0
"""Seconds to wait where a server says nothing; doubled each time."""
LARGEST_ANSWER = 1 << 25
"""Bytes of JSON, unpacked."""
LARGEST_PHOTO = 1 << 28
"""Bytes of a photograph."""

_CONTACT = re.compile(r"[^\s@()]+@[^\s@()]+\.[^\s@()]+|https?://[^\s()]+")
_log = logging.getLogger(__name__)


class ArchiveError(OSError):
    """An archive does not answer as it should: what came, and what to do."""

    busy: bool = False
    """Whether it may answer later: all that was asked of it would fail now."""


class PoliteClient:
    """Asks archives, one request at a time.

    Args:
        contact: the reader's e-mail address or web page, which goes into
            every request.
        tries: requests for one thing, at most.
        timeout: seconds that a server may be silent.
        clock: tells the time in seconds.
        sleep: waits for so many seconds.

    Raises:
        ValueError: if the contact is none.
    """

    def __init__(
        self,
        contact: str | None,
        *,
        tries: int = 5,
        timeout: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ):
        self.user_agent = user_agent(contact)
        self._tries, self._timeout = tries, timeout
        self._clock, self._sleep = clock, sleep

    def bucket(self, requests: int, seconds: float) -> TokenBucket:
        """Make a bucket by this client's clock."""
        return TokenBucket(
            requests, seconds, clock=self._clock, sleep=self._sleep
        )

    def get_json(
        self,
        url: str,
        query: Mapping[str, object],
        limits: Sequence[TokenBucket],
        *,
        shut_out: Sequence[float] = (),
    ) -> dict[str, Any]:
        """Ask for JSON until it comes.

        Args:
            url: the interface's address.
            query: what follows the question mark.
            limits: a token is taken of each.
            shut_out: seconds to wait at the first HTTP 429 that says no time,
                at the second, and so on. Asking earlier would be in vain.

        Raises:
            ArchiveError: if the server refuses, wants too long a wait, or
                answers with something else after all tries.
        """
        address = f"{url}?{urlencode(query)}"
        return self._patiently(
            lambda: self._ask(address), url, limits, shut_out
        )

    def save(
        self,
        url: str,
        path: Path,
        check: Check,
        limits: Sequence[TokenBucket],
    ) -> None:
        """Download a file, whole and checked, or not at all.

        Args:
            url: its address.
            path: where to keep it.
            check: called with what came; what it raises is raised.
            limits: a token is taken of each.

        Raises:
            ArchiveError: if it can't be had.
        """

        def once() -> None:
            download_checked(
                url,
                path,
                check,
                timeout=self._timeout,
                largest=LARGEST_PHOTO,
                user_agent=self.user_agent,
            )

        self._patiently(once, url, limits)

    def _patiently(
        self,
        once: Callable[[], Any],
        url: str,
        limits: Sequence[TokenBucket],
        shut_out: Sequence[float] = (),
    ) -> Any:
        host, shut = urlsplit(url).netloc, iter(shut_out)
        for left in reversed(range(self._tries)):
            for limit in limits:
                limit.take()
            try:
                return once()
            except DownloadError as error:
                told = f"{host}: {error}"
                busy = error.status in {None, *BUSY} and not error.final
                pause = FIRST_WAIT * 2 ** (self._tries - 1 - left)
                if error.status == 429:
                    pause = next(shut, pause)
                pause = _pause(error.retry_after, pause)
                if not busy or not left or pause > LONGEST_WAIT:
                    raise _give_up(told, url, busy, pause) from error
            _log.info("%s; waiting %.0f seconds", told, pause)
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _ask(self, address: str) -> dict[str, Any]:
        """Ask once; raise `DownloadError` for whatever comes instead."""
        request = urllib.request.Request(address)
        request.add_header("User-Agent", self.user_agent)
        request.add_header("Accept-Encoding", "gzip")
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as came:
                later = came.headers.get("Retry-After")
                answer = json.loads(_unpacked(came))
        except HTTPError as error:
            error.close()
            later = error.headers.get("Retry-After")
            raise _refusal(
                f"HTTP {error.code}, {error.reason}", error.code, later
            ) from error
        except DownloadError:
            raise
        except (OSError, HTTPException, EOFError, zlib.error) as error:
            said = str(error) or type(error).__name__
            raise DownloadError(f"no whole answer ({said})") from error
        except ValueError as error:
            raise DownloadError("answers with no JSON") from error
        if not isinstance(answer, dict):
            raise DownloadError("answers with JSON of another kind")
        if "error" in answer:
            _raise_error_of(answer["error"], later)
        return answer


def user_agent(contact: str | None) -> str:
    """Introduce a program and who runs it, as Wikimedia's policy asks.

    Args:
        contact: an e-mail address or a web page.

    Raises:
        ValueError: if it is none.

    Reference:
        Wikimedia Foundation User-Agent Policy, read in 2026: name/version
        (contact) library/version, and the contact is the operator's.
    """
    if not contact or not _CONTACT.fullmatch(contact) or not contact.isascii():
        given = f", got {contact!r}" if contact else ""
        raise ValueError(
            "archives ask who sends the requests, and shut out who doesn't"
            " say: give your e-mail address or web page with --contact, or"
            f" set COLORLIB_CONTACT{given}"
        )
    python = platform.python_version()
    return f"colorlib/{__version__} ({contact}) Python-urllib/{python}"


def _give_up(told: str, url: str, busy: bool, pause: float) -> ArchiveError:
    if pause > LONGEST_WAIT:
        told += f"; it takes a wait of {pause:.0f} seconds"
    if busy:
        told += "; run the same command later, it goes on where it was"
    error = ArchiveError(f"{told} ({url})")
    error.busy = busy
    return error


def _raise_error_of(error: object, later: str | None) -> None:
    """Raise what MediaWiki says in place of an answer."""
    said = error if isinstance(error, dict) else {"info": error}
    code = str(said.get("code", ""))
    status = 503 if code in BUSY_CODES else 400
    raise _refusal(f"{code or 'an error'}: {said.get('info')}", status, later)


def _refusal(said: str, status: int, later: str | None) -> DownloadError:
    refusal = DownloadError(said)
    refusal.status, refusal.retry_after = status, later
    return refusal


def _unpacked(came: Any) -> bytes:
    """Read an answer, packed or not, up to the limit."""
    packed = came.headers.get("Content-Encoding", "") == "gzip"
    body = gzip.GzipFile(fileobj=came) if packed else came
    data = body.read(LARGEST_ANSWER + 1)
    if len(data) > LARGEST_ANSWER:
        raise _refusal(f"more than {LARGEST_ANSWER:,} bytes came", 200, None)
    length = came.headers.get("Content-Length", "")
    if not packed and length.isdecimal() and len(data) < int(length):
        raise DownloadError("the answer is cut short")
    return data


def _pause(retry_after: str | None, otherwise: float) -> float:
    """Seconds to wait: as many as the server says, if it does."""
    said = (retry_after or "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return otherwise
