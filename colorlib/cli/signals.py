"""Ctrl-C and SIGTERM: both clean up, and each has its exit status.

SIGTERM is what a batch system, a container or `kill` sends. By default it
ends Python at once, and leaves what was half done.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

INTERRUPTED, TERMINATED = 130, 143  # 128 + the signal's number, as in shells


class Terminated(KeyboardInterrupt):
    """SIGTERM came. What cleans up after Ctrl-C cleans up after this."""


def exit_status(error: KeyboardInterrupt) -> int:
    """Tell the exit status of a command that a signal has ended.

    >>> exit_status(KeyboardInterrupt()), exit_status(Terminated())
    (130, 143)
    """
    return TERMINATED if isinstance(error, Terminated) else INTERRUPTED


@contextmanager
def sigterm_raises() -> Iterator[None]:
    """Raise `Terminated` where SIGTERM arrives inside the block.

    Does nothing outside the main thread, where Python takes no signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated
