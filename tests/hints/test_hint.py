"""A hint has a place, a color and a source, or it is none."""

import pytest
from skimage.color import rgb2lab

from colorlib.hints.hint import (
    Hint,
    check_agreement,
    check_inside,
    hints_digest,
)

POINT = (4, 3, 5, 4)


def test_a_hint_says_all_of_itself_in_a_line():
    assert (
        Hint(POINT, "#8C1c2b", "me").line == "point 4, 3: #8C1c2b; source: me"
    )
    box = Hint((0, 0, 5, 4), (60.0, -4.5), "a label")
    assert box.line == "box 0, 0, 5, 4: a* 60, b* -4.5; source: a label"
    assert box.as_json() == {
        "place": "box 0, 0, 5, 4",
        "box": [0, 0, 5, 4],
        "color": (60.0, -4.5),
        "ab": [60.0, -4.5],
        "source": "a label",
        "line": box.line,
    }


def test_a_color_is_srgb_s():
    expected = rgb2lab([[[0x8C / 255, 0x1C / 255, 0x2B / 255]]])[0, 0, 1:]
    assert Hint(POINT, "#8c1c2b", "me").ab == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("box", "color", "source", "says"),
    [
        ((4, 3, 4, 9), "#8c1c2b", "me", "box 4, 3, 4, 9 has no pixel"),
        ((-1, 3, 4, 9), "#8c1c2b", "me", "has no pixel"),
        (POINT, "red", "me", "no color is called 'red'; write #rrggbb"),
        (POINT, "#8c1c2", "me", "no color is called"),
        (POINT, (110.0, 0.0), "me", "between -110 and 110"),
        (POINT, (0.0, float("nan")), "me", "no color is called"),
        (POINT, "#8c1c2b", " ", "it has no source"),
        (POINT, "#8c1c2b", "a\x1b[2J", "unprintable"),
    ],
)
def test_what_is_no_hint_says_why(box, color, source, says):
    with pytest.raises(ValueError, match=".") as error:
        Hint(box, color, source)
    assert says in str(error.value)


def test_a_hint_lies_inside_the_photograph():
    hint = Hint((39, 29, 40, 30), "#8c1c2b", "me")
    check_inside([hint], 40, 30)
    for size in ((39, 30), (40, 29)):
        with pytest.raises(ValueError, match="point 39, 29 lies outside"):
            check_inside([hint], *size)


def test_no_pixel_has_two_colors():
    box = Hint((0, 0, 10, 10), "#8c1c2b", "me")
    check_agreement([box, Hint((9, 9, 12, 12), "#8C1C2B", "another")])
    check_agreement([box, Hint((10, 0, 12, 12), "#000000", "another")])
    with pytest.raises(ValueError, match="box 0, 0, 10, 10 and point 9, 9"):
        check_agreement([box, Hint((9, 9, 10, 10), "#000000", "another")])


def test_another_source_makes_other_hints():
    one, other = (Hint(POINT, "#8c1c2b", who).line for who in ("me", "you"))
    assert hints_digest([one]) != hints_digest([other])
    assert len(hints_digest([one])) == 12
