"""A server's limit of requests, kept by a token bucket. Chapter 15."""

import time
from collections.abc import Callable


class TokenBucket:
    """Keeps a limit of so many requests in so many seconds.

    A part of them may go at once, as many as the bucket holds; it fills again
    at a rate which makes the limit hold in every span of that length.

    Args:
        requests: how many are allowed.
        seconds: in which time.
        clock: tells the time in seconds.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        requests: int,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ):
        self._size = max(1, requests // 4)
        # What the bucket holds and what flows in together keep the limit.
        self._rate = max(requests - self._size, 1) / seconds
        self._clock, self._sleep = clock, sleep
        self._tokens, self._last = float(self._size), clock()

    def take(self) -> None:
        """Take a token; wait for one if there is none."""
        now = self._clock()
        filled = self._tokens + (now - self._last) * self._rate
        self._tokens, self._last = min(self._size, filled), now
        if self._tokens < 1:
            self._sleep((1 - self._tokens) / self._rate)
            self._tokens, self._last = 1, self._clock()
        self._tokens -= 1
