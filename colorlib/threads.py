"""Threads: several things at a time, in order; and how idle ones wait.

On Linux torch computes with GNU OpenMP. Its threads wait by spinning: they
ask again and again whether there is work, and meanwhile keep a core busy.
On a machine that has other work to do, the thread that is waited for then
waits for a core. A short spin and then sleep costs nothing on an idle
machine, and is several times as fast on a busy one.

The command line, the chapters and the tests call `limit_spinning`. Code that
uses the package as a library decides for itself.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import Executor, Future
from typing import Any

# How often a thread looks for work before it sleeps. By default GNU OpenMP
# looks some hundred thousand times, which is milliseconds.
SPIN_COUNT = "1000"
# Each of them says how threads wait.
SETTINGS = "GOMP_SPINCOUNT", "OMP_WAIT_POLICY"


def limit_spinning(environ: MutableMapping[str, str] = os.environ) -> None:
    """Make OpenMP's threads sleep soon when they wait.

    OpenMP reads its settings once, when torch is loaded, so call this before.

    Args:
        environ: the environment to write to. If it says how threads wait,
            with GOMP_SPINCOUNT or OMP_WAIT_POLICY, it stays as it is.

    >>> environ = {}
    >>> limit_spinning(environ)
    >>> environ
    {'GOMP_SPINCOUNT': '1000'}
    >>> limit_spinning(environ := {"OMP_WAIT_POLICY": "ACTIVE"})
    >>> environ
    {'OMP_WAIT_POLICY': 'ACTIVE'}
    """
    if not any(name in environ for name in SETTINGS):
        environ["GOMP_SPINCOUNT"] = SPIN_COUNT


def map_ahead(
    pool: Executor, work: Callable, things: Iterable, *, ahead: int
) -> Iterator[Any]:
    """`map(work, things)` in threads, in order, and never far ahead.

    Args:
        pool: where the work is done.
        work: a function of one thing.
        things: read one at a time.
        ahead: how many results may wait, at most.

    Yields:
        What `work` returns, in the order of `things`.

    Raises:
        Exception: whatever `work` raises, when its turn comes.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     list(map_ahead(pool, abs, [-1, -2, -3], ahead=2))
    [1, 2, 3]
    """
    waiting: deque[Future] = deque()
    try:
        for thing in things:
            waiting.append(pool.submit(work, thing))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # what nobody waits for any more isn't begun
        for future in waiting:
            future.cancel()
