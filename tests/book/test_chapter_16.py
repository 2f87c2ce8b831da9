"""What chapter 16 says of its figures and tables is so."""

import json

import numpy as np
import pytest

from colorlib import course
from colorlib.archive.pairing import pair
from colorlib.archive.verify import verify


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("16_review", "smoke")


def test_four_times_the_hours_did_not_pass_gray(found):
    model1, _, l1 = found["runs"].values()
    gaps = [run.scores(who="model - gray")["ciede2000"] for run in (model1, l1)]
    assert gaps[0].low > 0
    assert gaps[1].high < 0
    hours = [run.run["wall_seconds"] for run in (model1, l1)]
    assert 3.5 < hours[0] / hours[1] < 4.5


def test_model_1_was_still_getting_better_when_it_stopped(found):
    """And a photograph took longer in one run with a GAN than in the other."""
    run, joint, _ = found["runs"].values()
    slowed = course.recorded("model1-decay").scores(who="model - gray")
    scores = [run.scores(epoch, "model - gray") for epoch in run.reports]
    gaps = [found["ciede2000"].value for found in (*scores, slowed)]
    assert gaps == sorted(gaps, reverse=True)
    speed, of_joint = (r.run["photographs_per_second"] for r in (run, joint))
    assert speed > 2 * of_joint


def test_doing_nothing_looks_alike(found):
    assert np.mean(found["likeness"]) > 0.8  # "nearly as much" as 0.90
    assert np.median(found["decibels"]) < 26.99
    assert len(found["truths"]) == 8  # "our eight photographs"
    assert np.mean(found["likeness"]) < 0.90 < found["many"]["ssim"].low
    assert found["many"]["psnr"].high < 26.99


def test_a_shift_is_seen_pixel_by_pixel_alone(found):
    scan, copies = found["scan"], found["copies"]
    means = {n: found["as_lab"](c)[0].mean().item() for n, c in copies.items()}
    colored, shifted, brighter = copies
    assert abs(means[shifted] - means[colored]) < 0.01
    assert found["moved"](scan, copies[colored]).max() < 0.6
    assert found["moved"](scan, copies[shifted]).mean() > 1
    assert means[brighter] > means[colored] + 1


def test_maps_are_black_white_at_outlines_and_gray(found):
    maps = [found["change_map"](c) for c in found["copies"].values()]
    assert maps[0].max() < 10
    assert (maps[1] == 255).mean() > 0.01
    assert np.median(maps[1]) < 40  # between the outlines it is dark
    assert np.median(maps[2]) > 5
    light = found["as_lab"](found["scan"])[0].numpy()
    assert np.corrcoef(light.ravel(), maps[2].ravel())[0, 1] < -0.5


def test_the_friend_is_right_but_once(found):
    scan, copies = found["scan"], found["copies"]
    same = [found["same_photograph"](scan, c) for c in copies.values()]
    assert [bool(x) for x in same] == [True, False, False]


def test_the_folder_holds_what_the_list_says(found):
    folder = found["box"] / "folder"
    names = {path.name for path in folder.iterdir()}
    for scan in (found["box"] / "scans").iterdir():
        assert {scan.name, f"{scan.stem}.uncertainty.png"} <= names
    assert {"CARD.md", "colorlib-gallery.html"} <= names
    report = json.loads((folder / "colorlib-report.json").read_text())
    assert report["failed"] == 0


def test_the_originals_are_in_it_untouched(found):
    """And with them alone the copies can be verified."""
    folder = found["box"] / "folder"
    scans = sorted((found["box"] / "scans").iterdir())
    assert len(scans) == 3
    for scan in scans:
        original = folder / "originals" / scan.name
        assert original.read_bytes() == scan.read_bytes()
        copy = folder / scan.name
        assert copy.read_bytes() != scan.read_bytes()
        assert verify(original, copy).good
    pairs, left = pair(folder / "originals", folder)
    assert [copy.name for _, copy in pairs] == [scan.name for scan in scans]
    assert left == []


def test_the_card_is_in_both_languages_and_has_blanks(found):
    card = (found["box"] / "folder" / "CARD.md").read_text(encoding="utf-8")
    assert "Three scans of chapter 16." in card
    assert "# 색을 입힌 사본" in card
    assert card.count("(please fill in)") == 2
    beginning = "\n".join(found["lines"][1:19])
    assert "(please fill in)" in beginning
    assert "**Settings**: seen at" in beginning
    assert "byte for byte, checked by their SHA-256: 3 of 3" in card


def test_the_backbone_saw_more_of_ten_things():
    """ "Some thousands of photographs": the record says how many."""
    data = course.recorded("backbone-distilled").run["data"]
    assert 5_000 < data["photographs"] < 50_000
