"""`colorize --uncertainty --variants --mirror --faded`: beside each copy."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from colorlib import photos
from colorlib.archive.pairing import pair
from colorlib.cli import colorize as command
from colorlib.models import weights
from colorlib.models.compact import CompactUnet
from colorlib.models.palette import LEANINGS
from tests.cli.test_colorize import colorize, gray, report


@pytest.fixture(scope="module")
def palette(tmp_path_factory):
    """A tiny model that predicts a palette, as the one that ships does."""
    torch.manual_seed(0)
    G = CompactUnet(((16, 1, 3, 2, 1), (16, 1, 3, 2, 1)), (16,))
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    return weights.save_generator(G, path, card={"name": "tiny", "size": 32})


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made():
    return {
        path.relative_to("colorized").as_posix()
        for path in Path("colorized").rglob("*")
        if path.is_file() and path.suffix != ".json"
    }


def test_each_photograph_gets_a_map_and_variants(here, palette):
    gray("scans/a.jpg")
    gray("scans/1951/b.tif")
    options = ("--model", palette, "--uncertainty", "--variants", 2)

    result = colorize("scans", *options)

    assert result.exit_code == 0, result.output
    words = [line.split() for line in result.stdout.splitlines()]
    assert ["2", "0", "0", "0"] in words  # photographs
    assert "beside the copies: 6 maps and other results" in result.stdout
    assert made() == {
        *("a.jpg", "a.uncertainty.png", "a.warmer.jpg", "a.cooler.jpg"),
        *("1951/b.tif", "1951/b.uncertainty.png"),
        *("1951/b.warmer.tif", "1951/b.cooler.tif"),
    }
    told = photos.read("colorized/a.uncertainty.png")
    assert told.is_gray
    assert (told.width, told.height) == (40, 30)
    assert told.made_by.settings == "sizes=32 result=uncertainty"
    warmer, copy = (
        photos.read(f"colorized/{name}") for name in ("a.warmer.jpg", "a.jpg")
    )
    assert warmer.made_by.settings == "sizes=32 result=warmer"
    assert copy.made_by.settings == "sizes=32"
    assert (warmer.pixels != copy.pixels).any()
    results = [e.get("result") for e in report()["photographs"]]
    assert results == [None, "uncertainty", "warmer", "cooler"] * 2


def test_a_photograph_is_read_once_for_all_its_results(
    here, palette, monkeypatch
):
    """A scan of many megapixels takes long to decode."""
    gray("scans/a.jpg")
    gray("scans/b.jpg")
    opened, read = [], photos.read
    monkeypatch.setattr(
        photos, "read", lambda p, **how: opened.append(p) or read(p, **how)
    )
    done = colorize(
        "scans", "--model", palette, "--uncertainty", "--variants", 2
    )
    assert done.exit_code == 0, done.output
    assert [path.name for path in opened] == ["a.jpg", "b.jpg"]


def test_the_network_runs_once_for_all_results(here, palette, monkeypatch):
    """Its answer is the largest part of the work on a small scan."""
    gray("scans/a.jpg")
    gray("scans/b.jpg")
    runs, forward = [], CompactUnet.forward
    monkeypatch.setattr(
        CompactUnet,
        "forward",
        lambda G, L, **how: runs.append(L.shape) or forward(G, L, **how),
    )
    done = colorize(
        "scans", "--model", palette, "--uncertainty", "--variants", 2
    )
    assert done.exit_code == 0, done.output
    assert len(made()) == 8
    assert len(runs) == 2


def test_a_map_is_never_inside_the_copy(here, palette):
    gray("a.png")
    colorize("a.png", "--model", palette)
    alone = photos.read("colorized/a.png").pixels
    colorize("a.png", "--model", palette, "--uncertainty", "--overwrite")
    np.testing.assert_array_equal(photos.read("colorized/a.png").pixels, alone)


def test_what_is_there_is_skipped_and_what_is_new_is_made(here, palette):
    gray("a.png")
    assert colorize("a.png", "--model", palette).exit_code == 0
    options = ("--model", palette, "--variants", 1)
    assert colorize("a.png", *options).exit_code == 0
    assert (report()["colored"], report()["skipped"]) == (1, 1)
    assert colorize("a.png", *options).exit_code == 0
    assert (report()["colored"], report()["skipped"]) == (0, 2)


def test_another_s_file_is_left_alone(here, palette):
    gray("a.png")
    gray("colorized/a.uncertainty.png")
    mine = Path("colorized/a.uncertainty.png").read_bytes()
    result = colorize("a.png", "--model", palette, "--uncertainty")
    assert result.exit_code == 1
    assert "exists and was not made by colorlib" in result.stderr
    assert Path("colorized/a.uncertainty.png").read_bytes() == mine


def test_no_two_results_have_one_name(here, palette):
    for name in ("a.jpg", "a.png", "a.warmer.png"):
        gray(f"scans/{name}")
    options = ("--model", palette, "--uncertainty", "--variants", 1)
    assert colorize("scans", *options).exit_code == 0
    assert made() == {
        *("a.jpg", "a.uncertainty.png", "a.warmer.jpg"),
        *("a.png", "a.png.uncertainty.png", "a.png.warmer.png"),
        *("a.warmer.png", "a.warmer.uncertainty.png", "a.warmer.warmer.png"),
    }


def test_they_are_no_originals_and_no_strange_copies(here, palette):
    """Neither for the next run nor for `verify`."""
    gray("scans/a.png")
    options = ("--model", palette, "--uncertainty", "--variants", 1)
    colorize("scans", "-o", "scans", "--overwrite")  # refused: an original
    colorize("scans", "-o", "out", *options)
    pairs, strangers = pair(Path("scans"), Path("out"))
    assert pairs == [(Path("scans/a.png"), Path("out/a.png"))]
    assert strangers == []
    again = colorize("out", "-o", "twice", *options)
    assert again.exit_code == 0
    assert not Path("twice/a.png").exists()


def test_a_photograph_that_can_t_be_read_is_named_once(here, palette):
    Path("a.jpg").write_bytes(b"")
    result = colorize("a.jpg", "--model", palette, "--variants", 3)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_model_without_a_palette_is_one_clear_line(here, tmp_path):
    from colorlib.models.unet import Unet

    path = weights.save_generator(
        Unet(n_down=5, width=4),
        tmp_path / "plain.safetensors",
        card={"name": "plain", "size": 32},
    )
    gray("a.jpg")
    for options in (["--uncertainty"], ["--variants", 1]):
        result = colorize("a.jpg", "--model", path, *options)
        assert result.exit_code == 2
        assert "the model plain predicts one color" in result.stderr
        assert not Path("colorized").exists()


def pale(path):
    """Write a gray ramp as faded as an old print."""
    gray(path)
    with Image.open(path) as image:
        image.point(lambda v: 90 + v // 4).save(path)


@pytest.mark.parametrize("name", ["mirror", "faded"])
def test_what_the_model_sees_is_a_setting_like_the_size(here, palette, name):
    """And its name is that of the option, in the report and in the mark."""
    pale("a.png")
    assert colorize("a.png", "--model", palette).exit_code == 0
    result = colorize("a.png", "--model", palette, f"--{name}")
    assert result.exit_code == 1
    assert f"not sizes=32 {name}" in result.stderr
    colorize("a.png", "--model", palette, f"--{name}", "--overwrite")
    assert report()["model"][name] is True
    mark = photos.read_mark("colorized/a.png")
    assert mark.settings == f"sizes=32 {name}"


def test_how_many_prints_are_faded_is_told_once(here, palette):
    """Unless they were stretched, or nothing is to be told."""
    for name in ("a", "b"):
        pale(f"scans/{name}.png")
    gray("scans/c.png")
    options = ("--model", palette, "--variants", 1)
    result = colorize("scans", *options)
    told = (
        "low contrast, as of a faded print: 2 (scans/a.png, scans/b.png);"
        " --faded may give better colors"
    )
    assert result.stdout.splitlines().count(told) == 1
    marked = [e.get("faded", False) for e in report()["photographs"]]
    assert marked == [True, False] * 2 + [False] * 2  # not of the variants
    colorize("scans", *options)
    assert [e.get("faded", False) for e in report()["photographs"]] == marked
    for more in (["--faded"], ["--quiet"]):
        result = colorize("scans", *options, "--overwrite", *more)
        assert result.exit_code == 0
        assert "--faded" not in result.output


def test_there_are_as_many_variants_as_the_help_says():
    assert len(LEANINGS) == command.MOST_VARIANTS
