"""Two pictures of one scene, with a line between them that can be moved.

Side by side, the eye has to jump; one over the other, it stays where it is
and sees the color change. Chapter 01.
"""

from collections.abc import Sequence
from html import escape

from colorlib.figures.picture import Picture, Strip
from colorlib.widgets.frames import (
    QUALITIES,
    Pixels,
    as_frames,
    decoded,
    drawn,
)
from colorlib.widgets.widget import Slider, Widget

_ELEMENT = """\
<before-after style="--width: {width}px">
<span class="stage">
<span class="side">{before}<span class="name">{first}</span></span>
<span class="side">{after}<span class="name">{second}</span></span>
<input type="range" min="0" max="100" value="50" autocomplete="off"
 aria-label="Percent of the picture that shows: {first}">
<span class="line"></span>
</span>
</before-after>"""


def before_after(
    before: Pixels | Picture,
    after: Pixels | Picture,
    *,
    alt: str,
    labels: tuple[str, str] = ("before", "after"),
    qualities: Sequence[int] = QUALITIES,
) -> Widget:
    """Lay one picture over the other, with a line to move.

    Args:
        before: sRGB bytes, what is seen left of the line.
        after: the same scene, seen right of it.
        alt: what both show.
        labels: what to call the two.
        qualities: see `as_frames`.

    Returns:
        What the last line of a cell displays.

    Raises:
        ValueError: if the two differ in size, or alt is empty.

    See Also:
        Chapter 01.
    """
    first, second = labels
    left, right = as_frames([before, after], qualities=qualities)
    element = _ELEMENT.format(
        width=left.width,
        before=left.tag(f"{alt}: {first}"),
        after=right.tag(f"{alt}: {second}"),
        first=escape(first),
        second=escape(second),
    )

    def draw(percent: int) -> tuple[Strip, str]:
        image = decoded(right)
        edge = image.width * percent // 100
        image.paste(decoded(left).crop((0, 0, edge, image.height)))
        return drawn(image), ""

    positions = [f"{percent} %" for percent in range(101)]
    return Widget(alt, element, [Slider(first, positions, 50)], draw)
