"""The pretrained backbone: the published network, seen in gray."""

import pytest
import torch
from torch.testing import assert_close

from colorlib.models.compact import CompactUnet
from colorlib.models.efficientnet import (
    LITE2,
    Convolution,
    EfficientNet,
    Stage,
    load_backbone,
)
from colorlib.models.resnet import ResNet18

# What the classifier adds to the backbone: 352 channels to 1,280, normalized,
# and 1,000 classes.
CLASSIFIER = 352 * 1280 + 2 * 1280 + 1281 * 1000
LAST = Stage(channels=352, blocks=1, kernel=3, stride=1, expansion=6)


def published(backbone):
    """A file as the ports write it: their names, a first layer for RGB."""
    named = {}
    numbers = {}
    layers = {
        ("widen", "0"): "_expand_conv",
        ("widen", "1"): "_bn0",
        ("filter", "0"): "_depthwise_conv",
        ("filter", "1"): "_bn1",
        ("narrow", "0"): "_project_conv",
        ("narrow", "1"): "_bn2",
    }
    for name, tensor in backbone.state_dict().items():
        parts = name.split(".")
        if parts[0] == "stem":
            layer = ("_conv_stem", "_bn0")[int(parts[1])]
            named[f"{layer}.{parts[2]}"] = tensor
        else:
            number = numbers.setdefault((parts[1], parts[2]), len(numbers))
            layer = layers[parts[3], parts[4]]
            named[f"_blocks.{number}.{layer}.{parts[5]}"] = tensor
    first = named["_conv_stem.weight"]
    shares = torch.tensor([0.2, 0.5, 0.3]).view(1, 3, 1, 1)
    return named | {"_conv_stem.weight": first * shares, "_fc.bias": first}


@pytest.fixture
def bodies():
    torch.manual_seed(0)
    return EfficientNet(), EfficientNet()


def test_has_the_published_size():
    """6,092,072 weights with last block, classifier and a layer for RGB."""
    backbone = EfficientNet([*LITE2, LAST])
    own = sum(p.numel() for p in backbone.parameters())
    rgb = 2 * backbone.stem[0].weight.numel()
    assert own + rgb + CLASSIFIER == 6_092_072


def test_features_get_coarser():
    backbone = EfficientNet().eval()
    features = backbone(torch.rand(2, 1, 64, 96))
    assert [x.shape[1] for x in features] == backbone.channels
    assert backbone.channels == [16, 24, 48, 120, 208]
    for x, stride in zip(features, backbone.strides, strict=True):
        assert x.shape[2:] == (64 // stride, 96 // stride)


def test_borrows_every_weight(bodies, tmp_path):
    lender, borrower = bodies
    torch.save(published(lender), tmp_path / "lite2.pth")
    load_backbone(borrower, tmp_path / "lite2.pth")
    for name, tensor in lender.state_dict().items():
        assert_close(borrower.state_dict()[name], tensor, msg=name)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda p: p.pop("_blocks.3._bn1.bias"), "_blocks.3._bn1.bias is mis"),
        (
            lambda p: p.update({"_bn0.weight": torch.ones(3)}),
            r"_bn0.weight is \(3,\), not \(32,\)",
        ),
    ],
)
def test_another_network_is_refused_and_nothing_changes(
    bodies, tmp_path, spoil, message
):
    lender, borrower = bodies
    before = {k: v.clone() for k, v in borrower.state_dict().items()}
    weights = published(lender)
    spoil(weights)
    torch.save(weights, tmp_path / "other.pth")
    with pytest.raises(ValueError, match=f"EfficientNet-Lite2: {message}"):
        load_backbone(borrower, tmp_path / "other.pth")
    assert all(
        map(torch.equal, borrower.state_dict().values(), before.values())
    )


@pytest.mark.parametrize("content", [b"", b"words", b"\x80\x02N."])
def test_what_is_no_file_of_weights_is_refused(bodies, tmp_path, content):
    (tmp_path / "bad.pth").write_bytes(content)
    with pytest.raises(ValueError, match=r"bad.pth"):
        load_backbone(bodies[0], tmp_path / "bad.pth")
    with pytest.raises(FileNotFoundError):
        load_backbone(bodies[0], tmp_path / "none.pth")


def test_weights_are_those_that_the_card_beside_describes(bodies, tmp_path):
    lender, borrower = bodies
    torch.save(published(lender), tmp_path / "lite2.pth")
    (tmp_path / "lite2.json").write_text('{"sha256": "0"}')
    with pytest.raises(ValueError, match="their hashes differ"):
        load_backbone(borrower, tmp_path / "lite2.pth")


def test_a_frozen_stage_does_not_learn():
    backbone = EfficientNet()
    backbone.freeze(2)
    learning = [n for n, p in backbone.named_parameters() if p.requires_grad]
    assert min(learning).startswith("stages.2.")
    backbone = EfficientNet()
    backbone.freeze(0)
    assert all(p.requires_grad for p in backbone.parameters())


@pytest.mark.parametrize("kind", [EfficientNet, ResNet18])
def test_batch_norms_of_a_frozen_stage_go_on_counting(kind):
    """As the docstrings say; the model that ships was trained so."""
    torch.manual_seed(0)
    backbone = kind()
    backbone.freeze(1)
    before = {k: v.clone() for k, v in backbone.state_dict().items()}
    backbone(torch.rand(2, 1, 64, 64))
    changed = {
        name
        for name, tensor in backbone.state_dict().items()
        if not torch.equal(tensor, before[name])
    }
    frozen = [n for n in changed if n.startswith(("stem.", "stages.0."))]
    assert any("running_mean" in name for name in frozen)
    assert not changed & {name for name, _ in backbone.named_parameters()}


def test_filters_in_32_bits_on_a_processor():
    """And hands on what it was given: 16 bits."""
    torch.manual_seed(0)
    x = torch.rand(1, 4, 8, 8).bfloat16()
    one_by_one = Convolution(4, 4, 3, groups=4)
    with torch.autocast("cpu", torch.bfloat16):
        y = one_by_one(x)
    assert y.dtype == torch.bfloat16
    exact = torch.nn.functional.conv2d(
        x.float(), one_by_one.weight, one_by_one.bias, groups=4
    )
    assert torch.equal(y, exact.bfloat16())


def test_the_compact_generator_looks_through_it():
    G = CompactUnet()
    assert type(G.backbone) is EfficientNet
    assert G.multiple == G.backbone.strides[-1]
