"""What judges a backbone: labels beside photographs, and linear maps."""

import io
import json
import tarfile

import labels
import measure_backbone
import numpy as np
import pytest
from PIL import Image

from colorlib.data.sources import tar_shard


def shard(path, members):
    """Write a tar shard of bytes by name."""
    with tarfile.open(path, "w") as tar:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            tar.addfile(about, io.BytesIO(data))
    return path


def photograph():
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "png")
    return file.getvalue()


def test_labels_are_found_beside_their_photographs(tmp_path):
    one = shard(
        tmp_path / "one.tar",
        {
            "0.png": photograph(),
            "0.json": json.dumps({"label": "zoo/cat"}).encode(),
            "1.png": photograph(),
            "1.json": b"{}",
            "2.png": photograph(),
        },
    )
    assert labels.read_labels(tar_shard(one)) == {"one/0.png": "zoo/cat"}
    bad = shard(tmp_path / "bad.tar", {"0.png": photograph(), "0.json": b"{"})
    with pytest.raises(ValueError, match="bad.tar/0.json is no JSON"):
        labels.read_labels(tar_shard(bad))


def test_fewer_photographs_come_from_all_parts_of_a_source(tmp_path):
    """A source has its kinds one after the other."""
    names = [f"{i:02}.png" for i in range(19)]
    path = shard(tmp_path / "one.tar", dict.fromkeys(names, photograph()))
    found = measure_backbone.read([str(path)], 8, most=10)
    assert found.names[0] == "one/00.png"
    assert found.names[-1] == "one/17.png"
    assert len(found.names) == 10


def test_a_linear_map_finds_what_is_linear_and_no_more():
    rng = np.random.default_rng(0)
    x, asked = rng.normal(size=(400, 6)), rng.normal(size=(200, 6))
    maps = rng.normal(size=(6, 3))
    y, truth = np.eye(3)[(x @ maps).argmax(1)], (asked @ maps).argmax(1)
    apart = rng.random(400) < 0.2
    found = measure_backbone.ridge(x, y, asked, apart)
    assert np.mean(found == truth) > 0.85
    chance = measure_backbone.ridge(rng.normal(size=(400, 6)), y, asked, apart)
    assert np.mean(chance == truth) < 0.6


def test_a_share_has_its_interval():
    right = np.arange(100) < 70
    found = measure_backbone.estimate(right)
    assert found["value"] == 0.7
    assert 0.58 < found["low"] < 0.65 < 0.75 < found["high"] < 0.82
