"""What all tests share: one thread, the smallest scale, and a browser."""

import os
import re
from pathlib import Path

import jaxtyping
import pytest
from browsers import find_chromium
from file_server import serve
from hypothesis import settings

from colorlib.threads import limit_spinning

ROOT = Path(__file__).resolve().parents[1]

# How long an example takes says more about the machine than about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# Before torch is imported. Two processes that each start a thread for every
# core are ten times slower than two that don't.
os.environ.setdefault("OMP_NUM_THREADS", "1")
limit_spinning()
# Chapters read it; their kernels inherit it.
os.environ.setdefault("COLORLIB_SCALE", "smoke")

# The built book, a browser, the cells of a chapter.
SLOW_FIXTURES = {"html", "chromium", "run_chapter"}

NO_CUDA = "there is no GPU with CUDA: on one, run pytest -m cuda"
NO_BROWSER = "there is no Chromium on this machine"
NO_BOOK = "there is no book at smoke scale: make book SCALE=smoke"


def pytest_configure(config):
    """Hide GPUs, unless they are what is to be tested.

    Else the same test would compute on another device on each machine. The
    tests for GPUs alone are run with `pytest -m cuda`.
    """
    if not re.search(r"(?<!not )\bcuda\b", config.option.markexpr):
        # Before torch looks, and on Macs, whose GPU nothing hides.
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
        os.environ["ACCELERATE_USE_CPU"] = "true"


def pytest_collection_modifyitems(items):
    """Let drivers warn, and count tests of the book among the slow ones."""
    for item in items:
        if item.get_closest_marker("cuda"):  # a driver's is no mistake of ours
            item.add_marker(pytest.mark.filterwarnings("default::UserWarning"))
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def pytest_runtest_setup(item):
    """Skip what needs CUDA where there is none."""
    if item.get_closest_marker("cuda"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip(NO_CUDA)


@pytest.fixture
def as_outside_pytest(monkeypatch):
    """Switch off the checking of shapes, as it is for every user.

    Under pytest a wrong shape already stops at the annotation; without it
    our own error must come, and say what to do.
    """
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


@pytest.fixture
def file_server():
    """A server of files on this machine: see `file_server.FileServer`."""
    with serve() as server:
        yield server


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
    """Say in red what a row of dots would hide: nobody looked at it."""
    skipped = terminalreporter.stats.get("skipped", [])
    titles = {NO_BROWSER: "PAGES", NO_BOOK: "PAGES", NO_CUDA: "GPUS"}
    for reason, title in titles.items():
        count = sum(reason in str(report.longrepr) for report in skipped)
        if count:
            terminalreporter.section(f"{title} NOT TESTED", red=True, bold=True)
            terminalreporter.line(f"{count} tests skipped: {reason}", red=True)


def _give_up(reason: str):
    """Skip, unless that is forbidden, as `.ci/run` does.

    What is skipped everywhere protects nothing.
    """
    if os.environ.get("COLORLIB_REQUIRE_BROWSER") == "1":
        pytest.fail(f"COLORLIB_REQUIRE_BROWSER=1, but {reason}", pytrace=False)
    pytest.skip(reason)
