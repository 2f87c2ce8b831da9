"""No span of time has more requests than a server allows."""

import pytest

from colorlib.eras.limits import TokenBucket
from colorlib.eras.loc import ITEM_LIMITS, SEARCH_LIMITS


@pytest.mark.parametrize(
    ("requests", "seconds"), [*SEARCH_LIMITS, *ITEM_LIMITS, (1, 1.0)]
)
@pytest.mark.parametrize("pause", [0, 0.01, 13])
def test_a_limit_holds_in_every_span(clock, requests, seconds, pause):
    """Right after a rest, too, when the bucket is full."""
    bucket = TokenBucket(
        requests, seconds, clock=lambda: clock.now, sleep=clock.sleep
    )
    taken = []
    for number in range(5 * requests):
        clock.now += pause if number % 7 == 0 else 0
        bucket.take()
        taken.append(clock.now)
    for first, beyond in zip(taken, taken[requests:], strict=False):
        assert beyond - first >= seconds * (1 - 1e-9)


def test_it_does_not_wait_for_nothing(clock):
    bucket = TokenBucket(20, 10.0, clock=lambda: clock.now, sleep=clock.sleep)
    for _ in range(5):
        bucket.take()
    assert not clock.slept
