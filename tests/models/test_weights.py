"""Weights for others: complete, checked, and never a pickle."""

import errno
import hashlib
import json
import os
import pickle
from pathlib import Path

import pytest
import safetensors.torch
import torch

from colorlib.models.compact import CompactUnet
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import Unet
from colorlib.models.weights import load_generator, save_generator


def compact():
    return CompactUnet(((8, 1, 3, 2, 1), (12, 1, 3, 2, 1)), (8,))


@pytest.fixture(params=[compact, lambda: Unet(n_down=3, width=4)])
def G(request):
    """Each architecture, after its running statistics have moved."""
    torch.manual_seed(0)
    G = request.param().train()
    G(torch.rand(2, 1, 16, 16))
    return G.eval()


@pytest.fixture
def saved(tmp_path):
    """A file and its card."""
    torch.manual_seed(0)
    return save_generator(compact(), tmp_path / "small", card={"name": "small"})


def rewrite(path, data=None, **entries):
    """Change a model's file or entries of its card, and make hashes agree."""
    if data is not None:
        path.write_bytes(data)
        entries["sha256"] = hashlib.sha256(data).hexdigest()
    card_path = path.with_suffix(".json")
    card = json.loads(card_path.read_text())
    card_path.write_text(json.dumps(card | entries))


def test_comes_back_equal(G, tmp_path):
    path = save_generator(G, tmp_path / "model", card={"name": "kim"})
    assert path == tmp_path / "model.safetensors"
    twin, card = load_generator(path)
    assert type(twin) is type(G)
    assert not twin.training
    assert card["name"] == "kim"
    own, other = G.state_dict(), twin.state_dict()
    assert own.keys() == other.keys()
    assert all(torch.equal(own[name], other[name]) for name in own)
    L = torch.rand(1, 1, 16, 16)
    assert torch.equal(twin(L), G(L))


def test_the_card_says_what_the_file_is(G, tmp_path):
    path = save_generator(G, tmp_path / "model", card={"terms": "자유"})
    text = path.with_suffix(".json").read_text(encoding="utf-8")
    card = json.loads(text)
    assert "자유" in text  # legible, not escaped
    assert card["architecture"] == type(G).__name__
    assert card["config"] == json.loads(json.dumps(G.config))
    assert card["parameters"] == sum(p.numel() for p in G.parameters())
    assert card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_half_is_half_the_size_and_as_good_as_16_bits(G, tmp_path):
    whole = save_generator(G, tmp_path / "whole", card={})
    half = save_generator(G, tmp_path / "half", card={}, half=True)
    assert half.stat().st_size < whole.stat().st_size * 0.75  # names are text
    twin, _ = load_generator(half)
    for name, tensor in twin.state_dict().items():
        own = G.state_dict()[name]
        assert tensor.dtype == own.dtype
        # Half of the last of 11 bits, or of the smallest step near zero.
        error = (tensor - own).abs()
        assert (error <= own.abs() * 2**-11 + 2**-25).all(), name


def test_channels_last_is_saved_as_anything_else(G, tmp_path):
    """The layout that training uses."""
    plain = save_generator(G, tmp_path / "plain", card={})
    G.to(memory_format=torch.channels_last)
    last = save_generator(G, tmp_path / "last", card={})
    assert plain.read_bytes() == last.read_bytes()


def test_the_ending_is_added_not_exchanged(tmp_path):
    """run.v1 and run.v2 are two models."""
    for name in ("run.v1", "run.v2.safetensors"):
        save_generator(compact(), tmp_path / name, card={})
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "run.v1.json",
        "run.v1.safetensors",
        "run.v2.json",
        "run.v2.safetensors",
    ]


def test_a_run_may_be_named_in_any_bytes(G, tmp_path):
    """Its folder's name is the model's, and disks of the nineties exist."""
    name = os.fsdecode(b"\xc1\xb6")
    path = save_generator(G, tmp_path / "g", card={"name": name})
    assert load_generator(path)[1]["name"] == name


def test_what_can_t_be_written_leaves_the_old_pair(saved, monkeypatch):
    """A full disk, when the new weights are there and their card is not."""
    write = Path.write_bytes

    def cramped(path, data):
        if ".json" in path.name:
            raise OSError(errno.ENOSPC, "no space left")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", cramped)
    with pytest.raises(OSError, match="no space left"):
        save_generator(compact(), saved.with_suffix(""), card={})
    assert load_generator(saved)[1]["name"] == "small"


def test_only_generators_are_saved(tmp_path):
    with pytest.raises(ValueError, match="PatchDiscriminator can't be saved"):
        save_generator(PatchDiscriminator(), tmp_path / "D", card={})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "half"), [(torch.nan, False), (torch.inf, False), (1e6, True)]
)
def test_what_is_no_number_is_not_saved(tmp_path, value, half):
    """1e6 is infinite in 16 bits."""
    G = compact()
    G.head.bias.data.fill_(value)
    with pytest.raises(ValueError, match="head.bias holds"):
        save_generator(G, tmp_path / "model", card={}, half=half)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_missing_half_is_named(saved, suffix):
    missing = saved.with_suffix(suffix)
    missing.unlink()
    with pytest.raises(FileNotFoundError, match=missing.name):
        load_generator(saved)


def test_a_changed_file_is_refused(saved):
    data = bytearray(saved.read_bytes())
    data[-1] ^= 1
    saved.write_bytes(data)
    with pytest.raises(ValueError, match="hashes differ"):
        load_generator(saved)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a model card"),
        ("3", "not a model card"),
        ("[]", "lacks architecture, config, sha256; get the model and"),
        ('{"architecture": "Unet", "config": {}}', "lacks sha256"),
    ],
)
def test_a_card_that_is_none(saved, text, said):
    saved.with_suffix(".json").write_text(text)
    with pytest.raises(ValueError, match=said):
        load_generator(saved)


def test_an_architecture_of_the_future(saved):
    rewrite(saved, architecture="Mamba")
    with pytest.raises(ValueError, match="'Mamba'; this version knows"):
        load_generator(saved)


@pytest.mark.parametrize("config", [{"depth": 3}, 5, {"widths": [-8, 12]}])
def test_a_configuration_of_another_version(saved, config):
    rewrite(saved, config=config)
    with pytest.raises(ValueError, match="can't be built"):
        load_generator(saved)


def test_weights_of_other_shapes(saved):
    """Nothing is filled up, left out or cut."""
    wider = CompactUnet(((16, 1, 3, 2, 1), (12, 1, 3, 2, 1)), (8,)).config
    rewrite(saved, config=wider)
    with pytest.raises(ValueError, match="does not fit its network: backbone"):
        load_generator(saved)


@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_weights_of_other_names(saved, change):
    tensors = safetensors.torch.load(saved.read_bytes())
    if change == "missing":
        del tensors["head.bias"]
    else:
        tensors["tail.bias"] = torch.zeros(1)
    rewrite(saved, safetensors.torch.save(tensors))
    with pytest.raises(
        ValueError, match=r"(head|tail).bias is missing.*1 such"
    ):
        load_generator(saved)


class Malicious:
    """What a pickle can do: run anything."""

    def __reduce__(self):
        return exec, ("import colorlib; colorlib.harmed = True",)


def test_a_pickle_is_not_opened(saved, monkeypatch):
    """Even where the card vouches for it."""
    import colorlib

    rewrite(saved, pickle.dumps(Malicious()))
    monkeypatch.setattr(torch, "load", None)
    with pytest.raises(ValueError, match="not a safetensors file"):
        load_generator(saved)
    assert "harmed" not in vars(colorlib)
