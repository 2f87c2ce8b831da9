"""Weights in 8 bits: near what they were, and half the size."""

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch.testing import assert_close

from colorlib.data.batches import lab_batch
from colorlib.data.crops import center_crop
from colorlib.data.samples import BUNDLED, bundled
from colorlib.models.classifier import GrayClassifier, load_classifier
from colorlib.models.paths import SHIPPED_BACKBONE
from colorlib.models.quantization import dequantize, quantize
from colorlib.models.resnet import DISTILLED, find_backbone, read_weights


@pytest.fixture
def weights():
    torch.manual_seed(0)
    return GrayClassifier(classes=5).state_dict()


def test_no_weight_is_off_by_more_than_half_a_step(weights):
    found = dequantize(quantize(weights))
    assert found.keys() == weights.keys()
    for name, tensor in weights.items():
        if tensor.ndim < 2:
            assert_close(
                found[name].to(tensor.dtype), tensor, atol=0, rtol=1e-3
            )
            continue
        largest = tensor.flatten(1).abs().amax(1)
        off = (found[name] - tensor).flatten(1).abs().amax(1)
        assert (off <= largest / 127 * 0.501).all(), name


def test_each_output_channel_has_its_own_scale():
    """One large filter must not take the steps of a small one."""
    small = torch.tensor([[0.001, -0.0005]])
    found = dequantize(quantize({"w": torch.cat([small, 1000 * small])}))
    assert_close(found["w"][:1], small, atol=1e-5, rtol=0)


def test_zero_stays_zero_and_is_no_division():
    found = dequantize(quantize({"w": torch.zeros(2, 3)}))
    assert torch.equal(found["w"], torch.zeros(2, 3))


def test_a_file_takes_half_of_what_it_takes_in_16_bits(weights):
    weights.pop("backbone.stem.1.num_batches_tracked")
    half = {n: t.half() for n, t in weights.items() if t.is_floating_point()}
    assert len(save(quantize(weights))) < 0.52 * len(save(half))


def test_other_files_are_left_as_they_are():
    plain = {"a": torch.ones(2, 2), "b": torch.ones(3)}
    assert dequantize(plain) == plain


@pytest.mark.parametrize("scale", [torch.ones(3), torch.ones(2, 1)])
def test_a_scale_that_fits_nothing_is_refused(scale):
    stored = {"w": torch.zeros(2, 2, dtype=torch.int8), "w.scale": scale}
    with pytest.raises(ValueError, match=r"w\.scale fits no weight"):
        dequantize(stored)
    with pytest.raises(ValueError, match=r"v\.scale fits no weight"):
        dequantize({"v.scale": torch.ones(2)})


# The one that ships.


def test_the_shipped_backbone_is_trained_and_says_by_whom():
    path = find_backbone(DISTILLED)
    assert path == SHIPPED_BACKBONE
    assert path.stat().st_size < 12e6
    stored = read_weights(path)  # its card's hash is checked
    random = GrayClassifier().backbone.state_dict()
    learned = stored["layer4.1.conv2.weight"]
    assert learned.dtype == torch.float32
    drawn = random["stages.3.1.conv2.weight"]
    assert learned.std() != pytest.approx(drawn.std().item(), rel=0.02)


@torch.no_grad()
def test_it_tells_photographs_apart():
    """A random network gives nearly all of them the same class."""
    network = load_classifier(find_backbone(DISTILLED))
    squares = [center_crop(bundled(name), 128) for name in BUNDLED]
    L, _ = lab_batch(torch.from_numpy(np.stack(squares)))
    logits, _ = network(L)
    assert len(set(logits.argmax(1).tolist())) >= 6
