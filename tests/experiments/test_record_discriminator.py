"""What is measured of a discriminator that may be blind, or late."""

import json
from copy import deepcopy
from dataclasses import asdict, replace

import discriminator
import list_runs
import numpy as np
import pytest
import record_discriminator
import torch
from PIL import Image
from torch import nn

from colorlib import course
from colorlib.data.batches import Batches, lab_batch
from colorlib.models.unet import Unet
from colorlib.training.gan import gan_step, start_gan

CONFIG = discriminator.CONFIG


class Painter(nn.Module):
    """Paints one color."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, L):
        return torch.full_like(L, self.value).repeat(1, 2, 1, 1)


class Threshold(nn.Module):
    """Calls generated what is below its threshold, and is sure of it."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, L, ab):
        return 9 * (ab[:, :1] - self.value).sign()


@pytest.fixture
def photos():
    """As many as a batch has."""
    rng = np.random.default_rng(0)
    return [*rng.integers(0, 256, (16, 64, 64, 3), np.uint8)]


def test_a_lag_is_positive_where_g_is_ahead():
    """G's color moves up by 0.1 a step, D's threshold is just above it."""
    kept = {
        step: (Painter(0.1 * step), Threshold(0.1 * step + 0.05))
        for step in range(4)
    }
    L, ab = torch.zeros(4, 1, 8, 8), torch.ones(4, 2, 8, 8)
    found = discriminator.lags(kept, CONFIG, L, ab)
    assert list(found) == [-3, -2, -1, 0, 1, 2, 3]
    assert max(found[lag] for lag in (-3, -2, -1, 0)) < 0.01  # both right
    assert min(found[lag] for lag in (1, 2, 3)) > 4  # every fake passes


@pytest.mark.parametrize("joint_batch", [False, True])
def test_d_s_loss_is_that_of_its_training(photos, joint_batch):
    """Of the first step, in training mode, to the bit."""
    config = replace(CONFIG, joint_batch=joint_batch)
    torch.manual_seed(0)
    s = start_gan(
        Unet(n_down=2, width=4), discriminator.new_discriminator(config), config
    )
    L, ab = lab_batch(torch.from_numpy(np.stack(photos)))
    seed = torch.get_rng_state()
    fake_ab = s.G(L)
    found = discriminator.d_loss(s.D, L, ab, fake_ab, joint_batch)
    torch.set_rng_state(seed)  # the same dropout
    assert found == gan_step(s, L, ab, joint_batch=joint_batch)["d"]


def test_g_stands_still_where_it_is_stopped(photos):
    s = start_gan(
        Unet(n_down=2, width=4), discriminator.new_discriminator(CONFIG), CONFIG
    )
    batches = Batches(photos, size=64)
    s.step = CONFIG.epochs * len(batches)
    G, D = (deepcopy([*network.parameters()]) for network in (s.G, s.D))
    assert len(discriminator.stopped(s, batches, CONFIG)) == len(batches)
    assert all(map(torch.equal, G, s.G.parameters()))
    assert not any(map(torch.equal, D, s.D.parameters()))


def test_each_way_is_two_batches_but_for_one_setting():
    """Whatever else differed could be what made the difference."""
    base = asdict(discriminator.WAYS["two batches"])
    for name, way in (discriminator.WAYS | discriminator.OTHERS).items():
        changed = [k for k, v in asdict(way).items() if v != base[k]]
        same = name == "two batches" or name.endswith("norm")
        assert len(changed) == (not same), name


@pytest.mark.parametrize("norm", ["instance norm", "spectral norm"])
def test_without_batch_norm_a_photograph_has_its_own_logits(norm):
    """Whatever else is in the batch; with batch norm it doesn't."""
    L, ab = torch.rand(4, 1, 64, 64), torch.rand(4, 2, 64, 64)
    for kind, alike in ((norm, True), (None, False)):
        torch.manual_seed(0)
        D = discriminator.new_discriminator(CONFIG, kind)
        assert D.training
        for _ in range(50):
            D(L, ab)  # until spectral norm has settled
        alone = D(L[:1], ab[:1])
        together = D(L, ab)[:1]
        assert torch.allclose(alone, together, atol=1e-4) == alike


def test_spectral_norm_keeps_each_convolution_from_lengthening_anything():
    torch.manual_seed(0)
    D = discriminator.new_discriminator(CONFIG, "spectral norm")
    L, ab = torch.rand(2, 1, 64, 64), torch.rand(2, 2, 64, 64)
    for _ in range(20):
        D(L, ab)  # each forward pass improves its estimate
    D.eval()
    convolutions = [x for x in D.modules() if isinstance(x, nn.Conv2d)]
    assert len(convolutions) == 5
    for layer in convolutions:
        largest = torch.linalg.svdvals(layer.weight.flatten(1))[0].item()
        assert largest == pytest.approx(1, abs=0.05)


def test_gray_has_no_chroma_and_truth_no_error():
    L, ab = torch.zeros(2, 1, 8, 8), torch.rand(2, 2, 8, 8) / 2
    gray = discriminator.colors(0 * ab, L, ab)
    assert gray["chroma"] == 0
    assert gray["ciede2000"] > 5
    assert discriminator.colors(ab, L, ab) == {"ciede2000": 0, "chroma": 1}


@pytest.mark.parametrize("others", [False, True])
def test_one_command_makes_a_record_that_a_chapter_can_read(
    tmp_path, photos, others
):
    text = f"{list_runs.BEGIN}old\n{list_runs.END}"
    (tmp_path / "README.md").write_text(text)
    folder = tmp_path / "photographs"
    folder.mkdir()
    for i, photo in enumerate(photos):
        Image.fromarray(photo).save(folder / f"{i}.png")
    words = f"--photographs {folder} --score {folder} --results {tmp_path}"
    words += f" --cache {tmp_path / 'cache'} --seeds 1 --epochs 1 --alone 1"
    words += " --without-batch-norm" * others
    assert record_discriminator.main(words.split()) == 0

    name = "discriminator-norms" if others else "discriminator"
    run = course.recorded(name, results=tmp_path)
    ways = discriminator.OTHERS if others else discriminator.WAYS
    assert list(run.metrics) == ["epoch", *ways]
    assert run.report["gray"]["chroma"] == 0
    for [seed] in run.report["ways"].values():
        assert "0" in seed["lags"]
        assert len(seed["alone"]) == len(seed["d"]) == 1
    assert "1 epochs on 16 photographs" in repr(run)
    assert str(tmp_path) not in json.dumps(run.run)
    assert run.run["command"] == (
        "python experiments/record_discriminator.py --photographs photographs"
        f" --score photographs{' --without-batch-norm' * others} --seeds 1"
        " --epochs 1 --alone 1"
    )
    assert f"| `{name}` |" in (tmp_path / "README.md").read_text()


def test_no_photographs_are_one_line(tmp_path, capsys):
    words = f"--photographs {tmp_path} --score {tmp_path}"
    words += f" --cache {tmp_path / 'cache'} --results {tmp_path}"
    assert record_discriminator.main(words.split()) == 2
    assert capsys.readouterr().err.count("\n") == 1
