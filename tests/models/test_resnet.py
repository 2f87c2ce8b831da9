"""A pretrained ResNet-18: what calls itself pretrained has the weights."""

import hashlib
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch.testing import assert_close
from torchvision.models import ResNet18_Weights, resnet18

from colorlib.models.build import build_generator
from colorlib.models.resnet import (
    IMAGENET,
    ResNet18,
    find_backbone,
    load_resnet18,
    torchvision_name,
)


@pytest.fixture(scope="module")
def lender():
    """torchvision's network, as if it had been trained."""
    torch.manual_seed(0)
    network = resnet18().eval()
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(layer.weight, 1, 0.1)
            layer.running_mean.normal_(0, 0.1)
            layer.running_var.uniform_(0.5, 2)
    return network


@pytest.fixture
def file(lender, tmp_path):
    torch.save(lender.state_dict(), tmp_path / "resnet18.pth")
    return tmp_path / "resnet18.pth"


def features(network, rgb):
    """What torchvision's network sees, at every resolution."""
    x = network.relu(network.bn1(network.conv1(rgb)))
    seen = [x]
    x = network.maxpool(x)
    for number in range(1, 5):
        x = getattr(network, f"layer{number}")(x)
        seen.append(x)
    return seen


@torch.no_grad()
def test_sees_in_gray_what_the_lender_sees_in_a_gray_picture(lender, file):
    backbone = ResNet18().eval()
    load_resnet18(backbone, file)
    L = torch.rand(2, 1, 70, 50) * 2 - 1
    seen = features(lender, L.expand(-1, 3, -1, -1))
    for own, theirs in zip(backbone(L), seen, strict=True):
        assert theirs.std() > 0.01
        assert_close(own, theirs, atol=1e-4, rtol=1e-4)


def test_features_get_coarser():
    backbone = ResNet18().eval()
    sizes = [(35, 25), (18, 13), (9, 7), (5, 4), (3, 2)]
    for x, channels, stride, size in zip(
        backbone(torch.zeros(1, 1, 70, 50)),
        backbone.channels,
        backbone.strides,
        sizes,
        strict=True,
    ):
        assert x.shape == (1, channels, *size)
        assert size == (-(-70 // stride), -(-50 // stride))


@pytest.mark.parametrize("gray", ["sum", "mean", "first"])
def test_three_channels_become_one(lender, file, gray):
    backbone = ResNet18()
    load_resnet18(backbone, file, gray)
    filters = lender.conv1.weight
    one = {
        "sum": filters.sum(1),
        "mean": filters.mean(1),
        "first": filters[:, 0],
    }
    assert torch.equal(backbone.stem[0].weight[:, 0], one[gray])


@pytest.mark.usefixtures("as_outside_pytest")
def test_another_way_to_gray_is_refused(file):
    with pytest.raises(ValueError, match="sum, mean, first, got 'last'"):
        load_resnet18(ResNet18(), file, "last")


def test_a_file_for_one_channel_is_taken_as_it_is(lender, tmp_path):
    """As the course's own training writes it."""
    weights = lender.state_dict()
    weights["conv1.weight"] = weights["conv1.weight"][:, :1].contiguous()
    safetensors.torch.save_file(weights, tmp_path / "own.safetensors")
    backbone = ResNet18()
    load_resnet18(backbone, tmp_path / "own.safetensors")
    assert torch.equal(backbone.stem[0].weight, weights["conv1.weight"])


# What says that it is pretrained.


def test_a_pretrained_generator_has_every_weight_of_the_file(lender, file):
    G = build_generator("resunet", backbone=file)
    published = lender.state_dict()
    own = G.backbone.state_dict()
    assert len(own) == len(published) - 2  # without the classifier
    for name, tensor in own.items():
        wanted = published[torchvision_name(name)]
        if name == "stem.0.weight":
            wanted = wanted.sum(1, keepdim=True)
        assert torch.equal(tensor, wanted), name


def test_fastai_says_pretrained_and_is_not(fastai):
    """The trap in most copies of the tutorial behind the deck."""
    torch.manual_seed(0)
    random = resnet18().layer1[0].conv1.weight
    torch.manual_seed(0)
    body = fastai.create_body(resnet18(), pretrained=True, n_in=1, cut=-2)
    assert torch.equal(body[4][0].conv1.weight, random)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda w: w.pop("layer3.1.bn2.bias"), "layer3.1.bn2.bias is missing"),
        (
            lambda w: w.update({"bn1.weight": torch.ones(3)}),
            r"bn1.weight is \(3,\), not \(64,\)",
        ),
        (
            lambda w: w.update({"conv1.weight": torch.ones(64, 3, 3, 3)}),
            r"conv1.weight is \(64, 1, 3, 3\), not \(64, 1, 7, 7\)",
        ),
        (lambda w: w.clear(), "conv1.weight is missing"),
    ],
)
def test_another_network_is_refused_and_nothing_changes(
    lender, tmp_path, spoil, message
):
    weights = dict(lender.state_dict())
    spoil(weights)
    torch.save(weights, tmp_path / "other.pth")
    backbone = ResNet18()
    before = {k: v.clone() for k, v in backbone.state_dict().items()}
    with pytest.raises(ValueError, match=f"hold a ResNet-18: {message}"):
        load_resnet18(backbone, tmp_path / "other.pth")
    for name, tensor in backbone.state_dict().items():
        assert torch.equal(tensor, before[name])


@pytest.mark.parametrize("name", ["bad.pth", "bad.safetensors"])
@pytest.mark.parametrize("content", [b"", b"words", b"\x80\x02N."])
def test_what_is_no_file_of_weights_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=name):
        load_resnet18(ResNet18(), tmp_path / name)
    with pytest.raises(FileNotFoundError):
        load_resnet18(ResNet18(), tmp_path / "none.pth")


# Where the weights come from.


@pytest.fixture
def host(file_server, tmp_path, monkeypatch):
    """A server for files; torch's cache is an empty folder."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return file_server


def test_is_downloaded_once_and_checked(host, file):
    data = file.read_bytes()
    name = f"resnet18-{hashlib.sha256(data).hexdigest()[:8]}.pth"
    host.files[name] = data
    told = []
    path = find_backbone(
        IMAGENET,
        f"{host.url}/{name}",
        on_download=lambda *said: told.append(said),
    )
    assert path.read_bytes() == data
    assert path == Path(torch.hub.get_dir()) / "checkpoints" / name
    assert told[-1] == (name, len(data), len(data))
    assert find_backbone(IMAGENET, f"{host.url}/{name}") == path
    assert len(host.asked) == 1
    load_resnet18(ResNet18(), path)


def test_another_file_in_torch_s_cache_is_not_taken(host, file):
    """Whatever put it there: what says pretrained has these weights."""
    data = file.read_bytes()
    name = f"resnet18-{hashlib.sha256(data).hexdigest()[:8]}.pth"
    host.files[name] = data
    cached = Path(torch.hub.get_dir()) / "checkpoints" / name
    cached.parent.mkdir(parents=True)
    cached.write_bytes(data[:-1])
    assert find_backbone(IMAGENET, f"{host.url}/{name}") == cached
    assert cached.read_bytes() == data


def test_another_file_under_the_right_name_is_refused(host, file):
    name = "resnet18-00000000.pth"
    host.files[name] = file.read_bytes()
    with pytest.raises(OSError, match="another file.*give its path"):
        find_backbone(IMAGENET, f"{host.url}/{name}")
    assert not list(Path(torch.hub.get_dir()).rglob("*.pth"))


def test_without_the_file_one_line_says_what_to_do(host):
    name = "resnet18-12345678.pth"
    with pytest.raises(OSError, match=f"{name} can't.*404.*elsewhere and give"):
        find_backbone(IMAGENET, f"{host.url}/{name}")


def test_the_address_is_torchvision_s(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # no network
    with pytest.raises(OSError, match=ResNet18_Weights.IMAGENET1K_V1.url):
        find_backbone(IMAGENET)


def test_a_path_is_taken_as_it_is(tmp_path):
    assert find_backbone(tmp_path / "mine.pth") == tmp_path / "mine.pth"


def test_smaller_than_its_coarsest_stage_it_learns_nothing():
    """In bf16 the gradients there would be whatever was in memory."""
    network = ResNet18()
    with pytest.raises(
        ValueError, match="at least 32 x 32 pixels, got 40 x 31"
    ):
        network(torch.zeros(2, 1, 31, 40))
    assert len(network.eval()(torch.zeros(2, 1, 31, 40))) == 5
