"""Beside each number stands what it can't show; nothing is asked of a host."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from bs4 import BeautifulSoup

from colorlib.eras.catalog import load_era
from colorlib.evaluation.era_report import ERA_PAGE_START, era_json, era_page
from colorlib.evaluation.era_scenes import NOT_COLOR
from colorlib.evaluation.era_scores import BASELINES, MEANINGS, EraScores

ERRORS = {
    "gray": np.array([[12.0, 12.0, 18.0], [10.0, 10.0, 16.0]]),
    "<b>model": np.array([[9.0, 11.0, 17.0], [8.0, 9.0, 15.0]]),
}
MODELS = {"<b>model": "ab" * 32}


@pytest.fixture
def scores():
    return EraScores(load_era("korean-war"), ("x", "y"), ERRORS, 4, 256)


def test_the_page_has_every_number_with_its_interval(scores):
    soup = BeautifulSoup(era_page(scores, MODELS), "html.parser")
    table, meanings = soup.find_all("table")
    rows = [
        [c.get_text(" ", strip=True) for c in row.find_all(["th", "td"])]
        for row in table.find_all("tr")
    ]
    assert rows[0] == ["model", *MEANINGS]
    assert rows[2][0] == "<b>model"
    assert rows[2][1].startswith("8.50 [8.00, 9.00]")
    assert rows[1][4] == "–"
    text = meanings.get_text(" ")
    for shows, cannot in MEANINGS.values():
        assert shows in text
        assert cannot in text


def test_both_say_how_many_had_no_color(scores):
    some = replace(scores, left_out={NOT_COLOR: 3})
    assert f"Left out: 3, {NOT_COLOR}." in era_page(some, MODELS)
    assert json.loads(era_json(some, MODELS))["left_out"] == {NOT_COLOR: 3}
    assert "Left out" not in era_page(scores, MODELS)


def test_baselines_are_explained_and_an_older_score_has_only_gray(scores):
    said = "Baselines: gray adds no color.</p>"
    assert said in era_page(scores, MODELS)
    errors = dict.fromkeys(BASELINES, ERRORS["gray"]) | ERRORS
    page = era_page(replace(scores, errors=errors), MODELS)
    for name, does in BASELINES.items():
        assert f"{name} {does}" in page


def test_the_page_says_who_says_so(scores):
    text = BeautifulSoup(era_page(scores, MODELS), "html.parser").get_text(" ")
    for each in (*scores.era.film, *scores.era.film_facts):
        assert f"Source: {each.source}" in text
    assert "ab" * 32 in text


def test_the_page_asks_no_host_and_runs_nothing(scores):
    page = era_page(scores, MODELS)
    assert page.startswith(ERA_PAGE_START)
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", page)
    assert "color-scheme: light dark" in page


def test_both_have_the_command_that_repeats_it(scores):
    command = "colorlib eras evaluate korean-war --data 'a & b'"
    page = BeautifulSoup(
        era_page(scores, MODELS, command=command), "html.parser"
    )
    assert page.find_all("code")[-1].text == command
    told = json.loads(era_json(scores, MODELS, command=command))
    assert told["command"] == command
    assert "command" not in json.loads(era_json(scores, MODELS))


def test_the_json_repeats_the_page_and_tells_how(scores):
    told = json.loads(era_json(scores, MODELS))
    assert told["ciede2000"]["<b>model"]["gap"][0] == pytest.approx(1.5)
    assert told["rows"]["gray"]["y"] == [10, 10, 16]
    assert told["models"] == MODELS
    assert told["film_priors"][0]["source"] == "unsourced"
    assert told["meanings"].keys() == MEANINGS.keys()
    assert told["versions"]["colorlib"]
