"""A forced choice hides who made which, and is fair to both."""

import base64
import io
import json
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from colorlib import widgets

RED, BLUE = 200, 60  # how red the pictures of the two alternatives are


def picture(red, pair):
    """A picture that says who made it and which photograph it shows."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[..., 0], pixels[..., 2] = red, 10 * pair
    return pixels


def choice(pairs=6, **options):
    options = {"alt": "a wall"} | options
    made = {
        "crimson": [picture(RED, i) for i in range(pairs)],
        "azure": [picture(BLUE, i) for i in range(pairs)],
    }
    return widgets.forced_choice(made, **options)


def parsed(widget):
    return BeautifulSoup(widget._repr_html_(), "html.parser")


def design_of(page):
    return json.loads(
        base64.b64decode(page.find("forced-choice")["data-design"])
    )


def frames(page, place):
    """Of one place: who made each picture, and which photograph it shows."""
    found = []
    for image in page.select(".side")[place].select("img"):
        content = base64.b64decode(image["src"].partition(",")[2])
        color = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        red, _, blue = color.reshape(-1, 3).mean(axis=0)
        found.append(("crimson" if red > 130 else "azure", round(blue / 10)))
    return found


def test_each_alternative_stands_left_in_half_of_the_pairs():
    page = parsed(choice())
    left, right = frames(page, 0), frames(page, 1)
    assert [who for who, _ in left].count("crimson") == 3
    for (one, pair), (other, same) in zip(left, right, strict=True):
        assert {one, other} == {"crimson", "azure"}
        assert pair == same
    assert sorted(pair for _, pair in left) == list(range(6))


def test_the_design_says_who_is_left():
    """Else a judge's answers would be counted for the other one."""
    names = [f"photo {i}" for i in range(6)]
    page = parsed(choice(names=names))
    design = design_of(page)
    left = frames(page, 0)
    assert design["pairs"] == [f"photo {pair}" for _, pair in left]
    assert [design["names"][s] for s in design["swapped"]] == [
        who for who, _ in left
    ]


def test_the_seed_decides_order_and_sides():
    first, again, other = (parsed(choice(seed=s)) for s in (1, 1, 2))
    assert frames(first, 0) == frames(again, 0) != frames(other, 0)
    seeds = [frames(parsed(choice(seed=s)), 0) for s in range(12)]
    assert len({tuple(pair for _, pair in left) for left in seeds}) > 6


def test_nothing_on_the_page_tells_who_made_which():
    """Not to a reader of its source, until the end."""
    html = choice()._repr_html_()
    for name in ("crimson", "azure"):
        assert name not in html
    page = parsed(choice())
    assert "who" in page.select_one(".start").text.lower()
    alts = [image["alt"] for image in page.select(".side img")]
    assert {re.sub(r"\d+", "N", alt) for alt in alts} == {
        "a wall: pair N, a picture",
        "a wall: pair N, another",
    }
    assert len(set(alts)) == 12


def test_every_frame_is_fetched_late_and_has_its_size():
    page = parsed(choice(references=[picture(9, i) for i in range(6)]))
    images = page.find_all("img")
    assert len(images) == 18
    for image in images:
        assert image["alt"].startswith("a wall: pair ")
        assert (image["width"], image["height"]) == ("60", "40")
        assert image["loading"] == "lazy"
        assert image.has_attr("hidden")


def test_a_page_gets_all_that_it_needs():
    """No kernel, no other host, no second file."""
    page = parsed(choice())
    assert "customElements.define" in page.script.text
    assert "@media print" in page.style.text
    assert not page.find_all(src=re.compile("^(?!data:)"))
    assert not page.find_all(href=True)


def test_a_reference_shows_the_same_photograph():
    grays = [picture(100, i) for i in range(6)]
    page = parsed(choice(references=grays, reference_label="gray <1911>"))
    assert page.select_one(".reference .name").text == "gray <1911>"
    left = [alt["alt"] for alt in page.select(".reference img")]
    assert left[0] == "a wall: pair 1, gray <1911>"
    assert len(left) == 6
    assert not parsed(choice()).select(".reference")


def test_a_question_is_text():
    page = parsed(choice(question='Which is "true" & <best>?'))
    asked = {each.text for each in page.select(".ask")}
    assert asked == {'Which is "true" & <best>?'}
    assert (
        page.select_one(".trial")["aria-label"] == 'Which is "true" & <best>?'
    )


def test_there_is_no_third_button():
    """A choice that is not forced is another test."""
    page = parsed(choice())
    assert len(page.select(".pair button")) == 2


@pytest.mark.parametrize(
    ("made", "line"),
    [
        ({}, "got none"),
        ({"a": [picture(1, 1)]}, "got a: 1"),
        ({"a": [picture(1, 1)], "b": []}, "got a: 1, b: 0"),
        ({"a": [], "b": []}, "got a: 0, b: 0"),
        ({n: [picture(1, 1)] for n in "abc"}, "got a: 1, b: 1, c: 1"),
    ],
)
def test_a_choice_is_between_two(made, line):
    with pytest.raises(ValueError, match=line):
        widgets.forced_choice(made, alt="a wall")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"alt": " "}, "alt is empty"),
        ({"names": ["one"]}, "6 pairs, 1 names and 0 references"),
        ({"references": [picture(1, 1)]}, "6 names and 1 references"),
    ],
)
def test_what_belongs_to_pairs_is_there_for_each(options, line):
    with pytest.raises(ValueError, match=line):
        choice(**options)
