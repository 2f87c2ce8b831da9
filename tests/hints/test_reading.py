"""A file of hints is read whole, or refused with one line."""

import pytest

from colorlib.hints.hint import Hint
from colorlib.hints.reading import read_hints

GOOD = {
    "photo": '"a.jpg"',
    "point": "[4, 3]",
    "color": '"#8c1c2b"',
    "source": '"me"',
}


def table(**changed):
    fields = GOOD | changed
    lines = [f"{name} = {value}" for name, value in fields.items() if value]
    return "\n".join(["[[hint]]", *lines, ""])


def write(folder, text):
    path = folder / "hints.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_may_be_of_several_photographs(tmp_path):
    text = table() + table(photo='"비/b.jpg"', point="", box="[0, 0, 9, 8]")
    text += table(
        point="[5, 3]", color="[60, -4.5]", source='"""you\n and I"""'
    )
    assert read_hints(write(tmp_path, text)) == {
        "a.jpg": (
            Hint((4, 3, 5, 4), "#8c1c2b", "me"),
            Hint((5, 3, 6, 4), (60.0, -4.5), "you and I"),
        ),
        "비/b.jpg": (Hint((0, 0, 9, 8), "#8c1c2b", "me"),),
    }


def test_an_editor_s_mark_before_the_text_is_no_part_of_it(tmp_path):
    assert read_hints(write(tmp_path, b"\xef\xbb\xbf" + table().encode()))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no hint"),
        ("hint = 3", "holds no hint"),
        ("hint = [3]", "hint 1: is no table"),
        ("[[hint", "Expected"),
        ("[" * 100_000, ""),
        (b"\xff\xfe", "is no text in UTF-8"),
        (table() + "[[hints]]", "has no use for 'hints'"),
        (table() + table(colour='"red"'), "hint 2: has no use for 'colour'"),
        (table(photo=""), "hint 1: has no photo"),
        (table(photo="3"), "photo is no name: 3"),
        (table(source=""), "hint 1: has no source"),
        (table(source='" "'), "it has no source"),
        (table(source="3"), "source is no text: 3"),
        (table(color=""), "has no color"),
        (table(color='"red"'), "no color is called 'red'"),
        (table(color="[60]"), "color must be [a*, b*], numbers, and is [60]"),
        (table(color="[true, 3]"), "color must be"),
        (table(color="[nan, 3]"), "no color is called"),
        (table(color="[1e9, 3]"), "between -110 and 110"),
        (table(point=""), "needs a point or a box"),
        (table(box="[0, 0, 9, 8]"), "and not both"),
        (table(point="[4.5, 3]"), "point must be [x, y], whole numbers"),
        (table(point="[4, -3]"), "point 4, -3 has no pixel"),
        (table(point="", box="[9, 0, 0, 8]"), "has no pixel"),
        (table() + table(color='"#000000"'), "a.jpg: the hints at point 4, 3"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(ValueError, match=".") as error:
        read_hints(path)
    assert str(error.value).startswith(f"{path}: ")
    assert says in str(error.value)
    assert "\n" not in str(error.value)
