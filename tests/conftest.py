"""What all tests share: one thread, the smallest scale, and loud skips."""

import os

# Before torch is imported. Two processes that each start a thread for every
# core are ten times slower than two that don't.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Chapters read it; their kernels inherit it.
os.environ.setdefault("COLORLIB_SCALE", "smoke")


def pytest_terminal_summary(terminalreporter):
    """Say in red what a row of dots would hide: nobody looked at the pages.

    Tests of rendered pages skip where there is no Chromium. `.ci/run` forbids
    that with COLORLIB_REQUIRE_BROWSER=1: what is always skipped protects
    nothing.
    """
    skipped = terminalreporter.stats.get("skipped", [])
    blind = sum("no Chromium" in str(report.longrepr) for report in skipped)
    if blind:
        terminalreporter.section("PAGES NOT TESTED", red=True, bold=True)
        terminalreporter.line(
            f"{blind} tests need Chromium, and there is none on this machine",
            red=True,
        )
