"""Networks to learn from: known by their hashes, frozen, complete."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.testing import assert_close
from torchvision.models import MobileNet_V2_Weights, mobilenet_v2

from colorlib.data.crops import center_crop
from colorlib.data.samples import bundled
from colorlib.files import sha256_of
from colorlib.models import teachers
from colorlib.models.efficientnet import (
    LAST,
    LITE2,
    EfficientNet,
    published_names,
)
from colorlib.models.teachers import TEACHERS, Published, load_teacher


def known(path, build):
    """Take a stand-in for the published file."""
    return (Published("stand-in", sha256_of(path), build),)


@pytest.fixture(scope="module")
def mobilenet(tmp_path_factory):
    """A MobileNetV2 with random weights: the network, and its file."""
    torch.manual_seed(0)
    network = mobilenet_v2(weights=None).eval()
    path = tmp_path_factory.mktemp("mobilenet") / "weights.pth"
    torch.save(network.state_dict(), path)
    return network, path


def lite2_weights():
    """Random tensors under the names of the ports; no two are equal."""
    torch.manual_seed(0)
    body = teachers._Lite2().state_dict()
    names = published_names(EfficientNet((*LITE2, LAST), colors=3))
    weights = {}
    for name, tensor in body.items():
        part, _, kind = name.removeprefix("backbone.").rpartition(".")
        their = {"last.0": "_conv_head", "last.1": "_bn1"}.get(part)
        if tensor.is_floating_point():
            tensor = torch.rand_like(tensor)
        weights[f"{their or names[part]}.{kind}"] = tensor
    weights["_fc.weight"] = torch.randn(1000, 1280)
    weights["_fc.bias"] = torch.randn(1000)
    return weights


def test_sees_what_torchvision_s_network_sees(mobilenet):
    """The teacher brings colors to the scale that this was trained with."""
    network, path = mobilenet
    teacher = load_teacher(path, known(path, teachers.mobilenet_v2))
    rgb = torch.rand(2, 3, 64, 96)
    told = MobileNet_V2_Weights.IMAGENET1K_V1.transforms()
    mean, std = (torch.tensor(x).view(3, 1, 1) for x in (told.mean, told.std))
    with torch.no_grad():
        wanted = network((rgb - mean) / std)
    logits, pooled = teacher(rgb)
    assert_close(logits, wanted, atol=1e-4, rtol=1e-4)
    assert pooled.shape == (2, teacher.width) == (2, 1280)
    assert_close(teacher.head(pooled), logits)


def test_every_tensor_of_lite2_has_its_place():
    weights = lite2_weights()
    teacher = teachers.lite2(weights)
    own = teacher.state_dict()
    assert len(own) == len(weights) + 2  # mean and std
    assert torch.equal(
        own["body.backbone.stem.0.weight"], weights["_conv_stem.weight"]
    )
    assert torch.equal(
        own["body.backbone.stages.6.0.narrow.0.weight"],
        weights["_blocks.20._project_conv.weight"],
    )
    sums = sorted(t.sum().item() for t in weights.values())
    loaded = [t for n, t in own.items() if n not in ("mean", "std")]
    assert sorted(t.sum().item() for t in loaded) == sums
    assert teacher(torch.rand(1, 3, 32, 32))[0].shape == (1, 1000)
    # Bytes minus 127, divided by 128.
    gray = torch.full((1, 3, 1, 1), 127 / 255)
    assert_close((gray - teacher.mean) / teacher.std, torch.zeros(1, 3, 1, 1))
    white = (1 - teacher.mean) / teacher.std
    assert_close(white.flatten(), torch.ones(3))


def test_a_teacher_is_frozen_and_in_evaluation_mode(mobilenet):
    _, path = mobilenet
    teacher = load_teacher(path, known(path, teachers.mobilenet_v2))
    assert not any(p.requires_grad for p in teacher.parameters())
    torch.nn.Sequential(teacher).train()
    assert not any(module.training for module in teacher.modules())
    before = {k: v.clone() for k, v in teacher.state_dict().items()}
    rgb = torch.rand(2, 3, 32, 32, requires_grad=True)
    assert not teacher(rgb)[0].requires_grad
    for name, tensor in teacher.state_dict().items():
        assert torch.equal(tensor, before[name]), name


def test_another_file_is_refused_in_one_line(mobilenet):
    """By its hash, before anything in it is read."""
    _, path = mobilenet
    with pytest.raises(ValueError, match="is no teacher's file") as refusal:
        load_teacher(path)
    said = str(refusal.value)
    assert "EfficientNet-Lite2 (9656183e...), MobileNetV2 (b0353104" in said
    assert "\n" not in said
    with pytest.raises(FileNotFoundError):
        load_teacher(path.with_name("none.pth"))


@pytest.mark.parametrize("content", [b"", b"words", b"\x80\x02N."])
def test_a_known_file_that_holds_something_else_is_refused(tmp_path, content):
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="doesn't hold stand-in") as refusal:
        load_teacher(path, known(path, teachers.mobilenet_v2))
    assert "\n" not in str(refusal.value)


def test_a_missing_tensor_is_refused(tmp_path):
    weights = lite2_weights()
    del weights["_blocks.3._bn1.bias"]
    path = tmp_path / "weights.pth"
    torch.save(weights, path)
    with pytest.raises(ValueError, match=r"_blocks.3._bn1.bias"):
        load_teacher(path, known(path, teachers.lite2))


def test_one_file_is_the_one_that_torchvision_publishes():
    """Its name ends with how its hash begins."""
    _, second = TEACHERS
    url = MobileNet_V2_Weights.IMAGENET1K_V1.url
    assert second.sha256[:8] in url


CAT, ESPRESSO = 285, 967  # ImageNet's classes "Egyptian cat" and "espresso"


@pytest.mark.slow
@pytest.mark.skipif(
    "COLORLIB_TEACHERS" not in os.environ,
    reason="set COLORLIB_TEACHERS to a folder with both teachers' .pth files",
)
def test_the_published_networks_know_a_cat_and_a_cup_of_coffee():
    folder = Path(os.environ["COLORLIB_TEACHERS"])
    names = set()
    for path in sorted(folder.glob("*.pth")):
        names.add(teachers.find_teacher(path).name)
        teacher = load_teacher(path)
        for photograph, wanted in (("chelsea", CAT), ("coffee", ESPRESSO)):
            rgb = center_crop(bundled(photograph), 224).transpose(2, 0, 1)
            rgb = torch.from_numpy(np.ascontiguousarray(rgb))[None] / 255
            assert teacher(rgb)[0].argmax() == wanted, (path, photograph)
    assert names == {published.name for published in TEACHERS}
