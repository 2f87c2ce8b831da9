"""What makes the backbone that ships: half the size, with a card."""

import json

import pytest
import ship_backbone
import torch

from colorlib.models.classifier import (
    GrayClassifier,
    load_classifier,
    save_classifier,
)
from colorlib.models.resnet import BACKBONE
from colorlib.training.run_folder import RUN


@pytest.fixture
def run(tmp_path):
    """The folder of a run that trained a backbone of random weights."""
    torch.manual_seed(0)
    folder = tmp_path / "run"
    network = GrayClassifier(classes=3)
    save_classifier(
        network, folder / BACKBONE, card={"name": "a", "size": 64}, half=True
    )
    (folder / RUN).write_text(json.dumps({"finished": "2026-11-29"}))
    return folder


@torch.no_grad()
def test_what_ships_computes_nearly_the_same(run, tmp_path):
    to = tmp_path / "backbone.safetensors"
    assert ship_backbone.main([str(run), "--to", str(to)]) == 0
    assert to.stat().st_size < 0.55 * (run / BACKBONE).stat().st_size
    L = torch.rand(2, 1, 64, 64) * 2 - 1
    whole, shipped = load_classifier(run / BACKBONE), load_classifier(to)
    off = (shipped(L)[1] - whole(L)[1]).norm() / whole(L)[1].norm()
    assert 0 < off < 0.05
    card = json.loads(to.with_suffix(".json").read_text())
    assert (card["size"], card["bits"]) == (64, 8)


def test_a_run_that_goes_on_is_refused(run, tmp_path, capsys):
    (run / RUN).write_text("{}")
    to = tmp_path / "backbone.safetensors"
    assert ship_backbone.main([str(run), "--to", str(to)]) == 2
    assert "is not finished" in capsys.readouterr().err
    assert not to.exists()
