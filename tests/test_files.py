"""Files are whole or not there, whatever happens while they are written."""

import os
import threading

import pytest

from colorlib.files import make_folder, replacing


def test_a_file_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "new folder" / "report.json"
    with replacing(path) as part:
        part.write_text("half")
        assert not path.exists()
        part.write_text("whole")
    assert path.read_text() == "whole"
    assert os.listdir(path.parent) == ["report.json"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit])
def test_what_was_there_survives_a_failure(tmp_path, error):
    """A full disk and Ctrl-C alike: the old file stays, no scrap is left."""
    path = tmp_path / "last.ckpt"
    path.write_text("old")
    with pytest.raises(error):
        write_half(path, error)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["last.ckpt"]


def write_half(path, error):
    with replacing(path) as part:
        part.write_text("half of the n")
        raise error


def test_who_may_read_it_is_up_to_the_umask(tmp_path):
    """Temporary files are for their owner only; results are for the group."""
    umask = os.umask(0o027)
    try:
        with replacing(tmp_path / "photo.jpg") as part:
            part.write_bytes(b"...")
    finally:
        os.umask(umask)
    assert (tmp_path / "photo.jpg").stat().st_mode & 0o777 == 0o640


def test_a_name_that_just_fits(tmp_path):
    """255 bytes are the limit, and scanners' names come near it."""
    path = tmp_path / ("사" * 83 + ".jpg")
    with replacing(path) as part:
        part.write_bytes(b"...")
    assert path.exists()


def test_two_writers_do_not_meet(tmp_path):
    """Each has a part of its own; the last one to finish wins, whole."""
    path = tmp_path / "run.json"
    both = threading.Barrier(2, timeout=10)

    def write(text):
        with replacing(path) as part:
            part.write_text(text)
            both.wait()

    threads = [threading.Thread(target=write, args=(t * 9,)) for t in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in ("a" * 9, "b" * 9)
    assert os.listdir(tmp_path) == ["run.json"]


def test_an_error_names_the_file_and_not_its_part(tmp_path):
    """Nobody knows a hidden file that is gone when its name is read."""
    taken = tmp_path / "report.json"
    taken.mkdir()
    gives = pytest.raises(OSError, match="irectory")
    with gives as caught, replacing(taken) as part:
        part.touch()
    assert caught.value.filename == str(taken)
    assert ".part" not in str(caught.value)


def test_a_folder_that_takes_no_file_is_told_by_its_name(tmp_path, monkeypatch):
    """A disk that is mounted read-only lets its folders be made and seen."""

    def refuse(*, dir):
        raise OSError(30, "Read-only file system", f"{dir}/tmp_x1")

    make_folder(tmp_path / "new" / "folder")
    assert os.listdir(tmp_path / "new" / "folder") == []
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(OSError, match="Read-only") as caught:
        make_folder(tmp_path)
    assert caught.value.filename == str(tmp_path)
