"""Training in processes of its own: killed at any moment, and in pairs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from torch.testing import assert_close

FORKED = Path(__file__).with_name("forked.py")

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="processes are forked"
)


def forked(what, folder):
    """Do it in a process that has no threads yet, and read what it found."""
    done = subprocess.run(
        [sys.executable, FORKED, what, folder],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_kill_9_at_20_moments_changes_nothing(tmp_path):
    """Losses and weights to the bit; never a folder that can't be read."""
    found = forked("kills", tmp_path)
    assert found["while_writing"] > 0  # else the writing was not tested
    for run in found["runs"]:
        assert run == found["whole"]
    assert len(found["whole"]["losses"]) == 31  # the header, 30 epochs
    assert found["left_over"] == []


@pytest.mark.slow
def test_two_processes_are_one(tmp_path):
    """They share each batch, average their gradients and write once.

    With batch norm as in evaluation, and without dropout: in training each
    normalizes by its own half of the batch.
    """
    found = forked("pair", tmp_path)
    assert found["code"] == 0
    alone, (first, second) = found["alone"], found["together"]
    assert first.pop("files written") > 0
    assert second.pop("files written") == 0
    assert first == second  # each knows the mean
    for trained in (alone, first):
        seen = [trained.pop("seen 1"), trained.pop("seen 2")]
        share = 4 if trained is alone else 2
        assert seen == [[share] * 4, [share // 2] * 8]
    assert_close(first, alone, atol=1e-5, rtol=1e-4)

    said = json.loads((tmp_path / "pair" / "run.json").read_text())
    assert said["machine"]["processes"] == 2
    assert said["finished"]
    rows = (tmp_path / "pair" / "metrics.csv").read_text().splitlines()
    assert len(rows) == 31
