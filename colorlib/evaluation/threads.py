"""Many photographs at a time, one core each.

What NumPy, Pillow and torch do to one photograph of 256 pixels is too little
to share among cores, and they let go of Python's lock while they do it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import torch


def in_threads(work: Callable, things: Iterable) -> Iterator:
    """`map(work, things)`, several at a time, in order, never far ahead.

    Args:
        work: a function of one thing; as many run at a time as torch uses
            threads.
        things: read one at a time, at most that many ahead.

    Yields:
        What `work` returns, in the order of `things`.

    Raises:
        Exception: whatever `work` raises, when its turn comes.
    """
    workers = torch.get_num_threads()
    waiting: deque = deque()
    with _one_thread_each(), ThreadPoolExecutor(workers) as pool:
        for thing in things:
            waiting.append(pool.submit(work, thing))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let torch use one core a photograph: two that share one only wait."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
