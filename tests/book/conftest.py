"""Chapters run cell by cell; the rendered book on a server, visited."""

import functools
import gzip
import http.server
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
import vendor

from colorlib import course

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"

# Quiet: without these Chromium asks its maker's hosts for updates.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def run_chapter():
    """Run a chapter's own cells at a scale, all but the one for Colab.

    Gives what they compute: names and their values. `after` is called with
    each cell and the names so far.
    """

    def run(chapter: str, scale: str, *, after=None) -> dict:
        path = CHAPTERS / f"{chapter}.ipynb"
        names = {"course": course}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLORLIB_SCALE", scale)
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type == "code" and cell.id != "colab-setup":
                    exec(compile(cell.source, cell.id, "exec"), names)
                    if after:
                        after(cell, names)
        return names

    return run


@pytest.fixture(scope="session")
def pages(html) -> list[str]:
    """Every page, as an address below the server's.

    index.html is left out: it only leads to the first page.
    """
    found = [
        path.relative_to(html)
        for path in html.rglob("*.html")
        if "_static" not in path.parts
    ]
    return sorted(p.as_posix() for p in found if p != Path("index.html"))


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing: a browser that closes a page hangs up on us.

        The traceback would land in whichever test reads stderr just then.
        """
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def site(html):
    """The book's address on a server of its own."""
    handler = functools.partial(_Host, directory=str(html))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser(chromium):
    """Headless Chromium; without one, `chromium` skips or fails loudly."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, which `make test` has fetched."""
    path = vendor.TESTS_VENDOR / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.fail("no axe-core: python book/tools/vendor.py tests")
    return path.read_text()


class _Host(http.server.SimpleHTTPRequestHandler):
    """Serves as the hosts of books do: compressed. And as none should: a
    picture comes late, nothing may be kept for the next page, so that each
    visit is a first one on a slow line.
    """

    protocol_version = "HTTP/1.1"  # as everywhere; 1.0 asks anew for each file

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.parent.name == "_images":
            time.sleep(0.2)
        if path.suffix not in {".html", ".css", ".js", ".svg", ".json"}:
            return super().do_GET()
        if not path.is_file():
            return self.send_error(404)
        content = _compressed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_):
        pass


@functools.cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=6)
