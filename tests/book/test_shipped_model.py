"""The page about the model that ships says what the model is."""

import json
import re
from pathlib import Path

import pytest
import torch

from colorlib import course
from colorlib.models import weights
from colorlib.models.ab_bins import STEP, AbBins
from colorlib.models.unet import Unet

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "book" / "shipped-model.md"
TEXT = PAGE.read_text()
CARD = json.loads(weights.SHIPPED.with_suffix(".json").read_text())
# A directive's file, and its options.
INCLUDES = re.findall(
    r"^```\{literalinclude\} (\S+)\n((?:^:.*\n)+)```", TEXT, re.MULTILINE
)


@pytest.fixture(scope="module")
def G():
    return weights.load_generator(weights.SHIPPED)[0]


def shown(file: str, options: str) -> list[str]:
    """The lines that Sphinx would show."""
    from sphinx.config import Config
    from sphinx.directives.code import LiteralIncludeReader

    given = dict(re.findall(r":([\w-]+): ?(.*)", options)) | {"dedent": None}
    reader = LiteralIncludeReader(PAGE.parent / file, given, Config())
    return reader.read()[0].splitlines()


def test_the_shapes_on_the_page_are_those_of_the_network(G):
    rows = re.findall(r"^\| (.+) \| (\d+) x (\d+) x (\d+) \|$", TEXT, re.M)
    claimed = {what: tuple(map(int, shape)) for what, *shape in rows}
    L = torch.zeros(1, 1, *claimed["`L`"][1:])
    found = {"`L`": L}
    kept = []
    hooks = [
        module.register_forward_hook(lambda m, i, out: kept.append(out))
        for module in [*G.up, G.head]
    ]
    with torch.inference_mode():
        skips = G.backbone(L)
        found["`ab`"] = G(L)
    for hook in hooks:
        hook.remove()
    for stride, features in zip(G.backbone.strides, skips, strict=True):
        if stride >= 4:
            found[f"backbone, 1/{stride}"] = features
    for stride, features in zip((16, 8, 4), kept[:-1], strict=True):
        found[f"decoder, 1/{stride}"] = features
    found["logits of the bins"] = kept[-1]
    assert claimed == {name: tuple(x.shape[1:]) for name, x in found.items()}


def test_the_numbers_of_its_design_are_right(G):
    assert f"for each of {len(AbBins())} colors" in TEXT
    assert f"{STEP:.0f} units apart" in TEXT
    temperature = CARD["config"]["temperature"]
    assert f"The temperature of this model is {temperature:g} (" in TEXT
    share = CARD["parameters"] / sum(p.numel() for p in Unet().parameters())
    assert "about a tenth of the weights" in TEXT
    assert 0.07 < share < 0.13


def test_the_mean_of_both_stages_is_a_compromise():
    """The second is better on prints and worse on Kodachromes."""

    def removed(which, name):
        runs = "film-gap-before", "film-gap-second", "film-gap"
        for run in runs:
            found = course.recorded(run).report["sets"][which]["inputs"][name]
            yield found["removed"]["value"]

    first, second, mean = removed("validation", "orthochromatic print")
    assert first < mean < second
    first, second, mean = removed("kodachromes", "CIE L*")
    assert second < mean < first
    assert 0.4 < (mean - second) / (first - second) < 0.6  # "half"


def test_the_shares_were_chosen_on_some_of_what_they_are_measured_on():
    """And after that, prints of Kodachromes can't be told from gray."""
    readme = " ".join((ROOT / "book/results/README.md").read_text().split())
    said = "looked at on 50 photographs to validate on and on 28 Kodachromes"
    assert said in readme
    kodachromes = course.recorded("film-gap").report["sets"]["kodachromes"]
    assert kodachromes["photographs"] == 2 * 28  # "half"
    removed = kodachromes["inputs"]["orthochromatic print"]["removed"]
    assert removed["low"] < 0 < removed["high"]


def test_it_is_too_doubtful_by_little_and_by_more_than_chance():
    said, low, high = course.recorded("calibration").report["overconfidence"]
    assert low < said < high < 0
    assert said > -0.1


@pytest.mark.parametrize(("file", "options"), INCLUDES)
def test_code_on_the_page_is_there_and_short(file, options):
    """What a reader sees at once; a renamed function fails here."""
    lines = shown(file, options)
    assert 0 < len(lines) <= 16
    assert max(map(len, lines)) <= 80
    assert '"""' not in "".join(lines)


def test_every_piece_is_introduced_and_followed_by_a_sentence():
    assert len(INCLUDES) >= 8
    outside = re.split(r"^```\{literalinclude\}[^`]*```$", TEXT, flags=re.M)
    for before, after in zip(outside, outside[1:], strict=False):
        assert before.rstrip()[-1] in ".:"
        assert re.match(r"\n\n[A-Z(`]", after)


def test_it_can_be_found_from_where_the_model_is_met():
    assert "file: book/shipped-model\n" in (ROOT / "_toc.yml").read_text()
    for page in ("model-card.md", "api/models.md", "glossary.md"):
        text = (ROOT / "book" / page).read_text()
        assert "shipped-model.md)" in text, page
