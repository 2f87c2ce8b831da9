"""A hue is judged, and an order of hues, never a shade."""

import numpy as np
import pytest
import torch

from colorlib.color import AB_SCALE
from colorlib.colorizer import Colorizer
from colorlib.eras.catalog import load_era
from colorlib.eras.schema import HUES
from colorlib.evaluation.era_objects import (
    PARTS_RIGHT,
    THINGS_RIGHT,
    WITHIN,
    family_of,
    judge_order,
)
from colorlib.evaluation.era_places import read_objects
from colorlib.models.generator import Generator

ERA = load_era("korean-war")
RED, BLUE, GRAY = (40.0, 20.0), (5.0, -40.0), (0.0, 0.0)
FILE = """
[[object]]
photo = "flag.png"
thing = "Taegukgi, the flag"
parts = { "red half" = [8, 4, 24, 12], "blue half" = [8, 20, 24, 28] }
"""


class Halves(Generator):
    """Paints the upper half in one color, and the lower in another."""

    config: dict = {}
    multiple = 1

    def __init__(self, above, below):
        super().__init__()
        self.both = torch.tensor([above, below]) / AB_SCALE

    def forward(self, L):
        rows = torch.arange(L.shape[-2]) * 2 // L.shape[-2]
        ab = self.both[rows].T[None, :, :, None]  # (1, 2, rows, 1)
        return ab.expand(len(L), -1, -1, L.shape[-1])


def painter(above, below):
    G = Halves(above, below).eval()
    return Colorizer(G, "painter", "", 32, torch.device("cpu"))


@pytest.fixture
def path(tmp_path):
    (tmp_path / "flag.png").write_bytes(b"looked at later")
    path = tmp_path / "objects.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def judge(path, **colorizers):
    pixels = np.full((32, 32, 3), 128, np.uint8)
    things = [(thing, pixels) for thing in read_objects(path, ERA)]
    return judge_order(colorizers, things)


def test_a_file_says_where_the_parts_are(path):
    (thing,) = read_objects(path, ERA)
    assert thing.path == path.parent / "flag.png"
    assert thing.boxes["blue half"] == (8, 20, 24, 28)
    assert thing.hues == {"red half": "red", "blue half": "blue"}


def test_the_korean_name_does_too(path):
    path.write_text(FILE.replace("Taegukgi, the flag", "태극기"), "utf-8")
    (thing,) = read_objects(path, ERA)
    assert thing.thing == "Taegukgi, the flag"


def test_the_order_is_right_wrong_or_half_right(path):
    """All in one hue gets a part right and no thing."""
    order = judge(
        path,
        right=painter(RED, BLUE),
        wrong=painter(BLUE, RED),
        blue=painter(BLUE, BLUE),
        gray=painter(GRAY, GRAY),
    )
    counts = {who: order.counts(who) for who in order.things}
    assert counts == {
        "right": {PARTS_RIGHT: (2, 2), THINGS_RIGHT: (1, 1)},
        "wrong": {PARTS_RIGHT: (0, 2), THINGS_RIGHT: (0, 1)},
        "blue": {PARTS_RIGHT: (1, 2), THINGS_RIGHT: (0, 1)},
        "gray": {PARTS_RIGHT: (0, 2), THINGS_RIGHT: (0, 1)},
    }
    ((red, blue),) = order.things["right"]
    assert red.hue == pytest.approx(27, abs=3)
    assert blue.hue == pytest.approx(277, abs=3)
    ((gone, _),) = order.things["gray"]
    assert (gone.hue, gone.found) == (None, "")
    assert order.as_json()["right"]["blue"][PARTS_RIGHT] == (1, 2)


def test_a_thing_of_one_hue_needs_one_part(path):
    path.write_text(
        '[[object]]\nphoto = "flag.png"\nthing = "Sign of the Red Cross"\n'
        'parts = { "cross" = [8, 4, 24, 12] }\n'
    )
    order = judge(path, red=painter(RED, RED), blue=painter(BLUE, BLUE))
    assert order.counts("red") == {PARTS_RIGHT: (1, 1), THINGS_RIGHT: (1, 1)}
    assert order.counts("blue") == {PARTS_RIGHT: (0, 1), THINGS_RIGHT: (0, 1)}


def test_shades_do_not_count(path):
    """A pale pink is as red as a flag."""
    order = judge(path, pale=painter((6.0, 3.0), (1.0, -6.0)))
    assert order.counts("pale")[THINGS_RIGHT] == (1, 1)


def test_another_color_than_that_of_either_half_is_wrong(path):
    """This green is nearer to blue than to red, and is not blue."""
    green = (-34.0, 9.0)
    order = judge(path, green=painter(RED, green))
    assert order.counts("green") == {PARTS_RIGHT: (1, 2), THINGS_RIGHT: (0, 1)}
    ((red, other),) = order.things["green"]
    assert (red.found, other.found) == ("red", "green")


def test_hues_are_angles():
    assert family_of(360) == family_of(0) == "red"
    assert family_of(-60) == "blue"
    assert family_of(100) == "yellow"
    assert family_of(200) == family_of(330) == ""


def test_a_hue_is_of_one_family():
    """Whatever `HUES` will have: else an order of two could be both ways."""
    angles = sorted(HUES.values())
    gaps = np.diff([*angles, angles[0] + 360])
    assert gaps.min() >= 2 * WITHIN


def test_a_box_outside_the_photograph_is_named(path):
    path.write_text(FILE.replace("24, 28", "24, 33"))
    with pytest.raises(ValueError, match="'blue half' in flag.png lies outsid"):
        judge(path, right=painter(RED, BLUE))


def test_without_things_there_is_nothing_to_judge():
    with pytest.raises(ValueError, match="no documented things"):
        judge_order({}, [])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[object]]", "[[thing]]", "has no use for 'thing'"),
        (FILE, "", "holds no object"),
        (FILE, "object = [1]", "object 1: is no table"),
        (FILE, "[[object]", "objects.toml: "),
        ('photo = "flag.png"', "", "object 1: has no photo"),
        ('"flag.png"', '"none.png"', "there is no photograph .*none.png"),
        ('"flag.png"', "7", "photo is no name: 7"),
        ("thing", "shade = 1\nthing", "has no use for 'shade'"),
        ("Taegukgi, the flag", "Clothes of refugees", "no hues of 'Clothes"),
        ("red half", "green half", "has no part 'green half'"),
        (', "blue half" = [8, 20, 24, 28]', "", "boxes of two parts"),
        (FILE[FILE.index("parts") :], "parts = {}", "parts is empty"),
        ("[8, 4, 24, 12]", "[8, 4, 8, 12]", "'red half' must be"),
        ("[8, 4, 24, 12]", "[8.5, 4, 24, 12]", "'red half' must be"),
        ("[8, 4, 24, 12]", "[-1, 4, 24, 12]", "'red half' must be"),
        ("{ ", "[", "objects.toml: "),
    ],
)
def test_a_broken_file_is_named_with_the_place(path, old, new, said):
    assert old in FILE
    path.write_text(FILE.replace(old, new, 1))
    with pytest.raises(ValueError, match=said) as raised:
        read_objects(path, ERA)
    assert str(raised.value).startswith(str(path))


def test_a_file_in_another_encoding_is_named(path):
    path.write_bytes("태극기".encode("euc-kr"))
    with pytest.raises(ValueError, match="no text in UTF-8"):
        read_objects(path, ERA)
