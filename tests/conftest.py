"""What all tests share: one thread, the smallest scale, and a browser."""

import os
from pathlib import Path

import jaxtyping
import pytest
from browsers import find_chromium

from colorlib.threads import limit_spinning

ROOT = Path(__file__).resolve().parents[1]

# Before torch is imported. Two processes that each start a thread for every
# core are ten times slower than two that don't.
os.environ.setdefault("OMP_NUM_THREADS", "1")
limit_spinning()
# Chapters read it; their kernels inherit it.
os.environ.setdefault("COLORLIB_SCALE", "smoke")

NO_BROWSER = "there is no Chromium on this machine"
NO_BOOK = "there is no book at smoke scale: make book SCALE=smoke"


@pytest.fixture
def as_outside_pytest(monkeypatch):
    """Switch off the checking of shapes, as it is for every user.

    Under pytest a wrong shape already stops at the annotation; without it
    our own error must come, and say what to do.
    """
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Mark what uses it with `pytest.mark.browser`."""
    return find_chromium() or _give_up(NO_BROWSER)


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the rendered book, where `make test` builds it."""
    folder = ROOT / "_build" / "smoke" / "_build" / "html"
    if not (folder / "index.html").exists():
        _give_up(NO_BOOK)
    return folder


def pytest_terminal_summary(terminalreporter):
    """Say in red what a row of dots would hide: nobody looked at the pages."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in (NO_BROWSER, NO_BOOK):
        count = sum(reason in str(report.longrepr) for report in skipped)
        if count:
            terminalreporter.section("PAGES NOT TESTED", red=True, bold=True)
            terminalreporter.line(f"{count} tests skipped: {reason}", red=True)


def _give_up(reason: str):
    """Skip, unless that is forbidden, as `.ci/run` does.

    What is skipped everywhere protects nothing.
    """
    if os.environ.get("COLORLIB_REQUIRE_BROWSER") == "1":
        pytest.fail(f"COLORLIB_REQUIRE_BROWSER=1, but {reason}", pytrace=False)
    pytest.skip(reason)
