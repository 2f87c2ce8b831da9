"""Cut a Korean font down to the syllables that the book prints.

    python book/tools/korean_font.py      writes book/static/made/korean.woff

The book's own letters are Latin. Without a font for its Korean words, a
machine that has none shows boxes, and so does the PDF. The whole font weighs
more than a page may, and the book uses some hundred and seventy of its eleven
thousand syllables. `book/tools/vendor.py` has fetched the font; the stylesheet
`book/static/css/fonts.css` uses what is made here.
"""

import ast
import io
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

BOOK = Path(__file__).resolve().parents[1]
WHOLE = BOOK / "static" / "vendor" / "gowun-dodum" / "whole.woff"
MADE = BOOK / "static" / "made" / "korean.woff"
SYLLABLE = re.compile(r"[\uac00-\ud7a3]")


def syllables(pages: list[Path]) -> set[str]:
    """Collect the Korean syllables of pages, notebooks and what they print."""
    return {
        syllable
        for page in pages
        for syllable in SYLLABLE.findall(page.read_text(encoding="utf-8"))
    }


def documented(modules: Iterable[Path]) -> set[str]:
    """Collect the Korean syllables of docstrings: the reference shows them."""
    return {
        syllable
        for module in modules
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for syllable in SYLLABLE.findall(ast.get_docstring(node) or "")
    }


def cut(font: bytes, letters: set[str]) -> bytes:
    """Keep of a font what these letters need.

    Args:
        font: a font file, as OpenType or WOFF.
        letters: single characters.

    Returns:
        The smaller font, as WOFF, with the copyright and license that the
        whole one names.

    Raises:
        ValueError: if the font has no glyph for a letter.
    """
    whole = TTFont(io.BytesIO(font))
    known = whole.getBestCmap()
    if missing := sorted(c for c in letters if ord(c) not in known):
        raise ValueError(f"the font has no glyph for {' '.join(missing)}")
    options = subset.Options(name_IDs=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(letters)))
    cutter.subset(whole)
    whole.flavor = "woff"
    whole.save(small := io.BytesIO())
    return small.getvalue()


def main() -> int:
    """Write the font, or say in one line why not."""
    pages = [*BOOK.rglob("*.md"), *BOOK.parent.glob("chapters/*.ipynb")]
    pages += BOOK.parent.glob("data/eras/*.toml")  # chapter 15 prints them
    modules = BOOK.parent.glob("colorlib/**/*.py")
    try:
        font = cut(WHOLE.read_bytes(), syllables(pages) | documented(modules))
    except (OSError, ValueError) as error:
        print(
            f"korean_font.py: {error}; python book/tools/vendor.py fetches it",
            file=sys.stderr,
        )
        return 1
    MADE.parent.mkdir(parents=True, exist_ok=True)
    MADE.write_bytes(font)
    return 0


if __name__ == "__main__":
    sys.exit(main())
