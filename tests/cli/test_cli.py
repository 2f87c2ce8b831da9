"""The front door: every command answers, quickly, and errors are one line."""

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
import torch
from command_help import all_commands
from typer import Exit
from typer.testing import CliRunner

import colorlib
from colorlib import photos
from colorlib.cli import app, terminal
from colorlib.cli.docstrings import field_docs, with_help
from colorlib.cli.results import write_json
from colorlib.cli.signals import Terminated
from colorlib.cli.terminal import plain_errors, printable

COMMANDS = [
    *("colorize", "info", "train", "evaluate", "verify", "compare", "card"),
]
COMMANDS += ["eras list", "eras show", "eras fetch", "eras add"]
COMMANDS += ["eras evaluate"]


def run(*arguments):
    """Run the command line in this process."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_help_does_not_wait_for_torch():
    """Protects the second that `--help` may take: torch alone takes longer."""
    script = (
        "import sys; from typer.testing import CliRunner;"
        " from colorlib.cli import app; invoke = CliRunner().invoke;"
        f" codes = [invoke(app, [*c.split(), '--help']).exit_code"
        f" for c in {COMMANDS}];"
        " assert not any(codes), codes;"
        " slow = {'torch', 'numpy', 'PIL'} & set(sys.modules);"
        " assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_python_dash_m_is_the_command_line():
    shown = subprocess.run(
        [sys.executable, "-m", "colorlib", "--version"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout == f"colorlib {colorlib.__version__}\n"


def test_a_closed_standard_output_is_no_traceback():
    """`colorlib ... >&-`, as a daemon or a cron job may start it."""
    script = (
        "import sys; sys.stdout = None; from colorlib.cli import app; app()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, "info", "missing.jpg"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "missing.jpg" in ended.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_explains_itself(command):
    """An option without help is one that nobody can use."""
    shown = run(*command.split(), "--help")
    assert shown.exit_code == 0
    assert "Args:" not in shown.output
    assert all(p.help for p in all_commands()[command].params)


def test_every_command_is_tested():
    assert all_commands().keys() == set(COMMANDS)


def test_wrong_usage_is_status_2():
    assert run("colorize").exit_code == 2
    assert run("no-such-command").exit_code == 2


def test_the_limit_of_megapixels_is_that_of_photos():
    """It stands twice, so that `--help` need not wait for NumPy."""
    assert terminal.MAX_MEGAPIXELS == photos.MAX_MEGAPIXELS


# Help out of docstrings


@dataclass(frozen=True)
class Parent:
    """A configuration."""

    epochs: int = 20
    """Passes over
    the photographs."""


@dataclass(frozen=True)
class Child(Parent):
    """Another, with one field more."""

    rate: float = 1e-4
    """Learning rate."""


def test_field_docs_are_the_strings_below_the_fields():
    assert field_docs(Child) == {
        "epochs": "Passes over the photographs.",
        "rate": "Learning rate.",
    }


@dataclass(frozen=True)
class Silent:
    """A configuration with a field that nobody explained."""

    rate: float = 1e-4


def test_a_silent_field_or_parameter_is_refused():
    with pytest.raises(ValueError, match="Silent.rate has no docstring"):
        field_docs(Silent)

    def command(depth: int):
        """Do it."""

    with pytest.raises(ValueError, match="'depth'"):
        with_help(command)


# Errors


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("size must\nbe positive"), "size must be positive"),
        (FileNotFoundError(2, "no such file", "a.jpg"), "a.jpg: no such file"),
        (OSError(28, "No space left on device"), "the disk is full; make room"),
        (MemoryError(), "does not fit into memory"),
        (torch.cuda.OutOfMemoryError("CUDA: 2 GiB"), "the GPU has too little"),
        (FloatingPointError("the loss is not a number"), "the loss is not"),
        (ModuleNotFoundError("install it: pip install x"), "install it"),
        (KeyError("x"), "unexpected KeyError: 'x'; please report it"),
    ],
)
def test_an_error_is_one_line_on_stderr(capsys, monkeypatch, error, line):
    monkeypatch.delenv("COLORLIB_DEBUG", raising=False)
    with pytest.raises(Exit) as left, plain_errors(7):
        raise error
    out, err = capsys.readouterr()
    assert left.value.exit_code == 7
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"colorlib: {line}")


def test_debugging_shows_the_traceback(monkeypatch):
    monkeypatch.setenv("COLORLIB_DEBUG", "1")
    with pytest.raises(KeyError), plain_errors():
        raise KeyError("x")


@pytest.mark.parametrize(
    ("signal", "status"), [(KeyboardInterrupt, 130), (Terminated, 143)]
)
def test_each_signal_has_its_status(capsys, signal, status):
    with pytest.raises(Exit) as left, plain_errors():
        raise signal
    assert left.value.exit_code == status
    assert capsys.readouterr().err == "colorlib: interrupted\n"


def test_names_cannot_command_the_terminal():
    """A file may be called anything: here a red line and a line break."""
    assert printable("\x1b[31m\n.jpg") == r"\x1b[31m\n.jpg"
    assert printable("\udcff.jpg") == r"\udcff.jpg"
    assert printable("조선.jpg") == "조선.jpg"


def test_json_keeps_every_name(tmp_path):
    path = tmp_path / "new" / "report.json"
    write_json({"input": "조선 \udcff.jpg"}, path)
    assert json.loads(path.read_text())["input"] == "조선 \udcff.jpg"
    assert "조선" in path.read_text()
