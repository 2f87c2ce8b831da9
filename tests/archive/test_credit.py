"""The line below a colored photograph, and the strip that it is printed in."""

from dataclasses import replace

import numpy as np
import pytest

from colorlib import photos
from colorlib.archive import credit

MARK = photos.MadeBy("compact", "ab" * 32, "colorlib 1.2.3", date="2026-11-29")


@pytest.fixture(autouse=True)
def find_anew():
    """Fonts are sought once in a run; here their places change."""
    credit.find_font.cache_clear()


NOISE = np.random.default_rng(0)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_line_names_program_model_and_day(language):
    line = credit.credit_line(MARK, language)
    for fact in (MARK.software, MARK.model, MARK.date):
        assert fact in line


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_line_says_that_the_colors_prove_nothing(language):
    """What a reader of the picture has to know, in the reader's language."""
    caution = {"en": "not evidence", "ko": "입증하지 않습니다"}[language]
    assert caution in credit.credit_line(MARK, language)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_line_says_that_some_colors_were_known(language):
    hinted = replace(MARK, hints=("point 1, 2: #8c1c2b; source: a letter",))
    plain = credit.credit_line(MARK, language)
    told = credit.credit_line(hinted, language).removeprefix(plain)
    assert {"en": "sources", "ko": "출처"}[language] in told


def english():
    return [(credit.credit_line(MARK, "en"), credit.find_font("en"))]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_the_strip_lies_below_and_no_pixel_changes(dtype, channels):
    """A mark over a picture destroys what it marks."""
    top = np.iinfo(dtype).max
    pixels = NOISE.integers(0, top, (150, 400, *channels), dtype)
    photo = photos.from_array(pixels)
    printed = credit.with_strip(photo, english())
    assert (printed.pixels[:150] == photo.pixels).all()
    strip = printed.pixels[150:]
    assert strip.min() == 0
    assert strip.max() == top
    assert len(strip) < 150
    if channels == (4,):
        assert (printed.alpha[:150] == photo.alpha).all()
        assert (printed.alpha[150:] == top).all()


def test_a_long_line_is_wrapped_and_not_cut_off():
    """Every letter is inside: the outermost columns are white."""
    photo = photos.from_array(np.zeros((20, 130), np.uint8))
    strip = credit.with_strip(photo, english()).pixels[20:]
    assert len(strip) > 5 * 9
    assert (strip[:, [0, -1]] == 255).all()


def test_two_languages_stand_below_each_other():
    photo = photos.from_array(np.zeros((20, 2000), np.uint8))
    once, twice = (
        credit.with_strip(photo, english() * n).height - 20 for n in (1, 2)
    )
    assert twice > once


def test_a_photograph_narrower_than_a_word_is_refused():
    photo = photos.from_array(np.zeros((20, 30), np.uint8))
    with pytest.raises(photos.PhotoError, match="too narrow for a caption"):
        credit.with_strip(photo, english())


def test_without_a_korean_font_one_line_says_what_to_install(monkeypatch):
    """Else the caption would be a row of boxes."""
    latin = credit.find_font("en")
    only_latin = latin.parent / "DejaVuSerif.ttf"
    monkeypatch.setattr(
        "matplotlib.font_manager.findSystemFonts", lambda: [str(only_latin)]
    )
    with pytest.raises(ValueError, match="install Noto Sans KR"):
        credit.find_font("ko")


def test_a_font_is_believed_only_when_it_has_the_letters(monkeypatch, tmp_path):
    """A name promises; the glyphs say."""
    liar = tmp_path / "NanumGothic.ttf"
    liar.write_bytes(credit.find_font("en").read_bytes())
    broken = tmp_path / "malgun.ttf"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(
        "matplotlib.font_manager.findSystemFonts",
        lambda: [str(liar), str(broken)],
    )
    with pytest.raises(ValueError, match="Hangul"):
        credit.find_font("ko")
