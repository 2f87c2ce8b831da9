"""Files are whole or not there, whatever happens while they are written."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest
import torch

from colorlib.files import (
    explain,
    make_folder,
    replacing,
    replacing_folder,
    sha256_of,
    user_cache,
)


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


def write_half(path, error, overwrite=True):
    with replacing(path, overwrite=overwrite) as part:
        part.write_text("half of the n")
        raise error


def _forbid_links(monkeypatch):
    """As FAT does, on a memory card."""

    def link(*args):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


@pytest.mark.parametrize("kind", ["file", "folder", "link to nowhere"])
def test_what_is_there_is_left_alone(tmp_path, kind):
    """And told before any work."""
    path = tmp_path / "x.png"
    {
        "file": path.touch,
        "folder": path.mkdir,
        "link to nowhere": lambda: path.symlink_to("nowhere"),
    }[kind]()
    with pytest.raises(FileExistsError) as caught:
        with replacing(path, overwrite=False):
            pytest.fail("the work was begun")
    assert caught.value.filename == str(path)
    assert os.listdir(tmp_path) == ["x.png"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_appears_meanwhile_is_left_alone(
    tmp_path, monkeypatch, links
):
    """Two programs may write to one folder, even one without hard links."""
    if not links:
        _forbid_links(monkeypatch)
    path = tmp_path / "x.png"
    with pytest.raises(FileExistsError) as caught:
        write_while_another_does(path)
    assert caught.value.filename == str(path)
    assert path.read_text() == "another's"
    assert os.listdir(tmp_path) == ["x.png"]


def write_while_another_does(path):
    with replacing(path, overwrite=False) as part:
        part.write_text("ours")
        path.write_text("another's")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_new_file_is_whole_or_not_there(tmp_path, monkeypatch, links):
    """On a full disk, on Ctrl-C, and when all goes well."""
    if not links:
        _forbid_links(monkeypatch)
    path = tmp_path / "folder" / "x.png"
    for error in (OSError, KeyboardInterrupt):
        with pytest.raises(error):
            write_half(path, error, overwrite=False)
        assert os.listdir(path.parent) == []
    with replacing(path, overwrite=False) as part:
        part.write_text("whole")
    assert path.read_text() == "whole"
    assert os.listdir(path.parent) == ["x.png"]


def test_of_many_writers_of_a_new_file_one_wins(tmp_path):
    """The others are told, and none of their bytes are in it."""
    path = tmp_path / "x.png"
    together = threading.Barrier(8, timeout=10)
    lost = []

    def write(text):
        try:
            with replacing(path, overwrite=False) as part:
                part.write_text(text * 9)
                together.wait()
        except FileExistsError:
            lost.append(text)

    threads = [threading.Thread(target=write, args=(t,)) for t in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 7
    assert path.read_text() == 9 * next(iter(set("abcdefgh") - set(lost)))
    assert os.listdir(tmp_path) == ["x.png"]


def test_a_file_in_the_place_of_a_folder_is_no_taken_name(tmp_path):
    """What is wrong is the folder, and the error names it."""
    (tmp_path / "x").touch()
    with pytest.raises(NotADirectoryError) as caught:
        with replacing(tmp_path / "x" / "y.png", overwrite=False):
            pytest.fail("the work was begun")
    assert caught.value.filename == str(tmp_path / "x")


STOPPED = """
import signal, sys
from colorlib.cli.signals import exit_status, sigterm_raises
from colorlib.files import replacing
# A shell that runs the tests in the background has them ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with sigterm_raises(), replacing(sys.argv[1], overwrite=False) as part:
        part.write_text("half")
        signal.raise_signal(int(sys.argv[2]))
except KeyboardInterrupt as stopped:
    sys.exit(exit_status(stopped))
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_leaves_no_half_file(tmp_path, number, status):
    """Ctrl-C and a batch system's SIGTERM, as the command line takes them."""
    arguments = [str(tmp_path / "x.png"), str(int(number))]
    process = subprocess.run(
        [sys.executable, "-c", STOPPED, *arguments], timeout=100
    )
    assert process.returncode == status
    assert os.listdir(tmp_path) == []


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


# Folders


@pytest.fixture
def run(tmp_path):
    """A folder with a file."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "old").touch()
    return folder


def test_a_folder_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "new folder" / "run"
    with replacing_folder(path) as part:
        (part / "new").touch()
        assert not path.exists()
    assert os.listdir(path) == ["new"]
    assert os.listdir(path.parent) == ["run"]


def test_a_folder_is_replaced_and_not_added_to(run):
    with replacing_folder(run) as part:
        (part / "new").touch()
        assert os.listdir(run) == ["old"]
    assert os.listdir(run) == ["new"]
    assert os.listdir(run.parent) == ["run"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_folder_that_fails_leaves_what_was_there(run, error, overwrite):
    path = run if overwrite else run.with_name("another")
    with pytest.raises(error):
        fill_half(path, error, overwrite)
    assert os.listdir(run) == ["old"]
    assert os.listdir(run.parent) == ["run"]


def fill_half(path, error, overwrite=True):
    with replacing_folder(path, overwrite=overwrite) as part:
        assert os.listdir(part) == []
        (part / "half").touch()
        raise error


def test_an_old_folder_comes_back_if_the_new_one_cannot_be_moved(run):
    """There are two moves, and the second may fail after the first."""
    with pytest.raises(FileNotFoundError):
        with replacing_folder(run) as part:
            shutil.rmtree(part)
    assert os.listdir(run) == ["old"]
    assert os.listdir(run.parent) == ["run"]


def test_a_folder_lost_by_a_kill_comes_back(run):
    """kill -9 between the two moves runs no `finally`."""
    run.rename(run.with_name(".run.old"))
    part = run.with_name(".run.part")
    part.mkdir()
    (part / "half").touch()
    with pytest.raises(KeyboardInterrupt):
        fill_half(run, KeyboardInterrupt)
    assert os.listdir(run) == ["old"]
    assert os.listdir(run.parent) == ["run"]


def test_a_kill_before_the_old_folder_is_removed_keeps_the_new_one(run):
    old = run.with_name(".run.old")
    old.mkdir()
    (old / "older").touch()
    with pytest.raises(KeyboardInterrupt):
        fill_half(run, KeyboardInterrupt)
    assert os.listdir(run) == ["old"]
    assert os.listdir(run.parent) == ["run"]


def test_a_folder_that_is_there_can_be_left_alone(run):
    """Whether it is there before the work, or appears meanwhile."""
    with pytest.raises(FileExistsError) as caught:
        with replacing_folder(run, overwrite=False):
            pytest.fail("the work was begun")
    assert caught.value.filename == str(run)
    late = run.with_name("late")
    with pytest.raises(FileExistsError) as caught:
        with replacing_folder(late, overwrite=False):
            shutil.copytree(run, late)
    assert caught.value.filename == str(late)
    assert os.listdir(run) == os.listdir(late) == ["old"]
    assert sorted(os.listdir(run.parent)) == ["late", "run"]


@pytest.mark.parametrize("kind", ["file", "link to a folder"])
def test_what_is_no_folder_is_not_replaced_by_one(run, kind):
    path = run.with_name("place")
    path.touch() if kind == "file" else path.symlink_to(run)
    with pytest.raises(NotADirectoryError) as caught, replacing_folder(path):
        pytest.fail("the work was begun")
    assert caught.value.filename == str(path)
    assert sorted(os.listdir(run.parent)) == ["place", "run"]
    assert os.listdir(run) == ["old"]


# What the system says


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


def test_a_full_disk_is_told_by_whatever_wrote_to_it(tmp_path):
    """PyTorch's writer turns ENOSPC into "unexpected pos 8576 vs 8470"."""
    with pytest.raises(OSError, match="space") as caught:
        write_as_pytorch_does(tmp_path / "last.ckpt", RuntimeError("pos"))
    assert caught.value.filename == str(tmp_path / "last.ckpt")
    assert os.listdir(tmp_path) == []


def test_an_error_of_the_writer_itself_stays_what_it_is(tmp_path):
    with pytest.raises(RuntimeError, match="a bug"), replacing(tmp_path / "x"):
        raise RuntimeError("a bug")
    with pytest.raises(ValueError, match="pos"):
        write_as_pytorch_does(tmp_path / "last.ckpt", ValueError("pos"))


def write_as_pytorch_does(path, error):
    with replacing(path):
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        finally:
            raise error


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_checkpoint_on_a_full_disk_says_that_it_is_full(tmp_path):
    with pytest.raises(OSError, match="space") as caught:
        with replacing(tmp_path / "x"), open("/dev/full", "wb") as full:
            torch.save(torch.zeros(100_000), full)
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "the disk is full; make room, and run the same command again",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", b"\xff.jpg"),
            "\udcff.jpg: permission denied; check its permissions and its"
            " folder's",
        ),
        (OSError(errno.EBADF, "Bad file descriptor", "x"), "x: Bad file desc"),
        (OSError("odd"), "odd"),
        (OSError(), "OSError"),
    ],
)
def test_the_systems_errors_in_words(error, line):
    assert explain(error).startswith(line)
    assert "Errno" not in explain(error)


def test_a_hash_is_of_all_bytes(tmp_path):
    (tmp_path / "scan").write_bytes(b"abc")
    assert sha256_of(tmp_path / "scan") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_the_cache_is_where_the_user_keeps_caches(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == tmp_path / "colorlib"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert user_cache() == tmp_path / "home" / ".cache" / "colorlib"
    # The XDG specification: a relative path is to be ignored.
    monkeypatch.setenv("XDG_CACHE_HOME", "caches")
    assert user_cache() == tmp_path / "home" / ".cache" / "colorlib"
