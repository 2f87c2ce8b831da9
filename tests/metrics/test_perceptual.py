"""LPIPS and Inception, through stand-ins: their weights are downloaded.

The networks are the real ones with random weights, in files that a small
server offers; what is tested is the way there, and what becomes of numbers.
"""

import hashlib
import json
import os
import pickle
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
import torch_fidelity.feature_extractor_inceptionv3 as inception_source
import torchvision
from typer.testing import CliRunner

from colorlib.cli import app
from colorlib.data.samples import bundled
from colorlib.evaluation import Perception, Protocol, evaluate
from colorlib.metrics.packaged import PACKAGED, find_packaged, load_alexnet
from colorlib.metrics.perceptual import (
    ALEXNET,
    HASHES,
    INCEPTION,
    Inception,
    Lpips,
    fetch,
)


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    """A folder with both files, of random weights."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    torch.save(torchvision.models.alexnet().state_dict(), folder / ALEXNET)
    with pytest.MonkeyPatch.context() as patch:
        network = inception_source.FeatureExtractorInceptionV3
        patch.setattr(network, "load_state_dict", lambda *_: None)
        patch.setattr(
            inception_source, "load_state_dict_from_url", lambda *_, **__: None
        )
        made = network("inception-v3-compat", ["2048"])
    torch.save(made.state_dict(), folder / INCEPTION)
    return folder


@pytest.fixture
def known(weights, tmp_path, monkeypatch) -> Path:
    """The same folder, its files taken for the right ones; an empty cache."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    for name in (ALEXNET, INCEPTION):
        digest = hashlib.sha256((weights / name).read_bytes()).hexdigest()
        monkeypatch.setitem(HASHES, name, digest[:8])
    return weights


def cached(name: str) -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints" / name


# Where weights come from.


@pytest.fixture
def small(tmp_path, monkeypatch) -> Path:
    """A folder with a file of four bytes, known by its hash."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / ALEXNET).write_bytes(b"1234")
    monkeypatch.setitem(
        HASHES, ALEXNET, hashlib.sha256(b"1234").hexdigest()[:8]
    )
    return folder


def test_weights_are_downloaded_once(small, file_server):
    file_server.files[ALEXNET] = b"1234"
    url, told = f"{file_server.url}/{ALEXNET}", []
    fetched = fetch(ALEXNET, url, on_download=lambda *said: told.append(said))
    assert fetched.read_bytes() == b"1234"
    assert fetch(ALEXNET, url) == cached(ALEXNET)
    assert len(file_server.asked) == 1
    assert told == [(ALEXNET, 4, 4)]


def test_what_cannot_be_downloaded_says_what_to_do(small, file_server):
    with pytest.raises(OSError, match="which folder it is in") as failure:
        fetch(ALEXNET, f"{file_server.url}/other/{ALEXNET}")
    assert "404" in str(failure.value)
    assert ALEXNET in str(failure.value)
    assert not cached(ALEXNET).exists()


def test_no_network_is_the_same_error(small):
    with pytest.raises(OSError, match="which folder it is in"):
        fetch(ALEXNET, f"http://127.0.0.1:9/{ALEXNET}")


def test_other_weights_are_refused_and_not_kept(small):
    """They would give other scores under the same name."""
    (small / ALEXNET).write_bytes(b"12345")
    with pytest.raises(ValueError, match="is another file"):
        fetch(ALEXNET, "", small)
    assert not cached(ALEXNET).exists()


def test_what_was_damaged_in_the_cache_is_replaced(small):
    """Else a good file that is given would not help."""
    cached(ALEXNET).parent.mkdir(parents=True)
    cached(ALEXNET).write_bytes(b"12")
    assert fetch(ALEXNET, "", small).read_bytes() == b"1234"


def test_another_file_on_the_server_is_refused_and_not_kept(small, file_server):
    file_server.files[ALEXNET] = b"12345"
    with pytest.raises(OSError, match="another file.*which folder it is in"):
        fetch(ALEXNET, f"{file_server.url}/{ALEXNET}")
    assert not cached(ALEXNET).exists()


def test_a_folder_without_the_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=f"no {INCEPTION} in"):
        fetch(INCEPTION, "", tmp_path)


def test_the_hashes_are_those_in_the_names():
    """As the files are called by those who made them."""
    for name, digest in HASHES.items():
        assert Path(name).stem.endswith(f"-{digest}")
    assert inception_source.URL_INCEPTION_V3.endswith(INCEPTION)
    official = torchvision.models.AlexNet_Weights.IMAGENET1K_V1.url
    assert official.endswith(ALEXNET)


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    with pytest.raises(ModuleNotFoundError, match="install torchmetrics"):
        Lpips()


# Out of packages.


@pytest.fixture
def packaged(known, tmp_path, monkeypatch) -> Path:
    """The layers of `known` as packages carry them."""
    folder = tmp_path / "packages"
    folder.mkdir()
    layers = torch.load(known / ALEXNET)
    numbers = [0, 3, 6, 8, 10]
    convolutions = {
        f"Conv_{i}": {
            "kernel": layers[f"features.{n}.weight"]
            .permute(2, 3, 1, 0)
            .numpy(),
            "bias": layers[f"features.{n}.bias"].numpy(),
        }
        for i, n in enumerate(numbers)
    }
    tree = {"AlexNet_0": convolutions, "NetLinLayer_0": {}}
    (folder / "alexnet.ckpt").write_bytes(pickle.dumps(tree))

    layers = torch.load(known / INCEPTION)
    names = [n.removesuffix(".conv.weight") for n in layers if ".conv." in n]
    net = torch.nn.Module()
    net.layers = torch.nn.ModuleList()
    for name in names:
        layer = torch.nn.Module()
        for part, source in {
            "weight": "conv.weight",
            "beta": "bn.bias",
            "mean": "bn.running_mean",
            "var": "bn.running_var",
        }.items():
            layer.register_buffer(part, layers[f"{name}.{source}"])
        net.layers.append(layer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(Holder(net)), folder / "default_1.pt")
    for name in PACKAGED:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        monkeypatch.setitem(PACKAGED, name, digest)
    return folder


class Holder(torch.nn.Module):
    """What TorchScript wants around layers: something that computes."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


def test_lpips_from_a_package_is_that_of_the_original(known, packaged):
    one, two = some_bytes(2, 3, 64, 64), some_bytes(2, 3, 64, 64).flip(-1)
    assert torch.equal(Lpips(packaged)(one, two), Lpips(known)(one, two))


def test_inception_from_a_package_is_that_of_the_original(known, packaged):
    here, there = Inception(packaged), Inception(known)
    pictures = some_bytes(1, 3, 64, 64)
    assert torch.equal(here(pictures), there(pictures))


def test_weights_from_a_package_change_no_random_numbers(packaged):
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    Lpips(packaged), Inception(packaged)
    assert torch.equal(torch.rand(1), expected)


def test_the_original_comes_before_the_package(known, packaged):
    """Where a folder has both, the first is what scores are known by."""
    shutil.copy(known / ALEXNET, packaged)
    Lpips(packaged)
    assert cached(ALEXNET).exists()


@pytest.mark.parametrize("name", PACKAGED)
def test_another_file_of_that_name_is_refused(packaged, name):
    (packaged / name).write_bytes(b"12345")
    with pytest.raises(ValueError, match="another file than its package's"):
        find_packaged(name, packaged)


def test_a_pickle_that_runs_something_is_refused(tmp_path):
    path = tmp_path / "alexnet.ckpt"
    path.write_bytes(pickle.dumps({"AlexNet_0": os.system}))
    with pytest.raises(ValueError, match="must not hold posix.system"):
        load_alexnet(torch.nn.Conv2d(3, 64, 11), path)


def test_layers_of_another_network_are_refused(packaged):
    path = packaged / "alexnet.ckpt"
    with pytest.raises(ValueError, match="has 1 layers and the file 5"):
        load_alexnet(torch.nn.Conv2d(3, 64, 11), path)
    wrong = torch.nn.Sequential(*(torch.nn.Conv2d(3, 64, 5) for _ in "12345"))
    with pytest.raises(ValueError, match="has shape .64, 3, 5, 5. in the"):
        load_alexnet(wrong, path)


# What is measured.


def some_bytes(*shape: int) -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, shape, generator=rng).byte()


def test_lpips_is_torchmetrics_and_zero_for_the_truth(known):
    lpips = Lpips(known)
    from torchmetrics.image.lpip import LearnedPerceptualImagePatchSimilarity

    one, two = some_bytes(2, 3, 64, 64), some_bytes(2, 3, 64, 64).flip(-1)
    assert lpips(one, one).tolist() == [0, 0]
    found = lpips(one, two)
    assert (found > 0).all()
    torch.testing.assert_close(lpips(one[0], two[0]), found[0])
    metric = LearnedPerceptualImagePatchSimilarity("alex", normalize=True)
    expected = metric(one / 255, two / 255)
    assert found.mean().item() == pytest.approx(expected.item(), rel=1e-4)


def test_both_networks_look_at_one_picture(known):
    one, two = some_bytes(3, 64, 64), some_bytes(3, 64, 64).flip(-1)
    distance, features = Perception.load(known).look(one, two)
    assert distance["lpips"] == Lpips(known)(one, two).item()
    assert features.shape == (2048,)
    assert np.isfinite(features).all()
    assert cached(INCEPTION).exists()


# In a report.


def fake_lpips(rgb, true_rgb):
    return (rgb.float() - true_rgb).abs().mean() / 255


def fake_inception(rgb):
    """The mean color in place of 2,048 numbers."""
    return rgb.float().mean(dim=(2, 3))


def nothing(L):
    return L.new_zeros(1, 2, 4, 4)


def test_a_report_shows_them_for_every_baseline():
    some = [(name, bundled(name)) for name in ("coffee", "chelsea", "rocket")]
    report = evaluate(
        nothing,
        some,
        groups={"food": ["coffee"]},
        protocol=Protocol(crop=64, resamples=50),
        perception=Perception(fake_lpips, fake_inception),
    )
    found = report.groups["all"].scores
    for who in ("model", "gray", "oracle mean", "another's color"):
        assert found[who]["lpips"].low <= found[who]["lpips"].high
        assert found[who]["fid"].value > 0
    assert found["truth"]["lpips"].value == 0
    assert found["truth"]["fid"].value == pytest.approx(0, abs=0.1)
    assert np.isnan(found["model"]["kid"].low)  # three have no halves
    assert np.isnan(report.groups["food"].scores["model"]["fid"].value)
    head = next(x for x in report.table().splitlines() if "lpips" in x)
    assert head.split() == ["lpips", "fid", "kid"]
    written = json.loads(report.to_json())
    assert {"torchmetrics", "torch-fidelity"} < written["versions"].keys()
    assert "model_lpips" in report.to_csv().splitlines()[0]


def test_lpips_alone_is_measured_without_inception():
    some = [(name, bundled(name)) for name in ("coffee", "chelsea")]
    report = evaluate(
        nothing,
        some,
        protocol=Protocol(crop=64, resamples=50),
        perception=Perception(fake_lpips),
    )
    found = report.groups["all"].scores["gray"]
    assert found["lpips"].low <= found["lpips"].value <= found["lpips"].high
    assert "fid" not in found
    head = next(x for x in report.table().splitlines() if "lpips" in x)
    assert head.split() == ["lpips"]
    used = json.loads(report.to_json())["versions"].keys()
    assert "torchmetrics" in used
    assert "torch-fidelity" not in used


def test_the_command_line_measures_them(tmp_path, monkeypatch):
    """And looks for weights where it was told to."""
    monkeypatch.chdir(tmp_path)
    asked = []

    def load(weights, device, **options):
        asked.append((weights, str(device)))
        return Perception(fake_lpips, fake_inception)

    monkeypatch.setattr(Perception, "load", load)
    words = "evaluate shipped bundled --crop 32 --device cpu".split()
    result = CliRunner().invoke(app, [*words, "--perceptual"])
    assert result.exit_code == 0, result.output
    CliRunner().invoke(app, [*words, "--weights", "."])
    assert asked == [(None, "cpu"), (Path("."), "cpu")]
    report = json.loads(Path("evaluation.json").read_text())
    scores = report["groups"]["all"]["scores"]
    assert scores["gray"]["lpips"]["value"] > 0
    assert scores["gray"]["kid"]["value"] is not None
    assert scores["gray"]["fid"]["low"] is None


def test_the_command_line_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLORLIB_DEBUG", raising=False)
    words = "evaluate shipped bundled --weights ."
    result = CliRunner().invoke(app, words.split())
    assert result.exit_code == 2
    assert f"no {ALEXNET} in" in result.stderr
    assert result.stderr.count("\n") == 1
