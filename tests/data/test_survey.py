"""What is in a folder, without opening, waiting, or leaving a word out."""

import os
import socket
import threading

import pytest

from colorlib.data.survey import (
    ARCHIVES,
    LINKS,
    NO_FILES,
    OTHERS,
    SAMPLES,
    UNREAD,
    describe,
    reason_against,
    survey,
)
from colorlib.photos.formats.sniffing import SUFFIXES


def fill(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def named(folder, found):
    return {
        reason: [path.relative_to(folder).as_posix() for path in paths]
        for reason, paths in found.set_aside.items()
    }


def test_photographs_are_sorted_and_the_rest_has_a_reason(tmp_path):
    fill(tmp_path, "b.jpg", "a/c.TIF", "box.tar", "a/box.ZIP", "raw.dng")
    fill(tmp_path, "notes.txt", "Makefile", ".hidden.jpg", ".git/x.jpg")
    found = survey(tmp_path)
    assert found.photographs == [tmp_path / "a/c.TIF", tmp_path / "b.jpg"]
    assert named(tmp_path, found) == {
        ARCHIVES: ["a/box.ZIP", "box.tar"],
        UNREAD: ["raw.dng"],
        OTHERS: ["Makefile", "notes.txt"],
    }


def test_what_would_wait_for_ever_is_no_photograph(tmp_path):
    """In less than a second, whatever nobody writes into them."""
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "endless.jpg").symlink_to("/dev/zero")
    (tmp_path / "self.jpg").symlink_to("self.jpg")
    (tmp_path / "gone.jpg").symlink_to("nowhere")
    (tmp_path / "piped.jpg").symlink_to("pipe.jpg")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket.jpg"))
    found = []
    thread = threading.Thread(
        target=lambda: found.append(survey(tmp_path)), daemon=True
    )
    thread.start()
    thread.join(10)
    listener.close()
    assert found[0].photographs == []
    assert len(found[0].set_aside[NO_FILES]) == 6


def test_a_circle_of_folders_ends(tmp_path):
    fill(tmp_path, "a/b.jpg")
    (tmp_path / "a" / "up").symlink_to("..")
    found = survey(tmp_path)
    assert found.photographs == [tmp_path / "a/b.jpg"]
    assert named(tmp_path, found) == {LINKS: ["a/up"]}


def test_a_link_to_a_photograph_is_one(tmp_path):
    fill(tmp_path, "a.jpg")
    (tmp_path / "b.jpg").symlink_to("a.jpg")
    assert len(survey(tmp_path).photographs) == 2


def test_sample_sheets_of_a_training_are_no_photographs(tmp_path):
    """A run inside the folder of its photographs trained on its sheets."""
    fill(tmp_path, "a.jpg", "run/run.json", "run/samples/epoch-001.webp")
    fill(tmp_path, "samples/b.jpg")  # a folder by that name, and no run
    found = survey(tmp_path)
    assert found.photographs == [tmp_path / "a.jpg", tmp_path / "samples/b.jpg"]
    assert named(tmp_path, found)[SAMPLES] == ["run/samples"]


def test_what_is_read_is_never_called_unread():
    assert {reason_against(f"a{suffix}") for suffix in SUFFIXES} == {None}


def test_the_lines_have_the_number_and_the_first_names(tmp_path):
    paths = [tmp_path / f"{i}.zip" for i in range(5)]
    (line,) = describe({ARCHIVES: paths})
    assert line.startswith("set aside 5 of archives, which are not opened: ")
    assert line.endswith("2.zip and 2 more")
    assert "3.zip" not in line


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="root may list every folder",
)
def test_a_closed_folder_is_told(tmp_path):
    fill(tmp_path, "a.jpg", "closed/b.jpg")
    (tmp_path / "closed").chmod(0)
    try:
        found = survey(tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o755)
    assert found.photographs == [tmp_path / "a.jpg"]
    assert found.set_aside
