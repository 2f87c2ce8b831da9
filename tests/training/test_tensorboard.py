"""TensorBoard finds in a run's folder what was shown, if it is there."""

import sys
from contextlib import closing

import numpy as np
import pytest

from colorlib.training.progress import Progress
from colorlib.training.tensorboard import Board


def test_tensorboard_finds_losses_speed_and_sheets(tmp_path):
    accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator"
    )
    with closing(Board(tmp_path / "run")) as board:
        for step in (5, 10):
            losses = {"d": 0.5, "g_l1": 1 / step}
            board.add(Progress(step, 10, 1, losses, photos_per_second=40.0))
        board.add_sheet(np.zeros((4, 8, 3), np.uint8), epoch=1)
    found = accumulator.EventAccumulator(str(tmp_path / "run" / "tensorboard"))
    found.Reload()
    seen = [(e.step, e.value) for e in found.Scalars("losses/g_l1")]
    assert seen == [(5, pytest.approx(0.2)), (10, pytest.approx(0.1))]
    assert found.Scalars("losses/d")[0].value == 0.5
    assert found.Scalars("photographs_per_second")[0].value == 40.0
    (image,) = found.Images("samples")
    assert (image.width, image.height, image.step) == (8, 4, 1)


def test_a_board_that_is_not_used_leaves_no_folder(tmp_path):
    """Else a run that is refused would leave one behind."""
    pytest.importorskip("tensorboard")
    Board(tmp_path / "run").close()
    assert list(tmp_path.iterdir()) == []


def test_without_tensorboard_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ModuleNotFoundError, match="install tensorboard"):
        Board(tmp_path)
