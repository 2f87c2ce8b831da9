"""Two archives on this machine, and a clock that nobody waits for."""

import pytest
from archive_server import serve

from colorlib.eras.politeness import PoliteClient


class Clock:
    """Time that goes on only where somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def archives():
    """See `archive_server.ArchiveServer`."""
    with serve() as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client(clock):
    """A client that doesn't really wait."""
    return PoliteClient(
        "ann@example.org",
        clock=lambda: clock.now,
        sleep=clock.sleep,
        timeout=5.0,
    )
