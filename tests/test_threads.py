"""Threads that wait hardly spin, wherever the reader hasn't said otherwise."""

import os
import subprocess
import sys

import pytest

from colorlib.threads import SPIN_COUNT, limit_spinning

DOORS = "import colorlib.cli", "from colorlib import course"
ASK = (
    "import os, sys; "
    "print(os.environ.get('GOMP_SPINCOUNT'), 'torch' in sys.modules)"
)


def asked(door: str, **environ) -> list[str]:
    """The spin count in a fresh process after a door, and if torch is there."""
    clean = {k: v for k, v in os.environ.items() if k != "GOMP_SPINCOUNT"}
    code = f"{door}; {ASK}"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=clean | environ,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)


@pytest.mark.parametrize("door", DOORS)
def test_it_is_set_before_torch_is_loaded(door, quiet):
    """OpenMP reads it once, when torch is loaded."""
    assert asked(door) == [SPIN_COUNT, "False"]


@pytest.mark.parametrize("door", DOORS)
def test_what_the_reader_has_said_stays(door, quiet):
    assert asked(door, GOMP_SPINCOUNT="7") == ["7", "False"]
    assert asked(door, OMP_WAIT_POLICY="ACTIVE") == ["None", "False"]


def test_an_environment_of_ones_own():
    limit_spinning(environ := {})
    assert environ == {"GOMP_SPINCOUNT": SPIN_COUNT}
