"""What a palette says besides its one answer, and of a mirror image."""

import math

import pytest
import torch
from torch.testing import assert_close

from colorlib.color import AB_SCALE
from colorlib.models.ab_bins import AbBins
from colorlib.models.compact import CompactUnet
from colorlib.models.generator import Generator
from colorlib.models.palette import (
    LEANINGS,
    MEDIANS,
    NEAR,
    Asking,
    Doubting,
    Leaning,
    MirrorAveraged,
    PaletteError,
    palette_of,
)
from colorlib.models.unet import Unet

L = torch.rand(1, 1, 32, 64, generator=torch.manual_seed(1)) * 2 - 1


class Painted(Generator):
    """Says the same of each place: a few colors and how likely they are."""

    multiple = 4
    temperature = 1.0

    def __init__(self, **shares):
        super().__init__()
        self.config, self.bins = {}, AbBins()
        p = torch.full((len(self.bins),), 1e-9)
        for place, share in shares.items():
            a, b = COLORS[place]
            at = torch.tensor([a, b]) / AB_SCALE
            p[torch.cdist(at[None], self.bins.centers).argmin()] = share
        self.logits = p.log()[None, :, None, None]

    def forward(self, L, *, logits=True):
        rows, columns = (n // 4 for n in L.shape[-2:])
        return self.logits.expand(len(L), -1, rows, columns)


COLORS = {"red": (60.0, 40.0), "gray": (0.0, 0.0), "blue": (20.0, -60.0)}


def compact():
    torch.manual_seed(0)
    return CompactUnet(((16, 1, 3, 2, 1), (16, 1, 3, 2, 1)), (16,)).eval()


def test_at_the_median_a_variant_is_the_answer():
    G = compact()
    assert_close(Leaning(G, (0.5, 0.5))(L), G(L))


def test_variants_go_where_their_names_say():
    G = compact()
    a, b = G(L).mean((0, 2, 3))
    for way, (up_a, up_b) in LEANINGS.items():
        leaning = Leaning(G, LEANINGS[way])(L)
        assert (leaning.mean((0, 2, 3))[0] > a) == (up_a > 0.5), way
        assert (leaning.mean((0, 2, 3))[1] > b) == (up_b > 0.5), way


def test_what_is_sure_has_no_variants_and_what_is_not_has():
    sure, unsure = Painted(red=1.0), Painted(red=0.4, gray=0.6)
    for G, moved in ((sure, 0), (unsure, 60)):
        low, high = (Leaning(G, (q, 0.5))(L)[0, 0, 0, 0] for q in (0.3, 0.8))
        assert AB_SCALE * (high - low) == pytest.approx(moved, abs=11)


def test_doubt_is_the_probability_of_colors_that_are_not_near():
    told = Doubting(Painted(red=0.7, blue=0.2, gray=0.1))(L)
    assert told.shape == (1, 2, 32, 64)
    assert told[:, 0].mean().item() == pytest.approx(0.3, abs=0.05)
    sure = Doubting(Painted(red=1.0))(L)
    assert sure.max().item() < 0.02


def test_entropy_is_1_where_all_colors_are_equally_likely():
    G = Painted(red=1.0)
    G.logits = torch.zeros_like(G.logits)
    assert Doubting(G)(L)[0, 1].mean().item() == pytest.approx(1)
    two = Doubting(Painted(red=0.5, blue=0.5))(L)[0, 1].mean().item()
    assert two == pytest.approx(math.log(2) / math.log(305), abs=1e-3)


def test_near_is_what_its_number_says():
    """Colors at twice the distance count as off, at half as near."""
    G = Painted(gray=1.0)
    away = Doubting(G)._near(torch.tensor([NEAR, 0]).view(1, 2, 1, 1) / 110)
    at_gray = G.logits.argmax()
    assert away[0, at_gray].item() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("make", [compact, lambda: Unet(n_down=2, width=4)])
def test_a_mirror_image_gets_the_mirrored_colors(make):
    """Which no network does by itself; and the mean of both is the mean."""
    G = make().eval()
    mirror = MirrorAveraged(G)
    assert not torch.allclose(G(L.flip(-1)).flip(-1), G(L), atol=1e-4)
    assert_close(mirror(L.flip(-1)).flip(-1), mirror(L), atol=1e-5, rtol=0)


def test_of_a_palette_probabilities_are_averaged():
    G = compact()
    p = MirrorAveraged(G)(L, logits=True).softmax(1)
    both = G(L, logits=True).softmax(1)
    both = both + G(L.flip(-1), logits=True).softmax(1).flip(-1)
    assert_close(p, both / 2)


def test_a_mirror_averaged_palette_has_doubts_and_variants_too():
    mirror = MirrorAveraged(compact())
    assert Doubting(mirror)(L).shape == Leaning(mirror, (0.2, 0.2))(L).shape


def test_several_questions_take_one_run_and_get_the_same_answers():
    G, runs = compact(), []
    questions = Doubting(G), Leaning(G, MEDIANS), Leaning(G, (0.8, 0.2))
    alone = [each(L) for each in questions]
    G.register_forward_hook(lambda *_: runs.append(1))
    asking = Asking(*questions)
    told = asking(L)
    assert len(runs) == 1
    assert told.shape[1] == asking.channels == 6
    for found, each in zip(told.split(2, dim=1), alone, strict=True):
        assert torch.equal(found, each)


def test_a_network_without_a_palette_is_refused():
    with pytest.raises(PaletteError, match="no palette"):
        palette_of(Unet(n_down=2, width=4))


def test_training_mode_is_not_hidden():
    assert MirrorAveraged(compact().train()).training
    assert not MirrorAveraged(compact()).training
