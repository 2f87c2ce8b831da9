"""Each part has its numbers and what they can't show, or what it needs."""

import json
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from colorlib.eras.catalog import load_era
from colorlib.eras.schema import HUES
from colorlib.evaluation.answers import Answer, summarize_answers
from colorlib.evaluation.bootstrap import DIFFERENCE
from colorlib.evaluation.era_color import COLOR_MEANINGS, TrueColorScores
from colorlib.evaluation.era_doubts import DOUBT_MEANINGS, EraDoubts
from colorlib.evaluation.era_objects import (
    LEAST_CHROMA,
    OBJECT_MEANINGS,
    WITHIN,
    HueOrder,
    PartHue,
)
from colorlib.evaluation.era_parts import (
    CHOICE_MEANINGS,
    NEEDS,
    TITLES,
    EraParts,
)
from colorlib.evaluation.era_report import era_json, era_page
from colorlib.evaluation.era_scores import BASELINES, ERA_PROTOCOL, EraScores
from colorlib.evaluation.era_scores import MEANINGS as FILM_MEANINGS
from colorlib.evaluation.era_variants import (
    CHROMA_FACTORS,
    VARIANT_COLUMNS,
    VARIANT_MEANINGS,
    WAYS,
    EraVariants,
)
from colorlib.models.palette import NEAR

ERA = load_era("korean-war")
PROTOCOL = Path(__file__).resolve().parents[2] / "book" / "protocol.md"
PAIR = np.array([4.0, 6.0])
BEST = np.arange(16.0).reshape(4, 4)
MEANINGS = {
    "true_color": COLOR_MEANINGS,
    "objects": OBJECT_MEANINGS,
    "doubt": DOUBT_MEANINGS,
    "choices": CHOICE_MEANINGS,
}


def half(part, hue, found, angle):
    flag = "<i>.jpg", "Taegukgi, the flag"
    return PartHue(*flag, part, hue, found, angle, 20.0)


@pytest.fixture
def parts():
    red = half("red half", "red", "blue", 281.0)
    blue = half("blue half", "blue", "", None)
    answers = [
        Answer("ann", name, "<a>", "b", preferred="<a>")
        for name in ("x", "y", "z")
    ]
    return EraParts(
        TrueColorScores(
            ("x", "y"), {"gray": PAIR + 1, "m": PAIR}, 64, 1, {"not kept": 3}
        ),
        HueOrder({"m": ((red, blue),)}),
        EraDoubts(
            {"m": np.array([[0.1, 0.25, 0.5], [0.1, 0.35, 0.5]])},
            EraVariants({"m": np.stack([BEST, BEST + 1])}),
        ),
        summarize_answers(answers),
    )


@pytest.fixture
def scores():
    errors = {"gray": np.ones((2, 3)), "m": np.ones((2, 3))}
    return EraScores(ERA, ("x", "y"), errors, 4, 256)


def text_of(scores, parts):
    page = BeautifulSoup(era_page(scores, {}, parts), "html.parser")
    return " ".join(page.get_text(" ").split())


def test_every_meaning_stands_beside_its_number(scores, parts):
    text = text_of(scores, parts)
    told = json.loads(era_json(scores, {}, parts))
    variants = told["doubt"]["variants"]
    assert variants["meanings"].keys() == VARIANT_MEANINGS.keys()
    for meaning in variants["meanings"].values():
        assert " ".join(meaning["shows"].split()) in text
        assert " ".join(meaning["cannot_show"].split()) in text
    for name, title in TITLES.items():
        assert title in text
        assert told[name]["meanings"].keys() == MEANINGS[name].keys()
        for shows, cannot in MEANINGS[name].values():
            assert " ".join(shows.split()) in text
            assert " ".join(cannot.split()) in text


def test_the_page_has_the_numbers(scores, parts):
    text = text_of(scores, parts)
    assert "m 5.00 [4.00, 6.00] -1.00 [-1.00, -1.00]" in text
    assert "2 photographs; 1 came with a record" in text
    assert "Left out: 3, not kept." in text
    assert "m 0 of 2 0 of 1" in text
    said = "red half: documented red, found another color: blue, hue 281°"
    assert said in text
    assert "blue half: documented blue, found gray" in text
    assert "0.30 [0.25, 0.35]" in text
    best = "variants 1.50 [1.00, 2.00] 5.50 [5.00, 6.00] 9.50 [9.00, 10.00]"
    assert " ".join(["m", *VARIANT_COLUMNS, "first 0.50"]) in text
    assert best in text
    assert "<a> was preferred to b in 100.0 % of 3 trials" in text
    assert "1 judge." in text


@pytest.mark.parametrize(
    ("found", "angle", "said"),
    [
        ("red", 12.0, "found red, hue 12°"),
        ("green", 150.0, "found another color: green, hue 150°"),
        ("", 200.0, "found another color: hue 200°"),
    ],
)
def test_another_color_is_named(scores, found, angle, said):
    order = HueOrder({"m": ((half("red half", "red", found, angle),),)})
    text = text_of(scores, EraParts(objects=order))
    assert f"red half: documented red, {said}" in text


def test_the_json_has_them_too(scores, parts):
    told = json.loads(era_json(scores, {}, parts))
    assert told["true_color"]["ciede2000"]["m"]["model - gray"][0] == -1
    assert told["true_color"]["rows"]["gray"] == {"x": 5, "y": 7}
    assert told["objects"]["right"]["m"] == {"parts": [0, 2], "things": [0, 1]}
    assert told["objects"]["rows"]["m"][0]["found"] == "blue"
    assert told["doubt"]["shares"]["m"]["film"][0] == pytest.approx(0.3)
    film = told["doubt"]["variants"]["scores"]["m"]["film"]
    assert film["variants"] == [5.5, 5, 6]
    assert told["choices"]["together"]["trials"] == 3


def test_a_part_that_was_not_measured_says_what_it_takes(scores):
    text = text_of(scores, EraParts())
    told = json.loads(era_json(scores, {}, EraParts()))
    for name, needs in NEEDS.items():
        assert f"Not measured. It takes {needs}." in text
        assert told[name] == {"needs": needs}


def test_the_page_says_how_to_ask_people(scores, parts):
    for each in (parts, EraParts()):
        text = text_of(scores, each)
        assert "colorlib compare a b --originals PRINTS" in text
        assert "colorlib eras evaluate korean-war --answers" in text


def test_the_commands_on_the_page_exist():
    """Their options at least: a reader copies them."""
    from typer.testing import CliRunner

    from colorlib.cli import app

    for words, options in {
        ("colorize",): ("--model", "-o"),
        ("compare",): ("--originals", "-o"),
        ("eras", "evaluate"): ("--answers",),
    }.items():
        shown = CliRunner().invoke(app, [*words, "--help"])
        assert shown.exit_code == 0
        for option in options:
            assert option in shown.stdout


def test_the_protocol_tells_the_same():
    """Its number, what each part measures, and every constant of it."""
    page = " ".join(PROTOCOL.read_text().split())
    page = page.partition(f"## The protocol for eras, number {ERA_PROTOCOL}")[2]
    for title in TITLES.values():
        assert f"**{title.partition(',')[0]}" in page
    words = (*FILM_MEANINGS, *DOUBT_MEANINGS, *OBJECT_MEANINGS, DIFFERENCE)
    words += (*VARIANT_MEANINGS,)
    for word in (*words, *BASELINES):
        assert f"`{word}`" in page, word
    hues = ", ".join(f"{hue} {angle:g}" for hue, angle in HUES.items())
    for said in (
        f"within {WITHIN:g} degrees of the documented one",
        f"Hue angles: {hues} degrees",
        f"a chroma below {LEAST_CHROMA:g}",
        f"more than {NEAR:g} units",
        f"`colorlib colorize --variants {len(WAYS)}`",
        f"({', '.join(WAYS)})",
        f"chroma times {', '.join(f'{n:g}' for n in CHROMA_FACTORS)}",
        "4 prints of each middle square of 256 pixels",
    ):
        assert said in page, said


def test_without_parts_the_report_is_that_of_film_alone(scores):
    told = json.loads(era_json(scores, {}))
    assert not told.keys() & TITLES.keys()
    assert "(b)" not in era_page(scores, {})
