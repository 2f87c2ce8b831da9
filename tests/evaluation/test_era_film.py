"""One look at each print serves both parts, and changes neither."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from colorlib.colorizer import Colorizer
from colorlib.data.samples import bundled
from colorlib.eras.catalog import load_era
from colorlib.evaluation import era_film
from colorlib.evaluation.era_film import measure_era
from colorlib.models.compact import CompactUnet
from colorlib.models.palette import Doubting, MirrorAveraged

ERA = load_era("korean-war")
PHOTOGRAPHS = [(name, bundled(name)) for name in ("coffee", "chelsea")]


@pytest.fixture
def model():
    """It has a palette, and looks at two sizes."""
    torch.manual_seed(0)
    G = CompactUnet(((16, 1, 3, 2, 1), (16, 1, 3, 2, 1)), (16,)).eval()
    cpu = torch.device("cpu")
    return Colorizer(G, "m", "", 32, cpu, tta_sizes=(48,))


def measure(model):
    return measure_era(ERA, {"m": model}, PHOTOGRAPHS, films=2, crop=64)


def test_a_print_goes_through_the_network_once(model):
    seen = []
    model.G.register_forward_hook(lambda _, given, __: seen.append(given[0]))
    measure(model)
    prints = len(PHOTOGRAPHS) * (1 + 2)
    assert sum(map(len, seen)) == prints * 2  # sizes


@pytest.mark.parametrize("mirror", [False, True])
def test_both_parts_are_what_they_are_alone(model, mirror, monkeypatch):
    """Color as `predict` gives it, doubt as `Doubting`: to the last digit."""
    if mirror:
        model = replace(model, G=MirrorAveraged(model.G))
    together = measure(model)
    doubting = replace(model, G=Doubting(model.G))
    real = Colorizer.ask

    def ask(self, L, ways):
        told = real(self, L, ways)
        doubt = doubting.predict(L)[:, 0]
        return replace(told, ab=self.predict(L), doubt=doubt)

    with monkeypatch.context() as patched:
        patched.setattr(Colorizer, "ask", ask)
        each = measure(model).doubt
    monkeypatch.setattr(era_film, "with_palette", lambda _: {})
    alone = measure(model).scores
    for found, known in (
        (together.scores.errors["m"], alone.errors["m"]),
        (together.doubt.doubts["m"], each.doubts["m"]),
    ):
        np.testing.assert_allclose(found, known, atol=5e-5)  # a byte may flip
