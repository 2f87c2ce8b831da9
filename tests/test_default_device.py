"""Nothing is made on the default device: whoever sets it can still color."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

from colorlib.colorizer import Colorizer
from colorlib.evaluation import Protocol, evaluate

PHOTO = np.random.default_rng(0).integers(0, 256, (40, 56, 3), np.uint8)


@pytest.mark.slow
def test_coloring_and_scoring_under_another_default_device(tmp_path):
    """On "meta" a tensor has no content, so that each mistake is seen.

    In a process of its own, where nothing has been computed before.
    """
    np.save(tmp_path / "photo.npy", PHOTO)
    script = """
        import sys, numpy as np, torch
        torch.set_default_device("meta")
        from colorlib.colorizer import Colorizer
        from colorlib.evaluation import Protocol, evaluate
        folder = sys.argv[1]
        photo = np.load(f"{folder}/photo.npy")
        colorizer = Colorizer.load(device="cpu")
        np.save(f"{folder}/bytes.npy", colorizer.colorize(photo).pixels)
        deep = photo.astype(np.uint16) * 257
        np.save(f"{folder}/deep.npy", colorizer.colorize(deep).pixels)
        report = evaluate(
            colorizer, [("a", photo)], protocol=Protocol(crop=32)
        )
        print(report.groups["all"].scores["model"]["ciede2000"].value)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), tmp_path],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    colorizer = Colorizer.load(device="cpu")
    expected = colorizer.colorize(PHOTO).pixels
    np.testing.assert_array_equal(np.load(tmp_path / "bytes.npy"), expected)
    deep = colorizer.colorize(PHOTO.astype(np.uint16) * 257).pixels
    np.testing.assert_array_equal(np.load(tmp_path / "deep.npy"), deep)
    report = evaluate(colorizer, [("a", PHOTO)], protocol=Protocol(crop=32))
    value = report.groups["all"].scores["model"]["ciede2000"].value
    assert float(done.stdout) == value
