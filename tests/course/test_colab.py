"""On Colab files go to Drive and come by a dialog; elsewhere neither."""

import sys
from types import ModuleType

import pytest

from colorlib import course


@pytest.fixture
def colab(monkeypatch, tmp_path):
    """A stand-in for Colab: what it mounted, and what its user chose."""
    google, drive, files = (
        ModuleType(f"google.colab{name}") for name in ("", ".drive", ".files")
    )
    google.mounted, google.chosen = [], {"old.jpg": b"bytes"}
    drive.mount = google.mounted.append
    files.upload = lambda: google.chosen
    for module in (google, drive, files):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.chdir(tmp_path)
    return google


@pytest.fixture
def run(tmp_path):
    (tmp_path / "runs" / "mine").mkdir(parents=True)
    (tmp_path / "runs" / "mine" / "last.ckpt").write_bytes(b"weights")
    return tmp_path / "runs" / "mine"


def test_a_run_is_kept_on_drive(colab, run, tmp_path):
    """And kept again, after more training, in the same place."""
    drive = tmp_path / "drive"
    kept = course.keep(run, drive=drive)
    assert colab.mounted == [str(drive)]
    assert kept.path == drive / "MyDrive" / "back-in-color" / "mine"
    (run / "last.ckpt").write_bytes(b"better weights")
    assert course.keep(run, drive=drive) == kept
    assert (kept.path / "last.ckpt").read_bytes() == b"better weights"
    assert repr(kept).endswith("mine is on your Drive")


def test_a_single_file_is_kept_too(colab, run, tmp_path):
    kept = course.keep(run / "last.ckpt", drive=tmp_path / "drive")
    with open(kept, "rb") as file:
        assert file.read() == b"weights"


def test_elsewhere_files_stay_where_they_are(run):
    kept = course.keep(run)
    assert kept.path == run
    assert "is on this computer" in repr(kept)


def test_what_is_not_there_can_not_be_kept(colab, tmp_path):
    """Said before Google asks for anything."""
    with pytest.raises(FileNotFoundError, match="nothing to keep"):
        course.keep(tmp_path / "nowhere")
    assert colab.mounted == []


def test_an_upload_is_a_path(colab, tmp_path):
    assert course.upload() == tmp_path / "old.jpg"


@pytest.mark.parametrize("chosen", [{}, {"a.jpg": b"", "b.jpg": b""}])
def test_one_photograph_is_wanted(colab, chosen):
    """Closed without a choice, the dialog gives nothing."""
    colab.chosen = chosen
    with pytest.raises(ValueError, match=f"got {len(chosen)}; run the cell"):
        course.upload()


def test_elsewhere_a_path_will_do():
    with pytest.raises(RuntimeError, match='give the path .* "old.jpg"'):
        course.upload()


def test_a_runtime_without_gpu_is_named(colab, monkeypatch):
    monkeypatch.setattr("colorlib.course.beginning.which", lambda name: None)
    assert "Change runtime type" in repr(course.begin("01"))
    monkeypatch.setattr("colorlib.course.beginning.which", lambda name: name)
    assert "runtime" not in repr(course.begin("01"))
