"""Frames of something that changes, one at a time, chosen by sliders.

An epoch, a lightness, a weight of a loss: where a figure has room for three
of them, a slider shows all. Chapter 04 moves through L* with it, chapter 10
through the epochs.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from itertools import product
from math import prod

from colorlib.figures.picture import Picture, Strip
from colorlib.widgets.frames import Pixels, as_frames
from colorlib.widgets.widget import Slider, Widget

# As wide as a page shows a chart (book/static/css/custom.css).
CHART_WIDTH = 544

_ELEMENT = """\
<frame-scrubber style="--width: {width}px">
{above}<span class="stage">
{frames}
</span>
{below}{sliders}
</frame-scrubber>"""

_SLIDER = """\
<label><span>{label}</span>
<input type="range" min="0" max="{last}" value="{start}" autocomplete="off"
 aria-valuetext="{text}" data-positions="{positions}"></label>
<output aria-hidden="true">{text}</output>"""


def scrubber(
    frames: Sequence[Pixels | Picture],
    sliders: Mapping[str, Sequence],
    *,
    alt: str,
    start: Mapping[str, object] | None = None,
) -> Widget:
    """Show one of many frames, chosen by one slider or by two.

    Args:
        frames: sRGB bytes of one size. With two sliders they come in the
            order of `[frame(a, b) for a in first for b in second]`. Names
            that all frames share stand above them; what differs, the sliders
            say.
        sliders: what changes, and its values: `{"epoch": [1, 5, 20]}`.
        alt: what all frames show.
        start: the value of a slider that is shown first, and in print:
            `{"epoch": 20}`. Left out, its first value.

    Returns:
        What the last line of a cell displays.

    Raises:
        ValueError: if there are fewer than two frames or not as many as the
            sliders have positions, if start is no position, or if the frames
            differ in size or weigh more than a page has room for.

    See Also:
        Chapters 04 and 10.
    """
    sizes = [len(values) for values in sliders.values()]
    if not (1 <= len(sizes) <= 2 and prod(sizes) == len(frames) >= 2):
        positions = " x ".join(map(str, sizes)) or "no"
        raise ValueError(
            f"there are {len(frames)} frames for {positions} positions of"
            f" {len(sizes)} sliders; give one or two sliders, and a frame"
            " for each position"
        )
    chosen: dict[str, object] = {n: list(v)[0] for n, v in sliders.items()}
    chosen |= start or {}
    controls = [_slider(sliders, name, value) for name, value in chosen.items()]

    first = tuple(control.start for control in controls)

    spots = list(product(*map(range, sizes)))
    names = [
        ", ".join(
            f"{control.label} {control.positions[i]}"
            for control, i in zip(controls, spot, strict=True)
        )
        for spot in spots
    ]
    shown = list(zip(as_frames(frames), names, strict=True))
    at_spot = dict(zip(spots, shown, strict=True))

    def draw(*spot: int) -> tuple[Strip, str]:
        return at_spot[spot]

    tags = [
        frame.tag(f"{alt}, {name}", hidden=spot != first)
        for spot, (frame, name) in at_spot.items()
    ]
    frame = shown[0][0]
    above, below = {f.above for f, _ in shown}, {f.below for f, _ in shown}
    element = _ELEMENT.format(
        width=frame.width if frame.letters is None else CHART_WIDTH,
        above=above.pop() if len(above) == 1 else "",
        below=below.pop() if len(below) == 1 else "",
        frames="\n".join(tags),
        sliders="\n".join(map(_as_html, controls)),
    )
    return Widget(alt, element, controls, draw)


def _slider(
    sliders: Mapping[str, Sequence], name: str, start: object
) -> Slider:
    values = list(sliders.get(name, ()))
    if start not in values:
        positions = {name: list(values) for name, values in sliders.items()}
        raise ValueError(f"start={{{name!r}: {start!r}}} is not in {positions}")
    texts = [f"{v:g}" if isinstance(v, float) else str(v) for v in values]
    return Slider(name, texts, values.index(start))


def _as_html(slider: Slider) -> str:
    return _SLIDER.format(
        label=escape(slider.label),
        last=len(slider.positions) - 1,
        start=slider.start,
        text=escape(slider.positions[slider.start]),
        positions=escape(json.dumps(slider.positions)),
    )
