"""The era protocol is frozen: whoever changes it raises its number."""

from inspect import signature
from pathlib import Path

import pytest
import torch

from colorlib.colorizer import Colorizer
from colorlib.data.samples import bundled
from colorlib.eras.catalog import load_era
from colorlib.eras.schema import HUES
from colorlib.evaluation.era_doubts import DOUBT_COLUMNS
from colorlib.evaluation.era_film import measure_era
from colorlib.evaluation.era_objects import (
    LEAST_CHROMA,
    WITHIN,
    judge_order,
)
from colorlib.evaluation.era_places import DocumentedObject
from colorlib.evaluation.era_scores import (
    BASELINES,
    ERA_PROTOCOL,
    MEANINGS,
)
from colorlib.evaluation.era_variants import (
    CHROMA_FACTORS,
    FIRST,
    FOURS,
    WAYS,
)
from colorlib.models.ab_bins import AbBins
from colorlib.models.generator import Generator
from colorlib.models.palette import NEAR

ERA = load_era("korean-war")
PHOTOGRAPHS = [(name, bundled(name)) for name in ("astronaut", "coffee")]
# Where the stripes and the stars of the astronaut's flag are.
BOXES = {"stripes": (38, 140, 58, 170), "field of stars": (8, 90, 34, 128)}

# Each protocol that there ever was, but for 1, which nobody froze. Add one,
# never change one: pages in the world say which number they were made by.
FROZEN = {
    2: {
        "hues": {"red": 30, "yellow": 90, "green": 150, "blue": 280},
        "within": 30,
        "least chroma": 2,
        "far": 15,
        "baselines": ["gray", "dataset mean", "lookup, median"],
        "films and crop": [4, 256],
    }
}
FROZEN[3] = FROZEN[2] | {
    "variants": ["warmer", "cooler", "greener"],
    "chroma factors": [0, 0.5, 1.5],
}
# (a) who: `MEANINGS`; (c) part: hue, chroma, right; (d) who: `DOUBT_COLUMNS`;
# (d), variants: v, one of `VARIANT_COLUMNS`: the first answer's error, and that
# of `FOURS`; or of these how often they were nearer.
NUMBERS = {
    2: """
a gray            16.342 16.342 0.000 20.617
a dataset mean    14.442 14.442 0.000 1.900 19.242
a lookup, median  14.891 15.041 0.150 1.301 19.539
a tones           19.665 19.997 0.333 -3.656 24.089
c stripes         256.000 19.260 0.000
c field of stars  227.700 9.850 0.000
d tones           0.404 0.404 0.829
""",
}
NUMBERS[3] = f"""{NUMBERS[2].strip()}
v modern          19.665 16.827 16.842 16.342
v film            19.997 16.733 16.749 15.956
v modern nearer   1.000 1.000 1.000
v film nearer     0.875 0.875 1.000
"""
# So far may processors be apart.
TOLERANCE = {"a": 0.011, "c": 0.2, "d": 0.003, "v": 0.011}


class Tones(Generator):
    """A palette that turns with lightness; no weights, which may change."""

    config: dict = {}
    multiple = 1

    def __init__(self):
        super().__init__()
        self.bins = AbBins()

    def forward(self, L, *, logits=False):
        ab = 0.2 * torch.cat([torch.cos(3 * L), torch.sin(3 * L)], 1)
        apart = ab[:, None] - self.bins.centers[..., None, None]
        scores = -50 * apart.square().sum(2)  # (B, bins, H, W)
        return scores if logits else self.bins.annealed_median(scores, 1.0)


@pytest.fixture(scope="module")
def tones():
    G = Tones().eval()
    return {"tones": Colorizer(G, "tones", "", 64, torch.device("cpu"))}


@pytest.fixture(scope="module")
def measured(tones):
    return measure_era(ERA, tones, PHOTOGRAPHS)


def film(tones, measured):
    """Part (a)."""
    for who, told in measured.scores.estimates.items():
        yield f"a {who}", [told[n].value for n in MEANINGS if n in told]


def objects(tones, measured):
    """Measure part (c)."""
    [flag] = [c for c in ERA.colors if c.thing == "Flag of the United States"]
    thing = DocumentedObject("", Path(), flag.thing, flag.parts, BOXES)
    order = judge_order(tones, [(thing, bundled("astronaut"))])
    for part in order.things["tones"][0]:
        yield f"c {part.part}", [part.hue, part.chroma, part.right]


def doubts(tones, measured):
    """Part (d), doubts."""
    told = measured.doubt.estimates["tones"]
    yield "d tones", [told[name].value for name in DOUBT_COLUMNS]


def variants(tones, measured):
    """Part (d), variants."""
    for column, found in measured.doubt.variants.estimates["tones"].items():
        compared = [n for n in (FIRST, *FOURS) if n in found]
        yield f"v {column}", [found[name].value for name in compared]


def test_settings_are_those_of_the_number():
    """Changed one? Raise ERA_PROTOCOL, add to FROZEN and to NUMBERS."""
    defaults = signature(measure_era).parameters
    assert FROZEN.get(ERA_PROTOCOL) == {
        "hues": HUES,
        "within": WITHIN,
        "least chroma": LEAST_CHROMA,
        "far": NEAR,
        "baselines": [*BASELINES],
        "variants": [*WAYS],
        "chroma factors": [*CHROMA_FACTORS],
        "films and crop": [defaults[n].default for n in ("films", "crop")],
    }


@pytest.mark.slow
@pytest.mark.parametrize("part", [film, objects, doubts, variants])
def test_numbers_are_those_of_the_number(part, tones, measured):
    """What no list of settings shows: code, or an era's films, changed."""
    frozen = {
        line[:18].strip(): [float(number) for number in line[18:].split()]
        for line in NUMBERS[ERA_PROTOCOL].strip().splitlines()
    }
    found = dict(part(tones, measured))
    letter = next(iter(found))[0]
    assert found.keys() == {who for who in frozen if who[0] == letter}
    for who, numbers in found.items():
        near = pytest.approx(frozen[who], abs=TOLERANCE[letter])
        assert numbers == near, who
