"""A record's command makes it again, and tells nothing of a machine."""

import doctest
import shlex

import command_line
import pytest
from command_line import command, last_parts, new_parser

from colorlib.course.recorded import NotRecordedError


def test_the_examples_are_true():
    tried = doctest.testmod(command_line)
    assert tried.attempted > 1
    assert tried.failed == 0


def test_a_command_is_read_back_as_it_was_given():
    """Whatever a shell would do to its words."""
    parser = new_parser("...")
    parser.add_argument("run")
    for name in ("--photographs", "--score", "--set"):
        parser.add_argument(name, nargs="+", default=[])
    parser.add_argument("--train-on", type=int)
    parser.add_argument("--reduced", action="store_true")
    words = ["it's", "--photographs", "a b", "train-*.tar", "--train-on", "0"]
    words += ["--reduced", "--set", "epochs=2"]
    options = parser.parse_args(words)
    line = command("record.py", options.run, **without(options, "run"))
    assert shlex.split(line)[:2] == ["python", "experiments/record.py"]
    assert parser.parse_args(shlex.split(line)[2:]) == options


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("--x must be 1,\nor 2"), "--x must be 1, or 2"),
        (FloatingPointError("the loss is nan"), "the loss is nan"),
        (MemoryError(), "does not fit into memory"),
        (ModuleNotFoundError("pip install torchmetrics"), "pip install"),
        (NotRecordedError("not recorded yet"), "not recorded yet"),
    ],
)
def test_what_ends_a_script_is_one_line(capsys, error, said):
    @command_line.told("try.py")
    def main(words):
        raise error

    assert main([]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"try.py: {said}")
    assert err.count("\n") == 1


def test_ctrl_c_ends_a_script_and_a_mistake_is_shown(capsys):
    def main(error):
        raise error

    told = command_line.told("try.py")(main)
    assert told(KeyboardInterrupt()) == 130
    assert "give the same command again" in capsys.readouterr().err
    with pytest.raises(ZeroDivisionError):
        told(ZeroDivisionError())


def without(options, name):
    return {k: v for k, v in vars(options).items() if k != name}


def test_a_folder_on_this_machine_is_its_name(tmp_path, monkeypatch):
    folder = tmp_path / "photographs"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for source in (".", str(folder), f"{folder}/", "../photographs"):
        assert last_parts([source]) == ["photographs"]
    assert last_parts(None) == []
