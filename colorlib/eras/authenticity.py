"""Black and white, true color, or colored later?

"Color" photographs of 1910 to 1953 that archives offer may have been colored,
by hand or by a network, and nothing in the pixels tells. So words decide: a
photograph in color is true only if it says by which process, and who keeps
it; one that says it was colored, made larger or mended by a program is no
evidence at all. Chapter 15.
"""

import re
from collections.abc import Iterable

import numpy as np
from PIL import Image

from colorlib.color.arrays import as_lab
from colorlib.shapes import RGBArray

GRAY, TONED, COLOR = "gray", "toned", "color"
CHROMA, SPREAD = 2.0, 2.0
"""Mean chroma, and mean distance of colors from the mean color of their
lightness, below which a photograph is gray, or of one tone. A pale color
photograph may pass as toned; a stained print may pass as color."""

_TOUCHED = {
    "colored later": r"""
        colou?ri[sz](?:ed|ation|ing|er)\b | (?:re|hand|digitally)[ -]?colou?red
        | hand[ -]?(?:tinted|painted) | deoldify | ddcolor | palette\.fm
        | myheritage | 컬러라이[즈징] | 컬러\s*복원 | 천연색\s*복원 | 채색
        | 색을\s*입[힌혀]""",
    "touched by AI": r"""
        \bAI[ -]?(?:generated|enhanced|restored|modified|edited|colou?red
        |upscaled|touched|assisted) | artificial\ intelligence
        | generative\ (?:ai|fill) | \bremini\b | gigapixel | topaz\ (?:labs|ai)
        | midjourney
        | chatgpt | nano\ banana | 인공지능 | AI\s*(?:복원|컬러)""",
    "made larger by a program": r"""
        up-?scal(?:ed|ing) | super[ -]resolution | 업스케일""",
    "retouched": r"""
        retouched | digitally\ (?:restored|enhanced|altered|remastered)
        | 리터칭 | 디지털\s*복원""",
}
_PROCESS = re.compile(
    r"autochrome|kodachrome|ektachrome|agfacolor|anscochrome|dufaycolor"
    r"|finlay ?colou?r|prokudin|dye transfer|colou?r (?:transparency|slide"
    r"|negative|film)|three-colou?r (?:plate|separation)|오토크롬|코다크롬",
    re.I,
)
_INSTITUTION = re.compile(
    r"(?:[A-Z][\w.&']*\s+(?:of\s+|and\s+|the\s+)*){0,4}"
    r"(?:Museum|Mus[ée]e|Library|Archives?|Archabbey|Institut\w*|University"
    r"|NARA|Smithsonian|Wellcome)(?:\s+(?:of|and|at)(?:\s+[A-Z]\w*)+)*"
    r"|\S*(?:박물관|기록원|도서관|미술관|아카이브|기념관|연구소)"
)


def later_hand(texts: Iterable[str]) -> str:
    """Find a word that says that somebody worked on a photograph later.

    Args:
        texts: title, description, credit, categories, templates.

    Returns:
        What was done, and the word that says so; empty if none does.

    >>> later_hand(["Seoul, 1945", "Category:Colorized photographs"])
    'colored later: Colorized'
    """
    for text in texts:
        for what, pattern in _TOUCHED.items():
            if found := re.search(pattern, text, re.I | re.X):
                return f"{what}: {found[0]}"
    return ""


def named_process(texts: Iterable[str]) -> str:
    """Find the color process that a description names; empty if none.

    >>> named_process(["Autochrome of a market"])
    'Autochrome'
    """
    return _first(_PROCESS, texts)


def named_institution(texts: Iterable[str]) -> str:
    """Find the institution that keeps a photograph; empty if none is named.

    >>> named_institution(["kept by the Library of Congress, 1912"])
    'Library of Congress'
    """
    return _first(_INSTITUTION, texts)


def kind_of_color(pixels: RGBArray) -> str:
    """Tell whether a photograph is gray, of one tone (sepia), or in color.

    Args:
        pixels: sRGB bytes, 0 to 255, height x width x 3.

    Returns:
        `GRAY`, `TONED` or `COLOR`; see `CHROMA`.
    """
    image = Image.fromarray(pixels)
    image.thumbnail((192, 192))
    lab = as_lab(np.asarray(image)).numpy().reshape(3, -1)
    ab = lab[1:]
    if np.hypot(*ab).mean() < CHROMA:
        return GRAY
    level = (lab[0] / 5).astype(int).clip(0, 19)
    count = np.bincount(level, minlength=20).clip(1)
    tone = np.stack([np.bincount(level, each, 20) / count for each in ab])
    spread = np.hypot(*(ab - tone[:, level])).mean()
    return TONED if spread < SPREAD else COLOR


def _first(pattern: re.Pattern, texts: Iterable[str]) -> str:
    matches = (pattern.search(text) for text in texts)
    return next((found[0].strip() for found in matches if found), "")
