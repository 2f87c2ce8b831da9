"""Shipping a model: weights, card and record in one go, from its runs."""

import json
import shutil

import numpy as np
import pytest
import ship
import torch
from PIL import Image

from colorlib.data.samples import bundled
from colorlib.models.unet import Unet
from colorlib.models.weights import load_generator, save_generator


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """A run of a tiny network, two photographs, and a place of its own."""
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "run"
    G = Unet(n_down=3, width=4)
    save_generator(G, run / "generator", card={"name": "tiny", "size": 32})
    config = dict.fromkeys(("epochs", "size", "learning_rate", "batch_size"), 8)
    record = {
        "config": config | {"loss": "l1", "backbone": "eyes.pth"},
        "backbone_sha256": None,
        "data": {"photographs": 2},
        "wall_seconds": 90,
        "machine": {"device": "cpu"},
    }
    (run / "run.json").write_text(json.dumps(record))
    (run / "metrics.csv").write_text("epoch,l1\n1,0.5\n")
    (tmp_path / "photographs").mkdir()
    for name in ("coffee", "chelsea"):
        small = Image.fromarray(bundled(name)[::4, ::4])
        small.save(tmp_path / "photographs" / f"{name}.png")
    (tmp_path / "food.txt").write_text("coffee.png\n")
    return tmp_path


def test_the_card_says_what_the_report_says(workshop):
    words = "--run run --score photographs --group food=food.txt"
    words += " --to shipped/tiny.safetensors --results results"
    ship.main(words.split())

    card = json.loads((workshop / "shipped" / "tiny.json").read_text())
    report = json.loads((workshop / "results" / "report.json").read_text())
    assert report["model"]["sha256"] == card["sha256"]
    assert [line["photographs"] for line in card["scores"]] == [
        *["all (2)"] * 3,
        *["food (1)"] * 3,
    ]
    found = report["groups"]["all"]["scores"]
    colors = ("gray", "model", "oracle mean")
    for line, who in zip(card["scores"][:3], colors, strict=True):
        value = found[who]["ciede2000"]["value"]
        assert line["CIEDE2000"].startswith(f"{value:.2f} (")
    assert np.isfinite(found["oracle mean"]["psnr"]["value"])
    assert (workshop / "results" / "run-1.json").exists()


@pytest.mark.parametrize("words", [{"sha256": "ab"}, {"sha256": "cd"}])
def test_the_card_has_words_for_what_was_pretrained_or_refuses(words):
    """Else it would credit one backbone and hold another."""
    run = {"config": {"backbone": "eyes.pth"}, "backbone_sha256": "ab"}
    if words["sha256"] == "ab":
        assert ship.describe_pretrained({"pretrained": words}, run) == {
            "pretrained": words
        }
    else:
        with pytest.raises(ValueError, match=r"no words for .* eyes\.pth"):
            ship.describe_pretrained({"pretrained": words}, run)
    run["backbone_sha256"] = None
    assert ship.describe_pretrained({"pretrained": words}, run) == {}


def test_a_blend_is_a_mean_of_two_stages(workshop, capsys):
    first, second = workshop / "run", workshop / "later"
    shutil.copytree(first, second)
    G, _ = load_generator(first / "generator.safetensors")
    for tensor in G.state_dict().values():
        tensor += 1
    save_generator(G, second / "generator", card={"name": "tiny", "size": 32})
    words = "--run run --run later --blend 0.75 --score photographs"
    words += " --to shipped/tiny.safetensors --results results"
    ship.main(words.split())

    before = load_generator(first / "generator.safetensors")[0].state_dict()
    mixed = load_generator(workshop / "shipped" / "tiny.safetensors")[0]
    for name, tensor in mixed.state_dict().items():
        if tensor.is_floating_point():
            wanted = before[name] + 0.75
            torch.testing.assert_close(tensor, wanted, rtol=2e-3, atol=2e-3)
    card = json.loads((workshop / "shipped" / "tiny.json").read_text())
    shares = [stage["share of the weights"] for stage in card["training"]]
    assert shares == [0.25, 0.75]

    for wrong in ("--run run --blend 0.5", "--run run --run later --blend 2"):
        with pytest.raises(SystemExit):
            ship.main([*wrong.split(), "--score", "photographs"])
        assert "--blend is above 0" in capsys.readouterr().err


def test_a_variant_has_words_of_its_own(workshop):
    """And each photograph on its card has terms that allow any use."""
    words = ship.WORDS.with_name("card-clean.toml")
    options = f"--run run --score photographs --about {words}"
    options += " --to variant.safetensors --results results"
    ship.main(options.split())
    card = json.loads((workshop / "variant.json").read_text())
    assert card["name"] == "colorlib-compact-clean"
    terms = {each["terms"] for each in card["photographs"]}
    free = {"CC BY 2.0", "CC0", "MIT License", "CC BY 4.0", "public domain"}
    assert terms == free
