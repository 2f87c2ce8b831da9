"""`colorlib verify` after `colorlib colorize`: a line a file, and a status."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from colorlib import photos
from colorlib.cli import app
from colorlib.models import weights
from colorlib.models.unet import Unet


def run(*arguments):
    """Run the command in this process."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    """Photographs of each format, and what a tiny model made of them."""
    folder = tmp_path_factory.mktemp("album")
    ramp = np.linspace(20, 230, 60 * 90).reshape(60, 90).astype(np.uint8)
    (folder / "in").mkdir()
    for name in ("a.jpg", "b.png", "c.tif", "d.webp", "e.gif", "f.bmp"):
        Image.fromarray(ramp).save(folder / "in" / name)
    deep = (ramp.astype(np.uint16) * 257)[::-1]
    Image.fromarray(np.ascontiguousarray(deep)).save(folder / "in" / "g.png")
    torch.manual_seed(0)  # wild colors, and WebP would lose much of them
    model = weights.save_generator(
        Unet(n_down=5, width=4),
        folder / "tiny",
        card={"name": "tiny", "size": 32},
    )
    done = run(
        "colorize", folder / "in", "-o", folder / "out", "--model", model
    )
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture
def here(album, tmp_path, monkeypatch):
    """A copy of the album to spoil, as the current folder."""
    shutil.copytree(album, tmp_path / "album")
    monkeypatch.chdir(tmp_path / "album")
    return Path()


def test_what_colorize_makes_is_good(here):
    result = run("verify", "in", "out")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert len(lines) == 7
    assert all(": good, lightness within" in line for line in lines)
    assert result.stderr == ""
    assert run("verify", "in", "out", "--quiet").stdout == ""


def test_one_spoiled_copy_is_named(here):
    with Image.open("out/b.png") as image:
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save("out/b.png")
    result = run("verify", "in/b.png", "out/b.png")
    assert result.exit_code == 1
    assert result.stdout.startswith("out/b.png: NOT GOOD: has no mark")
    assert "lightness is off" in result.stdout
    assert result.stdout.count("\n") == 1

    both = run("verify", "in", "out", "--quiet")
    assert both.exit_code == 1
    assert both.stdout == result.stdout


def test_a_missing_copy_and_a_stranger_are_named(here):
    Path("out/a.jpg").unlink()
    photos.write(photos.from_array(np.zeros((3, 3), np.uint8)), "out/z.png")
    result = run("verify", "in", "out", "--quiet")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "in/a.jpg: NOT GOOD: has no colored copy",
        "out/z.png: NOT GOOD: is no copy of a photograph in in",
    ]


def test_several_copies_of_one_original(here):
    result = run("verify", "in/a.jpg", "out/a.jpg", "out/b.png")
    assert result.exit_code == 1
    good, bad = result.stdout.splitlines()
    assert good.startswith("out/a.jpg: good")
    assert "colored from another file" in bad


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in", "out/a.jpg"], "in is a folder; give one folder"),
        (["in", "out", "out"], "in is a folder; give one folder"),
        (["nowhere", "out"], "nowhere: no such file"),
        (["in/a.jpg"], "Missing argument"),
        (["", "out"], "empty"),
    ],
)
def test_wrong_usage(here, arguments, said):
    result = run("verify", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_copy_that_cannot_be_read_is_not_good(here):
    Path("out/a.jpg").write_bytes(b"")
    result = run("verify", "in/a.jpg", "out/a.jpg", "out/nowhere.jpg")
    assert result.exit_code == 1
    assert "out/a.jpg: is empty" in result.stdout
    assert "out/nowhere.jpg: does not exist" in result.stdout
