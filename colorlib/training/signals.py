"""Signals that end a program, held back until a step is complete.

Ctrl-C (SIGINT) and SIGTERM, which job schedulers send before they kill,
end a training in the same way: the step is finished, a checkpoint is
written, and KeyboardInterrupt is raised. Chapter 10.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOPPING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back until the block is complete.

    In another thread than the main one nothing is held back: Python runs
    handlers in the main thread only.

    Raises:
        KeyboardInterrupt: after the block, if SIGTERM came and the program
            has no handler of its own for it; what other handlers raise.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: came.append(number))
        for number in STOPPING
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            # None: a handler that wasn't set from Python, and can't be again.
            signal.signal(number, handler or signal.SIG_DFL)
    if came:
        _deliver(came[0])


def _deliver(number: int) -> None:
    """Do now what the signal would have done then."""
    if number == signal.SIGTERM and signal.getsignal(number) == signal.SIG_DFL:
        # By default the process would end here, and keep nothing.
        raise KeyboardInterrupt
    signal.raise_signal(number)
