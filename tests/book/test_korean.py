"""The book's Korean words show on a machine that has no Korean font."""

import io

import korean_font
import pytest
from fontTools.ttLib import TTFont

FAMILY = "Gowun Dodum"
HEAVIEST = 40_000  # bytes, for the pages that have Korean on them
# Elements that hold Korean themselves, and how many syllables.
FIND = """() => [...document.querySelectorAll("article *")].map(e => [e,
    [...e.childNodes].filter(n => n.nodeType == Node.TEXT_NODE)
      .map(n => n.data).join("").match(/[\\uac00-\\ud7a3]/g)])
  .filter(([e, found]) => found && e.checkVisibility())
  .map(([e, found], i) => { e.dataset.korean = i; return found.length; })"""


@pytest.fixture(scope="module")
def whole() -> bytes:
    if not korean_font.WHOLE.exists():
        pytest.skip("there is no font: python book/tools/vendor.py")
    return korean_font.WHOLE.read_bytes()


def read(font: bytes) -> TTFont:
    return TTFont(io.BytesIO(font))


def test_a_cut_font_has_the_letters_it_was_cut_for_and_no_others(whole):
    small = read(korean_font.cut(whole, {"가", "힣"}))
    assert {*map(chr, small.getBestCmap())} == {"가", "힣"}


def test_a_cut_font_names_its_copyright_and_license(whole):
    names = read(korean_font.cut(whole, {"가"}))["name"]
    assert "Gowun Dodum Project" in names.getDebugName(0)
    assert names.getDebugName(14) == "https://scripts.sil.org/OFL"


def test_a_letter_that_the_font_lacks_is_named(whole):
    with pytest.raises(ValueError, match="no glyph for 鑑"):
        korean_font.cut(whole, {"가", "鑑"})


def test_syllables_are_found_in_pages_and_notebooks(tmp_path):
    (tmp_path / "page.md").write_text("color 색 (色)", encoding="utf-8")
    (tmp_path / "a.ipynb").write_text('"사진"', encoding="utf-8")
    assert korean_font.syllables([*tmp_path.iterdir()]) == {"색", "사", "진"}


def test_syllables_of_docstrings_are_found_and_of_other_strings_not(tmp_path):
    (tmp_path / "a.py").write_text(
        '"""색"""\nX = "말"\n\ndef f():\n    """사진"""\n', encoding="utf-8"
    )
    assert korean_font.documented(tmp_path.iterdir()) == {"색", "사", "진"}


def test_the_site_has_the_small_font_and_not_the_whole_one(html):
    static = html / "_static"
    assert (static / "made" / "korean.woff").stat().st_size < HEAVIEST
    font = static / "vendor" / "gowun-dodum"
    assert (font / "LICENSE").exists()
    assert not (font / "whole.woff").exists()


def test_the_small_font_has_every_syllable_of_every_page(html):
    font = read((html / "_static" / "made" / "korean.woff").read_bytes())
    pages = list(html.rglob("*.html"))
    used = korean_font.syllables(pages)
    assert len(used) > 100
    assert used <= {*map(chr, font.getBestCmap())}


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", "glossary", "credits"])
def test_every_korean_letter_is_drawn_from_the_book_s_font(browser, site, name):
    page = browser.new_page()
    page.goto(f"{site}book/{name}.html", wait_until="networkidle")
    counts = page.evaluate(FIND)
    assert counts
    inspector = page.context.new_cdp_session(page)
    inspector.send("DOM.enable")
    inspector.send("CSS.enable")
    root = inspector.send("DOM.getDocument")["root"]["nodeId"]
    for i, count in enumerate(counts):
        node = inspector.send(
            "DOM.querySelector",
            {"nodeId": root, "selector": f'[data-korean="{i}"]'},
        )
        fonts = inspector.send("CSS.getPlatformFontsForNode", node)["fonts"]
        ours = [f for f in fonts if f["isCustomFont"]]
        drawn = [f["glyphCount"] for f in ours if f["familyName"] == FAMILY]
        assert sum(drawn) >= count, (i, fonts)
    page.close()
