"""The card's page shows whatever the card says, in a readable form."""

import sys
from pathlib import Path

import pytest

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "ext"


@pytest.fixture(scope="module")
def as_markdown():
    sys.path.insert(0, str(EXTENSIONS))
    try:
        from model_card import as_markdown
    finally:
        sys.path.remove(str(EXTENSIONS))
    return as_markdown


def test_a_sentence_stays_a_sentence(as_markdown):
    assert as_markdown("Research only.") == "Research only."


def test_a_list_of_limits_is_a_list(as_markdown):
    limits = ["Brown flags.", "Red faces."]
    assert as_markdown(limits) == "- Brown flags.\n- Red faces."


def test_scores_are_a_table_with_the_baseline_beside_the_model(as_markdown):
    scores = {
        "gray": {"CIEDE2000": 11.6789, "chroma ratio": 0.0},
        "model": {"CIEDE2000": 10.1},
    }
    assert as_markdown(scores) == (
        "|  | CIEDE2000 | chroma ratio |\n"
        "| --- | --- | --- |\n"
        "| gray | 11.68 | 0 |\n"
        "| model | 10.1 |  |"
    )


def test_deeper_scores_get_a_label_each(as_markdown):
    scores = {"all": {"gray": {"n": 2000}}, "people": {"gray": {"n": 117}}}
    text = as_markdown(scores)
    assert text.startswith("**all**\n\n|  | n |")
    assert "**people**" in text
    assert "| gray | 2,000 |" in text


def test_mixed_parts_keep_all_that_the_card_says(as_markdown):
    """Nothing the card says may be lost because of its form."""
    training = {
        "epochs": 30,
        "mirrored": True,
        "crop": [128, 128],
        "data": {"list": "abc", "sources": [{"name": "osie", "n": 520}]},
        "note": "a | b",
    }
    text = as_markdown(training)
    for said in ("30", "yes", "128, 128", "abc", "osie", "520", r"a \| b"):
        assert said in text, said
