"""Words decide what pixels can't: true color, or colored later."""

import numpy as np
import pytest

from colorlib.color.arrays import without_color
from colorlib.data.samples import BUNDLED, bundled
from colorlib.eras.authenticity import (
    COLOR,
    GRAY,
    TONED,
    kind_of_color,
    later_hand,
    named_institution,
    named_process,
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Category:Colorized photographs", "colored later"),
        ("Seoul 1945 (colourised)", "colored later"),
        ("Hand-tinted postcard", "colored later"),
        ("컬러라이징한 사진", "colored later"),
        ("Made with DeOldify", "colored later"),
        ("Template:AI upscaled", "touched by AI"),
        ("AI-enhanced portrait", "touched by AI"),
        ("Photos processed with Remini", "touched by AI"),
        ("Template:Upscaled", "made larger by a program"),
        ("super-resolution copy", "made larger by a program"),
        ("Template:Retouched picture", "retouched"),
        ("digitally restored version", "retouched"),
    ],
)
def test_a_later_hand_is_found_by_its_word(text, what):
    assert later_hand(["Seoul", text]).startswith(f"{what}: ")


@pytest.mark.parametrize(
    "text",
    ["The restored palace", "Gemini", "a colored flag", "Taipei", "Topaz"]
    + ["Maintained by the army", "colors of the regiment"],
)
def test_plain_descriptions_have_none(text):
    assert later_hand([text]) == ""


def test_process_and_institution_are_named():
    told = ["Kodachrome slide", "Archives of the Library of Congress"]
    assert named_process(told) == "Kodachrome"
    assert named_institution(told) == "Archives of the Library of Congress"
    assert named_institution(["국립중앙박물관 소장"]) == "국립중앙박물관"
    assert named_process(["in color"]) == ""
    assert named_institution(["a library card, an archive"]) == ""


@pytest.mark.parametrize("name", BUNDLED)
def test_color_gray_and_tone_are_told_apart(name):
    pixels = bundled(name)
    assert kind_of_color(pixels) == COLOR
    gray = without_color(pixels)
    assert kind_of_color(gray) == GRAY
    sepia = (gray * np.array([1, 0.9, 0.7])).round().astype(np.uint8)
    assert kind_of_color(sepia) == TONED
