"""A checkpoint brings everything back, or says in one line why not."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from colorlib.training.checkpoint import load_checkpoint, save_checkpoint


def make_parts():
    net = nn.Linear(3, 2)
    return {"net": net, "opt": torch.optim.Adam(net.parameters(), fused=True)}


@pytest.fixture
def parts():
    """A network and an optimizer that have seen a step."""
    parts = make_parts()
    parts["net"](torch.ones(1, 3)).sum().backward()
    parts["opt"].step()
    return parts


@pytest.fixture
def path(tmp_path, parts):
    path = tmp_path / "last.ckpt"
    save_checkpoint(path, parts, step=7, rows=[{"l1": 0.5}])
    return path


def draws():
    """One number of each random state."""
    return random.random(), np.random.random(), torch.rand(1).item()


def test_brings_back_weights_and_moments(path, parts):
    twins = make_parts()
    values = load_checkpoint(path, twins)
    assert values == {"step": 7, "rows": [{"l1": 0.5}]}
    assert torch.equal(twins["net"].weight, parts["net"].weight)
    for twin, own in zip(
        twins["opt"].state.values(), parts["opt"].state.values(), strict=True
    ):
        assert twin.keys() == own.keys()
        assert all(torch.equal(twin[k], own[k]) for k in own)


def test_brings_back_all_random_states(path, parts):
    """Dropout must go on where it was."""
    save_checkpoint(path, parts)
    expected = draws()
    load_checkpoint(path, parts)
    assert draws() == expected


def test_brings_back_the_random_state_of_a_mac(path, parts, monkeypatch):
    """Where dropout and gamma jitter draw from it."""
    state, brought = torch.tensor([1, 2, 3], dtype=torch.uint8), []
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.mps, "get_rng_state", lambda: state)
    monkeypatch.setattr(torch.mps, "set_rng_state", brought.append)
    load_checkpoint(path, parts)  # of a machine without it
    assert brought == []
    save_checkpoint(path, parts)
    load_checkpoint(path, parts)
    assert torch.equal(brought[0], state)


def test_a_checkpoint_without_that_state_is_read(path, parts):
    """As all were, once."""
    content = torch.load(path, weights_only=True)
    del content["random"]["mps"]
    torch.save(content, path)
    assert load_checkpoint(path, parts)["step"] == 7


def test_a_failed_write_leaves_the_old_one(path, parts, monkeypatch):
    before = path.read_bytes()

    def full(content, file):
        file.write(b"half of a")
        raise OSError("No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(path, parts)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_missing(tmp_path, parts):
    with pytest.raises(FileNotFoundError, match="start a new run"):
        load_checkpoint(tmp_path / "last.ckpt", parts)


def damaged(data):
    return data[: len(data) // 2]


def foreign(data):
    return b"photograph"


def empty(data):
    return b""


@pytest.mark.parametrize("damage", [damaged, foreign, empty])
def test_no_checkpoint_is_one_clear_line(path, parts, damage):
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(
        ValueError, match="can't be read as a checkpoint"
    ) as caught:
        load_checkpoint(path, parts)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [torch.ones(3), {"state_dict": {}}, [1]])
def test_a_file_of_torch_is_not_a_checkpoint_yet(path, parts, content):
    torch.save(content, path)
    with pytest.raises(ValueError, match="can't be read as a checkpoint"):
        load_checkpoint(path, parts)


class Malicious:
    """What a pickle can do: run anything."""

    def __reduce__(self):
        return exec, ("import colorlib; colorlib.harmed = True",)


def test_runs_no_code(path, parts):
    import colorlib

    torch.save({"parts": Malicious()}, path)
    with pytest.raises(ValueError, match="can't be read as a checkpoint"):
        load_checkpoint(path, parts)
    assert "harmed" not in vars(colorlib)


def test_other_parts(path, parts):
    """Resuming the GAN's run as pretraining, say."""
    with pytest.raises(
        ValueError, match=r'holds net, opt, wanted D, G; .* "auto" is the same'
    ):
        load_checkpoint(path, {"G": parts["net"], "D": parts["net"]})


def test_other_shapes(path, parts):
    parts["net"] = nn.Linear(4, 2)
    with pytest.raises(ValueError, match="its net doesn't fit") as caught:
        load_checkpoint(path, parts)
    assert "\n" not in str(caught.value)
