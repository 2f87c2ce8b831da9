"""The rendered book on a server, and a browser that visits it."""

import functools
import http.server
import threading
from pathlib import Path

import pytest

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


@pytest.fixture(scope="session")
def site(html):
    """The book's address on a server of its own."""
    handler = functools.partial(_Quiet, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
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


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass
