"""What is shown of a network's inside is what went on there."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

from colorlib.figures import activations
from colorlib.models.unet import Unet


@pytest.fixture
def G():
    torch.manual_seed(0)
    return Unet(n_down=4, width=4).eval()


@pytest.fixture
def L():
    return torch.rand(1, 1, 32, 32) * 2 - 1


def test_layers_come_in_the_order_of_the_way(G, L):
    names = "L", "down 1", "down 2", "down 3", "down 4"
    names += "up 3", "up 2", "up 1", "ab"
    assert tuple(activations.layer_activations(G, L)) == names


def test_layers_of_one_number_meet(G, L):
    """The book says so of the names: an arrow joins equal sizes."""
    found = activations.layer_activations(G, L)
    for n in (1, 2, 3):
        assert found[f"up {n}"].shape == found[f"down {n}"].shape


def test_what_is_kept_is_what_the_network_computed(G, L):
    """From what meets on the last rung the answer follows."""
    found = activations.layer_activations(G, L)
    carried = F.leaky_relu(found["down 1"], 0.2)
    joined = torch.cat([carried, found["up 1"]], dim=1)
    assert_close(found["ab"], G.to_ab(joined))
    assert_close(found["ab"], G(L))


def test_looking_leaves_the_network_as_it_was(G, L):
    activations.layer_activations(G, L)
    with pytest.raises(ValueError, match="multiples"):
        activations.layer_activations(G, L[..., 1:])
    assert not any(m._forward_hooks for m in G.modules())


def test_a_network_in_training_is_not_looked_at(G, L):
    """Its batch norms would learn from being looked at."""
    with pytest.raises(ValueError, match="call its eval"):
        activations.layer_activations(G.train(), L)


def texts(chart):
    return [text.get_text() for text in chart.axes.texts if text.get_text()]


def test_the_ladder_says_each_shape():
    with torch.device("meta"):
        G = Unet(n_down=3, width=2).eval()
    down = ["1 × 16 × 16", "2 × 8 × 8", "4 × 4 × 4", "8 × 2 × 2"]
    up = ["4 × 4 × 4", "2 × 8 × 8", "2 × 16 × 16"]
    assert texts(activations.shape_diagram(G, 16)) == down + up


@pytest.mark.parametrize(("skips", "arrows"), [(True, 7), (False, 0)])
def test_the_ladder_has_an_arrow_for_each_skip(skips, arrows):
    with torch.device("meta"):
        G = Unet(skips=skips).eval()
    drawn = activations.shape_diagram(G, 256).axes.texts
    assert sum(hasattr(t, "arrow_patch") for t in drawn) == arrows


def test_maps_show_the_strongest_channels_first():
    x = torch.stack([torch.full((2, 2), v) for v in (0.1, -4.0, 2.0)])[None]
    sheet = activations.feature_map_grid(x, count=2, columns=2, side=8)
    assert sheet.shape == (8, 2 * 8 + activations.GAP, 4)
    assert (sheet[:, :8] == (1, 1, 1, 255)).all()  # -4, the largest of all
    assert (sheet[:, -8:] == (192, 192, 192, 255)).all()  # 2, half as much


def test_maps_are_gray_at_zero_and_keep_their_pixels():
    x = torch.tensor([[[[0.0, 3.0], [-3.0, 1.5]]]])
    sheet = activations.feature_map_grid(x, count=1, columns=1, side=4)
    squares = [[activations.GRAY, 255], [1, 192]]
    assert np.array_equal(sheet[..., 0], np.kron(squares, np.ones((2, 2))))


def test_places_without_a_channel_are_empty():
    sheet = activations.feature_map_grid(
        torch.ones(1, 1, 1, 1), count=4, columns=2, side=2
    )
    assert (sheet[3:, :, 3] == 0).all()


def test_a_channel_that_says_nothing_is_gray():
    sheet = activations.feature_map_grid(
        torch.zeros(1, 1, 1, 1), count=1, columns=1
    )
    assert (sheet[..., :3] == activations.GRAY).all()
