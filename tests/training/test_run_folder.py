"""A run replaces nothing in its folder, and says what is wrong with it."""

import json
import signal
import threading

import pytest

from colorlib.training.run_folder import (
    NEEDED,
    RUN,
    WRITTEN,
    check_new,
    read_run,
)
from colorlib.training.signals import uninterrupted


@pytest.mark.parametrize("name", WRITTEN)
def test_a_new_run_replaces_no_file_of_anybody(tmp_path, name):
    """A colleague's weights may lie in the folder under these very names."""
    (tmp_path / name).write_bytes(b"weights of a colleague")
    with pytest.raises(FileExistsError, match=f"{name} exists.*move it"):
        check_new(tmp_path)


def test_a_link_to_nothing_is_in_the_way_too(tmp_path):
    """Writing would replace the link, and it leads somewhere tomorrow."""
    (tmp_path / "generator.json").symlink_to(tmp_path / "not mounted")
    with pytest.raises(FileExistsError, match="generator.json"):
        check_new(tmp_path)


def test_other_files_are_not_in_the_way(tmp_path):
    (tmp_path / "notes.txt").write_text("tomorrow")
    check_new(tmp_path)


@pytest.mark.parametrize("key", sorted(NEEDED))
def test_a_run_of_another_version_is_one_clear_line(tmp_path, key):
    """Resuming it ended in a KeyError that named a key and nothing else."""
    content = dict.fromkeys(NEEDED - {key})
    (tmp_path / RUN).write_text(json.dumps(content))
    with pytest.raises(ValueError, match=f"run.json lacks {key}.*new run"):
        read_run(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "\0\0\0\0", "[]", "7"])
def test_a_damaged_run_json_is_named(tmp_path, text):
    (tmp_path / RUN).write_text(text)
    with pytest.raises(ValueError, match=r"run.json (is damaged|lacks)"):
        read_run(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_the_step_is_complete(number):
    """A step that is cut in two would be saved as a whole one."""
    came, done = [], []
    before = signal.signal(number, lambda n, _: came.append(n))
    try:
        with uninterrupted():
            signal.raise_signal(number)
            done.append(not came)
        assert done == [True]
        assert came == [number]
        assert threading.current_thread() is threading.main_thread()
    finally:
        signal.signal(number, before)
