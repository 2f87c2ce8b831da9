"""What decoders say of a file without refusing it.

libpng (through imagecodecs) and tifffile write to the log of Python, which is
one for the process, and would print it if nobody listened.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_heard = threading.local()


class _Listener(logging.Handler):
    """Keeps messages of the thread that decodes."""

    def emit(self, record: logging.LogRecord) -> None:
        messages = getattr(_heard, "messages", None)
        if messages is not None:
            # tifffile starts with the object that speaks, in <>.
            text = re.sub("^<[^>]*> *", "", record.getMessage())
            messages.append(" ".join(text.split())[:120])


# tifffile also warns of what is odd and harmless.
for _name, _level in (("imagecodecs", "WARNING"), ("tifffile", "ERROR")):
    logging.getLogger(_name).addHandler(_Listener(_level))


@contextmanager
def decoder_log() -> Iterator[list[str]]:
    """Collect what decoders log in this thread, each message once.

    >>> with decoder_log() as messages:
    ...     logging.getLogger("imagecodecs").warning("PNG warning: odd")
    >>> messages
    ['PNG warning: odd']
    """
    messages: list[str] = []
    _heard.messages = messages
    try:
        yield messages
    finally:
        _heard.messages = None
        messages[:] = dict.fromkeys(messages)
