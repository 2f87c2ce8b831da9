"""The page of `colorlib compare`: the pictures of two folders, and no more."""

import base64
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from colorlib import photos
from colorlib.widgets.choice_page import (
    PAGE_START,
    choice_page,
    find_pairs,
    folder_names,
    read_trials,
)

MARK = photos.MadeBy("secret-model", "0" * 64, "test")


def save(path, height=30, width=40, level=90, **fields):
    pixels = np.full((height, width, 3), level, np.uint8)
    photo = replace(photos.from_array(pixels), made_by=MARK, **fields)
    return photos.write(photo, path, overwrite=True)


@pytest.fixture
def folders(tmp_path):
    """Four photographs, colored by two models."""
    for i in range(4):
        save(tmp_path / "l1" / f"{i}.png", level=20 * i)
        save(tmp_path / "gan" / f"{i}.jpg", level=20 * i + 120)
    return tmp_path / "l1", tmp_path / "gan"


def read(folders, trials=4, **options):
    pairs, _ = find_pairs(*folders)
    unreadable = []
    made = list(read_trials(pairs, trials, unreadable, **options))
    return made, unreadable


def pixels_of(strip):
    return np.asarray(Image.open(io.BytesIO(strip.webp)).convert("RGB"))


def test_each_trial_shows_one_photograph_by_both(folders):
    made, unreadable = read(folders)
    assert unreadable == []
    assert sorted(trial.name for trial in made) == [
        f"{i}.png" for i in range(4)
    ]
    for trial in made:
        level = 20 * int(trial.name[0])
        first, second = map(pixels_of, trial.pictures)
        assert np.abs(first.astype(int) - level).max() < 8
        assert np.abs(second.astype(int) - level - 120).max() < 8


def test_fewer_trials_are_drawn_at_random(folders):
    pairs = [
        tuple(p.name for p in find_pairs(*folders, seed=s)[0][:2])
        for s in range(12)
    ]
    assert len(set(pairs)) > 3
    assert find_pairs(*folders, seed=3) == find_pairs(*folders, seed=3)
    assert len(read(folders, 2)[0]) == 2


@pytest.mark.parametrize("trials", [0, 5])
def test_a_photograph_is_seen_once(folders, trials):
    with pytest.raises(ValueError, match="ask for 1 to 4: a photograph that"):
        read(folders, trials)


def test_the_larger_picture_is_shrunk_to_the_other(folders):
    """Sharpness would tell who made which."""
    save(folders[0] / "1.png", 60, 80)
    save(folders[1] / "2.jpg", 60, 80)
    made, _ = read(folders)
    assert {(p.width, p.height) for t in made for p in t.pictures} == {(40, 30)}


def test_a_photograph_of_a_camera_is_shrunk_to_a_screen(folders):
    for folder, suffix in zip(folders, ("png", "jpg"), strict=True):
        save(folder / f"2.{suffix}", 2000, 1000)
    made, _ = read(folders)
    [large] = [t for t in made if t.name == "2.png"]
    assert (large.pictures[0].width, large.pictures[0].height) == (360, 720)


def test_what_can_t_be_read_is_left_out_and_named(folders):
    """And another pair takes its place."""
    (folders[0] / "0.png").write_bytes(b"no picture")
    save(folders[1] / "1.jpg", 30, 60)
    made, unreadable = read(folders, 2)
    assert sorted(trial.name for trial in made) == ["2.png", "3.png"]
    made, unreadable = read(folders, 4)
    assert len(unreadable) == 2
    assert any("0.png" in line for line in unreadable)
    assert any("60 x 30 pixels and" in line for line in unreadable)


def test_a_page_without_a_pair_is_refused(folders, tmp_path):
    for i in range(4):
        (folders[0] / f"{i}.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="no pair can be read; the first: "):
        read(folders)
    save(tmp_path / "other" / "z.png")
    with pytest.raises(ValueError, match="no photograph of .* has a partner"):
        find_pairs(folders[0], tmp_path / "other")
    with pytest.raises(ValueError, match="are one folder"):
        find_pairs(folders[0], tmp_path / "gan" / ".." / "l1")


def test_a_page_too_large_says_how_many_would_fit(folders):
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
    for folder, suffix in zip(folders, ("png", "jpg"), strict=True):
        for i in range(4):
            photos.write(
                photos.from_array(noise),
                folder / f"{i}.{suffix}",
                overwrite=True,
            )
    made, _ = read(folders)
    size = sum(len(p.webp) for p in made[0].pictures) * 4 // 3
    with pytest.raises(ValueError, match="ask for at most 2") as error:
        read(folders, max_bytes=int(2.5 * size))
    assert "\n" not in str(error.value)
    assert len(read(folders, 2, max_bytes=int(2.5 * size))[0]) == 2


def test_a_photograph_that_is_too_large_is_not_decoded(folders):
    _, unreadable = read(folders, 4, max_megapixels=1)
    assert unreadable == []
    with pytest.raises(ValueError, match="no pair can be read"):
        read(folders, 4, max_megapixels=0.001)


def test_originals_are_shown_beside(folders, tmp_path):
    for i in range(4):
        save(tmp_path / "old" / f"{i}.tif", level=i)
    pairs, _ = find_pairs(*folders, tmp_path / "old")
    assert {(p.first.stem, p.original.name) for p in pairs} == {
        (str(i), f"{i}.tif") for i in range(4)
    }
    made = list(read_trials(pairs, 4, []))
    for trial in made:
        level = int(pixels_of(trial.reference).mean().round())
        assert abs(level - int(trial.name[0])) < 3
    (tmp_path / "old" / "3.tif").unlink()
    with pytest.raises(
        ValueError, match=r"3.png and 0 others have no original"
    ):
        find_pairs(*folders, tmp_path / "old")


@pytest.fixture
def page(folders):
    made, _ = read(folders)
    return choice_page(made, ("crimson", "azure"), question="Which <is> it?")


def test_the_page_carries_nothing_of_the_files_but_pixels(page):
    """Neither the mark of a model nor a folder's name."""
    assert page.startswith(PAGE_START)
    for told in ("secret-model", "crimson", "azure", "l1/", "gan"):
        assert told not in page
    images = BeautifulSoup(page, "html.parser").find_all("img")
    assert len(images) == 8
    for image in images:
        content = base64.b64decode(image["src"].partition(",")[2])
        assert b"XMP" not in content
        assert b"EXIF" not in content


def test_the_page_asks_no_host(page):
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.find_all(src=re.compile("^(?!data:)"))
    assert not soup.find_all(href=True)
    assert "http" not in re.sub(r"http-equiv", "", page)
    [policy] = soup.select("meta[http-equiv=Content-Security-Policy]")
    assert policy["content"].startswith("default-src 'none'; img-src data:")


def test_the_question_is_the_page_s_title(page):
    soup = BeautifulSoup(page, "html.parser")
    assert soup.title.text == soup.h1.text == "Which <is> it?"


def test_a_design_names_photographs_and_alternatives(page):
    element = BeautifulSoup(page, "html.parser").find("forced-choice")
    design = json.loads(base64.b64decode(element["data-design"]))
    assert design["names"] == ["crimson", "azure"]
    assert sorted(design["pairs"]) == [f"{i}.png" for i in range(4)]
    assert sum(design["swapped"]) == 2


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("a/l1", "b/gan", ("l1", "gan")),
        ("l1/out", "gan/out", ("l1/out", "gan/out")),
        ("a/b/l1", "l1", ("b/l1", None)),
    ],
)
def test_folders_are_told_apart_by_short_names(first, second, names):
    told = folder_names(Path(first), Path(second))
    assert told[0] == names[0]
    assert names[1] in (None, told[1])
    assert told[0] != told[1]
