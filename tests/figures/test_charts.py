"""Charts can be read by color-blind readers, and in the dark."""

import re
from itertools import combinations

import pytest
import torch

from colorlib.color import rgb_to_lab
from colorlib.evaluation import Estimate
from colorlib.figures import charts
from colorlib.metrics import ciede2000

# Machado, Oliveira, Fernandes, A Physiologically-based Model for Simulation
# of Color Vision Deficiency, 2009: linear RGB, nothing left of one cone.
VISION = {
    "all three cones": torch.eye(3),
    "no red cone": torch.tensor(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green cone": torch.tensor(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue cone": torch.tensor(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(color: str) -> torch.Tensor:
    rgb = torch.tensor([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    low, high = rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4
    return torch.where(rgb <= 0.04045, low, high)


def encoded(light: torch.Tensor) -> torch.Tensor:
    light = light.clamp(0, 1)
    low, high = light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055
    return torch.where(light <= 0.0031308, low, high)


@pytest.mark.parametrize("color", [*charts.COLORS, charts.INK])
def test_a_line_stands_out_from_white(color):
    """WCAG 2.1, 1.4.11: three to one for what must be seen to understand."""
    luminance = linear(color) @ torch.tensor([0.2126, 0.7152, 0.0722])
    assert 1.05 / (luminance + 0.05) >= 3


@pytest.mark.parametrize("cones", VISION.values(), ids=VISION)
def test_two_lines_are_never_of_one_color(cones):
    """Whatever cones a reader has. Beyond 10, a color is plainly another."""
    seen = {
        color: rgb_to_lab(encoded(cones @ linear(color)).view(3, 1, 1))
        for color in charts.COLORS
    }
    near = [
        (one, other)
        for one, other in combinations(seen, 2)
        if ciede2000(seen[one], seen[other]).item() < 10
    ]
    assert near == []


def drawn(lines: int = 2) -> charts.Chart:
    chart = charts.Chart("epoch", "color error (CIEDE2000)")
    for i in range(lines):
        chart.axes.plot([1, 2, 3], [9 - i, 7 - i, 6 - i], label=f"line {i}")
    return chart


def test_lines_differ_by_more_than_their_color():
    """Printed in black and white, a legend of colors says nothing."""
    svg = drawn(len(charts.COLORS))._repr_svg_()
    strokes = re.findall(r'style="fill: none; ([^"]*)"', svg)
    dashes, colors = set(), set()
    for stroke in strokes:
        color = re.search(r"stroke: (#\w+)", stroke)[1]
        if color in map(str.lower, charts.COLORS):
            dash = re.search(r"dasharray: ([^;]*)", stroke)
            dashes.add(dash and dash[1])
            colors.add(color)
    assert len(dashes) == len(colors) == 5


def test_lines_are_named_and_the_ground_is_white():
    """On a dark page, ink on no ground could not be read."""
    chart = drawn()
    svg = chart._repr_svg_()
    chart._repr_svg_()  # shown twice, named once
    (legend,) = chart.figure.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["line 0", "line 1"]
    assert svg.index("fill: #ffffff") < svg.index("axes_1")


def test_a_chart_without_names_has_no_legend():
    chart = charts.Chart("epoch", "loss")
    chart.axes.plot([1, 2], [2, 1])
    chart._repr_svg_()
    assert chart.figure.legends == []


def test_the_same_chart_is_the_same_file():
    """Else every build of the book would change every chart."""
    assert drawn()._repr_svg_() == drawn()._repr_svg_()


def test_a_sheet_names_what_its_charts_share_once():
    """One color, one meaning, also across charts."""
    sheet = charts.ChartGrid("x", "density", "loss", "pull")
    for axes, name in zip(sheet.axes, ("real", "ours", "ours"), strict=True):
        axes.plot([1, 2], [2, 1], label=name)
    sheet._repr_svg_()
    (legend,) = sheet.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["real", "ours"]


def test_a_sheet_is_read_row_by_row():
    sheet = charts.ChartGrid("x", "density", "loss", "pull", columns=2)
    sheet._repr_svg_()
    first, second, third = (axes.get_position() for axes in sheet.axes)
    assert first.x0 < second.x0
    assert first.y0 == pytest.approx(second.y0)
    assert third.x0 == pytest.approx(first.x0)
    assert third.y0 < first.y0
    titles = [axes.get_title("left") for axes in sheet.axes]
    assert titles == ["density", "loss", "pull"]


def test_frames_of_one_chart_have_one_size():
    """A frame that was larger would make the page jump."""
    [one], [other] = (drawn(lines).picture().parts for lines in (1, 3))
    assert (one.width, one.height) == (other.width, other.height)
    assert one.webp != other.webp
    assert drawn().picture().shows == "color error (CIEDE2000) by epoch"


def test_what_a_chapter_writes_is_as_large_as_all_other_letters():
    """Matplotlib's own size would be too small on a telephone."""
    chart = drawn()
    small = chart.axes.text(1, 7, "ln 2", fontsize=8)
    large = chart.axes.text(2, 7, "here", fontsize=20)
    [frame] = chart.picture().parts
    assert small.get_fontsize() == charts.LETTERS
    assert large.get_fontsize() == 20
    # At 358 pixels, a telephone's page, of the 720 that a frame is wide.
    assert frame.letters * 358 / frame.width > 11


@pytest.mark.parametrize("name", ["a", "non-saturating", "a very long name"])
def test_a_legend_is_not_wider_than_its_chart(name):
    chart = charts.Chart("epoch", "loss")
    for i in range(4):
        chart.axes.plot([1, 2], [i, i], label=f"{name} {i}")
    chart._repr_svg_()
    chart.figure.draw_without_rendering()
    [legend] = chart.figure.legends
    box, page = legend.get_window_extent(), chart.figure.bbox
    assert page.x0 <= box.x0 < box.x1 <= page.x1


def test_an_interval_lies_on_both_sides_of_its_mark():
    """Rows from the top, and the same mark for the same thing."""
    few = {"inside": Estimate(0.1, -0.1, 0.3, 0.0)}
    many = {"inside": Estimate(0.4, 0.2, 0.5, 0.0)}
    chart = charts.intervals("share", {"few": few, "many": many})
    axes = chart.axes
    assert axes.yaxis_inverted()
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "few",
        "many",
    ]
    [lines] = axes.collections
    spans = [segment[:, 0].tolist() for segment in lines.get_segments()]
    assert spans == [[-0.1, 0.3], [0.2, 0.5]]
    marks = axes.lines[-1]
    assert list(marks.get_xdata()) == [0.1, 0.4]
    assert list(marks.get_ydata()) == [0, 1]
