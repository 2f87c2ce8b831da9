"""A server for files on this machine, with the faults that networks have."""

import http.server
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class FileServer:
    """Offers files by name, and can be told to fail.

    `files` holds what is offered. `faults` holds, for a name, what goes wrong
    at its next requests, one after the other:

        "cut"       half of what is asked for comes
        "hang"      nothing comes, until the server is closed
        "drip"      a byte comes now and then, until the server is closed
        "endless"   bytes come, and no length is said
        "chunked"   all comes, and no length is said
        "whole"     a request for a part is answered with all of it
        "shifted"   a request for a part is answered with another part
        a number    that HTTP status
        an address  a redirect to it

    `asked` collects names and `Range` headers.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list] = defaultdict(list)
        self.asked: list[tuple[str, str | None]] = []
        self.closing = threading.Event()
        self.url = ""


@contextmanager
def serve() -> Iterator[FileServer]:
    """Serve until the block ends; whatever hangs ends then, too."""
    offered = FileServer()

    class Handler(_Handler):
        server_of_files = offered

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        offered.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield offered
        finally:
            offered.closing.set()
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    server_of_files: FileServer

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        offered, name = self.server_of_files, self.path.lstrip("/")
        asked = self.headers.get("Range")
        offered.asked.append((name, asked))
        faults = offered.faults[name]
        fault = faults.pop(0) if faults else None
        data = offered.files.get(name)
        if isinstance(fault, int) or data is None:
            self.send_error(fault or 404)
        elif isinstance(fault, str) and "://" in fault:
            self.send_response(302)
            self.send_header("Location", fault)
            self.end_headers()
        else:
            self._answer(data, asked, fault)

    def _answer(self, data: bytes, asked: str | None, fault: str | None):
        start = 0
        if asked and fault != "whole":
            start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
            start += fault == "shifted"
            self.send_response(206)
            last, size = len(data) - 1, len(data)
            self.send_header("Content-Range", f"bytes {start}-{last}/{size}")
        else:
            self.send_response(200)
        part = data[start:]
        if fault not in ("endless", "chunked"):
            self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        try:
            self._send(part, fault)
        except OSError:  # whoever asked has left
            pass

    def _send(self, part: bytes, fault: str | None):
        closing = self.server_of_files.closing
        if fault == "cut":
            self.wfile.write(part[: len(part) // 2])
        elif fault == "hang":
            closing.wait(60)
        elif fault == "drip":
            for i in range(len(part)):
                self.wfile.write(part[i : i + 1])
                if closing.wait(0.02):
                    break
        elif fault == "endless":
            while not closing.is_set():
                self.wfile.write(bytes(1 << 20))
        else:
            self.wfile.write(part)
