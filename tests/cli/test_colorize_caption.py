"""`colorlib colorize --caption`: a copy to print, with a line below it."""

from pathlib import Path

import numpy as np
import pytest

from colorlib import photos
from colorlib.archive import credit
from tests.cli.test_colorize import (  # noqa: F401, fixtures
    FakeColorizer,
    colorize,
    contents,
    fake,
    gray,
    here,
    report,
)


def test_a_copy_to_print_lies_beside_the_copy(here, fake):  # noqa: F811
    """The copy itself stays its original but for color."""
    gray("scans/a.png", size=(300, 200))

    result = colorize("scans", "--caption", "en")

    assert result.exit_code == 0, result.output
    copy = photos.read("colorized/a.png")
    printed = photos.read("colorized/a.caption-en.png")
    assert copy.height == 200
    assert printed.height > 200
    assert np.array_equal(printed.rgb[:200], copy.rgb)
    assert printed.made_by.settings.endswith("result=caption-en")
    assert printed.made_by.date


def test_the_colors_are_computed_once(here, fake, monkeypatch):  # noqa: F811
    gray("scans/a.png", size=(300, 200))
    seen = []
    colors = FakeColorizer.colorize
    monkeypatch.setattr(
        FakeColorizer,
        "colorize",
        lambda self, *a, **k: seen.append(1) or colors(self, *a, **k),
    )
    assert colorize("scans", "--caption", "en").exit_code == 0
    assert len(seen) == 1


def test_what_is_printed_already_is_skipped(here, fake):  # noqa: F811
    gray("scans/a.png", size=(300, 200))
    colorize("scans", "--caption", "en")
    assert colorize("scans", "--caption", "en").exit_code == 0
    assert report()["skipped"] == 2


def test_the_lines_are_in_the_report(here, fake):  # noqa: F811
    gray("scans/a.png")
    colorize("scans")
    mark = photos.read_mark(Path("colorized/a.png"))
    for language, line in report()["caption"].items():
        assert mark.date in line
        assert line.endswith(credit.credit_line(mark, language)[-20:])


def test_a_missing_font_is_told_before_any_work(
    here,  # noqa: F811
    fake,  # noqa: F811
    monkeypatch,
):
    gray("scans/a.png")
    before = contents(here)
    credit.find_font.cache_clear()
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: [])
    result = colorize("scans", "--caption", "both")
    assert result.exit_code == 2
    assert "install Noto Sans KR" in result.stderr
    assert result.stderr.count("\n") == 1
    assert contents(here) == before


@pytest.mark.parametrize("language", ["fr", ""])
def test_another_language_is_refused(here, fake, language):  # noqa: F811
    gray("scans/a.png")
    assert colorize("scans", "--caption", language).exit_code == 2
