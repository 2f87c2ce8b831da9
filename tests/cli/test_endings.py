"""How a command ends: by a signal, without a reader, at any moment."""

import os
import signal
import subprocess
import sys
import time

import pytest

from colorlib.cli.terminal import complain, say

START = "import colorlib.__main__ as m; m.main()"


def ended(code, *arguments, **options):
    """Run Python code with a command's arguments; its process, ended."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        **options,
    )


@pytest.mark.parametrize("module", ["typer", "colorlib.cli.colorize", "numpy"])
def test_ctrl_c_during_imports_is_one_line(module):
    """The first second of a command is imports; a traceback came of it."""
    code = f"""
import sys
class Ctrl_C:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Ctrl_C())
{START}"""
    process = ended(code, "colorize", "photo.jpg")
    assert process.returncode == 130, process.stderr
    assert process.stderr == "colorlib: interrupted\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
@pytest.mark.parametrize("command", ["info", "evaluate", "colorize"])
def test_a_signal_is_one_line_and_its_status(number, status, command):
    """While a command works: here, as it looks for its model."""
    code = f"""
import signal, colorlib.models.paths as paths
# A shell that runs the tests in the background has them ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
def find_model(model=None, **options):
    signal.raise_signal({int(number)})
paths.find_model = find_model
{START}"""
    arguments = {"info": [], "evaluate": ["shipped", "bundled"]}
    process = ended(
        code, command, *arguments.get(command, [__file__, "-o", "/dev/null/x"])
    )
    assert process.returncode == status, process.stderr
    assert process.stderr == "colorlib: interrupted\n"


@pytest.mark.slow
def test_terminating_a_training_keeps_what_was_learned(tmp_path):
    """A batch system's SIGTERM at the end of the hours that were booked."""
    arguments = ["--data", "bundled", "--size", "32", "--width", "4"]
    arguments += ["--batch-size", "2", "--samples", "0", "--epochs", "100000"]
    arguments += ["--cache", str(tmp_path / "cache")]
    run = tmp_path / "run"
    process = subprocess.Popen(
        [sys.executable, "-c", START, "train", str(run), *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for _ in range(600):
            if (run / "metrics.csv").exists():
                break
            time.sleep(0.1)
        process.terminate()
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 143, said
    assert "keeps what was learned" in said
    assert "Traceback" not in said
    assert (run / "generator.safetensors").exists()
    assert not list(run.rglob("*.part"))


@pytest.mark.slow
def test_without_a_reader_the_results_are_kept(tmp_path):
    """`colorlib evaluate ... | head -1` wrote nothing, and said nothing."""
    reads, writes = os.pipe()
    os.close(reads)
    process = subprocess.run(
        [sys.executable, "-c", START, "evaluate", "shipped", "bundled"]
        + ["--crop", "32", "-o", "scores.json"],
        stdout=writes,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        text=True,
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
    )
    os.close(writes)
    assert (tmp_path / "scores.json").exists()
    assert (process.returncode, process.stderr) == (0, "")


def test_without_a_reader_info_is_no_traceback():
    reads, writes = os.pipe()
    os.close(reads)
    process = subprocess.run(
        [sys.executable, "-c", START, "info"],
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writes)
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize(
    ("stream", "name", "write"),
    [
        ("stdout", "standard output", say),
        ("stderr", "standard error", complain),
    ],
)
def test_the_stream_on_a_full_disk_is_named(monkeypatch, stream, name, write):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, stream, full)
        with pytest.raises(OSError, match="No space") as raised:
            write("a line")
    assert raised.value.filename == name


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_output_to_a_full_disk_is_one_line():
    with open("/dev/full", "w") as full:
        process = subprocess.run(
            [sys.executable, "-c", START, "info"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert process.returncode == 1
    assert process.stderr.startswith("colorlib: standard output: the disk is")
    assert process.stderr.count("\n") == 1
