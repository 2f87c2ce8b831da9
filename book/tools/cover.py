"""Make the book's first pictures and the card that links to it show.

    python book/tools/cover.py      writes book/static/made/

The cover is one photograph, three times: without its color, with the colors
that the shipped model gives it, and as it was. It is the bundled photograph on
which the model is best (chapter 01): a dark blue sky, which it can know. The
color of the lamps, which it can't know, is in the picture, too. Below it
stands a photograph from the past, most of it colored.

Nothing of it is committed. It is made from bundled photographs and the model
that ships, and shows a new model when there is one.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont, ImageOps

from colorlib import Colorizer
from colorlib.color import without_color
from colorlib.data.samples import bundled
from colorlib.shapes import RGBArray

MADE = Path(__file__).resolve().parents[1] / "static" / "made"
# Without the model's paler margins; the rocket in the middle part. RGBArray.
ROWS, COLUMNS = slice(90, 427), slice(0, 640)
SEAMS = 230, 410
BEFORE_HER = 170  # the seam of the other photograph, left of the face
SEAM = 2  # pixels of white
CARD = 1200, 630  # what Open Graph's readers crop to
INK, PAPER, ACCENT, GRAY = "#16181b", "#ffffff", "#e2592b", "#8a8a88"


def triptych() -> Image.Image:
    """Return the rocket: a third gray, a third as colored, a third true."""
    true = bundled("rocket")
    gray = without_color(true)
    model = Colorizer.load().colorize(gray).pixels
    joined = side_by_side([gray, model, true], SEAMS)
    return Image.fromarray(joined[ROWS, COLUMNS])


def past() -> Image.Image:
    """Return the photograph from the past: gray up to her, then colored."""
    gray = bundled("lunch")
    model = Colorizer.load().colorize(gray).pixels
    return Image.fromarray(side_by_side([gray, model], [BEFORE_HER]))


def side_by_side(
    pictures: Sequence[RGBArray], seams: Sequence[int]
) -> RGBArray:
    """Show one picture up to the first seam, the next up to the second."""
    joined = pictures[0].copy()
    for picture, seam in zip(pictures[1:], seams, strict=True):
        joined[:, seam:] = picture[:, seam:]
        joined[:, seam - SEAM // 2 : seam + SEAM // 2] = 255
    return joined


def card(picture: Image.Image) -> Image.Image:
    """Return the picture beside the book's title, 1200 x 630."""
    canvas = Image.new("RGB", CARD, INK)
    draw = ImageDraw.Draw(canvas)
    left = 470
    photograph = ImageOps.fit(picture, (CARD[0] - left, CARD[1]))
    canvas.paste(photograph, (left, 0))
    canvas.paste(mark(64), (64, 72))
    draw.text((60, 200), "Back\nin Color", PAPER, _font(96), spacing=8)
    line = "A course on coloring\nold photographs, and on\nwhat can't be known"
    draw.text((64, 452), line, "#c8c8c6", _font(33), spacing=8)
    return canvas


def mark(size: int) -> Image.Image:
    """Return the book's mark, half a disk gray and half orange, on INK.

    The same as book/static/favicon.svg.
    """
    large = 8 * size  # Pillow draws with hard edges; shrinking softens them
    disk = Image.new("RGB", (large, large), INK)
    draw = ImageDraw.Draw(disk)
    draw.pieslice((0, 0, large, large), 90, 270, fill=GRAY)
    draw.pieslice((0, 0, large, large), 270, 90, fill=ACCENT)
    return disk.resize((size, size), Image.Resampling.LANCZOS)


def main() -> int:
    """Write both pictures, and say so."""
    MADE.mkdir(parents=True, exist_ok=True)
    picture = triptych()
    picture.save(MADE / "cover.webp", quality=90, method=6)
    # As JPEG: not everything that shows cards for links reads WebP.
    card(picture).save(MADE / "card.jpg", quality=88)
    past().save(MADE / "past.webp", quality=90, method=6)
    print(f"cover.webp, card.jpg, past.webp -> {MADE.name}/")
    return 0


def _font(size: int) -> ImageFont.FreeTypeFont:
    """A serif that is on every machine that can make the book."""
    path = Path(matplotlib.get_data_path(), "fonts/ttf/STIXGeneral.ttf")
    return ImageFont.truetype(str(path), size)


if __name__ == "__main__":
    sys.exit(main())
