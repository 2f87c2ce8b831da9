"""The backbone's file: torchvision's names, one channel, all or nothing."""

import json

import pytest
import safetensors.torch
import torch
from torch.testing import assert_close
from torchvision.models import resnet18

from colorlib.models.build import build_generator
from colorlib.models.classifier import (
    GrayClassifier,
    load_classifier,
    save_classifier,
)
from colorlib.models.resnet import BACKBONE, torchvision_name


@pytest.fixture(scope="module")
def network():
    """As if it had been trained: no tensor is what it is at first."""
    torch.manual_seed(0)
    network = GrayClassifier(classes=7)
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(layer.weight, 1, 0.1)
            layer.running_mean.normal_(0, 0.1)
            layer.running_var.uniform_(0.5, 2)
    return network.eval()


@pytest.fixture
def run(network, tmp_path):
    """A folder as a run leaves it."""
    save_classifier(network, tmp_path / BACKBONE, card={"name": "mine"})
    return tmp_path


@torch.no_grad()
def test_what_is_saved_can_be_loaded(network, run):
    L = torch.rand(2, 1, 40, 64) * 2 - 1
    loaded = load_classifier(run / BACKBONE)
    for own, other in zip(network(L), loaded(L), strict=True):
        assert_close(own, other)
    assert not loaded.training
    card = json.loads((run / "backbone.json").read_text())
    assert card["name"] == "mine"
    assert (card["channels"], card["config"]) == (1, {"classes": 7})


@pytest.mark.parametrize("half", [False, True])
def test_a_generator_that_begins_with_it_has_every_tensor(
    network, tmp_path, half
):
    save_classifier(network, tmp_path / BACKBONE, card={}, half=half)
    stored = safetensors.torch.load_file(tmp_path / BACKBONE)
    assert (stored["conv1.weight"].dtype == torch.float16) == half
    for place in (tmp_path, tmp_path / BACKBONE):  # the run, or its file
        own = build_generator("resunet", backbone=place).backbone.state_dict()
        assert len(own) == len(stored) - 2  # without the classifier
        for name, tensor in own.items():
            wanted = stored[torchvision_name(name)].to(tensor.dtype)
            assert torch.equal(tensor, wanted), name


def test_the_names_are_torchvision_s(run):
    stored = safetensors.torch.load_file(run / BACKBONE)
    theirs = resnet18(num_classes=7).state_dict()
    assert stored.keys() == theirs.keys()
    for name, tensor in theirs.items():
        wanted = (64, 1, 7, 7) if name == "conv1.weight" else tensor.shape
        assert stored[name].shape == wanted, name


def test_a_file_that_its_card_does_not_describe_is_refused(network, run):
    """Pretrained is what the card says, and nothing else in its place."""
    torch.manual_seed(9)
    other = GrayClassifier(classes=7)
    save_classifier(other, run / "other" / BACKBONE, card={})
    (run / "other" / BACKBONE).replace(run / BACKBONE)
    for read in (
        load_classifier,
        lambda p: build_generator("resunet", backbone=p),
    ):
        with pytest.raises(ValueError, match=r"backbone.json describes"):
            read(run / BACKBONE)


def test_a_folder_without_a_backbone_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=f"holds no {BACKBONE}"):
        build_generator("resunet", backbone=tmp_path)


def test_a_file_without_a_classifier_is_refused(tmp_path):
    safetensors.torch.save_file(
        {"conv1.weight": torch.zeros(1)}, tmp_path / BACKBONE
    )
    with pytest.raises(ValueError, match="holds no classifier"):
        load_classifier(tmp_path / BACKBONE)


def test_what_is_not_a_number_is_not_saved(network, tmp_path):
    spoiled = GrayClassifier(classes=7)
    torch.nn.init.constant_(spoiled.head.bias, float("nan"))
    with pytest.raises(ValueError, match="head.bias.*not a finite number"):
        save_classifier(spoiled, tmp_path / BACKBONE, card={})
    assert not list(tmp_path.iterdir())
