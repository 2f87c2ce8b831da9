"""Where each copy goes, and that the same command always says the same."""

import os
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorlib.archive import plan as module
from colorlib.archive.plan import plan
from colorlib.data.survey import UNLISTED, Survey


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(*names):
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((4, 4), 90, np.uint8)).save(path)


def targets(*paths, output="out"):
    made = plan([Path(path) for path in paths], Path(output))
    return {job.source.name: job.target.name for job in made.jobs}


def test_the_plan_of_a_folder_does_not_depend_on_the_disk(here):
    """Folders list their files in any order; names must not follow it."""
    save("x/a.gif", "x/a.bmp", "x/a.png", "x/b.gif")
    expected = {
        "a.png": "a.png",
        "a.bmp": "a.bmp.png",
        "a.gif": "a.gif.png",
        "b.gif": "b.png",
    }
    assert targets("x") == expected


def test_who_keeps_its_name_comes_first(here):
    """Whatever the order of the list: a.png is never called otherwise."""
    save("a.gif", "a.bmp", "a.png")
    for names in permutations(["a.gif", "a.bmp", "a.png"]):
        found = targets(*names)
        assert found["a.png"] == "a.png"
        assert len(set(found.values())) == 3


@pytest.mark.slow
def test_thousands_of_one_name_are_all_colored(here):
    """A scanner that calls each box's first page page.jpg."""
    save(*(f"box{i}/page.jpg" for i in range(300)))
    made = plan([Path(f"box{i}") for i in range(300)], Path("out"))
    names = {str(job.target).casefold() for job in made.jobs}
    assert len(names) == 300
    assert sum(bool(job.notes) for job in made.jobs) == 299


def test_the_first_of_several_pictures_is_a_jpeg(here):
    save("a.jpg")
    Path("a.jpg").rename("a.mpo")
    assert targets("a.mpo") == {"a.mpo": "a.jpg"}


def test_a_pipe_is_not_opened(here):
    os.mkfifo("pipe.jpg")
    assert targets("pipe.jpg") == {"pipe.jpg": "pipe.jpg"}


def test_a_closed_folder_fails_and_the_rest_is_colored(here, monkeypatch):
    save("x/a.jpg")
    found = Survey([Path("x/a.jpg")], {UNLISTED: [Path("x/closed")]})
    monkeypatch.setattr(module, "survey", lambda folder: found)
    made = plan([Path("x")], Path("out"))
    assert len(made.jobs) == 1
    (failed,) = made.failed
    assert failed.error == "x/closed: can't be listed; check its permissions"


def test_only_bad_names_are_wrong_usage(here):
    with pytest.raises(ValueError, match=r"gone\.jpg: no such file"):
        plan([Path("gone.jpg"), Path("more.jpg")], Path("out"))
