"""One suite for all generators: what the colorizer and training rely on."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pytest
import safetensors.torch
import torch
from torch.testing import assert_close

from colorlib.models.compact import CompactUnet
from colorlib.models.resunet import ResUnet
from colorlib.models.unet import Unet

GENERATORS = {
    "unet": lambda: Unet(n_down=4, width=8),
    "unet-noskip": lambda: Unet(n_down=4, width=8, skips=False),
    "compact": CompactUnet,
    "resunet": lambda: ResUnet(bounded=True),
}


@pytest.fixture(params=GENERATORS.values(), ids=GENERATORS.keys())
def G(request):
    torch.manual_seed(0)
    return request.param().eval()


def photographs(G, batch=1, rows=2, columns=2):
    """Noise, `rows` by `columns` multiples large."""
    side = max(G.multiple, 32)
    size = rows * side, columns * side
    return torch.rand(batch, 1, *size) * 2 - 1


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (4, 2), (3, 3)])
def test_keeps_height_and_width(G, size):
    L = photographs(G, 2, *size)
    assert G(L).shape == (2, 2, *L.shape[2:])


def test_keeps_the_range_of_ab(G):
    ab = G(photographs(G, batch=4))
    assert ab.abs().max() < 1
    assert ab.std() > 0.01  # and says something within it


def test_one_photograph_has_one_answer(G):
    """Dropout and batch statistics are off in eval mode."""
    L = photographs(G)
    assert torch.equal(G(L), G(L))


def test_a_batch_is_its_photographs(G):
    L = photographs(G, batch=3)
    one_by_one = torch.cat([G(photograph[None]) for photograph in L])
    assert_close(G(L), one_by_one)


def test_config_and_weights_are_the_network(G):
    """All there is to a generator passes through safetensors, no pickle."""
    L = photographs(G)
    G.train()(photographs(G, batch=4))  # running statistics move
    stored = safetensors.torch.save(G.state_dict())
    twin = type(G)(**G.config)
    twin.load_state_dict(safetensors.torch.load(stored))
    assert torch.equal(twin.eval()(L), G.eval()(L))


def test_a_copy_is_independent(G):
    """For averaged weights and export; fastai's hooks break it."""
    L = photographs(G)
    answer, twin = G(L), deepcopy(G)
    for weight in G.parameters():
        weight.data.zero_()
    assert torch.equal(twin(L), answer)


def test_six_threads_share_one_generator(G):
    """Skips live in `forward`, not in the network."""
    L = [photographs(G, rows=1 + i % 3) for i in range(30)]
    alone = [G(photograph) for photograph in L]
    with ThreadPoolExecutor(6) as threads:
        shared = list(threads.map(G, L))
    assert_close(shared, alone)


def test_every_weight_receives_a_gradient(G):
    G.train()(photographs(G, batch=2)).square().mean().backward()
    for name, weight in G.named_parameters():
        assert weight.grad.isfinite().all(), name
        assert weight.grad.abs().sum() > 0, name


def test_leaves_its_input_alone(G):
    L = photographs(G)
    before = L.clone()
    G(L), G.train()(L)
    assert torch.equal(L, before)


def test_channels_last_changes_nothing(G):
    """The layout that training uses because it is faster."""
    L = photographs(G, batch=2)
    answer = G(L)
    G.to(memory_format=torch.channels_last)
    assert_close(G(L.to(memory_format=torch.channels_last)), answer)


@pytest.mark.usefixtures("as_outside_pytest")
def test_a_size_that_does_not_fit_is_refused_with_the_way_out(G):
    m = G.multiple
    if m == 1:
        pytest.skip("any size fits this one")
    for height, width in [(m + 1, m), (m, m // 2)]:
        with pytest.raises(ValueError, match=rf"multiples of {m}.*pad"):
            G(torch.zeros(1, 1, height, width))


@pytest.mark.usefixtures("as_outside_pytest")
def test_what_is_not_a_batch_of_lightness_is_refused(G):
    m = G.multiple
    for shape in [(1, 3, m, m), (1, m, m), (m, 1, m)]:
        with pytest.raises(ValueError, match="got"):
            G(torch.zeros(shape))
