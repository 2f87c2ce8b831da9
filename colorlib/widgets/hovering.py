"""A picture that says a number at each spot: an error, a verdict, a lightness.

A map in colors shows where something is large. To know how large, one points
at it: with a mouse, a finger or the arrow keys. Chapter 09 asks the 30 by 30
verdicts of a discriminator.
"""

import json
from collections.abc import Mapping
from html import escape

import numpy as np
from jaxtyping import Num
from PIL import Image, ImageDraw

from colorlib.figures.picture import Picture, Strip
from colorlib.widgets.frames import Pixels, as_frames, decoded, drawn
from colorlib.widgets.widget import Slider, Widget

Values = Num[np.ndarray, "_ _"]

# Cells along the longer side. More would be smaller than the tip of a finger.
MOST_CELLS = 64

_ELEMENT = """\
<value-hover style="--width: {width}px; --columns: {columns}; --rows: {rows};
 --column: {column}; --row: {row}" data-numbers="{numbers}">
<span class="stage">{frame}<span class="cell"></span></span>
<output aria-hidden="true">row {y}, column {x}: {text}</output>
<label><span>column</span>
<input type="range" min="1" max="{columns}" value="{x}" autocomplete="off"
 aria-valuetext="{x}: {text}"></label>
<label><span>row</span>
<input type="range" min="1" max="{rows}" value="{y}" autocomplete="off"
 aria-valuetext="{y}: {text}"></label>
</value-hover>"""


def hover(
    pixels: Pixels | Picture,
    values: Mapping[str, Values],
    *,
    alt: str,
    digits: int = 1,
) -> Widget:
    """Show a picture that reads out numbers under the pointer.

    Args:
        pixels: sRGB bytes.
        values: what is read out: `{"color error": error}`. Rows x columns
            that cover the whole picture, one for each pixel or fewer. More
            than 64 along a side are averaged down to that.
        alt: what the picture shows.
        digits: how many digits a number gets after the point.

    Returns:
        What the last line of a cell displays.

    Raises:
        ValueError: if there are no values, if they differ in shape, or if
            one is not a finite number.

    See Also:
        Chapter 09.
    """
    frame = as_frames([pixels])[0]
    cells = {name: _averaged(array) for name, array in _checked(values).items()}
    rows, columns = next(iter(cells.values())).shape

    def text(row: int, column: int) -> str:
        return ", ".join(
            f"{name} {array[row, column]:.{digits}f}"
            for name, array in cells.items()
        )

    def draw(row: int, column: int) -> tuple[Strip, str]:
        image = decoded(frame)
        across, down = image.width / columns, image.height / rows
        left, upper = column * across, row * down
        box = (left, upper, left + across, upper + down)
        ImageDraw.Draw(image).rectangle(box, outline="white", width=2)
        place = f"row {row + 1}, column {column + 1}"
        return drawn(image), f"{place}: {text(row, column)}"

    row, column = rows // 2, columns // 2
    numbers = {
        name: " ".join(f"{number:.{digits}f}" for number in array.flat)
        for name, array in cells.items()
    }
    element = _ELEMENT.format(
        frame=frame.tag(alt),
        width=frame.width,
        columns=columns,
        rows=rows,
        column=column,
        row=row,
        x=column + 1,
        y=row + 1,
        text=escape(text(row, column)),
        numbers=escape(json.dumps(numbers, ensure_ascii=False)),
    )
    sliders = [
        Slider("row", [str(i + 1) for i in range(rows)], row),
        Slider("column", [str(i + 1) for i in range(columns)], column),
    ]
    return Widget(alt, element, sliders, draw)


def _checked(values: Mapping[str, Values]) -> Mapping[str, Values]:
    shapes = sorted({array.shape for array in values.values()})
    if len(shapes) != 1:
        raise ValueError(
            "values must be named arrays of one shape, rows x columns, got"
            f" {' and '.join(map(str, shapes)) or 'none'}"
        )
    if not all(np.isfinite(array).all() for array in values.values()):
        raise ValueError(
            "values hold something that is no number (nan or inf), and that"
            " can't be read out; replace it before, with np.nan_to_num"
        )
    return values


def _averaged(array: Values) -> Values:
    """Bring it down to at most 64 cells a side, each the mean of its area."""
    rows, columns = (min(size, MOST_CELLS) for size in array.shape)
    image = Image.fromarray(array.astype(np.float32))
    return np.asarray(image.resize((columns, rows), Image.Resampling.BOX))
