"""The line to print below a colored photograph, in English and Korean.

A mark in the file is lost in print and on many a web site. A line below the
picture stays with it. It goes into a strip of its own and never over the
photograph, whose pixels stay as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from colorlib.photos.photo import MadeBy, Photo, RefusedError

LANGUAGES = ("en", "ko")
# What `--caption` takes, and the languages below each other in the strip.
STRIPS = {"en": ("en",), "ko": ("ko",), "both": LANGUAGES}
CAPTION = "caption-"  # a.caption-ko.jpg

_LINES = {
    "en": (
        "Colorized by an algorithm ({}). The colors are guesses, not evidence"
        " of what was there."
    ),
    "ko": (
        "알고리즘이 색을 입힌 사진입니다({}). 색은 추정한 것이며, 당시의 실제"
        " 색을 입증하지 않습니다."
    ),
}
# Where somebody knew colors, not all of them are guesses.
_HINTED = {
    "en": " Some follow hints; their sources stand in the file.",
    "ko": " 일부 색은 자료를 따랐으며, 그 출처는 파일에 적혀 있습니다.",
}
_MODEL = {"en": "model {}", "ko": "모델 {}"}

# Font files of Linux, Windows and macOS that have Hangul, by how they begin.
_HANGUL_FONTS = [
    *("notosanskr", "notosanscjk", "nanumgothic.", "malgun."),
    *("applesdgothicneo", "applegothic", "notoserifkr", "notoserifcjk"),
    *("nanummyeongjo.", "undotum.", "gulim."),
]
_SMALLEST = 9  # pixels; below it Hangul is a blot
_WIDTH_IN_LETTERS = 50  # as wide as they are high: 100 Latin ones


def credit_line(made_by: MadeBy, language: str) -> str:
    """Say in one line who made the colors, and what they are worth.

    Args:
        made_by: the mark of a colored photograph.
        language: "en" or "ko".

    Example:
        >>> mark = MadeBy("compact", "ab" * 32, "colorlib 0.1.0")
        >>> print(credit_line(mark, "en"))
        Colorized by an algorithm (colorlib 0.1.0, model compact). The colors \
are guesses, not evidence of what was there.
    """
    model = _MODEL[language].format(made_by.model)
    known = filter(None, (made_by.software, model, made_by.date))
    line = _LINES[language].format(", ".join(known))
    return line + (_HINTED[language] if made_by.hints else "")


@cache
def find_font(language: str) -> Path:
    """Find a font file that has the letters of a language.

    Args:
        language: "en" or "ko". For English it is matplotlib's DejaVu Sans,
            which is everywhere and has no Hangul.

    Raises:
        ValueError: if no font of this system has Hangul.
    """
    import matplotlib
    from matplotlib.font_manager import findSystemFonts

    if language == "en":
        return Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf")
    there = [Path(name) for name in findSystemFonts()]
    there.sort(key=lambda path: ("regular" not in path.name.lower(), path))
    for start in _HANGUL_FONTS:
        for path in there:
            if path.name.lower().startswith(start) and _has_hangul(path):
                return path
    raise ValueError(
        "no font of this system has Hangul, which a caption in Korean needs;"
        " install Noto Sans KR or Nanum Gothic, or use --caption en"
    )


def to_print(photo: Photo, strip: str) -> Photo:
    """Add the line below a colored photograph, in one language or two.

    Args:
        photo: with its mark, which the line is made from.
        strip: a key of `STRIPS`.

    Raises:
        PhotoError: if it is too narrow for a word.
        ValueError: if it has no mark, or no font has the letters.
    """
    if photo.made_by is None:
        raise ValueError("no algorithm colored this photo, so there is no line")
    lines = [
        (credit_line(photo.made_by, language), find_font(language))
        for language in STRIPS[strip]
    ]
    return with_strip(photo, lines)


def with_strip(photo: Photo, lines: Sequence[tuple[str, Path]]) -> Photo:
    """Add a white strip with text below a photograph.

    Args:
        photo: of any depth.
        lines: each a text and its font file. Long ones are wrapped.

    Returns:
        A higher photo. Its upper rows are the photograph, unchanged.

    Raises:
        PhotoError: if it is too narrow for the longest word.
    """
    try:
        strip = _strip(photo.width, lines)
    except RefusedError as refusal:
        raise refusal.about(photo.path or "a photo") from None
    if photo.bits == 16:
        strip = strip.astype(np.uint16) * 257
    below = strip if photo.is_gray else np.dstack([strip] * 3)
    alpha = photo.alpha
    if alpha is not None:
        opaque = np.full_like(strip, np.iinfo(strip.dtype).max)
        alpha = np.vstack([alpha, opaque])
    pixels = np.vstack([photo.pixels, below])
    return replace(photo, pixels=pixels, alpha=alpha)


def _strip(width: int, lines: Sequence[tuple[str, Path]]) -> np.ndarray:
    """Draw black letters on white, (height, width) of bytes."""
    size = max(_SMALLEST, round(width / _WIDTH_IN_LETTERS))
    margin = size // 2
    rows = []
    for text, path in lines:
        # The basic layout needs no library that only some systems have.
        layout = ImageFont.Layout.BASIC
        font = ImageFont.truetype(str(path), size, layout_engine=layout)
        rows += [(row, font) for row in _wrap(text, font, width - 2 * margin)]
    pitch = round(1.4 * size)
    image = Image.new("L", (width, pitch * len(rows) + 2 * margin), 255)
    draw = ImageDraw.Draw(image)
    for number, (row, font) in enumerate(rows):
        at = (margin, margin + number * pitch + pitch // 2)
        draw.text(at, row, 0, font, anchor="lm")
    return np.asarray(image)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """Break a text at spaces into rows of at most a width in pixels."""
    row = ""
    for word in text.split():
        if font.getlength(word) > width:
            raise RefusedError(
                "is too narrow for a caption below it", "print the text apart"
            )
        longer = f"{row} {word}".strip()
        if font.getlength(longer) > width:
            yield row
            longer = word
        row = longer
    yield row


def _has_hangul(path: Path) -> bool:
    """Whether two syllables look like themselves, not like a missing letter."""
    try:
        font = ImageFont.truetype(str(path), 24)
        shapes = {bytes(font.getmask(letter)) for letter in "색진\U0010ffff"}
    except OSError:
        return False
    return len(shapes) == 3
