"""The page of `colorlib eras evaluate` in a browser, with all its parts."""

import numpy as np
import pytest

from colorlib.eras.catalog import load_era
from colorlib.evaluation.answers import Answer, summarize_answers
from colorlib.evaluation.era_color import TrueColorScores
from colorlib.evaluation.era_doubts import EraDoubts
from colorlib.evaluation.era_objects import HueOrder, PartHue
from colorlib.evaluation.era_parts import EraParts
from colorlib.evaluation.era_report import era_page
from colorlib.evaluation.era_scores import EraScores
from colorlib.evaluation.era_variants import EraVariants

pytestmark = pytest.mark.browser

MODEL = "colorlib-compact-4"
AXE = """async () => (await axe.run(document)).violations
    .map(v => [v.id, v.nodes[0].html.slice(0, 200)])"""
CUT = """() => [...document.querySelectorAll('*')]
    .filter(e => e.scrollWidth > e.clientWidth && e.clientWidth)
    .map(e => e.outerHTML.slice(0, 200))"""
PAPER = 640  # pixels: A4, with the margins that browsers leave


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A page with numbers in every part."""
    names = ("x.jpg", "y.jpg")
    film = {n: np.array([[9.0, 11.0, 17.0]] * 2) for n in ("gray", MODEL)}
    true = {n: np.array([4.0, 6.0]) for n in ("gray", MODEL)}
    flag = "flag.jpg", "Taegukgi, the flag"
    thing = (
        PartHue(*flag, "red half", "red", "blue", 281.0, 20.0),
        PartHue(*flag, "blue half", "blue", "", None, 0.5),
    )
    parts = EraParts(
        TrueColorScores(names, true, 256, left_out={"not kept": 3}),
        HueOrder({MODEL: (thing,)}),
        EraDoubts(
            {MODEL: np.array([[0.1, 0.2, 0.3]] * 2)},
            EraVariants({MODEL: np.full((2, 4, 4), 10.0)}),
        ),
        summarize_answers([Answer("ann", "x", MODEL, "l1", preferred="l1")]),
    )
    scores = EraScores(load_era("colonial"), names, film, 4, 256)
    path = tmp_path_factory.mktemp("era") / "colonial.html"
    sums = {MODEL: "ab" * 32}
    command = "colorlib eras evaluate" + f" --model {MODEL}.safetensors" * 4
    page = era_page(scores, sums, parts, command=command)
    path.write_text(page, "utf-8")
    return path


@pytest.fixture
def visit(browser, axe, path):
    """Open the page; at the end it must have asked for nothing else."""
    contexts, asked = [], []

    def visit(width, **options):
        viewport = {"width": width, "height": 800}
        contexts.append(browser.new_context(viewport=viewport, **options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.evaluate(axe)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert set(asked) == {path.as_uri()}


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(visit, width, scheme):
    """What scrolls is reached by keys, too."""
    page = visit(width, color_scheme=scheme)
    assert page.evaluate(AXE) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == width


def test_on_paper_nothing_is_cut(visit):
    """There nobody scrolls."""
    page = visit(PAPER)
    page.emulate_media(media="print")
    assert page.evaluate(AXE) == []
    assert page.evaluate(CUT) == []
